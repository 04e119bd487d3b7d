// Who brought a policy of a request into force, and when: as the revisions say it.
#include <doctest/doctest.h>

#include "approvals/edge/approvals_edge.hpp"
#include "approvals/edge/policy_editor_queries.hpp"
#include "policy/edge/policy_changes.hpp"
#include "policy/edge/policy_edge.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::approvals {
namespace {

constexpr Duration kTime = Duration::days(7);

class Ledger {
 public:
  Ledger() {
    rig_.modules = {policy::module(),
                    module(std::make_shared<Desk>(nullptr, std::vector<SubjectSource>{}))};
    rig_.open();
  }

  /// Another version of the document, or none any more, comes into force by that person.
  void changed(const std::string& person, const std::string& name,
               policy::Change change = policy::Change::changed,
               policy::Kind kind = policy::Kind::approval_policy) {
    auto command = test::command([&](engine::Unit& unit) -> engine::Outcome {
      policy::PolicyChange one;
      one.kind = policy::kind_name(kind);
      one.name = name;
      one.change = change;
      one.mode_after = "enforce";
      one.owner = "team-a";
      if (change != policy::Change::removed) {
        one.digest = unit.objects().put(std::to_string(++versions_))->digest;
        one.document = ObjectRef{*one.digest};
      }
      REQUIRE(changer_.change(unit, {std::move(one)}));
      return engine::Answer{200, ""};
    });
    command.actor.id = person;
    REQUIRE(rig_.run(std::move(command)));
  }

  /// Of a request for the policy `changes` that is opened now.
  PolicyEditors editors(std::optional<Duration> time = kTime) {
    Request request;
    request.policies = {{"changes", sha256("any version")}};
    request.requested_at = rig_.clock.now();
    if (time) request.exclude_editors_us = time->us;
    return policy_editors_of(*rig_.engine().read(), "main", request);
  }

  void pass(Duration time) { rig_.clock.advance(time); }

 private:
  test::EngineRig rig_;
  policy::PolicyChanger changer_{std::make_shared<policy::CriteriaLibrary>(policy::FactsSchemas{}),
                                 {}};
  int versions_ = 0;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("who created or changed a policy of the request within the time is told, each once") {
  Ledger ledger;
  ledger.changed("per_ann", "changes", policy::Change::created);
  ledger.changed("per_ben", "changes");
  ledger.changed("per_ben", "changes");
  ledger.changed("per_cat", "others", policy::Change::created);
  ledger.changed("per_dan", "changes", policy::Change::created, policy::Kind::gate_policy);
  ledger.changed("per_eve", "changes", policy::Change::removed);
  CHECK(ledger.editors().actors == Lines{"per_ann", "per_ben"});
  CHECK(ledger.editors().is_complete);
  CHECK(ledger.editors(std::nullopt).actors.empty());
}

TEST_CASE("the time is before the request, and what was changed before it is no matter") {
  Ledger ledger;
  ledger.changed("per_ann", "changes", policy::Change::created);
  ledger.pass(Duration::days(3));
  ledger.changed("per_ben", "changes");
  ledger.pass(Duration::days(3));
  CHECK(ledger.editors().actors == Lines{"per_ann", "per_ben"});
  ledger.pass(Duration::days(2));
  CHECK(ledger.editors().actors == Lines{"per_ben"});
  ledger.pass(Duration::days(3));
  CHECK(ledger.editors().actors.empty());
}

TEST_CASE("of more revisions than can be looked at it is told that there are") {
  Ledger ledger;
  for (std::size_t i = 0; i < policy_revisions_max; ++i) ledger.changed("per_ann", "changes");
  CHECK(ledger.editors().is_complete);
  ledger.changed("per_ann", "changes");
  CHECK_FALSE(ledger.editors().is_complete);
}

}  // namespace holdpoint::approvals
