// What people may write about freezes and calendars, and what they are told, with a path to the
// place, when it is not as expected.
#include <doctest/doctest.h>

#include "catalog/freezes.hpp"

namespace holdpoint::catalog {
namespace {

json::value document(std::string_view kind, std::string_view spec) {
  return json::parse(R"({"apiVersion":"holdpoint/v1","kind":")" + std::string(kind) +
                     R"(","metadata":{"name":"one"},"spec":)" + std::string(spec) + "}");
}

/// A freeze that is right but for what is added.
std::string spec(std::string_view more) {
  return R"({"owner":"team-a","reason":"why")" + std::string(more) + "}";
}

/// The path of the only issue; "" when there is none, "many" when there are more.
template <class T>
std::string refused_at(const Decided<T>& read) {
  if (read) return "";
  CHECK(read.error().code == "invalid_document");
  return read.error().issues.size() == 1 ? read.error().issues.front().path : "many";
}

constexpr std::string_view kOnce =
    R"(,"once":{"from":"2026-12-18T17:00:00Z","until":"2027-01-04T08:00:00+01:00"})";
constexpr std::string_view kWeekly =
    R"(,"zone":"America/New_York","recurring":{"repeats":"weekly","weekdays":["fri"],)"
    R"("from":"18:00","until":"06:00","days_later":3})";

TEST_CASE("a freeze of once is read, with instants of any offset") {
  const auto read = read_freeze(document(
      "Freeze",
      spec(R"(,"title":"T","applications":["a"],"environments":["e"])" + std::string(kOnce))));
  REQUIRE(read);
  CHECK(read->name == "one");
  CHECK(read->title == "T");
  CHECK(read->owner == "team-a");
  CHECK(read->reason == "why");
  CHECK(read->state == RecordState::active);
  CHECK(read->applications == std::vector<std::string>{"a"});
  CHECK(read->environments == std::vector<std::string>{"e"});
  CHECK(read->once->until.text() == "2027-01-04T07:00:00Z");
  CHECK_FALSE(read->recurring);
}

TEST_CASE("a recurring freeze is read with its rule and zone") {
  const auto read = read_freeze(document("Freeze", spec(kWeekly)));
  REQUIRE(read);
  CHECK(read->title == "one");
  CHECK(read->applications.empty());
  CHECK(read->zone == "America/New_York");
  CHECK(read->recurring->weekdays == std::vector{Weekday::fri});
  CHECK(read->recurring->from.text() == "18:00");
  CHECK(read->recurring->days_later == 3);
  CHECK_FALSE(read->once);
}

TEST_CASE("each mistake in a freeze is refused with its path") {
  const auto refused = [](const std::string& more) {
    return refused_at(read_freeze(document("Freeze", more)));
  };
  const std::string once(kOnce);
  CHECK(refused(spec(kOnce)).empty());
  CHECK(refused(spec("")) == "/spec");
  CHECK(refused(spec(once + std::string(kWeekly))) == "/spec");
  CHECK(refused(R"({"reason":"why")" + once + "}") == "/spec/owner");
  CHECK(refused(R"({"owner":"","reason":"why")" + once + "}") == "/spec/owner");
  CHECK(refused(R"({"owner":"a@b.example","reason":"why")" + once + "}") == "/spec/owner");
  CHECK(refused(R"({"owner":"a","reason":"")" + once + "}") == "/spec/reason");
  CHECK(refused(R"({"owner":"a")" + once + "}") == "/spec/reason");
  CHECK(refused(spec(once + R"(,"applications":["a","a"])")) == "/spec/applications/1");
  CHECK(refused(spec(once + R"(,"environments":[""])")) == "/spec/environments/0");
  CHECK(refused(spec(once + R"(,"zone":"UTC")")) == "/spec/zone");
  CHECK(
      refused(spec(R"(,"once":{"from":"2026-12-18T17:00:00Z","until":"2026-12-18T17:00:00Z"})")) ==
      "/spec/once/until");
  CHECK(
      refused(spec(R"(,"once":{"from":"2026-12-18T17:00:00Z","until":"2028-12-18T17:00:00Z"})")) ==
      "/spec/once/until");
  CHECK(refused(spec(R"(,"once":{"from":"2026-12-18","until":"2026-12-19T00:00:00Z"})")) ==
        "/spec/once/from");
  const std::string rule = R"(,"recurring":{"repeats":"daily","from":"22:00","until":"06:00")";
  CHECK(refused(spec(rule + "}")) == "/spec/zone");
  CHECK(refused(spec(rule + R"(},"zone":"+01:00")")) == "/spec/zone");
  CHECK(refused(spec(rule + R"(},"zone":"Europe/Atlantis")")) == "/spec/zone");
  CHECK(refused(spec(rule + R"(,"day":3},"zone":"UTC")")) == "/spec/recurring/day");
  CHECK(refused(spec(rule + R"(,"hour":3},"zone":"UTC")")) == "/spec/recurring/hour");
  CHECK(refused(spec(
            R"(,"zone":"UTC","recurring":{"repeats":"daily","from":"25:00","until":"06:00"})")) ==
        "/spec/recurring/from");
  CHECK(refused(spec(R"(,"zone":"UTC","recurring":{"repeats":"monthly","day":31,"from":"00:00",)"
                     R"("until":"24:00"})")) == "/spec/recurring/missing_day");
}

TEST_CASE("a calendar is read, and reckons") {
  const auto read = read_calendar(document(
      "Calendar", R"({"zone":"Europe/Berlin","working_hours":"Mon-Fri 09:00-17:00","holidays":[)"
                  R"({"date":"2026-12-24","title":"Eve","hours":"09:00-12:00"},)"
                  R"({"date":"2026-12-25","title":"Day"}]})"));
  REQUIRE(read);
  const auto calendar = business_calendar(*read);
  REQUIRE(calendar);
  CHECK(calendar->worked(*Instant::parse("2026-12-24T00:00:00Z"),
                         *Instant::parse("2026-12-28T00:00:00Z")) == Duration::hours(3));
}

TEST_CASE("each mistake in a calendar is refused with its path") {
  const auto refused = [](const std::string& more) {
    return refused_at(read_calendar(document("Calendar", more)));
  };
  const std::string zone = R"({"zone":"Europe/Berlin")";
  const std::string week = R"(,"working_hours":"Mon-Fri 09:00-17:00")";
  CHECK(refused(zone + week + "}").empty());
  CHECK(refused(zone + "}") == "/spec/working_hours");
  CHECK(refused(R"({"working_hours":"Mon 09:00-17:00"})") == "/spec/zone");
  CHECK(refused(R"({"zone":"Berlin")" + week + "}") == "/spec/zone");
  CHECK(refused(zone + R"(,"working_hours":"always"})") == "/spec/working_hours");
  CHECK(refused(zone + week + R"(,"holidays":[{"date":"2026-02-30","title":"t"}]})") ==
        "/spec/holidays/0/date");
  CHECK(refused(zone + week + R"(,"holidays":[{"date":"2026-02-03","title":"t","hours":"9"}]})") ==
        "/spec/holidays/0/hours");
}

}  // namespace
}  // namespace holdpoint::catalog
