// Which freezes hold where and when, until when, and what is free between them.
#include "catalog/freezes.hpp"

#include <doctest/doctest.h>

namespace holdpoint::catalog {
namespace {

constexpr FreezeScope kShop{"shop", "production"};

Instant at(std::string_view text) { return *Instant::parse(text); }

Freeze once(std::string name, std::string_view from, std::string_view until) {
  Freeze freeze;
  freeze.name = std::move(name);
  freeze.reason = "because of " + freeze.name;
  freeze.once = TimeWindow{at(from), at(until)};
  return freeze;
}

/// Every day from the one time to the other.
Freeze daily(std::string name, std::string_view from, std::string_view until) {
  Freeze freeze;
  freeze.name = std::move(name);
  freeze.zone = "Europe/Berlin";
  freeze.recurring = Recurrence{.from = *TimeOfDay::parse(from), .until = *TimeOfDay::parse(until)};
  return freeze;
}

/// The names of the freezes that hold for the shop in production.
std::vector<std::string> held(const std::vector<Freeze>& freezes, std::string_view instant) {
  std::vector<std::string> names;
  for (const auto& one : freezes_at(freezes, kShop, at(instant))) names.push_back(one.name);
  return names;
}

using Names = std::vector<std::string>;

TEST_CASE("a freeze holds from its start, and no longer at its end") {
  const std::vector freezes{once("audit", "2026-11-20T06:00:00Z", "2026-11-20T18:00:00Z")};
  CHECK(held(freezes, "2026-11-20T05:59:59.999999Z").empty());
  CHECK(held(freezes, "2026-11-20T06:00:00Z") == Names{"audit"});
  CHECK(held(freezes, "2026-11-20T17:59:59.999999Z") == Names{"audit"});
  CHECK(held(freezes, "2026-11-20T18:00:00Z").empty());
}

TEST_CASE("freezes that overlap all hold, and each says its own end") {
  const std::vector freezes{once("audit", "2026-11-20T06:00:00Z", "2026-11-20T18:00:00Z"),
                            once("move", "2026-11-20T12:00:00Z", "2026-11-21T06:00:00Z")};
  const auto both = freezes_at(freezes, kShop, at("2026-11-20T13:00:00Z"));
  CHECK(both == std::vector<ActiveFreeze>{{"audit", "because of audit", at("2026-11-20T18:00:00Z")},
                                          {"move", "because of move", at("2026-11-21T06:00:00Z")}});
  CHECK(unfrozen_from(freezes, kShop, at("2026-11-20T07:00:00Z"))->text() ==
        "2026-11-21T06:00:00Z");
  CHECK(unfrozen_from(freezes, kShop, at("2026-11-22T00:00:00Z"))->text() ==
        "2026-11-22T00:00:00Z");
}

TEST_CASE("a freeze holds for what it names, or for all when it names nothing") {
  std::vector freezes{once("audit", "2026-11-20T06:00:00Z", "2026-11-20T18:00:00Z")};
  const Instant inside = at("2026-11-20T12:00:00Z");
  const auto holds = [&](const FreezeScope& scope) {
    return !freezes_at(freezes, scope, inside).empty();
  };
  CHECK(holds({"shop", "production"}));
  freezes[0].environments = {"production", "staging"};
  CHECK(holds({"shop", "staging"}));
  CHECK_FALSE(holds({"shop", "dev"}));
  freezes[0].applications = {"bank"};
  CHECK(holds({"bank", "production"}));
  CHECK_FALSE(holds({"shop", "production"}));
}

TEST_CASE("a retired freeze holds no longer") {
  std::vector freezes{once("audit", "2026-11-20T06:00:00Z", "2026-11-20T18:00:00Z")};
  freezes[0].state = RecordState::retired;
  CHECK(held(freezes, "2026-11-20T12:00:00Z").empty());
  CHECK_FALSE(next_freeze_change(freezes, kShop, at("2026-11-20T12:00:00Z")));
}

TEST_CASE("nights that touch are one freeze until the morning that is free") {
  std::vector freezes{daily("evening", "18:00", "24:00"), daily("night", "00:00", "06:00")};
  CHECK(unfrozen_from(freezes, kShop, at("2026-11-20T17:30:00Z"))->text() ==
        "2026-11-21T05:00:00Z");
  freezes.push_back(daily("always", "00:00", "24:00"));
  CHECK_FALSE(unfrozen_from(freezes, kShop, at("2026-11-20T17:30:00Z")));
  CHECK_FALSE(freezes_at(freezes, kShop, at("2026-11-20T17:30:00Z")).back().until);
}

TEST_CASE("what holds stays true until the next freeze begins or ends") {
  const std::vector freezes{once("audit", "2026-11-20T06:00:00Z", "2026-11-20T18:00:00Z"),
                            daily("night", "22:00", "06:00")};
  const auto change = [&](std::string_view instant) {
    return next_freeze_change(freezes, kShop, at(instant))->text();
  };
  CHECK(change("2026-11-20T05:30:00Z") == "2026-11-20T06:00:00Z");
  CHECK(change("2026-11-20T06:00:00Z") == "2026-11-20T18:00:00Z");
  CHECK(change("2026-11-20T18:00:00Z") == "2026-11-20T21:00:00Z");
  CHECK(change("2026-11-20T21:00:00Z") == "2026-11-21T05:00:00Z");
}

TEST_CASE("the next free stretch lies between the freezes of that application and environment") {
  std::vector freezes{once("audit", "2026-11-20T06:00:00Z", "2026-11-20T18:00:00Z"),
                      daily("night", "22:00", "06:00")};
  const TimeWindow week{at("2026-11-20T05:30:00Z"), at("2026-11-27T00:00:00Z")};
  CHECK(next_free(freezes, kShop, week, Duration::hours(1)) ==
        TimeWindow{at("2026-11-20T18:00:00Z"), at("2026-11-20T21:00:00Z")});
  CHECK(next_free(freezes, kShop, week, Duration::hours(4)) ==
        TimeWindow{at("2026-11-21T05:00:00Z"), at("2026-11-21T21:00:00Z")});
  CHECK_FALSE(next_free(freezes, kShop, week, Duration::hours(17)));
  CHECK(next_free(freezes, {"bank", "dev"}, week, Duration::hours(1))->from ==
        at("2026-11-20T18:00:00Z"));
  freezes[1].environments = {"production"};
  CHECK(next_free(freezes, {"bank", "dev"}, week, Duration::hours(17)));
}

TEST_CASE(
    "a freeze whose rule cannot be worked out holds, because nobody can tell that it does not") {
  std::vector freezes{daily("night", "22:00", "06:00")};
  freezes[0].zone = "Europe/Atlantis";
  CHECK(held(freezes, "2026-11-20T12:00:00Z") == Names{"night"});
  CHECK_FALSE(unfrozen_from(freezes, kShop, at("2026-11-20T12:00:00Z")));
  CHECK_FALSE(next_free(freezes, kShop, {at("2026-11-20T12:00:00Z"), at("2027-11-20T12:00:00Z")},
                        Duration::hours(1)));
}

}  // namespace
}  // namespace holdpoint::catalog
