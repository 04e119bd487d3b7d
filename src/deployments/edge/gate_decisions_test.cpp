// What the gate let start and what it did not, as it stands in the ledger and as it is found again:
// with what it was judged on, also after an upgrade of a ledger whose entries do not say it yet.
#include "deployments/edge/gate_decisions.hpp"

#include <doctest/doctest.h>

#include "deployments/edge/deployments_edge.hpp"
#include "deployments/edge/gate_decision_queries.hpp"
#include "deployments/edge/refused_start_queries.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::deployments {
namespace {

class Ledger {
 public:
  Ledger() {
    rig_.modules = {module()};
    rig_.open();
  }

  template <class Event>
  std::string started(const std::string& version, const std::string& environment,
                      std::optional<policy::DecisionGrounds> grounds = std::nullopt) {
    std::string id;
    const auto done = rig_.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
      Event event;
      event.id = unit.new_id<DeploymentId>();
      event.application = "shop";
      event.version = version;
      event.release = "rel_" + version;
      event.environment = environment;
      if constexpr (requires { event.gate; }) event.gate = grounds;
      id = event.id.text();
      unit.record({"deployment", id}, event);
      return engine::Answer{200, ""};
    }));
    REQUIRE(done);
    rig_.clock.advance(Duration::seconds(1));
    return id;
  }

  std::string refused(const std::string& version, const std::vector<RefusedBecause>& reasons,
                      std::optional<policy::DecisionGrounds> grounds = std::nullopt) {
    std::string id;
    const auto done = rig_.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
      DeploymentRefused event;
      event.id = unit.new_id<DeploymentId>();
      event.application = "shop";
      event.version = version;
      event.release = "rel_" + version;
      event.environment = "production";
      event.code = "gate_not_open";
      event.reasons = reasons;
      event.gate = grounds;
      id = event.id.text();
      unit.record({"deployment", id}, event);
      return engine::Answer{200, ""};
    }));
    REQUIRE(done);
    rig_.clock.advance(Duration::seconds(1));
    return id;
  }

  /// As often as it is refused, for whoever these commands run as.
  std::size_t known(const std::string& version) {
    DeploymentRefused like;
    like.application = "shop";
    like.release = "rel_" + version;
    like.environment = "production";
    const auto tables = rig_.engine().read();
    const auto all = list_refused_starts(*tables, "main", {});
    return all.empty() ? 0
                       : refused_since_start(*tables, "main", like, all.front().item.actor).size();
  }

  std::vector<policy::RecordedDecision> past(const policy::DecisionPage& page) {
    return past_deployments(*rig_.engine().read(), "main", page);
  }

  policy::DecisionGrounds grounds(GateVerdict verdict) {
    policy::DecisionGrounds kept;
    const auto done = rig_.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
      Gathered gathered;
      gathered.facts.release_id = "rel_2";
      gathered.policies = {{"window", sha256("canonical"), ObjectRef{text_}}};
      gathered.policies_digest = sha256("set");
      kept = keep_grounds(unit, {"shop", "2", "production", std::nullopt}, gathered, verdict);
      return engine::Answer{200, ""};
    }));
    REQUIRE(done);
    return kept;
  }

  test::EngineRig& rig() { return rig_; }

 private:
  test::EngineRig rig_;
  Digest text_ = rig_.objects.put("the text of the policy")->digest;
};

}  // namespace

TEST_CASE("a start is kept with the facts, the verdict and the policies it was judged on") {
  Ledger ledger;
  const auto grounds = ledger.grounds({.decision = Decision::open});
  const std::string id = ledger.started<DeploymentStarted>("2", "production", grounds);
  const auto past = ledger.past({.limit = 10});
  REQUIRE(past.size() == 1);
  CHECK(past[0].id == id);
  CHECK(past[0].subject == "shop@2");
  CHECK(past[0].environment == "production");
  CHECK(past[0].passed);
  CHECK(past[0].facts == grounds.facts.digest);
  CHECK(past[0].documents_digest == sha256("set"));
  REQUIRE(past[0].documents.size() == 1);
  CHECK(past[0].documents[0].name == "window");
  const auto facts = ledger.rig().objects.read_all(*past[0].facts, 1U << 20);
  REQUIRE(facts);
  CHECK(from_json_text<GatePolicyFacts>(*facts)->release.id == "rel_2");
  const auto verdict = ledger.rig().objects.read_all(grounds.verdict.digest, 1U << 20);
  REQUIRE(verdict);
  CHECK(from_json_text<GateVerdict>(*verdict)->decision == Decision::open);
  CHECK(ledger.rig().audit_findings().empty());
}

TEST_CASE("an audit misses what a start was judged on") {
  Ledger ledger;
  policy::DecisionGrounds grounds = ledger.grounds({.decision = Decision::open});
  grounds.facts = {sha256("never stored")};
  ledger.started<DeploymentStarted>("2", "production", grounds);
  CHECK_FALSE(ledger.rig().audit_findings().empty());
}

TEST_CASE("the last start of a release in an environment stands, also over one of the first form") {
  Ledger ledger;
  const auto grounds = ledger.grounds({.decision = Decision::open});
  const std::string first = ledger.started<DeploymentStartedV1>("1", "production");
  const std::string staged = ledger.started<DeploymentStartedV1>("1", "staging");
  const std::string again = ledger.started<DeploymentStarted>("1", "production", grounds);
  const auto standing = ledger.past({.limit = 10});
  REQUIRE(standing.size() == 2);
  CHECK(standing[0].id == again);
  CHECK(standing[1].id == staged);
  CHECK_FALSE(standing[1].facts.has_value());
  const auto every =
      ledger.past({.decisions = policy::DecisionSelection::every, .after = again, .limit = 10});
  REQUIRE(every.size() == 2);
  CHECK(every[0].id == staged);
  CHECK(every[1].id == first);
  CHECK(ledger.past({.application = "other", .limit = 10}).empty());
  CHECK(ledger.past({.limit = 1}).size() == 1);
  CHECK(ledger.rig().audit_findings().empty());
}

TEST_CASE("a refused start is a decision that did not pass, until the release starts") {
  Ledger ledger;
  const auto grounds = ledger.grounds({.decision = Decision::closed});
  const std::vector<RefusedBecause> by_policy{
      {ReasonCode::gate_policy_failed, "window", "night", "fail"}};
  const std::vector<RefusedBecause> frozen{
      {ReasonCode::frozen, std::nullopt, std::nullopt, std::nullopt}};
  ledger.refused("2", frozen, grounds);
  const std::string again = ledger.refused("2", by_policy, grounds);
  const auto standing = ledger.past({.limit = 10});
  REQUIRE(standing.size() == 1);
  CHECK(standing[0].id == again);
  CHECK(standing[0].subject == "shop@2");
  CHECK_FALSE(standing[0].passed);
  CHECK_FALSE(standing[0].hindered);
  CHECK(standing[0].facts == grounds.facts.digest);
  const auto every = ledger.past({.decisions = policy::DecisionSelection::every, .limit = 10});
  REQUIRE(every.size() == 2);
  CHECK(every[1].hindered);
  CHECK(ledger.known("2") == 2);

  const std::string begun = ledger.started<DeploymentStarted>("2", "production", grounds);
  CHECK(ledger.known("2") == 0);
  REQUIRE(ledger.past({.limit = 10}).size() == 1);
  CHECK(ledger.past({.limit = 10})[0].id == begun);
  // A later refusal stands beside what runs.
  const std::string later = ledger.refused("2", frozen, grounds);
  const auto both = ledger.past({.limit = 10});
  REQUIRE(both.size() == 2);
  CHECK(both[0].id == later);
  CHECK(both[1].id == begun);
  CHECK(ledger.known("2") == 1);
  CHECK(ledger.rig().audit_findings().empty());
}

TEST_CASE("refused starts are listed the newest first, with who tried and why not") {
  Ledger ledger;
  ledger.refused("1", {});
  ledger.refused("2", {{ReasonCode::frozen, std::nullopt, std::nullopt, std::nullopt}});
  const auto tables = ledger.rig().engine().read();
  const auto all = list_refused_starts(*tables, "main", {});
  REQUIRE(all.size() == 2);
  CHECK(all[0].item.version == "2");
  REQUIRE(all[0].item.reasons.size() == 1);
  CHECK(all[0].item.reasons[0].code == ReasonCode::frozen);
  CHECK_FALSE(all[0].item.actor.empty());
  CHECK_FALSE(all[0].item.facts.has_value());
  RefusedStartFilter filter;
  filter.release = "rel_1";
  CHECK(list_refused_starts(*tables, "main", filter).size() == 1);
  filter = {};
  filter.before = all[0].seq;
  CHECK(list_refused_starts(*tables, "main", filter).size() == 1);
  filter = {};
  filter.until = all[0].item.at;
  CHECK(list_refused_starts(*tables, "main", filter).size() == 1);
  filter = {};
  filter.application = "other";
  CHECK(list_refused_starts(*tables, "main", filter).empty());
}

}  // namespace holdpoint::deployments
