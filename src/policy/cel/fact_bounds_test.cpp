// The bounds that a schema gives: through references, choices with null, items and values; and none
// where it is silent or cannot be read.
#include "policy/cel/fact_bounds.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "policy/cel/fact_extents.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::int64_t none = -1;

/// Of a schema, its items or values, and theirs, as far as there are any.
std::string bounds(std::string_view schema) {
  static const json::value document = json::parse(R"({"$defs": {
    "word": {"type": "string", "maxLength": 5}, "words": {"type": "array", "maxItems": 3,
    "items": {"$ref": "#/$defs/word"}}, "loop": {"$ref": "#/$defs/loop"},
    "nest": {"type": "array", "items": {"$ref": "#/$defs/nest"}}},
    "definitions": {"old": {"maxItems": 2}}})");
  const Bounds found = bounds_of(document.get_object(), json::parse(schema));
  std::string out = std::to_string(found.length_max.value_or(none));
  for (const Bounds* inner = found.element.get(); inner != nullptr; inner = inner->element.get()) {
    out += " " + std::to_string(inner->length_max.value_or(none));
  }
  return out;
}

TEST_CASE("a schema says how long a fact may be") {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {R"({"type": "string", "maxLength": 10})", "40"},
      {R"({"type": "array", "maxItems": 7})", "7"},
      {R"({"type": "array", "maxItems": 7, "items": {"type": "string"}})", "7 -1"},
      {R"({"type": "object", "maxProperties": 2,
           "additionalProperties": {"type": "string", "maxLength": 1}})",
       "2 4"},
      {R"({"$ref": "#/$defs/words"})", "3 20"},
      {R"({"$ref": "#/definitions/old"})", "2"},
      {R"({"anyOf": [{"type": "null"}, {"$ref": "#/$defs/word"}]})", "20"},
      {R"({"oneOf": [{"type": "array", "maxItems": 1}, {"type": "array", "maxItems": 2}]})", "-1"},
      {R"({"type": ["string", "null"], "maxLength": 2})", "8"},
      {R"({"enum": ["open", "closed", null]})", "6"},
      {R"({"const": "é", "maxLength": 100})", "2"},
      {R"({"enum": ["open", 1], "maxLength": 1})", "4"},
      {R"({"type": "string", "maxLength": 10, "x-maxBytes": 10})", "10"},
      {R"({"type": "string"})", "-1"},
      {R"({"type": "string", "maxLength": -1})", "-1"},
      {R"({"type": "string", "maxLength": 9223372036854775807})", "-1"},
      {R"({"type": "string", "maxLength": "ten"})", "-1"},
      {R"({"$ref": "#/$defs/nowhere"})", "-1"},
      {R"({"$ref": "#/$defs/loop"})", "-1"},
      {"true", "-1"},
  };
  for (const auto& [schema, expected] : rows) {
    INFO(schema);
    CHECK(bounds(schema) == expected);
  }
  CHECK(bounds(R"({"$ref": "#/$defs/nest"})").starts_with("-1 -1 -1"));
}

TEST_CASE("a choice between types that hold nothing is as long as its text may be") {
  const auto is_scalar_choice = [](std::string_view schema) {
    return bounds_of({}, json::parse(schema)).is_scalar_choice;
  };
  CHECK(is_scalar_choice(R"({"type": ["string", "integer"]})"));
  CHECK_FALSE(is_scalar_choice(R"({"type": ["string", "array"]})"));
  CHECK_FALSE(is_scalar_choice(R"({"type": ["string", 1]})"));
  CHECK_FALSE(is_scalar_choice(R"({"type": "string"})"));
  const Schema schema = *Schema::from_json(json::parse(R"({"type": "object", "properties": {
      "a": {"type": ["string", "boolean"], "x-maxBytes": 50}, "b": {}}})"));
  Extents extents;
  FactExtents facts(extents);
  const auto length = [&](std::string_view name) {
    const Field& field = *schema.root().find(name);
    return facts.of(*field.type, &field.bounds).length.count;
  };
  CHECK(length("a") == 50);
  CHECK(length("b") == text_bytes_default_max);
}

}  // namespace
}  // namespace holdpoint::policy::cel
