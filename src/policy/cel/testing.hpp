// The schema, the facts and the row format that the tests of the expression engine share.
#pragma once

#include <string>
#include <string_view>

#include "policy/cel/program.hpp"

namespace holdpoint::policy::cel {

struct Row {
  std::string_view expression;
  std::string_view expected;
};

inline const Schema& test_schema() {
  static const Schema schema = *Schema::from_json(json::parse(R"({
    "type": "object", "required": ["n"],
    "properties": {
      "n": {"type": "integer"}, "m": {"type": "integer"}, "flag": {"type": "boolean"},
      "gone": {"type": "boolean"}, "lost": {"type": "integer"},
      "name": {"type": "string"}, "ratio": {"type": "number"},
      "at": {"type": "integer", "format": "date-time"},
      "since": {"type": "string", "format": "date-time"},
      "age": {"type": "integer", "format": "duration"},
      "times": {"type": "array", "items": {"type": "integer", "format": "date-time"}},
      "maybe": {"type": ["integer", "null"]}, "wrong": {"type": "integer"},
      "tags": {"type": "array", "items": {"type": "string"}},
      "labels": {"type": "object", "additionalProperties": {"type": "string"}},
      "any": {},
      "tests": {"type": "object", "properties": {
        "failed": {"type": "integer"}, "passed": {"type": "integer"},
        "suite": {"type": "object", "properties": {"id": {"type": "string"}}}}},
      "items": {"type": "array", "items": {"type": "object", "properties": {
        "id": {"type": "string"}, "size": {"type": "integer"}, "ok": {"type": "boolean"}}}}
    }})"));
  return schema;
}

inline const json::object& test_facts() {
  static const json::value facts = json::parse(R"({
    "n": 7, "m": 3, "flag": true, "name": "café", "ratio": 2,
    "at": 1790000000123456, "since": "2026-01-02T03:04:05Z", "age": 5400000000,
    "times": [0, 1000000], "maybe": null, "wrong": "text",
    "tags": ["a", "b"], "labels": {"team": "core"}, "any": {"x": [1, 2], "y": "z"},
    "tests": {"failed": 0, "passed": 12},
    "items": [{"id": "one", "size": 1, "ok": true}, {"id": "two", "size": 2, "ok": false},
              {"id": "three", "size": 3}]})");
  return facts.get_object();
}

/// The value as text, "error: …", "unknown: paths", or "refused: …" when it does not compile.
inline std::string outcome(std::string_view expression, const Schema& schema = test_schema(),
                           const json::object& facts = test_facts()) {
  const auto program = Program::compile(expression, schema);
  if (!program) return "refused: " + program.error().front().text();
  const Evaluation evaluation = program->evaluate(facts);
  if (evaluation.outcome == Evaluation::Outcome::error) return "error: " + evaluation.message;
  if (evaluation.outcome == Evaluation::Outcome::value) return text_of(evaluation.value);
  std::string paths = "unknown:";
  for (const std::string& path : evaluation.unknown_paths) paths += " " + path;
  return paths;
}

/// What differs from the rows, a line for each; "" when nothing does. An expected text that ends in
/// "*" is the beginning of what is found.
template <std::size_t count>
std::string differences(const Row (&rows)[count]) {
  std::string out;
  for (const Row& row : rows) {
    const std::string found = outcome(row.expression);
    const bool is_same = row.expected.ends_with("*")
                             ? found.starts_with(row.expected.substr(0, row.expected.size() - 1))
                             : found == row.expected;
    if (!is_same) out += std::string(row.expression) + "  gives  " + found + "\n";
  }
  return out;
}

}  // namespace holdpoint::policy::cel
