// What the index says of events, by real bodies of theirs.
#include "compliance/record_index.hpp"

#include <doctest/doctest.h>

namespace holdpoint::compliance {
namespace {

Described of(std::string_view type, std::string_view subject, std::string_view body) {
  const auto document = parse_json(body);
  REQUIRE(document.has_value());
  return describe_event(type, subject, document->as_object());
}

}  // namespace

TEST_CASE("evidence is found by its kind and tool, and belongs where its release does") {
  const auto one = of("evidence.received", "rel_1",
                      R"({"id":"evd_1","release":"rel_1","name":"scan.sarif","kind":"sast",)"
                      R"("format":"sarif","status":"complete","metadata":{"tool":"semgrep"}})");
  CHECK(one.record.kind == RecordKind::evidence);
  CHECK(one.record.thing == "evd_1");
  CHECK(one.record.release == "rel_1");
  CHECK(one.record.evidence == "sast");
  CHECK(one.record.tool == "semgrep");
  CHECK(one.record.title == "scan.sarif");
  CHECK(one.record.detail == "complete");
  CHECK(one.like == "rel_1");
}

TEST_CASE("without a tool the format of the report is what it is found by") {
  const auto one = of("evidence.received", "rel_1",
                      R"({"id":"evd_1","release":"rel_1","kind":"tests","format":"junit"})");
  CHECK(one.record.tool == "junit");
}

TEST_CASE("a certification says in its record what it is about") {
  const auto one = of("certification.refused", "rel_1",
                      R"({"record":{"id":"crt_1","release":"rel_1","application":"shop",)"
                      R"("version":"1.0.0"},"shortfall":"incomplete"})");
  CHECK(one.record.thing == "crt_1");
  CHECK(one.record.application == "shop");
  CHECK(one.record.version == "1.0.0");
  CHECK(one.record.detail == "incomplete");
  CHECK(one.like.empty());
}

TEST_CASE("what a signature is about is told by the request that it signs") {
  const auto one = of("approval.signed", "apr_1", R"({"id":"apr_1","choice":"approve"})");
  CHECK(one.record.kind == RecordKind::approval);
  CHECK(one.record.detail == "approve");
  CHECK(one.like == "apr_1");
}

TEST_CASE("a change is found by each of its applications") {
  const auto one =
      of("change.created", "chg_1",
         R"({"id":"chg_1","content":{"applications":["cart","shop"],"title":"Swap"}})");
  CHECK(one.applications == std::vector<std::string>{"cart", "shop"});
  CHECK(one.record.title == "Swap");
  CHECK(one.like.empty());
}

TEST_CASE("a refused start is a record of its own kind, and sessions are none") {
  CHECK(kind_of_event("deployment.refused") == RecordKind::refused_start);
  CHECK(kind_of_event("deployment.started") == RecordKind::deployment);
  CHECK(!kind_of_event("session.opened"));
  CHECK(!kind_of_event("person.added"));
}

TEST_CASE("a long name is cut, between characters") {
  const std::string longest = std::string(199, 'a') + "ä";
  const auto one = of("incident.declared", "inc_1",
                      R"({"id":"inc_1","title":")" + longest + R"(","applications":[]})");
  CHECK(one.record.title == std::string(199, 'a'));
}

}  // namespace holdpoint::compliance
