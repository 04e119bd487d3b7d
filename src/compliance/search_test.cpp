// What a search takes, and how periods are written.
#include "compliance/search.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "base/yaml.hpp"

namespace holdpoint::compliance {
namespace {

IndexedRecord scan() {
  IndexedRecord record;
  record.kind = RecordKind::evidence;
  record.at = *Instant::parse("2026-08-15T00:00:00Z");
  record.evidence = "sast";
  record.tool = "semgrep";
  record.application = "shop";
  record.release = "rel_1";
  record.actor = "svc_1";
  return record;
}

bool finds(const SearchFilter& filter, const IndexedRecord& record,
           const Control* control = nullptr) {
  return is_wanted(resolve(filter, control, filter.release.value_or("")), record);
}

}  // namespace

TEST_CASE("a quarter is three months in UTC, and its end is the next one's begin") {
  const auto period = parse_period("2026-Q3");
  REQUIRE(period.has_value());
  CHECK(period->from.text() == "2026-07-01T00:00:00Z");
  CHECK(period->until.text() == "2026-10-01T00:00:00Z");
  CHECK(parse_period("2026-Q4")->until.text() == "2027-01-01T00:00:00Z");
  CHECK(parse_period("2026-12")->until.text() == "2027-01-01T00:00:00Z");
  CHECK(parse_period("2026")->until == parse_period("2026-Q4")->until);
}

TEST_CASE("what is no period is none") {
  for (const char* text : {"", "2026-Q5", "2026-Q0", "2026-13", "2026-1", "26-Q3", "2026-Q",
                           "2026-q3", "2026-Q33", "9999", "-026"}) {
    CHECK_MESSAGE(!parse_period(text), text);
  }
}

TEST_CASE("all security scan results of a quarter are found, and test results are none") {
  SearchFilter filter;
  filter.security = true;
  filter.period = "2026-Q3";
  CHECK(finds(filter, scan()));
  IndexedRecord tests = scan();
  tests.evidence = "tests";
  CHECK(!finds(filter, tests));
  IndexedRecord later = scan();
  later.at = *Instant::parse("2026-10-01T00:00:00Z");
  CHECK(!finds(filter, later));
}

TEST_CASE("every part of a filter has to agree") {
  SearchFilter filter;
  filter.application = "shop";
  filter.tool = "semgrep";
  filter.person = "svc_1";
  filter.release = "rel_1";
  CHECK(finds(filter, scan()));
  filter.tool = "grype";
  CHECK(!finds(filter, scan()));
}

TEST_CASE("a control finds what can prove it, evidence of its kinds alone") {
  const Control control{"6.2.4", "Attacks", {}, {{Proof::scans, {}, {EvidenceKind::sast}, {}}}};
  CHECK(finds({}, scan(), &control));
  IndexedRecord composition = scan();
  composition.evidence = "sca";
  CHECK(!finds({}, composition, &control));
  IndexedRecord incident = scan();
  incident.kind = RecordKind::incident;
  CHECK(!finds({}, incident, &control));
}

TEST_CASE("a control that is proved by scans and approvals finds both") {
  const Control control{"a", "b", {}, {{Proof::scans, {}, {}, {}}, {Proof::approvals, {}, {}, {}}}};
  CHECK(finds({}, scan(), &control));
  IndexedRecord approval = scan();
  approval.kind = RecordKind::approval;
  CHECK(finds({}, approval, &control));
}

TEST_CASE("a saved search says what is wrong with it where it stands") {
  const auto documents = parse_yaml(
      "apiVersion: holdpoint/v1\nkind: SavedSearch\nmetadata: {name: q3}\n"
      "spec: {search: {period: summer, control: CC8.1}}\n");
  REQUIRE(documents.has_value());
  const auto refused = read_saved_search(documents->at(0).value);
  REQUIRE(!refused.has_value());
  REQUIRE(refused.error().issues.size() == 2);
  CHECK(refused.error().issues[0].path == "/spec/search/control");
  CHECK(refused.error().issues[1].path == "/spec/search/period");
}

TEST_CASE("the frameworks and the search of the examples are as they have to be") {
  const std::string here = __FILE__;
  std::ifstream file(here.substr(0, here.rfind("src/compliance/")) + "examples/frameworks.yaml");
  std::ostringstream text;
  text << file.rdbuf();
  const auto documents = parse_yaml(text.str());
  REQUIRE(documents.has_value());
  REQUIRE(documents->size() == 3);
  CHECK(read_framework(documents->at(0).value)->name == "soc2");
  CHECK(read_framework(documents->at(1).value)->controls.size() == 2);
  CHECK(read_saved_search(documents->at(2).value)->search.period == "2026-Q3");
}

}  // namespace holdpoint::compliance
