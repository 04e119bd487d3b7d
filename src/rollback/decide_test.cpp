// Rollbacks: what a rule proposes and decides, where it is held, who confirms, declines and clears,
// and everything that is refused.
#include "rollback/decide.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "support/golden.hpp"

namespace holdpoint::rollback {
namespace {

const std::string kAnn = "per_01J00000000000000000000000";
const std::string kBob = "per_01J00000000000000000000001";
const std::string kDeployer = "per_01J00000000000000000000002";
const Instant kNow = *Instant::parse("2026-11-20T06:00:00Z");
const RollbackId kId = *RollbackId::parse("rbk_01J00000000000000000000000");

Candidate candidate(const std::string& version, bool is_certified, bool was_taken_back = false) {
  return {
      {"dpl_" + version, "rel_" + version, version, std::nullopt}, is_certified, was_taken_back};
}

Rule rule(policy::RollbackExecution execution = policy::RollbackExecution::automatic) {
  policy::RollbackPart terms;
  terms.target = policy::RollbackTarget::last_certified;
  terms.execution = execution;
  terms.due = "15m";
  return {"production", test::digest(1), terms, {kAnn}};
}

Proposing proposing() {
  Proposing facts;
  facts.id = kId;
  facts.now = kNow;
  facts.subject = {"dpl_3", "shop", "production", "rel_3", "3.0.0", std::nullopt};
  facts.candidates = {candidate("2.1.0", false), candidate("2.0.0", true),
                      candidate("1.0.0", true)};
  facts.rule = rule();
  return facts;
}

Seen seen() {
  Seen out;
  out.triggering.applies = true;
  out.triggering.fired = {{"errors", "health.error_rate_bp > 500"}};
  out.values = {{"error_rate_bp", false, 700, 500, "prometheus"}};
  return out;
}

Decision decision(State state = State::proposed) {
  Decision out = evolve(by_rule(seen(), proposing()), {"service_account", "sva_1", kNow, 7});
  out.state = state;
  out.attempts = state == State::proposed ? 0 : 1;
  return out;
}

template <class T>
std::string code_of(const Decided<T>& decided) {
  return decided ? "" : decided.error().code;
}

TEST_CASE("a rule goes back to the last certified release, with what was measured") {
  const RollbackProposed event = by_rule(seen(), proposing());
  REQUIRE(event.target);
  CHECK(event.target->version == "2.0.0");
  CHECK(event.due == kNow + Duration::minutes(15));
  CHECK(event.trigger.policy == "production");
  CHECK(event.trigger.names == std::vector<std::string>{"errors"});
  CHECK(event.trigger.values.size() == 1);
  CHECK(event.because == "the rule production was set off by errors");
  CHECK(event.plan.find("Somebody deploys by hand shop@2.0.0") != std::string::npos);
  CHECK(is_decided(event));
  const RollbackConfirmed confirmed = confirmed_by_rule(event, kNow);
  CHECK(confirmed.by == Decider::rule);
  CHECK(confirmed.attempt == 1);
  CHECK(confirmed.target.version == "2.0.0");
}

TEST_CASE("previous_deployment is what ran there before, certified or not") {
  CHECK(target_of(policy::RollbackTarget::previous_deployment, proposing().candidates)->version ==
        "2.1.0");
  const std::vector<Candidate> taken{candidate("2.1.0", true, true), candidate("2.0.0", true)};
  CHECK(target_of(policy::RollbackTarget::previous_deployment, taken)->version == "2.0.0");
  CHECK(target_of(policy::RollbackTarget::last_certified, taken)->version == "2.0.0");
  const std::vector<Candidate> none{candidate("2.1.0", false)};
  CHECK(target_of(policy::RollbackTarget::last_certified, none) == nullptr);
}

TEST_CASE("a rule that decides by itself is held where it may not, and says why") {
  struct Row {
    std::string_view what;
    std::function<void(Seen&, Proposing&)> change;
    std::string held;
  };
  const std::vector<Row> rows{
      {"as it should be", [](auto&, auto&) {}, ""},
      {"no release", [](auto&, auto& p) { p.candidates.clear(); }, "no release"},
      {"its rules do not pass", [](auto& s, auto&) { s.not_let = "its rules"; }, "its rules"},
      {"two before", [](auto&, auto& p) { p.automatic_today = 2; }, ""},
      {"three before", [](auto&, auto& p) { p.automatic_today = 3; }, "3 rollbacks"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Seen what = seen();
    Proposing facts = proposing();
    row.change(what, facts);
    const RollbackProposed event = by_rule(what, facts);
    CHECK(is_decided(event) == row.held.empty());
    CHECK(event.held_because.value_or("").find(row.held) != std::string::npos);
  }
  Proposing confirmed = proposing();
  confirmed.rule = rule(policy::RollbackExecution::confirmed);
  const RollbackProposed event = by_rule(seen(), confirmed);
  CHECK_FALSE(is_decided(event));
  CHECK_FALSE(event.held_because);
}

TEST_CASE("one rollback of a deployment is enough, and a decline holds for an hour") {
  const policy::Triggering fired = seen().triggering;
  const auto answered = [&](const Decision& one, Instant now) {
    return is_answered(std::vector{one}, fired, "production", now);
  };
  CHECK_FALSE(is_answered({}, fired, "production", kNow));
  for (const State state : {State::proposed, State::confirmed, State::executing, State::executed,
                            State::failed, State::cleared}) {
    CHECK(answered(decision(state), kNow));
  }
  Decision declined = decision(State::declined);
  declined.ended_at = kNow;
  CHECK(answered(declined, kNow + Duration::minutes(59)));
  CHECK_FALSE(answered(declined, kNow + Duration::hours(1)));
  // Another trigger is another reason.
  declined.trigger.names = {"checks"};
  CHECK_FALSE(answered(declined, kNow));
  declined.trigger.names = {"errors"};
  declined.trigger.policy = "other";
  CHECK_FALSE(answered(declined, kNow));
}

TEST_CASE("what is proposed by hand says why, and goes where the rule or the person says") {
  struct Row {
    std::string_view what;
    std::function<void(ProposeRollback&, Proposing&)> change;
    std::string code;
    std::string version;
  };
  const std::vector<Row> rows{
      {"by the rule", [](auto&, auto&) {}, "", "2.0.0"},
      {"named", [](auto& c, auto&) { c.version = "1.0.0"; }, "", "1.0.0"},
      {"no rule", [](auto&, auto& p) { p.rule.reset(); }, "", "2.0.0"},
      {"nothing there", [](auto&, auto& p) { p.candidates.clear(); }, "", ""},
      {"never there", [](auto& c, auto&) { c.version = "9.0.0"; }, "target_not_possible", ""},
      {"no reason", [](auto& c, auto&) { c.reason = " "; }, "invalid_rollback", ""},
      {"too long", [](auto& c, auto&) { c.reason = std::string(2'001, 'r'); }, "invalid_rollback",
       ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    ProposeRollback command{"dpl_3", "orders are lost", std::nullopt};
    Proposing facts = proposing();
    row.change(command, facts);
    const auto event = propose(command, facts, {});
    CHECK(code_of(event) == row.code);
    if (!event) continue;
    CHECK(event->origin == Origin::person);
    CHECK((event->target ? event->target->version : "") == row.version);
    CHECK_FALSE(is_decided(*event));
  }
  const std::vector other{decision(State::executing)};
  CHECK(code_of(propose({"dpl_3", "why", std::nullopt}, proposing(), other)) ==
        "rollback_under_way");
  const std::vector declined{decision(State::declined)};
  CHECK(propose({"dpl_3", "why", std::nullopt}, proposing(), declined));
}

TEST_CASE("a drill is of a rule in force, and never in production") {
  const DrillRollback command{"dpl_3", "production", "quarterly", std::nullopt};
  using Kind = catalog::EnvironmentKind;
  const auto event = drill(command, proposing(), Kind::staging, {});
  REQUIRE(event);
  CHECK(event->origin == Origin::drill);
  CHECK(event->trigger.policy == "production");
  CHECK(event->trigger.policy_digest == test::digest(1));
  CHECK(code_of(drill(command, proposing(), Kind::production, {})) == "drill_in_production");
  Proposing no_rule = proposing();
  no_rule.rule.reset();
  CHECK(code_of(drill(command, no_rule, Kind::staging, {})) == "rule_not_found");
  Proposing nowhere = proposing();
  nowhere.candidates.clear();
  CHECK(code_of(drill(command, nowhere, Kind::staging, {})) == "no_target");
  CHECK(code_of(drill({"dpl_3", "production", "", {}}, proposing(), Kind::staging, {})) ==
        "invalid_rollback");
}

TEST_CASE("who confirms is among those whom the rule names, and a person") {
  struct Row {
    std::string_view what;
    std::function<void(Decision&, ConfirmRollback&, Confirming&)> change;
    std::string code;
  };
  const std::vector<Row> rows{
      {"as it should be", [](auto&, auto&, auto&) {}, ""},
      {"another", [](auto&, auto&, auto& f) { f.actor.id = kBob; }, "not_a_confirmer"},
      {"everybody may",
       [](auto& d, auto&, auto& f) {
         d.confirmers.clear();
         f.actor.id = kBob;
       },
       ""},
      {"a program", [](auto&, auto&, auto& f) { f.actor = {"service_account", "sva_1"}; },
       "not_a_person"},
      {"her own",
       [](auto& d, auto&, auto& f) {
         d.origin = Origin::person;
         f.behind_proposer = {kAnn};
       },
       "own_proposal"},
      {"of the rule, by whose account it was reported",
       [](auto&, auto&, auto& f) { f.behind_proposer = {kAnn}; }, ""},
      {"again after a failure", [](auto& d, auto&, auto&) { d.state = State::failed; }, ""},
      {"too often",
       [](auto& d, auto&, auto&) {
         d.state = State::failed;
         d.attempts = attempts_max;
       },
       "attempts_exhausted"},
      {"under way", [](auto& d, auto&, auto&) { d.state = State::executing; }, "not_awaited"},
      {"done", [](auto& d, auto&, auto&) { d.state = State::executed; }, "not_awaited"},
      {"over", [](auto& d, auto&, auto&) { d.state = State::declined; }, "rollback_ended"},
      {"to nothing", [](auto& d, auto&, auto&) { d.target.reset(); }, "no_target"},
      {"to one that is named",
       [](auto& d, auto& c, auto&) {
         d.target.reset();
         c.version = "2.1.0";
       },
       ""},
      {"to what never ran there", [](auto&, auto& c, auto&) { c.version = "9"; },
       "target_not_possible"},
      {"blank words", [](auto&, auto& c, auto&) { c.reason = " "; }, "invalid_rollback"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Decision one = decision();
    ConfirmRollback command;
    Confirming facts{{"person", kAnn}, kNow, {}, proposing().candidates};
    row.change(one, command, facts);
    const auto event = confirm(one, command, facts);
    CHECK(code_of(event) == row.code);
    if (!event) continue;
    CHECK(event->by == Decider::person);
    CHECK(event->due == kNow + Duration::minutes(15));
    CHECK(event->attempt == one.attempts + 1);
  }
}

TEST_CASE("a rollback is declined with a reason, until it is under way") {
  const Actor ann{"person", kAnn};
  for (const State state : {State::proposed, State::confirmed, State::failed}) {
    CHECK(decline(decision(state), {"it is well"}, ann));
  }
  CHECK(code_of(decline(decision(State::executing), {"why"}, ann)) == "not_awaited");
  CHECK(code_of(decline(decision(State::executed), {"why"}, ann)) == "not_awaited");
  CHECK(code_of(decline(decision(State::cleared), {"why"}, ann)) == "rollback_ended");
  CHECK(code_of(decline(decision(), {""}, ann)) == "invalid_rollback");
  CHECK(code_of(decline(decision(), {"why"}, {"person", kBob})) == "not_a_confirmer");
  CHECK(code_of(decline(decision(), {"why"}, {"service_account", "sva_1"})) == "not_a_person");
}

TEST_CASE("how it went is said of what was decided, with the version that runs now") {
  const auto back = executed(decision(State::executing),
                             {Outcome::succeeded, {}, std::vector<std::string>{"PAY-1"}});
  REQUIRE(back);
  CHECK(back->version == "2.0.0");
  CHECK(back->follow_ups == std::vector<std::string>{"PAY-1"});
  const auto stuck = executed(decision(State::confirmed), {Outcome::failed, "no disk", {}});
  REQUIRE(stuck);
  CHECK(stuck->version == "3.0.0");
  CHECK(stuck->reasoned);
  for (const State state : {State::proposed, State::executed, State::failed}) {
    CHECK(code_of(executed(decision(state), {Outcome::succeeded, {}, {}})) == "not_awaited");
  }
  CHECK(code_of(executed(decision(State::cleared), {Outcome::failed, {}, {}})) == "rollback_ended");
  CHECK(code_of(executed(decision(State::executing),
                         {Outcome::failed, {}, std::vector<std::string>{""}})) ==
        "invalid_rollback");
  CHECK(code_of(executed(decision(State::executing),
                         {Outcome::failed, {}, std::vector<std::string>{"call Jane Doe"}})) ==
        "invalid_rollback");
}

TEST_CASE("who deployed it does not clear it, and nobody does while it is not well") {
  struct Row {
    std::string_view what;
    std::function<void(Decision&, ClearRollback&, Clearing&)> change;
    std::string code;
  };
  const Measured well{"error_rate_bp", true, 10, 500, "prometheus"};
  const Measured ill{"checkout", false, {}, {}, "probe"};
  const std::vector<Row> rows{
      {"as it should be", [](auto&, auto&, auto&) {}, ""},
      {"who deployed it", [](auto&, auto&, auto& f) { f.actor.id = kDeployer; }, "own_deployment"},
      {"nobody knows who", [](auto&, auto&, auto& f) { f.deployers.clear(); }, "deployer_unknown"},
      {"a program", [](auto&, auto&, auto& f) { f.actor.kind = "service_account"; },
       "not_a_person"},
      {"no reason", [](auto&, auto& c, auto&) { c.reason = ""; }, "invalid_rollback"},
      {"ill", [&](auto&, auto&, auto& f) { f.values.push_back(ill); }, "not_healthy"},
      {"ill, whatever is said",
       [&](auto&, auto& c, auto& f) {
         f.values.push_back(ill);
         c.unmeasured = true;
       },
       "not_healthy"},
      {"an alert", [](auto&, auto&, auto& f) { f.firing = {"ErrorRateHigh"}; }, "not_healthy"},
      {"nothing measured", [](auto&, auto&, auto& f) { f.values.clear(); }, "health_unknown"},
      {"nothing measured, and said",
       [](auto&, auto& c, auto& f) {
         f.values.clear();
         c.unmeasured = true;
       },
       ""},
      {"what set it off was not measured again",
       [&](auto& d, auto&, auto&) { d.trigger.values = {ill}; }, "health_unknown"},
      {"what set it off was not measured again, and said",
       [&](auto& d, auto& c, auto&) {
         d.trigger.values = {ill};
         c.unmeasured = true;
       },
       ""},
      {"what set it off is well again",
       [&](auto& d, auto&, auto&) {
         d.trigger.values = {well};
         d.trigger.values.front().healthy = false;
       },
       ""},
      {"not back yet", [](auto& d, auto&, auto&) { d.state = State::executing; }, "not_awaited"},
      {"cleared", [](auto& d, auto&, auto&) { d.state = State::cleared; }, "rollback_ended"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Decision one = decision(State::executed);
    ClearRollback command{"it is well", {}, {}};
    Clearing facts{{"person", kAnn}, {kDeployer}, {well}, {}};
    row.change(one, command, facts);
    const auto event = clear(one, command, facts);
    CHECK(code_of(event) == row.code);
    if (event) CHECK(event->unmeasured == command.unmeasured.value_or(false));
  }
}

TEST_CASE("what waits is overdue once, and who is told may decide from then on") {
  Decision one = decision();
  CHECK_FALSE(overdue(one, one.due - Duration::seconds(1), {kBob}));
  const auto event = overdue(one, one.due, {kBob, kAnn});
  REQUIRE(event);
  evolve(one, *event, {"system", "holdpoint", one.due, 9});
  CHECK(one.confirmers == std::vector<std::string>{kAnn, kBob});
  CHECK_FALSE(overdue(one, one.due + Duration::hours(1), {kBob}));
  CHECK(confirm(one, {}, {{"person", kBob}, kNow, {}, {}}));
  for (const State state : {State::executed, State::declined, State::cleared}) {
    CHECK_FALSE(overdue(decision(state), kNow + Duration::days(1), {kBob}));
  }
}

TEST_CASE("a decision is folded from its events") {
  Decision one = evolve(by_rule(seen(), proposing()), {"service_account", "sva_1", kNow, 7});
  CHECK(one.state == State::proposed);
  CHECK_FALSE(one.reason_seq);
  evolve(one, confirmed_by_rule(by_rule(seen(), proposing()), kNow),
         {"service_account", "sva_1", kNow, 8});
  CHECK(one.state == State::confirmed);
  CHECK(one.decider == Decider::rule);
  evolve(one, RollbackExecutionBegun{kId, "deployer", "dlv_1"}, {"system", "holdpoint", kNow, 9});
  CHECK(one.state == State::executing);
  evolve(one, RollbackExecuted{kId, Outcome::failed, "3.0.0", {}, true},
         {"service_account", "sva_2", kNow, 10});
  CHECK(one.state == State::failed);
  CHECK(one.execution_seq == 10);
  evolve(one, *confirm(one, {}, {{"person", kAnn}, kNow, {}, {}}), {"person", kAnn, kNow, 11});
  CHECK(one.attempts == 2);
  CHECK_FALSE(one.executor);
  evolve(one, RollbackExecuted{kId, Outcome::succeeded, "2.0.0", {"PAY-1"}, false},
         {"person", kAnn, kNow, 12});
  CHECK(one.state == State::executed);
  CHECK_FALSE(one.execution_seq);
  evolve(one, RollbackCleared{kId, {}, true, {"PAY-2"}}, {"person", kBob, kNow, 13});
  CHECK(one.state == State::cleared);
  CHECK(one.follow_ups == std::vector<std::string>{"PAY-1", "PAY-2"});
  CHECK(one.ending_seq == 13);
}

}  // namespace
}  // namespace holdpoint::rollback
