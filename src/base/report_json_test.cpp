// The fast JSON reader: the same tree as the strict one where both read, and places for what it
// refuses.
#include "base/report_json.hpp"

#include <doctest/doctest.h>

#include <rapidcheck.h>

namespace holdpoint {

using namespace std::string_view_literals;

namespace {

std::string refusal(std::string_view text) {
  const auto report = ReportJson::parse(text);
  return report ? "read" : report.error().text();
}

json::value copy_of(JsonNode node) {
  switch (node.kind()) {
    case JsonKind::null: return nullptr;
    case JsonKind::boolean: return *node.boolean();
    case JsonKind::integer:
      return node.integer() ? json::value(*node.integer()) : json::value(*node.number());
    case JsonKind::number: return *node.number();
    case JsonKind::string: return json::value(std::string(*node.string()));
    case JsonKind::array: {
      json::array array;
      for (const JsonNode item : node.items()) array.push_back(copy_of(item));
      return array;
    }
    case JsonKind::object: {
      json::object object;
      for (const auto& [name, value] : node.members()) object.emplace(name, copy_of(value));
      return object;
    }
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a report is walked by name, in order, and by type") {
  const auto report = ReportJson::parse(
      R"({"a":[1,-2,3.5,"x",true,null,{}],"b":{"c":"d"},"n":null,"big":18446744073709551615})");
  REQUIRE(report.has_value());
  const JsonNode root = report->root();
  CHECK(root.get("a")->is_array());
  std::string kinds;
  for (const JsonNode item : root.get("a")->items()) {
    kinds += std::to_string(static_cast<int>(item.kind()));
  }
  CHECK(kinds == "2234106");
  CHECK(root.get("b")->text("c") == "d");
  CHECK_FALSE(root.get("n").has_value());
  CHECK_FALSE(root.get("none").has_value());
  CHECK_FALSE(root.integer("big").has_value());
  CHECK_FALSE(root.text("a").has_value());
  CHECK_FALSE(root.get("a")->get("x").has_value());
  int members = 0;
  for (const auto& [name, value] : root.get("a")->members()) members += name.empty() ? 1 : 1;
  CHECK_MESSAGE(members == 0, "an array has no members");
}

TEST_CASE("of a repeated name the first member counts, and the repetition is seen") {
  const auto report = ReportJson::parse(R"({"a":1,"b":2,"a":3})");
  REQUIRE(report.has_value());
  CHECK(report->root().integer("a") == 1);
  CHECK(report->root().repeats_names());
  CHECK_FALSE(ReportJson::parse(R"({"a":1,"b":2})")->root().repeats_names());
}

TEST_CASE("what is not JSON is refused with its place") {
  CHECK(refusal("") == "an empty text is not JSON");
  CHECK(refusal("{\"a\":1,}").starts_with("not valid JSON (at byte 7"));
  CHECK(refusal("{\"a\":[1,2").starts_with("not valid JSON"));
  CHECK(refusal("{} {}").starts_with("not valid JSON (at byte 3"));
  CHECK(refusal("[1e999]").starts_with("a malformed number, or one out of range"));
  CHECK(refusal("[\"\xFF\"]").starts_with("not valid UTF-8"));
  CHECK(refusal(std::string(100'000, '[')).starts_with("not valid JSON"));
  const std::string deep = std::string(600, '[') + std::string(600, ']');
  CHECK(refusal(deep).starts_with("nested deeper than 512 levels (at byte 512"));
}

TEST_CASE("marks and UTF-16 are accepted") {
  CHECK(refusal("\xEF\xBB\xBF{}") == "read");
  CHECK(refusal("\xFF\xFE{\0}\0"sv) == "read");
  CHECK(refusal("\xFE\xFF\0{\0}"sv) == "read");
}

TEST_CASE("text with room behind it is read in place, with the same result") {
  std::string text = R"({"a":"b"})";
  const std::size_t size = text.size();
  text.append(report_json_padding, '}');
  const auto report = ReportJson::parse_padded(std::string_view(text).substr(0, size));
  REQUIRE(report.has_value());
  CHECK(report->root().text("a") == "b");
}

TEST_CASE("both JSON readers agree on every document that the strict one reads") {
  CHECK(rc::check("fast equals strict",
                  [](const std::vector<std::int64_t>& numbers, const std::map<int, bool>& flags) {
                    json::object object;
                    for (const auto& [key, value] : flags)
                      object.emplace(std::to_string(key), value);
                    object["numbers"] = json::value_from(numbers);
                    const std::string text = json::serialize(object);
                    const auto report = ReportJson::parse(text);
                    return report && copy_of(report->root()) == *parse_json(text);
                  }));
}

}  // namespace holdpoint
