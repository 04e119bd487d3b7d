// How controls stand: every proof satisfied, becoming otherwise, and without anything to tell from.
#include "compliance/status.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "compliance/questions.hpp"

namespace holdpoint::compliance {
namespace {

const Instant kNow = *Instant::parse("2026-12-01T00:00:00Z");

Instant days_ago(std::int64_t days) { return kNow - Duration::days(days); }

DeploymentFacts deployment() {
  DeploymentFacts one;
  one.id = "dpl_1";
  one.release = "rel_1";
  one.at = days_ago(3);
  one.finished_at = days_ago(3);
  one.certified = true;
  one.approved = true;
  one.has_artifact = true;
  one.verified_at = days_ago(2);
  return one;
}

/// A workspace in which everything is well.
WorkspaceFacts facts() {
  WorkspaceFacts all;
  all.now = kNow;
  all.period = {days_ago(90), kNow};
  all.verification = Verification{"evt_1", days_ago(1), 100, 0};
  all.access_review = AccessReviewFacts{"acr_1", days_ago(10), 0};
  all.incidents = {{"inc_1", days_ago(5), {"shop"}, true, days_ago(4)}};
  all.criteria = {{"baseline", true, false, days_ago(50)}};
  ApplicationFacts shop;
  shop.application.name = "shop";
  shop.application.owners = {"team:shop"};
  shop.application.data_classes = {catalog::DataClass::cardholder};
  shop.environments = {catalog::EnvironmentKind::staging, catalog::EnvironmentKind::production};
  ReleaseFacts release;
  release.id = "rel_1";
  release.name = "shop@1.0.0";
  release.at = days_ago(6);
  for (const auto kind : {EvidenceKind::tests, EvidenceKind::sast, EvidenceKind::sbom}) {
    release.evidence.push_back({"evd_1", kind, evidence::ReportStatus::complete, days_ago(6), 0});
  }
  release.certification =
      HeldCertification{"crt_1", true, true, days_ago(5), {{"baseline", true, true, false}}};
  shop.release = std::move(release);
  shop.deployments = {deployment()};
  shop.requests = {{"apr_1", days_ago(4), true, true, false, 1}};
  shop.configurations = {{"production", true, false}};
  all.applications.push_back(std::move(shop));
  return all;
}

Need need(Proof proof) {
  Need one{.proof = proof, .within_days = {}, .kinds = {}, .criteria = {}};
  if (proof == Proof::criteria) one.criteria = "baseline";
  return one;
}

template <class Change>
Status status(const Need& asked, Change&& change) {
  WorkspaceFacts all = facts();
  change(all, all.applications.front());
  const Finding finding = judge(asked, all.applications.front(), all);
  CHECK(!finding.sentence.empty());
  return finding.status;
}

Status status(Proof proof) {
  return status(need(proof), [](auto&, auto&) {});
}

constexpr std::array proofs{
    Proof::approvals,    Proof::segregation, Proof::tests,         Proof::scans,
    Proof::components,   Proof::provenance,  Proof::audit_trail,   Proof::access_reviews,
    Proof::verification, Proof::exceptions,  Proof::incidents,     Proof::policies,
    Proof::environments, Proof::retention,   Proof::configuration, Proof::criteria};

}  // namespace

TEST_CASE("where everything is recorded and well, every proof is satisfied") {
  for (const Proof proof : proofs) {
    CHECK_MESSAGE(status(proof) == Status::satisfied, describe::enum_text(proof));
  }
}

TEST_CASE("of a workspace in which nothing was recorded no proof is satisfied") {
  WorkspaceFacts nothing;
  nothing.now = kNow;
  nothing.period = {days_ago(90), kNow};
  ApplicationFacts shop;
  shop.application.name = "shop";
  nothing.applications.push_back(shop);
  for (const Proof proof : proofs) {
    const Finding finding = judge(need(proof), shop, nothing);
    CHECK_MESSAGE(finding.status == Status::no_evidence, describe::enum_text(proof));
  }
}

TEST_CASE("a deployment without certification and approval fails what is about changes") {
  const auto ungoverned = [](auto&, ApplicationFacts& shop) {
    shop.deployments[0].certified = false;
    shop.deployments[0].approved = false;
  };
  CHECK(status(need(Proof::approvals), ungoverned) == Status::failing);
  CHECK(status(need(Proof::provenance), ungoverned) == Status::failing);
}

TEST_CASE("an approval that nobody but its asker signed fails the segregation of duties") {
  CHECK(status(need(Proof::segregation), [](auto&, ApplicationFacts& shop) {
          shop.requests[0].signed_by_asker = true;
          shop.requests[0].signed_by_others = false;
        }) == Status::failing);
}

TEST_CASE("a report that did not run is no proof, whatever others say") {
  CHECK(status(need(Proof::tests), [](auto&, ApplicationFacts& shop) {
          shop.release->evidence.push_back(
              {"evd_2", EvidenceKind::tests, evidence::ReportStatus::failed_to_run, kNow, 0});
        }) == Status::failing);
}

TEST_CASE("failed tests are a record of failing, not of testing") {
  CHECK(status(need(Proof::tests), [](auto&, ApplicationFacts& shop) {
          shop.release->evidence[0].failures = 2;
        }) == Status::failing);
}

TEST_CASE("whatever else was deployed in the period needs its own results") {
  const auto shipped = [](std::vector<HeldEvidence> evidence) {
    return status(need(Proof::tests), [&](auto&, ApplicationFacts& shop) {
      ReleaseFacts other;
      other.id = "rel_0";
      other.name = "shop@0.9.0";
      other.evidence = evidence;
      shop.shipped.push_back(std::move(other));
    });
  };
  CHECK(shipped({}) == Status::failing);
  CHECK(shipped({{"evd_8", EvidenceKind::tests, evidence::ReportStatus::complete, days_ago(40),
                  0}}) == Status::satisfied);
}

TEST_CASE("proof gets old: satisfied, then at risk, then failing") {
  Need scans = need(Proof::scans);
  scans.within_days = 30;
  const auto aged = [&](std::int64_t days) {
    return status(scans, [&](auto&, ApplicationFacts& shop) {
      for (HeldEvidence& one : shop.release->evidence) one.at = days_ago(days);
    });
  };
  CHECK(aged(24) == Status::satisfied);
  CHECK(aged(25) == Status::at_risk);
  CHECK(aged(30) == Status::at_risk);
  CHECK(aged(31) == Status::failing);
}

TEST_CASE("where several kinds of scans are asked for, each of them has to be there") {
  Need scans = need(Proof::scans);
  scans.kinds = {EvidenceKind::sast, EvidenceKind::sca};
  CHECK(status(scans, [](auto&, auto&) {}) == Status::no_evidence);
  CHECK(status(scans, [](auto&, ApplicationFacts& shop) {
          shop.release->evidence.push_back(
              {"evd_9", EvidenceKind::sca, evidence::ReportStatus::complete, days_ago(1), 0});
        }) == Status::satisfied);
}

TEST_CASE("a verification that found something fails, and one long ago does too") {
  CHECK(status(need(Proof::audit_trail), [](WorkspaceFacts& all, auto&) {
          all.verification->findings = 1;
        }) == Status::failing);
  CHECK(status(need(Proof::retention), [](WorkspaceFacts& all, auto&) {
          all.verification->at = days_ago(31);
        }) == Status::failing);
}

TEST_CASE("a deployment may wait a week for somebody to look at it") {
  const auto unverified = [](std::int64_t days) {
    return status(need(Proof::verification), [&](auto&, ApplicationFacts& shop) {
      shop.deployments[0].verified_at.reset();
      shop.deployments[0].finished_at = days_ago(days);
    });
  };
  CHECK(unverified(6) == Status::at_risk);
  CHECK(unverified(8) == Status::failing);
}

TEST_CASE("an open incident is at risk, and a forgotten one fails") {
  const auto open = [](std::int64_t days) {
    return status(need(Proof::incidents), [&](WorkspaceFacts& all, auto&) {
      all.incidents[0].resolved_at.reset();
      all.incidents[0].at = days_ago(days);
    });
  };
  CHECK(open(1) == Status::at_risk);
  CHECK(open(15) == Status::failing);
}

TEST_CASE("an incident of another application proves nothing of this one") {
  CHECK(status(need(Proof::incidents), [](WorkspaceFacts& all, auto&) {
          all.incidents[0].applications = {"cart"};
        }) == Status::no_evidence);
}

TEST_CASE("drift fails, and a configuration that nobody recorded is unknown") {
  CHECK(status(need(Proof::configuration), [](auto&, ApplicationFacts& shop) {
          shop.configurations[0].drifted = true;
        }) == Status::failing);
  CHECK(status(need(Proof::configuration), [](auto&, ApplicationFacts& shop) {
          shop.configurations[0].recorded = false;
        }) == Status::no_evidence);
}

TEST_CASE("criteria that are on trial only prove nothing") {
  CHECK(status(need(Proof::criteria), [](auto&, ApplicationFacts& shop) {
          shop.release->certification->criteria[0].enforced = false;
        }) == Status::no_evidence);
  CHECK(status(need(Proof::criteria), [](auto&, ApplicationFacts& shop) {
          shop.release->certification->criteria[0].passed = false;
        }) == Status::failing);
  CHECK(status(need(Proof::criteria), [](auto&, ApplicationFacts& shop) {
          shop.release->certification->criteria[0] = {"baseline", true, false, true};
        }) == Status::no_evidence);
}

TEST_CASE("when there is more than is looked at, nothing of the period is satisfied") {
  const auto cut = [](auto&, ApplicationFacts& shop) { shop.is_cut = true; };
  CHECK(status(need(Proof::approvals), cut) == Status::no_evidence);
  CHECK(status(need(Proof::tests), cut) == Status::no_evidence);
  CHECK(status(need(Proof::environments), cut) == Status::satisfied);
}

TEST_CASE("a control is as good as the worst of its proofs, and names it first") {
  const Framework& pci = *find_in_catalogue("pci-dss");
  const Control& control = *find_control(pci, "6.5.1");
  WorkspaceFacts all = facts();
  CHECK(control_status(pci, control, catalogue(), all).status == Status::satisfied);
  all.applications[0].deployments[0].verified_at.reset();
  all.applications[0].deployments[0].finished_at = days_ago(20);
  const ControlStatus failing = control_status(pci, control, catalogue(), all);
  CHECK(failing.status == Status::failing);
  REQUIRE(!failing.findings.empty());
  CHECK(failing.findings.front().proof == Proof::verification);
  CHECK(failing.applications == std::vector<std::string>{"shop"});
}

TEST_CASE("a control about data that no application holds is not applicable") {
  const Framework& hipaa = *find_in_catalogue("hipaa");
  for (const ControlStatus& one : control_statuses(hipaa, catalogue(), facts())) {
    CHECK(one.status == Status::not_applicable);
    CHECK(one.findings.empty());
  }
}

TEST_CASE("the shortest age that any applicable control allows counts for all of them") {
  Framework contract;
  contract.name = "acme";
  contract.applies.applications = {"shop"};
  contract.controls = {{"7.1", "Scans every week", {}, {need(Proof::scans)}}};
  contract.controls[0].needs[0].within_days = 7;
  std::vector<Framework> all = catalogue();
  all.push_back(contract);
  const WorkspaceFacts now = facts();
  const auto asked =
      strictest(need(Proof::scans), "ssdf/RV.1.1", all, now.applications[0].application);
  CHECK(asked.need.within_days == 7);
  CHECK(asked.age_from == "acme/7.1");
  const auto own =
      strictest(contract.controls[0].needs[0], "acme/7.1", all, now.applications[0].application);
  CHECK(own.need.within_days == 7);
  CHECK(!own.age_from);
  catalog::Application other;
  other.name = "cart";
  CHECK(!strictest(need(Proof::scans), "ssdf/RV.1.1", all, other).need.within_days);
}

TEST_CASE("the five questions are answered, and what fails decides the answer") {
  WorkspaceFacts all = facts();
  for (const QuestionRow& row : questions()) {
    const QuestionAnswer told = answer(row, catalogue(), all);
    CHECK_MESSAGE(told.status == Status::satisfied, describe::enum_text(row.question));
    CHECK(!told.findings.empty());
  }
  all.applications[0].release->certification->certified = false;
  all.applications[0].deployments.clear();
  const QuestionAnswer told = answer(row_of(Question::release_certification), catalogue(), all);
  CHECK(told.status == Status::failing);
  CHECK(told.sentence == "shop@1.0.0 is not certified.");
}

TEST_CASE("without any application there is nothing to tell, and that is said") {
  WorkspaceFacts all = facts();
  all.applications.clear();
  for (const QuestionRow& row : questions()) {
    CHECK(answer(row, catalogue(), all).status == Status::no_evidence);
  }
}

TEST_CASE("the records behind an answer about a release are of that release where they can be") {
  QuestionAnswer told;
  told.question = Question::change_authorisation;
  told.release = "shop@1.0.0";
  told.application = "shop";
  told.period = facts().period;
  CHECK(records_behind(told).release == "shop@1.0.0");
  told.question = Question::access_governance;
  const SearchFilter access = records_behind(told);
  CHECK(!access.release);
  CHECK(!access.kinds.empty());
}

}  // namespace holdpoint::compliance
