// Requests as decisions that can be taken again: with what they were routed by, the last one for
// each subject, also of a ledger whose entries do not say it yet.
#include "approvals/edge/routed_requests_queries.hpp"

#include <doctest/doctest.h>

#include "approvals/earlier_events.hpp"
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

  template <class Event>
  std::string asked(const std::string& kind, const std::string& subject,
                    std::optional<RoutingGrounds> routing = std::nullopt) {
    std::string id;
    const auto done = rig_.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
      Event event;
      event.id = unit.new_id<RequestId>();
      event.subject = {kind, subject, sha256(subject)};
      event.title = "title of " + subject;
      event.application = "shop";
      event.environment = "production";
      if constexpr (requires { event.routing; }) event.routing = routing;
      id = event.id.text();
      unit.record({"approval", id}, event);
      return engine::Answer{200, ""};
    }));
    REQUIRE(done);
    rig_.clock.advance(Duration::seconds(1));
    return id;
  }

  std::vector<policy::RecordedDecision> past(const policy::DecisionPage& page) {
    return past_requests(*rig_.engine().read(), "main", page, [](std::string_view kind) {
      return kind == "promotion" ? std::string() : std::string("subject");
    });
  }

  ObjectRef stored(const std::string& text) { return {rig_.objects.put(text)->digest}; }

  test::EngineRig& rig() { return rig_; }

 private:
  test::EngineRig rig_;
};

}  // namespace

TEST_CASE("a request is a decision with the facts of each place and the policies that were asked") {
  Ledger ledger;
  const RoutingGrounds routing{{ledger.stored("here"), ledger.stored("there")},
                               {{"changes", sha256("canonical"), ledger.stored("text")}},
                               sha256("set")};
  const std::string id = ledger.asked<ApprovalRequested>("promotion", "shop@1/production", routing);
  const auto past = ledger.past({.limit = 10});
  REQUIRE(past.size() == 1);
  CHECK(past[0].id == id);
  CHECK(past[0].subject == "title of shop@1/production");
  CHECK(past[0].application == "shop");
  CHECK(past[0].environment == "production");
  CHECK(past[0].passed);
  CHECK(past[0].facts == sha256("here"));
  CHECK(past[0].further_facts == std::vector{sha256("there")});
  CHECK(past[0].documents_digest == sha256("set"));
  REQUIRE(past[0].documents.size() == 1);
  CHECK(past[0].documents[0].name == "changes");
  CHECK(past[0].asks_readers_of.empty());
  CHECK(ledger.rig().audit_findings().empty());
}

TEST_CASE("the last request for a subject stands, and those of earlier forms have no facts") {
  Ledger ledger;
  const std::string first = ledger.asked<ApprovalRequestedV1>("promotion", "shop@1/production");
  const std::string again = ledger.asked<ApprovalRequestedV2>("promotion", "shop@1/production");
  const std::string other = ledger.asked<ApprovalRequested>("change", "chg_1");
  const auto standing = ledger.past({.limit = 10});
  REQUIRE(standing.size() == 2);
  CHECK(standing[0].id == other);
  CHECK(standing[0].asks_readers_of == "subject");
  CHECK(standing[1].id == again);
  CHECK_FALSE(standing[1].facts.has_value());
  const auto every =
      ledger.past({.decisions = policy::DecisionSelection::every, .after = again, .limit = 10});
  REQUIRE(every.size() == 1);
  CHECK(every[0].id == first);
  CHECK(ledger.past({.application = "other", .limit = 10}).empty());
}

TEST_CASE("an audit misses what a request was routed by") {
  Ledger ledger;
  ledger.asked<ApprovalRequested>("promotion", "shop@1/production",
                                  RoutingGrounds{{{sha256("never stored")}}, {}, sha256("set")});
  CHECK_FALSE(ledger.rig().audit_findings().empty());
}

}  // namespace holdpoint::approvals
