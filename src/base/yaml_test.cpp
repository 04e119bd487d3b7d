// The strict YAML reader: what has one meaning is read, what two readers could understand
// differently is refused with its place.
#include <doctest/doctest.h>

#include "base/yaml.hpp"

namespace holdpoint {
namespace {

std::string one(std::string_view text) {
  const auto documents = parse_yaml(text);
  if (!documents) return "refused: " + documents.error().text();
  return documents->size() == 1 ? json::serialize(documents->front().value) : "not one document";
}

TEST_CASE("plain scalars are those of YAML 1.2 and quoted ones are texts") {
  CHECK(one("a: true") == R"({"a":true})");
  CHECK(one("a: False") == R"({"a":false})");
  CHECK(one("a: ~") == R"({"a":null})");
  CHECK(one("a:") == R"({"a":null})");
  CHECK(one("a: 42") == R"({"a":42})");
  CHECK(one("a: -42") == R"({"a":-42})");
  CHECK(one("a: +42") == R"({"a":42})");
  CHECK(one("a: 0x1F") == R"({"a":31})");
  CHECK(one("a: 0") == R"({"a":0})");
  CHECK(one("a: 1.5") == R"({"a":1.5E0})");
  CHECK(one("a: 'yes'") == R"({"a":"yes"})");
  CHECK(one("a: \"017\"") == R"({"a":"017"})");
  CHECK(one("a: !!str 12") == R"({"a":"12"})");
  CHECK(one("a: 2026-11-20") == R"({"a":"2026-11-20"})");
  CHECK(one("a: 2026-11-20T06:00:00Z") == R"({"a":"2026-11-20T06:00:00Z"})");
  CHECK(one("a: 1.2.3") == R"({"a":"1.2.3"})");
  CHECK(one("a: yesterday") == R"({"a":"yesterday"})");
  CHECK(one("{\"a\": [1, {\"b\": null}]}") == R"({"a":[1,{"b":null}]})");
}

TEST_CASE("what two readers of YAML understand differently is refused") {
  for (const std::string_view trap : {"yes",   "Yes",   "YES",   "yEs",   "no",
                                      "NO",    "on",    "On",    "OFF",   "off",
                                      "y",     "N",     "017",   "-017",  "00",
                                      "0o17",  "0b101", "1:30",  "-1:30", "190:20:30",
                                      "1_000", ".inf",  "-.INF", ".nan",  "99999999999999999999",
                                      "<<"}) {
    INFO(trap);
    CHECK(one("a: " + std::string(trap)).starts_with("refused: /a: 1:4: "));
  }
  CHECK(one("a: Off") ==
        "refused: /a: 1:4: 'Off' is a boolean to some readers and a text to others: quote it or "
        "write true/false");
  CHECK(one("n: 1") == R"({"n":1})");
  CHECK(one("on: 1") ==
        "refused: 1:1: 'on' is a boolean to some readers and a text to others: "
        "quote it or write true/false");
}

TEST_CASE("repeated keys, anchors, aliases, foreign tags and keys that are no texts are refused") {
  CHECK(one("a: 1\nb:\n  c: 1\n  c: 2") == "refused: /b/c: 4:3: the key 'c' is written twice");
  CHECK(one("a: &x 1").starts_with("refused: /a: 1:"));
  CHECK(one("a: &x 1\nb: *x").starts_with("refused: /a: "));
  CHECK(one("b: *x").starts_with("refused: "));
  CHECK(one("a: !thing 1").starts_with("refused: /a: "));
  CHECK(one("a: !!binary aGk=").starts_with("refused: /a: "));
  CHECK(one("a: !!int x").starts_with("refused: /a: "));
  CHECK(one("1: a") == "refused: 1:1: a key must be a text: quote it");
  CHECK(one("? [a]\n: b").starts_with("refused: "));
  CHECK(one("a: [1").starts_with("refused: "));
  CHECK(one("a: 'x").starts_with("refused: "));
  CHECK(one("a: \xff").starts_with("refused: "));
  CHECK(one(std::string_view("a: \0b", 5)).starts_with("refused: "));
}

TEST_CASE("every value has its place, and a block scalar's is where its text starts") {
  const auto documents = parse_yaml("a:\n  - x\n  - \"q\"\nb/c: |\n\n    text\n    more\n");
  REQUIRE(documents);
  const YamlDocument& document = documents->front();
  CHECK(json::serialize(document.value) == R"({"a":["x","q"],"b/c":"\ntext\nmore\n"})");
  CHECK(document.position("/a/0").line == 2);
  CHECK(document.position("/a/0").column == 5);
  CHECK(document.position("/a/1").column == 6);
  CHECK(document.position("/b~1c").line == 6);
  CHECK(document.position("/b~1c").column == 5);
  CHECK(document.position("/a/7").line == document.position("/a").line);
}

TEST_CASE("a stream gives its documents, and every bound holds") {
  const auto documents = parse_yaml("a: 1\n---\nb: 2\n");
  REQUIRE(documents);
  CHECK(documents->size() == 2);
  CHECK(parse_yaml("")->empty());
  YamlLimits limits;
  limits.documents_max = 1;
  CHECK_FALSE(parse_yaml("a: 1\n---\nb: 2\n", limits));
  limits.nodes_max = 5;
  CHECK_FALSE(parse_yaml("[1, 2, 3, 4, 5, 6]", limits));
  CHECK_FALSE(parse_yaml(std::string(200'000, '[')));
  CHECK_FALSE(parse_yaml(std::string(2'000'000, 'a')));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "- ";
  CHECK_FALSE(parse_yaml(deep));
}

}  // namespace
}  // namespace holdpoint
