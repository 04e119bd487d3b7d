// What the gate let start, as it stands in the ledger and as it is found again: with what it was
// judged on, also after an upgrade of a ledger whose entries do not say it yet.
#include "deployments/edge/gate_decisions.hpp"

#include <doctest/doctest.h>

#include "deployments/edge/deployments_edge.hpp"
#include "deployments/edge/gate_decision_queries.hpp"
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

}  // namespace holdpoint::deployments
