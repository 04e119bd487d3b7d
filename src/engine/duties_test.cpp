// Duties that follow the clock: timers that fire once, answers that are forgotten in time.
#include "engine/duties.hpp"

#include <doctest/doctest.h>

#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

using engine::Answer;
using engine::Outcome;
using engine::Unit;

void set_timer(EngineRig& rig, const std::string& account, Duration in) {
  const auto set = rig.run(command([&](Unit& unit) -> Outcome {
    unit.set_timer("credit", account, unit.now() + in);
    return Answer{};
  }));
  REQUIRE(set.has_value());
}

std::int64_t balance(EngineRig& rig, const std::string& account) {
  return rig.engine()
      .read()
      ->integer("SELECT balance FROM account WHERE account = $1", account)
      .value_or(0);
}

TEST_CASE("a timer fires once when it is due, not before") {
  EngineRig rig;
  rig.open();
  set_timer(rig, "a", Duration::hours(1));
  rig.clock.advance(Duration::minutes(59));
  rig.step();
  CHECK(balance(rig, "a") == 0);
  rig.clock.advance(Duration::minutes(1));
  rig.step();
  rig.step();
  CHECK(balance(rig, "a") == 1);
  CHECK(rig.number("SELECT count(*) FROM timer") == 0);
}

TEST_CASE("a timer that was due while the server was away fires once after the start") {
  EngineRig rig;
  rig.open();
  set_timer(rig, "a", Duration::hours(1));
  rig.close();
  rig.clock.advance(Duration::days(30));
  rig.open();
  rig.step();
  CHECK(balance(rig, "a") == 1);
  rig.open();
  rig.step();
  CHECK(balance(rig, "a") == 1);
}

TEST_CASE("a due timer that is seen twice before it ran still fires once") {
  EngineRig rig;
  rig.open();
  set_timer(rig, "a", Duration::seconds(1));
  rig.clock.advance(Duration::seconds(2));
  engine::Duties duties(rig.engine());
  duties.submit_due_timers();
  duties.submit_due_timers();
  rig.step();
  CHECK(balance(rig, "a") == 1);
}

TEST_CASE("setting a timer again moves it, and a cancelled one never fires") {
  EngineRig rig;
  rig.open();
  set_timer(rig, "a", Duration::seconds(1));
  set_timer(rig, "a", Duration::hours(1));
  set_timer(rig, "b", Duration::seconds(1));
  rig.run(command([](Unit& unit) -> Outcome {
    unit.cancel_timer("credit", "b");
    return Answer{};
  }));
  rig.clock.advance(Duration::seconds(5));
  rig.step();
  CHECK(balance(rig, "a") == 0);
  rig.clock.advance(Duration::days(1));
  rig.step();
  CHECK(balance(rig, "a") == 1);
  CHECK(balance(rig, "b") == 0);
}

TEST_CASE("a timer that fails waits a minute, is tried again, and does not hold up the others") {
  EngineRig rig;
  rig.open();
  set_timer(rig, "stuck", Duration::seconds(1));
  set_timer(rig, "a", Duration::seconds(2));
  rig.clock.advance(Duration::seconds(3));
  for (int i = 0; i < 5; ++i) rig.step();
  CHECK(balance(rig, "a") == 1);
  CHECK(rig.log.count("a command failed") == 1);
  rig.clock.advance(Duration::minutes(2));
  for (int i = 0; i < 5; ++i) rig.step();
  CHECK(rig.log.count("a command failed") == 2);
  CHECK(rig.number("SELECT count(*) FROM timer") == 1);
}

TEST_CASE("answers to idempotency keys are forgotten after a week, not before") {
  EngineRig rig;
  rig.open();
  rig.run(credit("a", 1, "key-1"));
  engine::Duties duties(rig.engine());
  rig.clock.advance(Duration::days(6));
  duties.forget_old_answers();
  rig.step();
  CHECK(rig.number("SELECT count(*) FROM idempotency") == 1);
  rig.clock.advance(Duration::days(2));
  duties.forget_old_answers();
  rig.step();
  CHECK(rig.number("SELECT count(*) FROM idempotency") == 0);
}

}  // namespace
}  // namespace holdpoint::test
