// Who is on call at which instant: turns, handovers over changes of the clocks, layers, overrides
// and gaps, as a table of instants and names.
#include "identity/rota.hpp"

#include <doctest/doctest.h>

#include <array>
#include <span>

namespace holdpoint::identity {
namespace {

PersonId person(char letter) {
  return *PersonId::parse("per_01J0000000000000000000000" + std::string(1, letter));
}

Instant at(std::string_view text) {
  const auto instant = Instant::parse(text);
  REQUIRE_MESSAGE(instant.has_value(), std::string(text));
  return *instant;
}

/// The letters of whoever is on call; "-" for nobody.
std::string duty(const Rota& rota, std::string_view instant) {
  const auto found = on_call(rota, at(instant));
  return found ? found->text().substr(found->text().size() - 1) : "-";
}

/// A, B and C take turns of a week in Berlin, from Monday 2 March 2026, nine o'clock.
Rota weekly() {
  return {
      "Europe/Berlin", {{{person('A'), person('B'), person('C')}, 7, "09:00", "2026-03-02"}}, {}};
}

struct Line {
  std::string_view instant;
  std::string_view expected;
};

void check(const Rota& rota, std::span<const Line> lines) {
  for (const Line& line : lines) {
    CHECK_MESSAGE(duty(rota, line.instant) == line.expected, std::string(line.instant));
  }
}

TEST_CASE("turns begin at the handover of the first day and go round") {
  const std::array lines{
      Line{"2020-01-01T00:00:00Z", "-"},        Line{"2026-03-02T07:59:59.999999Z", "-"},
      Line{"2026-03-02T08:00:00Z", "A"},        Line{"2026-03-09T07:59:59.999999Z", "A"},
      Line{"2026-03-09T08:00:00Z", "B"},        Line{"2026-03-16T08:00:00Z", "C"},
      Line{"2026-03-23T07:59:59.999999Z", "C"}, Line{"2026-03-23T08:00:00Z", "A"},
  };
  check(weekly(), lines);
}

TEST_CASE("a handover stays at nine on the wall when the clocks change") {
  // Berlin goes to summer time on 29 March 2026 and back on 25 October 2026.
  const std::array lines{
      Line{"2026-03-30T06:59:59.999999Z", "A"}, Line{"2026-03-30T07:00:00Z", "B"},
      Line{"2026-10-19T06:59:59.999999Z", "C"}, Line{"2026-10-19T07:00:00Z", "A"},
      Line{"2026-10-26T07:59:59.999999Z", "A"}, Line{"2026-10-26T08:00:00Z", "B"},
  };
  check(weekly(), lines);
}

TEST_CASE("a handover that the clocks skip is at their jump, one they show twice is the first") {
  const Rota daily{"Europe/Berlin", {{{person('A'), person('B')}, 1, "02:30", "2026-03-27"}}, {}};
  const std::array lines{
      Line{"2026-03-28T01:29:59Z", "A"}, Line{"2026-03-28T01:30:00Z", "B"},
      Line{"2026-03-29T00:59:59Z", "B"}, Line{"2026-03-29T01:00:00Z", "A"},
      Line{"2026-03-30T00:29:59Z", "A"}, Line{"2026-03-30T00:30:00Z", "B"},
      Line{"2026-10-25T00:29:59Z", "B"}, Line{"2026-10-25T00:30:00Z", "A"},
      Line{"2026-10-25T01:15:00Z", "A"},  // 02:15 on the wall, for the second time
      Line{"2026-10-26T01:30:00Z", "B"},
  };
  check(daily, lines);
}

TEST_CASE("a handover at midnight far from Greenwich is on the local day") {
  const Rota daily{
      "Pacific/Auckland", {{{person('A'), person('B')}, 1, "00:00", "2026-06-01"}}, {}};
  const std::array lines{
      Line{"2026-05-31T11:59:59Z", "-"},
      Line{"2026-05-31T12:00:00Z", "A"},
      Line{"2026-06-01T12:00:00Z", "B"},
      Line{"2026-06-02T12:00:00Z", "A"},
  };
  check(daily, lines);
}

TEST_CASE("a later layer takes over when it begins and not before") {
  Rota rota = weekly();
  rota.layers.push_back({{person('D')}, 1, "12:00", "2026-03-11"});
  const std::array lines{
      Line{"2026-03-11T10:59:59Z", "B"},
      Line{"2026-03-11T11:00:00Z", "D"},
      Line{"2026-04-20T11:00:00Z", "D"},
  };
  check(rota, lines);
}

TEST_CASE("an override is half open, and of two the one made later wins") {
  Rota rota = weekly();
  rota.overrides = {{at("2026-03-03T00:00:00Z"), at("2026-03-05T00:00:00Z"), person('D')},
                    {at("2026-03-04T00:00:00Z"), at("2026-03-04T12:00:00Z"), person('E')},
                    {at("2026-02-01T00:00:00Z"), at("2026-02-02T00:00:00Z"), person('E')}};
  const std::array lines{
      Line{"2026-02-01T00:00:00Z", "E"},        Line{"2026-02-02T00:00:00Z", "-"},
      Line{"2026-03-02T23:59:59.999999Z", "A"}, Line{"2026-03-03T00:00:00Z", "D"},
      Line{"2026-03-04T00:00:00Z", "E"},        Line{"2026-03-04T11:59:59.999999Z", "E"},
      Line{"2026-03-04T12:00:00Z", "D"},        Line{"2026-03-05T00:00:00Z", "A"},
  };
  check(rota, lines);
}

TEST_CASE("nobody is on call in a zone that the system does not know") {
  Rota rota = weekly();
  rota.zone = "Europe/Atlantis";
  CHECK(duty(rota, "2026-03-02T12:00:00Z") == "-");
  CHECK(duty({"UTC", {}, {}}, "2026-03-02T12:00:00Z") == "-");
}

TEST_CASE("dates and times are those of the calendar and the clock") {
  CHECK(day_of("1970-01-01") == 0);
  CHECK(day_of("2028-02-29").has_value());
  for (const auto* wrong : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01 ",
                            "0000-01-01", "2026/01/01", "2026-01-0x", ""}) {
    CHECK_FALSE(day_of(wrong).has_value());
  }
  CHECK(minute_of("00:00") == 0);
  CHECK(minute_of("23:59") == 1439);
  for (const auto* wrong : {"24:00", "09:60", "9:00", "09.00", "09:0", "-9:00", ""}) {
    CHECK_FALSE(minute_of(wrong).has_value());
  }
}

}  // namespace
}  // namespace holdpoint::identity
