// Changes of policies taken again: with who proposed and who agreed as the ledger tells it, by the
// documents that were in force before the change.
#include "policy/edge/past_activations.hpp"

#include <doctest/doctest.h>

#include "policy/edge/backtest.hpp"
#include "policy/edge/policy_changes.hpp"
#include "policy/edge/policy_edge.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::policy {
namespace {

std::string eyes(const std::string& approvals) {
  return "apiVersion: holdpoint/v1\nkind: PolicyActivation\n"
         "metadata: {name: eyes, owner: team:compliance}\nspec:\n  rules:\n"
         "    - {id: agreed, require: approvals.size() >= " +
         approvals +
         ", message: Others agree.}\n  tests:\n"
         "    - {name: nobody agreed, given: {approvals: []}, expect: failed}\n"
         "    - name: two agreed\n      given:\n        approvals:\n"
         "          - {person: ben, at: 1795521600000000}\n"
         "          - {person: cem, at: 1795521600000000}\n      expect: passed\n";
}

constexpr std::string_view gate =
    "apiVersion: holdpoint/v1\nkind: GatePolicy\nmetadata: {name: versions, owner: team-a}\n"
    "spec:\n  rules: [{id: v, require: version == \"1\", message: Known.}]\n";

/// Revision 1 asks for the approval of one other person, and revision 2 had it.
class House {
 public:
  House() {
    rig_.modules = {module()};
    rig_.open();
    change("per_ann", "PolicyActivation", "eyes", eyes("1"));
    change("per_ann", "GatePolicy", "versions", gate);
    run("per_ben", [&](engine::Unit& unit) -> engine::Outcome {
      const auto open = proposals(unit.tables(), unit.workspace(), ProposalState::open, "", 10);
      REQUIRE(open.size() == 1);
      REQUIRE(changer_.approve(unit, open[0].id.text()));
      return engine::Answer{200, ""};
    });
  }

  std::vector<RecordedDecision> past(const DecisionPage& page) {
    return past_activations(*rig_.engine().read(), "main", page);
  }

  Backtest backtest(const std::string& candidate, Baseline baseline) {
    const auto compiled = compile_policy(candidate, library_->schemas());
    REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
    Backtester backtester(rig_.engine(), library_,
                          {{.decision = DecisionKind::activation,
                            .permission = "",
                            .list = past_activations,
                            .is_id = is_revision_id}});
    auto done = backtester.run("main", {{*compiled, Mode::enforce}}, baseline, {});
    REQUIRE(done);
    return std::move(*done);
  }

 private:
  void run(const std::string& person, const std::function<engine::Outcome(engine::Unit&)>& act) {
    engine::Command command = test::command(act);
    command.actor.id = person;
    const auto result = rig_.run(std::move(command));
    REQUIRE(result);
    REQUIRE(result->outcome);
    rig_.clock.advance(Duration::hours(1));
  }

  void change(const std::string& person, const std::string& kind, const std::string& name,
              std::string_view text) {
    run(person, [&](engine::Unit& unit) -> engine::Outcome {
      const Digest digest = unit.objects().put(text)->digest;
      const auto outcome = changer_.change(unit, {{.kind = kind,
                                                   .name = name,
                                                   .change = Change::created,
                                                   .mode_before = "",
                                                   .mode_after = "enforce",
                                                   .owner = "team-a",
                                                   .digest = digest,
                                                   .document = ObjectRef{digest},
                                                   .review_by = std::nullopt}});
      if (!outcome) return std::unexpected(outcome.error());
      return engine::Answer{200, ""};
    });
  }

  test::EngineRig rig_;
  std::shared_ptr<CriteriaLibrary> library_ =
      std::make_shared<CriteriaLibrary>(*read_schemas(own_facts_schemas()));
  PolicyChanger changer_{library_};
};

}  // namespace

TEST_CASE("a change is told with who proposed it, who agreed, and by what it was judged") {
  House house;
  const auto past = house.past({.limit = 10});
  REQUIRE(past.size() == 2);
  CHECK(past[0].subject == "revision 2");
  REQUIRE(past[0].told);
  const auto facts = from_json<ActivationFacts>(*past[0].told);
  REQUIRE(facts);
  CHECK(facts->proposer == "per_ann");
  CHECK(facts->proposer_kind == ProposerKind::person);
  REQUIRE(facts->approvals.size() == 1);
  CHECK(facts->approvals[0].person == "per_ben");
  REQUIRE(past[0].documents.size() == 1);
  CHECK(past[0].documents[0].name == "eyes");
  CHECK(past[1].documents.empty());
  CHECK(house.past({.after = "2", .limit = 10}).size() == 1);
  const auto cut = house.past({.limit = 1});
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].documents.size() == 1);
  CHECK(house.past({.application = "billing", .limit = 10}).empty());
}

TEST_CASE("a change judged again by the documents of its time ends as it did") {
  House house;
  const Backtest same = house.backtest(eyes("1"), Baseline::then);
  CHECK(same.report.totals().activations == 2);
  CHECK(same.report.totals().not_replayed == 0);
  CHECK(same.report.totals().unchanged == 1);
  // Nobody had to agree to the first one, and nobody did.
  REQUIRE(same.report.differences().size() == 1);
  CHECK(same.report.differences()[0].subject == "revision 1");
  CHECK(same.report.differences()[0].effect == BacktestEffect::would_block);
}

TEST_CASE("a stricter document names the change that too few agreed to") {
  House house;
  const Backtest strict = house.backtest(eyes("2"), Baseline::then);
  CHECK(strict.report.totals().would_block == 2);
  REQUIRE(strict.report.differences().size() == 2);
  CHECK(strict.report.differences()[0].kind == DecisionKind::activation);
  CHECK(strict.report.differences()[0].rules.at(0).after->detail ==
        "approvals.size() is 1, needs >= 2");
  const Backtest now = house.backtest(eyes("2"), Baseline::now);
  CHECK(now.report.totals().would_block == 1);
}

TEST_CASE("an id of a revision is its number") {
  CHECK(is_revision_id("1"));
  for (const char* wrong : {"", "0", "-1", "1x", "99999999999999999999"}) {
    CHECK_FALSE(is_revision_id(wrong));
  }
}

}  // namespace holdpoint::policy
