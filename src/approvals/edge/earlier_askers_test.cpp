// Who asked for the same before: each of them once, and no more than can be looked at.
#include <doctest/doctest.h>

#include "approvals/edge/approval_queries.hpp"
#include "approvals/edge/approvals_edge.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::approvals {
namespace {

class Ledger {
 public:
  Ledger() {
    rig_.modules = {module(std::make_shared<Desk>(nullptr, std::vector<SubjectSource>{}))};
    rig_.open();
  }

  /// By that person, and what they asked for is superseded at once.
  void asked(const std::string& person) {
    auto command = test::command([&](engine::Unit& unit) -> engine::Outcome {
      ApprovalRequested event;
      event.id = unit.new_id<RequestId>();
      event.subject = {"promotion", "shop@1/production", sha256("it")};
      const ledger::Subject subject{"approval", event.id.text()};
      unit.record(subject, event);
      unit.record(subject, ApprovalEnded{event.id, State::superseded, "", std::nullopt});
      return engine::Answer{200, ""};
    });
    command.actor.id = person;
    REQUIRE(rig_.run(std::move(command)));
  }

  std::vector<Asker> earlier() {
    Request next;
    next.id = *RequestId::parse("apr_7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    next.subject = {"promotion", "shop@1/production", sha256("it")};
    return earlier_askers(*rig_.engine().read(), "main", next);
  }

 private:
  test::EngineRig rig_;
};

}  // namespace

TEST_CASE("who asked for the same before is told once, and of too many that there are") {
  Ledger ledger;
  CHECK(ledger.earlier().empty());
  ledger.asked("per_0");
  ledger.asked("per_0");
  REQUIRE(ledger.earlier().size() == 1);
  CHECK(ledger.earlier().front().id == "per_0");
  for (std::size_t i = 1; i < earlier_askers_max; ++i) ledger.asked("per_" + std::to_string(i));
  CHECK(ledger.earlier().size() == earlier_askers_max);
  ledger.asked("per_last");
  ledger.asked("per_more");
  CHECK(ledger.earlier().size() == earlier_askers_max + 1);
}

}  // namespace holdpoint::approvals
