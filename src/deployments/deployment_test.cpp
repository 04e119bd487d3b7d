// Deployments: started through an open gate only, ended once, and verified by somebody else.
#include "deployments/deployment.hpp"

#include <doctest/doctest.h>

#include "deployments/promotion.hpp"

namespace holdpoint::deployments {
namespace {

const GateQuestion kQuestion{"shop", "1.0.0", "production", std::nullopt};

Deployment deployment(DeploymentState state) {
  Deployment out;
  out.id = *DeploymentId::parse("dpl_01J00000000000000000000000");
  out.state = state;
  out.application = "shop";
  out.version = "1.0.0";
  out.environment = "production";
  out.started_by_kind = "service_account";
  out.started_by = "sva_1";
  return out;
}

template <class T>
std::string code(const Decided<T>& decided) {
  return decided ? "" : decided.error().code;
}

TEST_CASE("a deployment starts only through an open gate, and the refusal says all its reasons") {
  GateVerdict open;
  open.decision = Decision::open;
  CHECK_FALSE(why_not_start(kQuestion, open, std::nullopt));
  for (const Decision decision : {Decision::closed, Decision::unknown}) {
    GateVerdict gate;
    gate.decision = decision;
    gate.reasons.push_back({.code = ReasonCode::not_certified, .sentence = "Not judged."});
    gate.reasons.back().next.push_back({"pipeline", "certify", "holdpoint certify"});
    const auto refusal = why_not_start(kQuestion, gate, std::nullopt);
    REQUIRE(refusal);
    CHECK(refusal->code == "gate_not_open");
    CHECK(refusal->issues.size() == 1);
    CHECK(refusal->next.size() == 1);
  }
}

TEST_CASE("two deployments of one application do not run in one environment at a time") {
  GateVerdict open;
  open.decision = Decision::open;
  const auto refusal = why_not_start(kQuestion, open, deployment(DeploymentState::running));
  REQUIRE(refusal);
  CHECK(refusal->code == "deployment_running");
}

TEST_CASE("a second trigger of what runs is told that it runs, whatever the gate says by now") {
  GateVerdict used;
  used.decision = Decision::closed;
  used.reasons.push_back({.code = ReasonCode::approval_missing, .sentence = "Used up."});
  Deployment running = deployment(DeploymentState::running);
  running.application = kQuestion.application;
  running.version = kQuestion.version;
  running.environment = kQuestion.environment;
  running.artifact = kQuestion.artifact;
  const auto code_of = [&](const GateQuestion& question) {
    const auto refusal = why_not_start(question, used, running);
    return refusal ? refusal->code : "";
  };
  CHECK(code_of(kQuestion) == "deployment_running");
  GateQuestion other = kQuestion;
  other.artifact = sha256("another");
  CHECK(code_of(other) == "gate_not_open");
  other = kQuestion;
  other.version = "9.9.9";
  CHECK(code_of(other) == "gate_not_open");
}

TEST_CASE("a deployment ends once") {
  CHECK(finish(deployment(DeploymentState::running), DeploymentOutcome::failed, "disk full"));
  for (const DeploymentState state :
       {DeploymentState::succeeded, DeploymentState::failed, DeploymentState::cancelled}) {
    CHECK(code(finish(deployment(state), DeploymentOutcome::succeeded, "")) ==
          "deployment_finished");
  }
  CHECK(code(finish(deployment(DeploymentState::running), DeploymentOutcome::failed,
                    std::string(note_bytes_max + 1, 'x'))) == "note_too_long");
}

TEST_CASE("who deployed something does not verify it, also not behind an account") {
  const std::vector<std::string> deployers{"ann"};
  const Deployment done = deployment(DeploymentState::succeeded);
  CHECK(code(verify(done, {"person", "ben"}, deployers, "")).empty());
  CHECK(code(verify(done, {"person", "ann"}, deployers, "")) == "own_deployment");
  CHECK(code(verify(done, {"service_account", "ben"}, deployers, "")) == "verifier_not_a_person");
  CHECK(code(verify(done, {"person", ""}, deployers, "")) == "verifier_not_a_person");
  CHECK(code(verify(done, {"person", "ben"}, {}, "")) == "deployer_unknown");
  CHECK(code(verify(deployment(DeploymentState::failed), {"person", "ben"}, deployers, "")) ==
        "deployment_not_succeeded");
  CHECK(code(verify(deployment(DeploymentState::running), {"person", "ben"}, deployers, "")) ==
        "deployment_not_succeeded");
  Deployment twice = done;
  twice.verified_by = "cat";
  CHECK(code(verify(twice, {"person", "ben"}, deployers, "")) == "verified_already");
}

TEST_CASE("a promotion is another content with another artifact, environment or configuration") {
  Promotion one;
  one.application = "shop";
  one.version = "1.0.0";
  one.environment = "production";
  one.environment_id = "env_1";
  one.contents = sha256("contents");
  const Digest digest = digest_of(one);
  const auto changed = [&](auto change) {
    Promotion other = one;
    change(other);
    return digest_of(other) != digest;
  };
  CHECK(digest_of(one) == digest);
  CHECK(changed([](Promotion& p) { p.contents = sha256("others"); }));
  CHECK(changed([](Promotion& p) { p.environment = "staging"; }));
  CHECK(changed([](Promotion& p) { p.environment_id = "env_2"; }));
  CHECK(changed([](Promotion& p) { p.configuration = sha256("configuration"); }));
  CHECK(changed([](Promotion& p) { p.version = "1.0.1"; }));
}

TEST_CASE("text that moves from one part of a promotion to the next makes another content") {
  Promotion one;
  one.application = "shop";
  one.version = "1.0";
  one.environment = "production";
  Promotion other = one;
  other.application = "shop1";
  other.version = ".0";
  CHECK(digest_of(one) != digest_of(other));
  other = one;
  other.application = R"(shop","version":"1.0)";
  other.version = "";
  CHECK(digest_of(one) != digest_of(other));
}

TEST_CASE("the name of a promotion is read back as it was written") {
  CHECK(promotion_id("shop", "1.0.0", "production") == "shop@1.0.0/production");
  const auto name = parse_promotion_id("shop@1.0.0/production");
  REQUIRE(name);
  CHECK(name->release == "shop@1.0.0");
  CHECK(name->environment == "production");
  for (const char* wrong : {"", "/", "shop@1.0.0", "shop@1.0.0/", "/production"}) {
    CHECK_FALSE(parse_promotion_id(wrong));
  }
}

incidents::Incident incident(Instant declared_at) {
  incidents::Incident out;
  out.id = *incidents::IncidentId::parse("inc_01J00000000000000000000000");
  out.severity = incidents::Severity::sev1;
  out.environments = {"production"};
  out.applications = {"shop"};
  out.declared_at = declared_at;
  return out;
}

TEST_CASE("a major incident makes a failed change of what ran or ended less than a day before") {
  const Instant ended{Duration::days(20'000).us};
  Deployment succeeded = deployment(DeploymentState::succeeded);
  succeeded.started_at = ended - Duration::hours(1);
  succeeded.finished_at = ended;
  Deployment running = deployment(DeploymentState::running);
  running.started_at = ended;

  const auto implicated = implicate(succeeded, incident(ended));
  REQUIRE(implicated);
  CHECK(implicated->incident == "inc_01J00000000000000000000000");
  CHECK(implicate(running, incident(ended + Duration::days(3))));
  const Instant last = ended + implication_window - Duration{1};
  CHECK(implicate(succeeded, incident(last)));
  CHECK_FALSE(implicate(succeeded, incident(ended + implication_window)));
}

TEST_CASE("an incident is put down to no deployment that it does not concern") {
  const Instant ended{Duration::days(20'000).us};
  Deployment succeeded = deployment(DeploymentState::succeeded);
  succeeded.started_at = ended - Duration::hours(1);
  succeeded.finished_at = ended;
  auto minor = incident(ended);
  minor.severity = incidents::Severity::sev3;
  auto elsewhere = incident(ended);
  elsewhere.environments = {"staging"};
  auto of_another = incident(ended);
  of_another.applications = {"cart"};
  auto of_all = incident(ended);
  of_all.applications.clear();
  const auto earlier = incident(succeeded.started_at - Duration{1});
  for (const auto& one : {minor, elsewhere, of_another, of_all, earlier}) {
    CHECK_FALSE(implicate(succeeded, one));
  }
  Deployment already = succeeded;
  already.implicated_by = "inc_01J11111111111111111111111";
  CHECK_FALSE(implicate(already, incident(ended)));
  Deployment cancelled = succeeded;
  cancelled.state = DeploymentState::cancelled;
  CHECK_FALSE(implicate(cancelled, incident(ended)));
}

}  // namespace
}  // namespace holdpoint::deployments
