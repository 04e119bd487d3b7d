// Proposals as people meet them: what everybody agreed to and only a window held back comes into
// force when the window opens and somebody asks again, and what a program proposed is known as
// such.
#include "policy/edge/policy_changes.hpp"

#include <doctest/doctest.h>

#include "policy/edge/policy_edge.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::string_view window =
    "apiVersion: holdpoint/v1\nkind: PolicyActivation\n"
    "metadata: {name: window, owner: team:compliance}\nspec:\n  rules:\n"
    "    - {id: another, require: approvals.size() >= 1, message: Somebody else agrees.}\n"
    "    - {id: hours, require: 'now >= timestamp(\"2026-11-24T16:00:00Z\")', message: Later.}\n"
    "  tests:\n    - name: later\n      given: {now: 2026-11-25T00:00:00Z, approvals: [{person: "
    "b}]}\n      expect: passed\n";
const Instant opens = *Instant::parse("2026-11-24T16:00:00Z");

constexpr std::string_view two_for_programs =
    "apiVersion: holdpoint/v1\nkind: PolicyActivation\n"
    "metadata: {name: eyes, owner: team:compliance}\nspec:\n  rules:\n"
    "    - {id: another, require: approvals.size() >= 1, message: Somebody else agrees.}\n"
    "    - {id: two, when: proposer_kind == \"service_account\", require: approvals.size() >= 2,\n"
    "       message: Two agree.}\n"
    "  tests: [{name: one, given: {approvals: [{person: b}]}, expect: passed}]\n";

std::string gate_policy(const std::string& version) {
  return "apiVersion: holdpoint/v1\nkind: GatePolicy\nmetadata: {name: versions, owner: team-a}\n"
         "spec:\n  rules: [{id: v, require: version == \"" +
         version + "\", message: Known.}]\n";
}

/// Of the kinds of this capability, and of the gate what those documents read.
std::map<Kind, json::value> facts_schemas() {
  auto all = own_facts_schemas();
  all[Kind::gate_policy] =
      json::parse(R"({"type":"object","properties":{"version":{"type":"string"}}})");
  return all;
}

/// An engine with policies, in which a document decides about the activation of changes. The first
/// one waits for a person and an hour.
class House {
 public:
  explicit House(std::string_view activation = window) {
    rig_.modules = {module()};
    rig_.open();
    rig_.clock.set(opens - Duration::hours(2));
    REQUIRE(said(change("ann", "PolicyActivation", "judge", activation)) == "revision 1");
  }

  engine::Outcome run(const std::string& person,
                      const std::function<engine::Outcome(engine::Unit&)>& act) {
    engine::Command command = test::command(act);
    command.actor.id = person;
    if (person == "pipeline") command.actor.kind = "service_account";
    const auto result = rig_.run(std::move(command));
    REQUIRE(result);
    return result->outcome;
  }

  engine::Outcome change(const std::string& person, std::string kind, std::string name,
                         std::string_view text) {
    return run(person, [&](engine::Unit& unit) -> engine::Outcome {
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
      if (const auto* activated = std::get_if<Activated>(&*outcome)) {
        return engine::Answer{200, "revision " + std::to_string(activated->revision)};
      }
      return engine::Answer{200, std::get<Waiting>(*outcome).proposal.text()};
    });
  }
  std::string proposed(const std::string& person, const std::string& version) {
    return said(change(person, "GatePolicy", "versions", gate_policy(version)));
  }

  /// Whether what it waits for has come about, asked by the system itself.
  std::string settled(const std::string& proposal) {
    return said(run("system", [&](engine::Unit& unit) -> engine::Outcome {
      const bool is_settled = changer_.settle(unit, proposal);
      return engine::Answer{200, is_settled ? "in force" : "waits"};
    }));
  }

  std::string approved(const std::string& person, const std::string& proposal) {
    return said(run(person, [&](engine::Unit& unit) -> engine::Outcome {
      const auto done = changer_.approve(unit, proposal);
      if (!done) return std::unexpected(done.error());
      return engine::Answer{200, state_of(unit.tables(), proposal)};
    }));
  }

  ProposerKind proposer_kind(const std::string& proposal) {
    return find_proposal(*rig_.engine().read(), "main", proposal)->proposer_kind;
  }
  std::string state(const std::string& proposal) {
    return state_of(*rig_.engine().read(), proposal);
  }
  std::int64_t count(const std::string& type) {
    return rig_.number("SELECT COUNT(*) FROM ledger_entry WHERE type = '" + type + "'");
  }
  void open_the_window() { rig_.clock.set(opens); }
  std::vector<std::string> audit_findings() { return rig_.audit_findings(); }

 private:
  static std::string said(const engine::Outcome& outcome) {
    return outcome ? outcome->body : outcome.error().code;
  }
  static std::string state_of(engine::Connection& tables, const std::string& proposal) {
    const auto found = find_proposal(tables, "main", proposal);
    REQUIRE(found);
    return std::string(describe::enum_text(found->state));
  }

  test::EngineRig rig_;
  std::shared_ptr<CriteriaLibrary> library_ =
      std::make_shared<CriteriaLibrary>(*read_schemas(facts_schemas()));
  PolicyChanger changer_{library_};
};

TEST_CASE("a change that everybody agreed to too early comes into force when it is applied again") {
  House house;
  const std::string id = house.proposed("ann", "1.0.0");
  CHECK(house.approved("ben", id) == "open");
  CHECK(house.proposed("ann", "1.0.0") == id);
  house.open_the_window();
  CHECK(house.proposed("ann", "1.0.0") == "revision 2");
  CHECK(house.state(id) == "activated");
  CHECK(house.count("policy.proposed") == 1);
  CHECK(house.count("policy.approved") == 1);
  CHECK(house.audit_findings().empty());
}

TEST_CASE("who approved too early may ask again, and counts once") {
  House house;
  const std::string id = house.proposed("ann", "1.0.0");
  CHECK(house.approved("ben", id) == "open");
  CHECK(house.approved("ben", id) == "approved_already");
  house.open_the_window();
  CHECK(house.approved("ann", id) == "own_proposal");
  CHECK(house.approved("ben", id) == "activated");
  CHECK(house.count("policy.approved") == 1);
  CHECK(house.approved("ben", id) == "proposal_closed");
  CHECK(house.audit_findings().empty());
}

TEST_CASE("an open window alone is no agreement, and nobody's agreement is to another change") {
  House house;
  const std::string id = house.proposed("ann", "1.0.0");
  CHECK(house.approved("ben", id) == "open");
  house.open_the_window();
  const std::string other = house.proposed("ann", "2.0.0");
  CHECK(house.state(other) == "open");
  CHECK(house.state(house.proposed("cy", "1.0.0")) == "open");
  CHECK(house.state(id) == "open");
}

TEST_CASE("a change that a program proposed may need more people than one that a person did") {
  House house(two_for_programs);
  const std::string id = house.proposed("pipeline", "1.0.0");
  CHECK(house.proposer_kind(id) == ProposerKind::service_account);
  CHECK(house.approved("ann", id) == "open");
  CHECK(house.approved("ann", id) == "approved_already");
  CHECK(house.approved("ben", id) == "activated");
  const std::string own = house.proposed("ann", "2.0.0");
  CHECK(house.proposer_kind(own) == ProposerKind::person);
  CHECK(house.approved("ben", own) == "activated");
  CHECK(house.audit_findings().empty());
}

TEST_CASE("what nobody lacks any more comes into force without being proposed again, and once") {
  House house;
  const std::string id = house.proposed("ann", "1.0.0");
  CHECK(house.settled(id) == "waits");
  CHECK(house.approved("ben", id) == "open");
  CHECK(house.settled(id) == "waits");
  CHECK(house.settled("prp_01J00000000000000000000000") == "waits");
  house.open_the_window();
  CHECK(house.settled(id) == "in force");
  CHECK(house.state(id) == "activated");
  CHECK(house.settled(id) == "waits");
  CHECK(house.count("policy.activated") == 2);
  CHECK(house.audit_findings().empty());
}

TEST_CASE("what was overtaken does not come into force any more") {
  House house;
  const std::string first = house.proposed("ann", "1.0.0");
  const std::string second = house.proposed("cy", "2.0.0");
  CHECK(house.approved("ben", first) == "open");
  CHECK(house.approved("ben", second) == "open");
  house.open_the_window();
  CHECK(house.settled(first) == "in force");
  CHECK(house.settled(second) == "waits");
  CHECK(house.state(second) == "overtaken");
}

}  // namespace
}  // namespace holdpoint::policy
