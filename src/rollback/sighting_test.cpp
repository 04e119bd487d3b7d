// What is seen to run: authorised, unauthorised and why, known already, and answered by a person.
#include "rollback/sighting.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "support/golden.hpp"

namespace holdpoint::rollback {
namespace {

const SightingId kId = *SightingId::parse("una_01J00000000000000000000000");

ReportRunning command() { return {"shop", "production", test::digest(3), "cluster agent"}; }

Sighting sighting(bool acknowledged) {
  Sighting one;
  one.id = kId;
  if (acknowledged) one.acknowledged_at = Instant{5};
  return one;
}

TEST_CASE("what no deployment brought there is unauthorised, and says why") {
  struct Row {
    std::string_view what;
    std::function<void(Running&)> change;
    std::optional<Unauthorised> because;
  };
  const std::vector<Row> rows{
      {"of no release", [](auto&) {}, Unauthorised::unknown_artifact},
      {"of a release that never went there", [](auto& f) { f.release = "rel_1"; },
       Unauthorised::never_deployed},
      {"of one that was replaced",
       [](auto& f) {
         f.release = "rel_1";
         f.was_deployed = true;
       },
       Unauthorised::not_current},
      {"of the current one",
       [](auto& f) {
         f.release = "rel_1";
         f.was_deployed = true;
         f.is_current = true;
       },
       std::nullopt},
      {"known", [](auto& f) { f.last = sighting(false); }, std::nullopt},
      {"answered", [](auto& f) { f.last = sighting(true); }, std::nullopt},
      {"again after a deployment",
       [](auto& f) {
         f.last = sighting(true);
         f.moved_since = true;
       },
       Unauthorised::unknown_artifact},
      {"open, whatever was deployed since",
       [](auto& f) {
         f.last = sighting(false);
         f.moved_since = true;
       },
       std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Running facts;
    row.change(facts);
    const auto seen = see(command(), kId, facts);
    REQUIRE(seen);
    CHECK(seen->has_value() == row.because.has_value());
    if (*seen) CHECK((*seen)->because == *row.because);
  }
}

TEST_CASE("a report says what saw it, and sightings without an answer are bounded") {
  ReportRunning nameless = command();
  nameless.source = "";
  CHECK(see(nameless, kId, {}).error().issues.front().path == "/source");
  Running full;
  full.open = open_sightings_max;
  CHECK(see(command(), kId, full).error().code == "too_many_sightings");
  // What is authorised or known is answered all the same.
  full.is_current = true;
  CHECK(see(command(), kId, full));
}

TEST_CASE("a person answers, once, with a reason") {
  CHECK(acknowledge(sighting(false), "person", "hotfix"));
  CHECK(acknowledge(sighting(false), "person", " ").error().code == "invalid_sighting");
  CHECK(acknowledge(sighting(false), "service_account", "x").error().code == "not_a_person");
  CHECK(acknowledge(sighting(true), "person", "x").error().code == "acknowledged_already");
}

}  // namespace
}  // namespace holdpoint::rollback
