// Exports that a stranger can read and verify: quoted as RFC 4180 says, no formulas, and a
// statement about exactly these bytes.
#include "compliance/exports.hpp"

#include <doctest/doctest.h>

#include "ledger/ledger.hpp"

namespace holdpoint::compliance {
namespace {

FoundRecord one() {
  FoundRecord record;
  record.entry = 7;
  record.at = *Instant::parse("2026-08-01T10:00:00Z");
  record.kind = RecordKind::evidence;
  record.type = "evidence.received";
  record.id = "evd_1";
  record.title = "a \"good\", one";
  record.tool = "=cmd()";
  record.reviewers = {"per_1", "per_2"};
  return record;
}

}  // namespace

TEST_CASE("a cell with a comma or a quote is quoted, and a formula does not run") {
  const std::string csv = to_csv({one()});
  CHECK(csv.find(",\"a \"\"good\"\", one\",") != std::string::npos);
  CHECK(csv.find(",'=cmd(),") != std::string::npos);
  CHECK(csv.find(",per_1; per_2,") != std::string::npos);
  CHECK(csv.ends_with("\r\n"));
}

TEST_CASE("the JSON of an export is one array, also of nothing") {
  const auto none = parse_json(to_json_lines({}));
  REQUIRE(none.has_value());
  CHECK(none->as_array().empty());
  const auto two = parse_json(to_json_lines({one(), one()}));
  REQUIRE(two.has_value());
  CHECK(two->as_array().size() == 2);
  CHECK(two->at(0).at("evidence") == "");
}

TEST_CASE("the statement names the bytes by their digest, and says what was asked") {
  const std::string bytes = to_csv({one()});
  SearchFilter search;
  search.security = true;
  const auto statement =
      parse_json(export_statement({.name = "records.csv",
                                   .log = "example/main",
                                   .entries = 9,
                                   .made_at = *Instant::parse("2026-12-01T00:00:00Z"),
                                   .made_by = "per_1",
                                   .rows = 1,
                                   .search = search},
                                  sha256(bytes)));
  REQUIRE(statement.has_value());
  CHECK(view(statement->at("subject").at(0).at("digest").at("sha256").as_string()) ==
        sha256(bytes).hex());
  CHECK(view(statement->at("predicateType").as_string()) == export_predicate_type);
  CHECK(statement->at("predicate").at("search").at("security") == true);
  CHECK(statement->at("predicate").at("entries") == 9);
}

}  // namespace holdpoint::compliance
