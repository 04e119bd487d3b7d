// Working time between instants, with the clock changes of Europe/Berlin (at two and three in the
// night) and Africa/Cairo (at midnight), and back from a duration to an instant.
#include <rapidcheck.h>

#include "policy/cel/function_test_calls.hpp"
#include "policy/cel/time.hpp"
#include "policy/cel/working_time.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::string_view office = "Mon-Fri 09:00-17:00";

std::string worked(std::string_view from, std::string_view to, std::string_view zone,
                   std::string_view hours) {
  const auto parsed = WorkingHours::parse(hours);
  if (!parsed) return parsed.error();
  std::int64_t spans = 0;
  const auto time =
      working_time(*parse_timestamp(from), *parse_timestamp(to), *Zone::find(zone), *parsed, spans);
  return time ? duration_text(*time) : "out of range";
}

std::string then(std::string_view from, std::string_view duration, std::string_view zone,
                 std::string_view hours) {
  std::int64_t spans = 0;
  const auto at = after_working_time(*parse_timestamp(from), *parse_duration_nanoseconds(duration),
                                     *Zone::find(zone), *WorkingHours::parse(hours), spans);
  return at ? timestamp_text(*at) : "out of range";
}

TEST_CASE("working time is what lies within the hours") {
  // 2026-11-20 is a Friday.
  CHECK(worked("2026-11-20T09:00:00Z", "2026-11-20T17:00:00Z", "UTC", office) == "28800s");
  CHECK(worked("2026-11-20T06:00:00Z", "2026-11-23T10:30:00Z", "UTC", office) == "34200s");
  CHECK(worked("2026-11-20T18:00:00Z", "2026-11-23T08:59:59Z", "UTC", office) == "0s");
  CHECK(worked("2026-11-20T16:59:59.5Z", "2026-11-23T09:00:00.25Z", "UTC", office) == "0.75s");
  CHECK(worked("2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z", "UTC", office) == "0s");
  CHECK(worked("2026-11-20T17:00:00Z", "2026-11-20T09:00:00Z", "UTC", office) == "-28800s");
  CHECK(worked("2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z", "UTC",
               "Mon-Thu 08:00-12:00, Mon-Thu 13:00-16:30, Fri 08:00-12:00") == "122400s");
  CHECK(worked("2026-11-20T00:00:00Z", "2026-11-24T00:00:00Z", "UTC", "Sat-Mon 00:00-24:00") ==
        "259200s");
  CHECK(worked("2026-11-20T00:00:00Z", "2026-11-20T12:00:00Z", "+05:45", office) == "28800s");
  CHECK(worked("1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z", "UTC", office) == "144000s");
  CHECK(worked("2026-11-20T22:00:00Z", "2026-11-21T06:00:00Z", "UTC",
               "Fri 22:00-24:00, Sat 00:00-06:00") == "28800s");
}

TEST_CASE("a day in which clocks jump is shorter or longer, an hour shown twice counts twice") {
  // Berlin: 2026-03-29 two o'clock is three; 2026-10-25 three o'clock is two again.
  CHECK(worked("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "Europe/Berlin",
               "Sun 00:00-24:00") == "82800s");
  CHECK(worked("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "Europe/Berlin",
               "Sun 00:00-24:00") == "90000s");
  CHECK(worked("2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z", "Europe/Berlin",
               "Sun 02:00-03:00") == "0s");
  CHECK(worked("2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z", "Europe/Berlin",
               "Sun 02:00-03:00") == "7200s");
  CHECK(worked("2026-03-27T00:00:00Z", "2026-03-31T00:00:00Z", "Europe/Berlin", office) ==
        "57600s");
  // Cairo: Friday 2026-04-24 begins at one; Thursday 2026-10-29 has its last hour twice.
  CHECK(worked("2026-04-23T12:00:00Z", "2026-04-25T12:00:00Z", "Africa/Cairo", "Fri 00:00-24:00") ==
        "82800s");
  CHECK(worked("2026-04-23T12:00:00Z", "2026-04-25T12:00:00Z", "Africa/Cairo", "Fri 00:00-00:30") ==
        "0s");
  CHECK(worked("2026-10-28T12:00:00Z", "2026-10-30T12:00:00Z", "Africa/Cairo", "Thu 22:00-24:00") ==
        "10800s");
  CHECK(worked("2026-10-29T00:00:00Z", "2026-10-31T00:00:00Z", "Africa/Cairo", "Fri 00:00-08:00") ==
        "28800s");
}

TEST_CASE("the end of a working time is found, over nights, week-ends and clock changes") {
  CHECK(then("2026-11-20T09:00:00Z", "8h", "UTC", office) == "2026-11-20T17:00:00Z");
  CHECK(then("2026-11-20T09:00:00Z", "8h1ns", "UTC", office) == "2026-11-23T09:00:00.000000001Z");
  CHECK(then("2026-11-20T16:00:00Z", "4h", "UTC", office) == "2026-11-23T12:00:00Z");
  CHECK(then("2026-11-21T00:00:00Z", "40h", "UTC", office) == "2026-11-27T17:00:00Z");
  CHECK(then("2026-11-21T03:00:00Z", "0s", "UTC", office) == "2026-11-21T03:00:00Z");
  CHECK(then("2026-03-27T15:00:00Z", "2h", "Europe/Berlin", office) == "2026-03-30T08:00:00Z");
  CHECK(then("2026-10-24T22:00:00Z", "4h", "Europe/Berlin", "Sun 00:00-24:00") ==
        "2026-10-25T02:00:00Z");
  CHECK(then("2026-04-23T12:00:00Z", "1h", "Africa/Cairo", "Fri 00:00-08:00") ==
        "2026-04-23T23:00:00Z");
  CHECK(then("9999-12-31T00:00:00Z", "100h", "UTC", office) == "out of range");
  CHECK(then("1970-01-01T00:00:00Z", "2562047h", "UTC", "Mon 00:00-00:01") == "out of range");
}

TEST_CASE("hours that are malformed, overlap or run over midnight are refused") {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"", "is not of the form"},
      {"Mon-Fri", "is not of the form"},
      {"Mon-Fri 09:00", "is not of the form"},
      {"Montag 09:00-17:00", "'Montag' is not a day"},
      {"Mon-Fry 09:00-17:00", "'Fry' is not a day"},
      {"mon 09:00-17:00", "'mon' is not a day"},
      {"Mon 9:00-17:00", "'9:00' is not a time"},
      {"Mon 09:00-24:01", "'24:01' is not a time"},
      {"Mon 09:60-17:00", "'09:60' is not a time"},
      {"Mon 09:00-17:00-18:00", "'17:00-18:00' is not a time"},
      {"Fri 22:00-06:00", "ends before it begins"},
      {"Mon 09:00-09:00", "ends before it begins"},
      {"Mon-Fri 09:00-17:00, Wed 16:00-18:00", "overlap"},
      {"Mon 09:00-17:00,", "is not of the form"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    const auto hours = WorkingHours::parse(text);
    REQUIRE_FALSE(hours.has_value());
    CHECK_MESSAGE(hours.error().find(expected) != std::string::npos, hours.error());
  }
  CHECK_FALSE(WorkingHours::parse(std::string(1'000, ' ')).has_value());
}

TEST_CASE("centuries of working time are calculated, not walked") {
  const auto hours = WorkingHours::parse(office);
  std::int64_t spans = 0;
  const auto time = working_time(*parse_timestamp("1900-01-01T00:00:00Z"),
                                 *parse_timestamp("2100-01-01T00:00:00Z"),
                                 *Zone::find("Europe/Berlin"), *hours, spans);
  REQUIRE(time.has_value());
  CHECK(spans < 400);
  CHECK(working_time({Timestamp::seconds_min, 0}, {Timestamp::seconds_max, 0}, Zone::utc(),
                     *WorkingHours::parse("Mon-Sun 00:00-24:00"), spans) == std::nullopt);
}

TEST_CASE("working time and its end are each other's inverse") {
  CHECK(rc::check("the time until the end of a working time is that working time", [] {
    const auto zone = *rc::gen::element<std::string>("Europe/Berlin", "Africa/Cairo", "UTC",
                                                     "America/St_Johns", "-03:30");
    const auto text = *rc::gen::element<std::string>(
        "Mon-Fri 09:00-17:00", "Sun 00:00-24:00", "Sat-Sun 01:30-03:30, Thu 22:00-24:00",
        "Fri 22:00-24:00, Sat 00:00-06:00", "Mon-Sun 00:00-24:00");
    const auto seconds = *rc::gen::inRange<std::int64_t>(1'500'000'000, 2'000'000'000);
    const auto nanoseconds = *rc::gen::inRange<std::int64_t>(0, 2'000'000'000'000'000);
    const Timestamp from{seconds, 123};
    const WorkingHours hours = *WorkingHours::parse(text);
    std::int64_t spans = 0;
    const auto end = after_working_time(from, nanoseconds, *Zone::find(zone), hours, spans);
    RC_ASSERT(end.has_value() && *end >= from);
    RC_ASSERT(working_time(from, *end, *Zone::find(zone), hours, spans) == nanoseconds);
    RC_ASSERT(working_time(*end, from, *Zone::find(zone), hours, spans) == -nanoseconds);
  }));
}

TEST_CASE("the functions of working time answer or say what is wrong") {
  const CallRow rows[] = {
      {"businessDuration",
       {"timestamp('2026-11-20T06:00:00Z')", "timestamp('2026-11-23T10:30:00Z')", "'Europe/Berlin'",
        "'Mon-Fri 09:00-17:00'"},
       "37800s"},
      {"addBusiness",
       {"timestamp('2026-11-20T15:00:00Z')", "duration('4h')", "'Europe/Berlin'",
        "'Mon-Fri 09:00-17:00'"},
       "2026-11-23T11:00:00Z"},
      {"businessDuration",
       {"since", "at", "'Nowhere/Land'", "'Mon-Fri 09:00-17:00'"},
       "error: there is no time zone of that name"},
      {"businessDuration", {"since", "at", "'UTC'", "'always'"}, "error: working hours: 'always'*"},
      {"businessDuration",
       {"since", "dyn(1)", "'UTC'", "'Mon 09:00-17:00'"},
       "error: no such overload*"},
      {"addBusiness",
       {"since", "duration('-1s')", "'UTC'", "'Mon 09:00-17:00'"},
       "error: addBusiness() takes a duration of 0 or more"},
      {"addBusiness",
       {"since", "duration('2000000h')", "'UTC'", "'Mon 09:00-09:01'"},
       "error: timestamp out of range"},
      {"days", {"14"}, "1209600s"},
      {"days", {"-1"}, "-86400s"},
      {"days", {"106751"}, "9223286400s"},
      {"days", {"106752"}, "error: duration out of range"},
      {"hours", {"36"}, "129600s"},
      {"hours", {"9223372036854775807"}, "error: duration out of range"},
      {"hours", {"dyn(1.5)"}, "error: no such overload*"},
  };
  check_calls(rows);
}

}  // namespace
}  // namespace holdpoint::policy::cel
