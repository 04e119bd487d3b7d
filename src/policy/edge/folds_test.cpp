// Folding the events of policy: the first form is an activation of one document, a bundle is made
// again from the rows, and what an event claims otherwise is noticed.
#include <doctest/doctest.h>

#include <algorithm>

#include "policy/edge/policy_edge.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::string_view kWorkspace = "main";

/// The tables of policy alone, in a database of their own.
class Tables {
 public:
  Tables() {
    rig_.open();
    for (const engine::Table& table : module_.tables) connection().script(table.ddl);
  }

  engine::Connection& connection() { return rig_.store().writer(); }

  template <class Body>
  void fold(const Body& body, std::string person = "ann") {
    engine::Recorded recorded;
    recorded.workspace = kWorkspace;
    recorded.at = Instant{++seconds_ * 1'000'000};
    recorded.type = Body::event_type;
    recorded.actor = {"person", std::move(person), std::nullopt, std::nullopt};
    recorded.body = to_json_text(body);
    const auto type = std::ranges::find(module_.events, recorded.type, &engine::EventType::type);
    REQUIRE(type != module_.events.end());
    type->fold(connection(), recorded);
  }

 private:
  test::EngineRig rig_;
  engine::Module module_ = module();
  std::int64_t seconds_ = 0;
};

CriteriaApplied applied(std::string name, std::string_view text, std::string mode = "enforce") {
  return {std::move(name), "team-a", std::move(mode), 1, sha256(text), ObjectRef{sha256(text)}};
}

PolicyChange created(std::string name, std::string_view text) {
  return {.kind = "GatePolicy",
          .name = std::move(name),
          .change = Change::created,
          .mode_before = "",
          .mode_after = "enforce",
          .owner = "team-a",
          .digest = sha256(text),
          .document = ObjectRef{sha256(text)},
          .review_by = "2027-01-31"};
}

PolicyActivated activated(std::int64_t revision, const Manifest& before, PolicyChanges changes) {
  const ObjectRef bundle{sha256(manifest_text(changed(before, changes)))};
  return {revision, bundle, std::move(changes), std::nullopt, std::nullopt};
}

const ProposalId kFirst = *ProposalId::parse("prp_01J00000000000000000000000");
const ProposalId kSecond = *ProposalId::parse("prp_01J00000000000000000000001");

TEST_CASE("criteria.applied is folded as an activation of one document, each a revision") {
  Tables tables;
  tables.fold(applied("baseline", "one", "warn"));
  tables.fold(applied("more", "two"));
  tables.fold(applied("baseline", "three"));
  const auto policies = policies_in_force(tables.connection(), kWorkspace);
  REQUIRE(policies.size() == 2);
  CHECK(policies[0].kind == "CertificationCriteria");
  CHECK(policies[0].digest == sha256("three"));
  CHECK(policies[0].revision == 3);
  CHECK(policies[1].revision == 2);
  CHECK(current_revision(tables.connection(), kWorkspace) == 3);
  const auto last = find_revision(tables.connection(), kWorkspace, 3);
  REQUIRE(last);
  CHECK(last->changes.at(0).change == Change::changed);
  CHECK(last->changes.at(0).mode_before == "warn");
  CHECK(last->digest == sha256(manifest_text(last->manifest)));
  CHECK(find_revision(tables.connection(), kWorkspace, 1)->manifest.size() == 1);
  CHECK(version_text(tables.connection(), kWorkspace, sha256("one")) == sha256("one"));
}

TEST_CASE("a new form of activation continues after the old one") {
  Tables tables;
  tables.fold(applied("baseline", "one"));
  const auto before = find_revision(tables.connection(), kWorkspace, 1)->manifest;
  tables.fold(activated(2, before, {created("window", "two")}));
  CHECK(policies_in_force(tables.connection(), kWorkspace).size() == 2);
  CHECK(policies_in_force(tables.connection(), kWorkspace, Kind::gate_policy).at(0).review_by ==
        "2027-01-31");
  CHECK(criteria_in_force(tables.connection(), kWorkspace).size() == 1);
}

TEST_CASE("an event whose bundle is not what its changes lead to is corrupt") {
  Tables tables;
  PolicyActivated forged = activated(1, {}, {created("window", "two")});
  forged.changes[0].mode_after = "off";
  CHECK_THROWS_AS(tables.fold(forged), engine::StoreFailed);
}

TEST_CASE(
    "approvals are kept in order, and an activation closes its proposal and overtakes others") {
  Tables tables;
  tables.fold(PolicyProposed{kFirst, 0, {created("window", "one")}, std::nullopt});
  tables.fold(PolicyProposed{kSecond, 0, {created("other", "two")}, std::nullopt}, "cy");
  tables.fold(PolicyApproved{kFirst}, "ben");
  tables.fold(PolicyApproved{kFirst}, "cy");
  const auto open = proposals(tables.connection(), kWorkspace, ProposalState::open, "", 10);
  REQUIRE(open.size() == 2);
  CHECK(open[0].id == kSecond);
  CHECK(open[1].approvals.at(1).person == "cy");
  CHECK(version_text(tables.connection(), kWorkspace, sha256("two")).has_value());
  CHECK(policies_in_force(tables.connection(), kWorkspace).empty());
  PolicyActivated activation = activated(1, {}, {created("window", "one")});
  activation.proposal = kFirst;
  tables.fold(activation, "cy");
  const auto first = find_proposal(tables.connection(), kWorkspace, kFirst.text());
  CHECK(first->state == ProposalState::activated);
  CHECK(first->revision == 1);
  CHECK(find_proposal(tables.connection(), kWorkspace, kSecond.text())->state ==
        ProposalState::overtaken);
}

TEST_CASE("a rejection keeps who rejected and why") {
  Tables tables;
  tables.fold(PolicyProposed{kFirst, 0, {created("window", "one")}, 3});
  tables.fold(PolicyRejected{kFirst, "too wide"}, "ben");
  const auto rejected = find_proposal(tables.connection(), kWorkspace, kFirst.text());
  CHECK(rejected->state == ProposalState::rejected);
  CHECK(rejected->rejected_by == "ben");
  CHECK(rejected->rejected_because == "too wide");
  CHECK(rejected->rolls_back_to == 3);
  CHECK(proposals(tables.connection(), kWorkspace, ProposalState::open, "", 10).empty());
}

TEST_CASE("a document that is removed is in force no more, and its text stays to be read") {
  Tables tables;
  tables.fold(activated(1, {}, {created("window", "one")}));
  const auto before = find_revision(tables.connection(), kWorkspace, 1)->manifest;
  tables.fold(activated(2, before, difference(before, {})));
  CHECK(policies_in_force(tables.connection(), kWorkspace).empty());
  CHECK(find_revision(tables.connection(), kWorkspace, 2)->manifest.empty());
  CHECK(version_text(tables.connection(), kWorkspace, sha256("one")).has_value());
}

}  // namespace
}  // namespace holdpoint::policy
