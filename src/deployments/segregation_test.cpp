// The statement of segregation: what it says of each act, and when it says that somebody acted in
// two roles that have to be apart.
#include "deployments/segregation.hpp"

#include <doctest/doctest.h>

namespace holdpoint::deployments {
namespace {

constexpr Instant kNow{1'795'521'600'000'000};

/// ann asked, ada wrote it, ben and cat approve it; ci deploys, for whom dan answers; eve verifies.
SegregationCase apart() {
  SegregationCase one;
  approvals::Request request;
  request.title = "shop@1.0.0 to production";
  request.requested_by_kind = "person";
  request.requested_by = "per_ann";
  request.requested_at = kNow;
  for (const std::string person : {"per_ben", "per_cat"}) {
    approvals::Vote vote;
    vote.person = person;
    vote.seat = person;
    vote.at = kNow;
    request.votes.push_back(vote);
  }
  one.request = std::move(request);
  one.content.emplace();
  one.content->involved = {{"per_ada", approvals::Part::author}};
  Deployment deployment;
  deployment.started_by_kind = "service_account";
  deployment.started_by = "svc_ci";
  deployment.started_at = kNow;
  deployment.verified_by = "per_eve";
  deployment.verified_at = kNow;
  one.deployments = {deployment};
  return one;
}

std::vector<std::string> owners(const std::string& kind, const std::string& id) {
  if (kind == "person") return {id};
  return {"per_dan"};
}

/// "person: role and other" of each conflict.
std::vector<std::string> conflicts(const SegregationCase& one) {
  std::vector<std::string> out;
  for (const SegregationConflict& conflict : segregation_of(one, owners).conflicts) {
    out.push_back(conflict.person + ": " + conflict.role + " and " + conflict.other);
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST_CASE("people who were kept apart are stated in their roles, and nothing is found") {
  const SegregationSubject subject = segregation_of(apart(), owners);
  Lines acts;
  for (const SegregationAct& act : subject.acts) {
    acts.push_back(act.role + " " + act.actor + (act.answer_for.empty() ? "" : " for per_dan"));
  }
  CHECK(acts == Lines{"author per_ada", "requester per_ann", "approver per_ben", "approver per_cat",
                      "deployer svc_ci for per_dan", "verifier per_eve"});
  CHECK(subject.left_out == Lines{"per_ada"});
  CHECK(conflicts(apart()).empty());
}

TEST_CASE("somebody in two roles is found, themselves, by an account or through a delegate") {
  SegregationCase one = apart();
  SUBCASE("who wrote it approved it") {
    one.request->votes[0].person = one.request->votes[0].seat = "per_ada";
    CHECK(conflicts(one) == Lines{"per_ada: approver and author"});
  }
  SUBCASE("who asked for it approved it") {
    one.request->votes[0].person = one.request->votes[0].seat = "per_ann";
    CHECK(conflicts(one) == Lines{"per_ann: approver and requester"});
  }
  SUBCASE("who asked for it before, and was superseded, approved it") {
    one.earlier_askers = {{"person", "per_ben"}};
    CHECK(conflicts(one) == Lines{"per_ben: approver and earlier_requester"});
  }
  SUBCASE("who changed its policy shortly before approved it, themselves or by an account") {
    one.policy_editors = {"per_ben", "svc_bot"};
    one.request->votes[1].person = one.request->votes[1].seat = "per_dan";
    CHECK(conflicts(one) == Lines{"per_ben: approver and policy_editor",
                                  "per_dan: approver and deployer",
                                  "per_dan: approver and policy_editor"});
  }
  SUBCASE("who endorsed it as an emergency approved it") {
    one.content->involved.push_back({"per_cat", approvals::Part::endorser});
    CHECK(conflicts(one) == Lines{"per_cat: approver and endorser"});
  }
  SUBCASE("somebody approved in the place of who wrote it") {
    one.request->votes[0].seat = "per_ada";
    CHECK(conflicts(one) == Lines{"per_ada: approver and author"});
  }
  SUBCASE("who answers for the account that deploys approved it") {
    one.request->votes[0].person = one.request->votes[0].seat = "per_dan";
    CHECK(conflicts(one) == Lines{"per_dan: approver and deployer"});
  }
  SUBCASE("who deployed verified it") {
    one.deployments[0].verified_by = "svc_ci";
    CHECK(conflicts(one) == Lines{"per_dan: deployer and verifier"});
  }
  SUBCASE("but not who rejected it and has a part in it") {
    one.request->votes[0].person = one.request->votes[0].seat = "per_ann";
    one.request->votes[0].choice = approvals::Choice::reject;
    CHECK(conflicts(one).empty());
  }
}

TEST_CASE("who endorsed the emergency that it was deployed under is stated, and is no conflict") {
  SegregationCase one = apart();
  one.endorsements = {{"chg_1", "per_fay", kNow, "dpl_1"}};
  const SegregationSubject subject = segregation_of(one, owners);
  REQUIRE(!subject.acts.empty());
  CHECK(subject.acts.back().role == "endorser");
  CHECK(subject.acts.back().actor == "per_fay");
  CHECK(subject.acts.back().words == "endorsed the emergency chg_1 that dpl_1 was started under");
  CHECK(subject.acts.back().at == kNow);
  CHECK(subject.conflicts.empty());
  // To stand for the emergency is another duty than to approve the promotion, and does not hinder
  // it; nor does it hinder carrying the emergency out.
  one.endorsements = {{"chg_1", "per_ben", kNow, "dpl_1"}, {"chg_1", "per_dan", kNow, "dpl_1"}};
  CHECK(segregation_of(one, owners).conflicts.empty());
}

TEST_CASE("a deployment that nobody was asked for is stated as that") {
  SegregationCase one = apart();
  one.request.reset();
  one.deployments[0].application = "shop";
  one.deployments[0].version = "1.0.0";
  one.deployments[0].environment = "test";
  CHECK(segregation_of(one, owners).title == "shop@1.0.0 to test, not asked for");
}

TEST_CASE("who tried to start it and was refused is stated with what kept it from starting") {
  RefusedStart start;
  start.application = "shop";
  start.version = "1.0.0";
  start.environment = "production";
  start.code = "gate_not_open";
  start.reasons = {{ReasonCode::gate_policy_failed, "window", "night", "fail"},
                   {ReasonCode::gate_policy_failed, "window", "weekend", "fail"},
                   {ReasonCode::frozen, std::nullopt, std::nullopt, std::nullopt}};
  start.actor_kind = "person";
  start.actor = "per_ben";
  start.at = kNow;
  SegregationCase one = apart();
  one.refused_starts = {start};
  const SegregationSubject beside = segregation_of(one, owners);
  CHECK(beside.title == "shop@1.0.0 to production");
  REQUIRE(beside.refused.size() == 1);
  CHECK(beside.refused[0].actor == "per_ben");
  CHECK(beside.refused[0].code == "gate_not_open");
  CHECK(beside.refused[0].reasons == Lines{"gate_policy_failed", "frozen"});
  // To have tried is not to have done it: an approver who was refused did not deploy.
  CHECK(conflicts(one).empty());

  SegregationCase alone;
  alone.refused_starts = {start};
  CHECK(segregation_of(alone, owners).title == "shop@1.0.0 to production, never started");
}

}  // namespace
}  // namespace holdpoint::deployments
