// The outbox: what a commit sends arrives at least once, waits and says why when it cannot be sent,
// is a dead letter in the end, and can be sent again.
#include "engine/outbox.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

using engine::Answer;
using engine::Delivered;
using engine::Delivery;
using engine::Engine;
using engine::Outcome;
using engine::Undelivered;
using engine::Unit;

/// A channel that fails as often as it is told.
struct Post {
  int failures = 0;
  Undelivered::Then then = Undelivered::Then::retry;
  std::vector<std::string> arrived{};
  std::vector<std::string> ids{};
  int attempts = 0;
  std::function<void(const Delivery&)> meanwhile{};
};

void open_with(EngineRig& rig, Post& post) {
  rig.modules = {accounts_module(), engine::outbox_module()};
  rig.options.channels = {{"mail", [&post](Engine&, const Delivery& delivery) -> Delivered {
                             ++post.attempts;
                             post.ids.push_back(delivery.id);
                             if (post.meanwhile) post.meanwhile(delivery);
                             if (post.failures-- > 0) {
                               return std::unexpected(Undelivered{post.then, "no answer"});
                             }
                             post.arrived.push_back(delivery.payload);
                             return {};
                           }}};
  rig.open();
}

void deliver(EngineRig& rig, const std::string& payload, const std::string& recipient = "per_ada",
             const std::string& about = "account/a") {
  rig.run(command([&](Unit& unit) -> Outcome {
    unit.deliver({"mail", recipient, "account.credited", about, payload});
    return Answer{};
  }));
}

Result<engine::CommandResult> replay(EngineRig& rig, const std::string& id) {
  return rig.run(command([id](Unit& unit) -> Outcome {
    const auto replayed = engine::replay_delivery(unit, id);
    if (!replayed) return refuse(replayed.error());
    return Answer{};
  }));
}

std::string state(EngineRig& rig) { return rig.text("SELECT state FROM delivery"); }

TEST_CASE("a delivery leaves after its commit, is sent once when it arrives, and stays visible") {
  EngineRig rig;
  Post post;
  open_with(rig, post);
  deliver(rig, "hello");
  for (int i = 0; i < 3; ++i) rig.step();
  CHECK(post.arrived == std::vector<std::string>{"hello"});
  CHECK(state(rig) == "delivered");
  rig.clock.advance(engine::kDeliveredKept);
  rig.clock.advance(Duration::hours(2));
  engine::Outbox outbox(rig.engine(), rig.options);
  outbox.forget_old();
  rig.step();
  CHECK(rig.number("SELECT count(*) FROM delivery") == 0);
}

TEST_CASE("a delivery that fails is tried again, later each time, and arrives after a restart") {
  EngineRig rig;
  Post post{.failures = 3};
  open_with(rig, post);
  deliver(rig, "hello");
  rig.step();
  CHECK(post.attempts == 1);
  std::vector<std::int64_t> waits;
  while (post.arrived.empty()) {
    const Instant due{rig.number("SELECT due FROM delivery")};
    waits.push_back((due - rig.clock.now()).us);
    rig.clock.set(due);
    open_with(rig, post);
    rig.step();
    REQUIRE(post.attempts < 10);
  }
  CHECK(waits == std::vector<std::int64_t>{1'000'000, 2'000'000, 4'000'000});
  CHECK(post.attempts == 4);
  CHECK(post.arrived.size() == 1);
  CHECK(std::ranges::count(post.ids, post.ids.front()) == 4);
}

TEST_CASE("a delivery that never succeeds becomes a dead letter that keeps its error") {
  EngineRig rig;
  Post post{.failures = 1'000};
  open_with(rig, post);
  deliver(rig, "hello");
  for (int i = 0; i < rig.options.delivery_attempts_max + 5; ++i) {
    rig.clock.advance(Duration::hours(2));
    rig.step();
  }
  CHECK(post.attempts == rig.options.delivery_attempts_max);
  CHECK(state(rig) == "failed");
  CHECK(rig.text("SELECT last_error FROM delivery") == "no answer");
  CHECK(engine::count_deliveries(*rig.engine().read()).failed == 1);
}

TEST_CASE("a dead letter that is replayed goes out under its old id, and the act is recorded") {
  EngineRig rig;
  Post post{.failures = 1, .then = Undelivered::Then::give_up};
  open_with(rig, post);
  deliver(rig, "hello");
  rig.step();
  CHECK(state(rig) == "failed");
  CHECK(post.attempts == 1);
  const std::string id = rig.text("SELECT id FROM delivery");
  REQUIRE(replay(rig, id)->outcome.has_value());
  rig.step();
  CHECK(state(rig) == "delivered");
  CHECK(post.ids == std::vector<std::string>{id, id});
  CHECK(rig.number("SELECT count(*) FROM ledger_entry WHERE type = 'delivery.replayed'") == 1);
  const auto unknown = replay(rig, "out_01J00000000000000000000000");
  REQUIRE_FALSE(unknown->outcome.has_value());
  CHECK(unknown->outcome.error().code == "delivery_not_found");
}

TEST_CASE(
    "what the server is not set up to send waits, says why, counts nothing, and goes out"
    " once it is") {
  EngineRig rig;
  Post post{.failures = 3, .then = Undelivered::Then::hold};
  open_with(rig, post);
  deliver(rig, "hello");
  for (int i = 0; i < 3; ++i) {
    rig.step();
    rig.clock.advance(engine::kHeldLooksAgain);
  }
  CHECK(state(rig) == "waiting");
  CHECK(rig.number("SELECT attempts FROM delivery") == 0);
  CHECK(rig.text("SELECT last_error FROM delivery") == "no answer");
  rig.clock.advance(Duration{-1});
  open_with(rig, post);  // set up now, and started again
  rig.step();
  CHECK(state(rig) == "delivered");
}

TEST_CASE("what was taken back before it was sent is not sent") {
  EngineRig rig;
  Post post;
  open_with(rig, post);
  rig.run(command([](Unit& unit) -> Outcome {
    unit.deliver({"mail", "per_ada", "t", "account/a", "taken back"});
    unit.deliver({"mail", "per_ada", "t", "account/b", "kept"});
    unit.withdraw("account/a");
    return Answer{};
  }));
  CHECK(post.arrived == std::vector<std::string>{"kept"});
  CHECK(rig.text("SELECT state FROM delivery WHERE about = 'account/a'") == "withdrawn");
}

TEST_CASE("what is taken back while those before it are sent is not sent") {
  EngineRig rig;
  Post post;
  post.meanwhile = [&](const Delivery&) {
    rig.damage("UPDATE delivery SET state = 'withdrawn' WHERE about = 'account/a'");
  };
  open_with(rig, post);
  rig.run(command([](Unit& unit) -> Outcome {
    unit.deliver({"mail", "per_ada", "t", "account/b", "kept"});
    unit.deliver({"mail", "per_bob", "t", "account/a", "taken back"});
    return Answer{};
  }));
  // The two have one due instant, and which is first is up to chance.
  CHECK(post.attempts <= 2);
  CHECK(rig.number("SELECT count(*) FROM delivery WHERE state = 'delivered'") == post.attempts);
}

TEST_CASE("a recipient that does not answer is asked once in a round and holds up nobody else") {
  EngineRig rig;
  Post post{.failures = 1};
  open_with(rig, post);
  rig.run(command([](Unit& unit) -> Outcome {
    for (int i = 0; i < 5; ++i) unit.deliver({"mail", "per_silent", "t", "", "lost"});
    unit.deliver({"mail", "per_ada", "t", "", "hello"});
    return Answer{};
  }));
  CHECK(post.attempts == 2);
  CHECK(post.arrived == std::vector<std::string>{"hello"});
}

TEST_CASE(
    "a channel that fails in a way nobody foresaw is a failed attempt, and the next one goes") {
  EngineRig rig;
  Post post;
  post.meanwhile = [](const Delivery& delivery) {
    if (delivery.payload == "broken") throw std::runtime_error("nobody foresaw this");
  };
  open_with(rig, post);
  deliver(rig, "broken", "per_bob");
  deliver(rig, "hello");
  CHECK(post.arrived == std::vector<std::string>{"hello"});
  CHECK(rig.log.count("a delivery failed") == 1);
  CHECK(rig.text("SELECT last_error FROM delivery WHERE recipient = 'per_bob'").find("foresaw") ==
        std::string::npos);
  CHECK(rig.number("SELECT attempts FROM delivery WHERE recipient = 'per_bob'") == 1);
}

TEST_CASE("what was sent is not sent again while its commit is still on the way") {
  EngineRig rig;
  Post post;
  open_with(rig, post);
  deliver(rig, "hello");
  rig.damage("UPDATE delivery SET state = 'waiting'");
  engine::Outbox outbox(rig.engine(), rig.options);
  outbox.attempt("mail");
  outbox.attempt("mail");
  CHECK(post.arrived.size() == 2);  // once by the engine's own outbox, once by this one
  rig.step();
  CHECK(state(rig) == "delivered");
}

}  // namespace
}  // namespace holdpoint::test
