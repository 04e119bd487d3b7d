// Planned windows: half-open, meant by the clocks of a zone and kept as instants, also where clocks
// change; and what meets them.
#include "changes/window.hpp"

#include <doctest/doctest.h>

#include <random>

#include "catalog/freezes.hpp"
#include "changes/testing.hpp"

namespace holdpoint::changes {
namespace {

TimeWindow window(const std::string& from, const std::string& until, const std::string& zone) {
  const auto read = read_window({from, until, zone});
  REQUIRE(read);
  return *read;
}

std::string issue(const std::string& from, const std::string& until, const std::string& zone) {
  const auto read = read_window({from, until, zone});
  return read ? "" : read.error().front().path;
}

Change change_at(const ChangeId& id, TimeWindow window, std::vector<std::string> applications) {
  Change out;
  out.id = id;
  out.state = State::submitted;
  out.content.window = window;
  out.content.applications = std::move(applications);
  out.content.environments = {"production"};
  return out;
}

ChangeId id_of(int number) {
  const std::string digits = std::to_string(number);
  return *ChangeId::parse("chg_01J" + std::string(23 - digits.size(), '0') + digits);
}

TEST_CASE("a night window has as many minutes as clocks in its zone show, when they change too") {
  struct Row {
    const char* from;
    const char* until;
    const char* zone;
    std::int64_t minutes;
  };
  constexpr Row rows[] = {
      {"2026-03-29T00:00", "2026-03-29T06:00", "Europe/Berlin", 300},
      {"2026-10-25T00:00", "2026-10-25T06:00", "Europe/Berlin", 420},
      {"2026-03-28T22:00", "2026-03-29T02:30", "Europe/Berlin", 240},
      {"2026-10-25T02:00", "2026-10-25T03:00", "Europe/Berlin", 120},
      {"2026-04-24T00:00", "2026-04-24T02:00", "Africa/Cairo", 60},
      {"2026-04-23T22:00", "2026-04-24T01:00", "Africa/Cairo", 120},
      {"2026-11-24T22:00", "2026-11-25T02:00", "Europe/Berlin", 240},
  };
  for (const Row& row : rows) {
    const TimeWindow read = window(row.from, row.until, row.zone);
    CHECK_MESSAGE((read.until - read.from) == Duration::minutes(row.minutes), row.from, row.zone);
  }
}

TEST_CASE("a window that no clock ever shows, or that ends before it begins, is none") {
  CHECK(issue("2026-03-29T02:00", "2026-03-29T02:45", "Europe/Berlin") == "/until");
  CHECK(issue("2026-04-24T00:00", "2026-04-24T00:30", "Africa/Cairo") == "/until");
  CHECK(issue("2026-11-24T13:00", "2026-11-24T13:00", "UTC") == "/until");
  CHECK(issue("2026-11-24 13:00", "2026-11-24T14:00:00Z", "Europe/Berlin").empty());
  CHECK(issue("tomorrow", "2026-11-24T14:00:00Z", "UTC") == "/from");
  CHECK(issue("2026-02-30T13:00", "2026-03-01T14:00", "UTC") == "/from");
  CHECK(issue("2026-11-24T13:00", "2026-11-24T14:00", "+01:00") == "/zone");
  CHECK(issue("2026-11-24T13:00", "2026-11-24T14:00", "Mars/Olympus") == "/zone");
}

TEST_CASE("a window says its zone, and is shown by the clocks there") {
  const TimeWindow night = window("2026-12-24T22:00", "2026-12-25T01:00", "Europe/Berlin");
  CHECK(night.from.text() == "2026-12-24T21:00:00Z");
  CHECK(window_text(night, "Europe/Berlin") ==
        "2026-12-24 22:00 to 2026-12-25 01:00 Europe/Berlin");
  CHECK(window_text(window("2026-12-24T08:00", "2026-12-24T09:05", "UTC"), "UTC") ==
        "2026-12-24 08:00 to 09:05 UTC");
}

TEST_CASE("what is over, too long or too far ahead is not planned; an emergency is about now") {
  const Instant now = testing::kNow;
  const auto path = [&](Instant from, Instant until, ChangeType type) {
    const JsonIssues issues = check_window({from, until}, type, now);
    return issues.empty() ? "" : issues.front().path;
  };
  const auto normal = ChangeType::normal;
  const auto emergency = ChangeType::emergency;
  CHECK(path(now - Duration::hours(1), now + Duration{1}, normal).empty());
  CHECK(path(now - Duration::hours(1), now, normal) == "/until");
  CHECK(path(now, now + window_max, normal).empty());
  CHECK(path(now, now + window_max + Duration{1}, normal) == "/until");
  CHECK(path(now + ahead_max + Duration{1}, now + ahead_max + Duration::hours(1), normal) ==
        "/from");
  CHECK(path(now, now + Duration::hours(24), emergency).empty());
  CHECK(path(now, now + Duration::hours(25), emergency) == "/until");
  CHECK(path(now + Duration::hours(25), now + Duration::hours(26), emergency) == "/from");
}

TEST_CASE("changes conflict where both touch a place while their windows overlap") {
  const Instant at = testing::kNow;
  const auto hours = [&](int from, int until) {
    return TimeWindow{at + Duration::hours(from), at + Duration::hours(until)};
  };
  const Change change = change_at(id_of(1), hours(2, 4), {"cart", "shop"});
  const auto met = [&](Change other) { return conflicts(change, {std::move(other)}).size(); };
  CHECK(met(change_at(id_of(2), hours(3, 5), {"shop"})) == 1);
  CHECK(met(change_at(id_of(2), hours(3, 5), {"cart", "shop"})) == 2);
  CHECK(met(change_at(id_of(2), hours(4, 5), {"shop"})) == 0);
  CHECK(met(change_at(id_of(2), hours(0, 2), {"shop"})) == 0);
  CHECK(met(change_at(id_of(2), hours(0, 24), {"mail"})) == 0);
  CHECK(met(change_at(id_of(1), hours(2, 4), {"shop"})) == 0);
  for (const State state : {State::draft, State::closed, State::cancelled, State::rejected}) {
    Change other = change_at(id_of(2), hours(3, 5), {"shop"});
    other.state = state;
    CHECK(met(other) == 0);
  }
}

TEST_CASE("the next free time meets no freeze and no change, whatever there is") {
  constexpr std::uint64_t seed = 20'261'124;
  MESSAGE("seed ", seed);
  std::mt19937_64 random(seed);
  const auto hours = [&](std::int64_t most) {
    return Duration::hours(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most)));
  };
  const catalog::FreezeScope scope{"shop", "production"};
  for (int round = 0; round < 300; ++round) {
    std::vector<Change> changes;
    std::vector<catalog::Freeze> freezes;
    for (int i = 0; i < 6; ++i) {
      const Instant from = testing::kNow + hours(200);
      const TimeWindow taken{from, from + Duration::hours(1) + hours(20)};
      if (i % 2 == 0) {
        changes.push_back(change_at(id_of(i + 1), taken, {i % 4 == 0 ? "shop" : "cart"}));
      } else {
        catalog::Freeze freeze;
        freeze.name = "f" + std::to_string(i);
        freeze.once = taken;
        freezes.push_back(freeze);
      }
    }
    const TimeWindow among{testing::kNow, testing::kNow + Duration::hours(240)};
    const Duration length{Duration::hours(1).us + hours(12).us};
    const auto taken = taken_windows(testing::kPlace, changes);
    const auto free = catalog::next_free(freezes, scope, taken, among, length);
    REQUIRE(free);
    CHECK((free->until - free->from).us >= length.us);
    CHECK(catalog::freezes_within(freezes, scope, *free).empty());
    CHECK(conflicts(change_at(id_of(99), *free, {"shop"}), changes).empty());
  }
}

}  // namespace
}  // namespace holdpoint::changes
