// Names with dots, containers, namespaces of functions, and expressions whose types are not
// checked.
#include <doctest/doctest.h>

#include "policy/cel/testing.hpp"

namespace holdpoint::policy::cel {
namespace {

const Schema& dotted_schema() {
  static const Schema schema = *Schema::from_json(json::parse(R"({
    "type": "object", "properties": {
      "x": {"type": "object", "properties": {"y": {"type": "string"}, "w": {"type": "string"}}},
      "x.y": {"type": "integer"}, "a.b.x": {"type": "boolean"}, "a.z": {"type": "integer"},
      "z": {"type": "string"}, "big": {"type": "integer", "format": "uint64"}}})"));
  return schema;
}

const json::object& dotted_facts() {
  static const json::value facts = json::parse(R"({
    "x": {"y": "field", "w": "other"}, "x.y": 1, "a.b.x": true, "a.z": 2, "z": "text",
    "big": 7})");
  return facts.get_object();
}

std::string outcome_in(std::string_view container, std::string_view expression,
                       Checking checking = Checking::types) {
  const Options options{.container = std::string(container), .checking = checking};
  const auto program = Program::compile(expression, dotted_schema(), options);
  if (!program) return "refused: " + program.error().front().text();
  const Evaluation evaluation = program->evaluate(dotted_facts());
  if (evaluation.outcome == Evaluation::Outcome::error) return "error: " + evaluation.message;
  return text_of(evaluation.value);
}

TEST_CASE("the longest name that is known wins, in the container before outside of it") {
  CHECK(outcome_in("", "x.y") == "1");
  CHECK(outcome_in("", "x.w") == "\"other\"");
  CHECK(outcome_in("", "x['y']") == "\"field\"");
  CHECK(outcome_in("a.b", "x") == "true");
  CHECK(outcome_in("a.b", "z") == "2");
  CHECK(outcome_in("a.b", ".z") == "\"text\"");
  CHECK(outcome_in("a.b", ".x.w") == "\"other\"");
  CHECK(outcome_in("a", "b.x") == "true");
  CHECK(outcome_in("", "[{'y': 5}].all(x, x.y == 5)") == "true");
  CHECK(outcome_in("", "[{'y': 5}].all(x, .x.y == 1)") == "true");
  CHECK(outcome_in("", "q.y") == "refused: 1:1: there is no 'q'");
}

TEST_CASE("a function of a namespace is called unless a variable has the name") {
  CHECK(outcome_in("", "optional.of(1).value()") == "1");
  CHECK(outcome_in("optional", "of(1).value()") == "1");
  CHECK(outcome_in("", ".optional.of(1).value()") == "1");
  CHECK(outcome_in("", "[1].all(optional, optional.of(1).value() == 1)") ==
        "refused: 1:28: there is no function 'of' with these arguments, did you mean 'or'?");
}

TEST_CASE("an unsigned number of the facts is a uint") {
  CHECK(outcome_in("", "big + 1u") == "8u");
  CHECK(outcome_in("", "big + 1") == "refused: 1:5: no such overload: uint + int");
}

TEST_CASE("without checked types a mistake is an error of the evaluation, which may be absorbed") {
  const auto unchecked = [](std::string_view expression) {
    return outcome_in("", expression, Checking::names);
  };
  CHECK(unchecked("nope(1)").starts_with("error: 1:1: there is no function 'nope'"));
  CHECK(unchecked("nope(1) || true") == "true");
  CHECK(unchecked("q.if() || true") == "true");
  CHECK(unchecked("q == 1 || true") == "true");
  CHECK(unchecked("'horses' && false") == "false");
  CHECK(unchecked("1 + 'a'") == "error: 1:3: no such overload: int + string");
  CHECK(unchecked("size(1)").starts_with("error: 1:1: no such overload"));
  CHECK(unchecked("size(1, 2)").starts_with("error: 1:1: no such overload: size(int, int)"));
  CHECK(unchecked("'a'.matches('[')").starts_with("error: 1:5: the pattern"));
  CHECK(unchecked("[1, 'a'][1]") == "\"a\"");
  CHECK(unchecked("{1.5: 2}").starts_with("error"));
  CHECK(unchecked("1 +").starts_with("refused"));
}

TEST_CASE("types are told as the language writes them") {
  const auto type = [](std::string_view expression) {
    const auto program = Program::compile(expression, test_schema());
    return program ? program->result_type().text() : program.error().front().text();
  };
  CHECK(type("[]") == "list(dyn)");
  CHECK(type("[1, 'a']") == "list(dyn)");
  CHECK(type("[[], [1]]") == "list(list(int))");
  CHECK(type("{'a': [1u]}") == "map(string, list(uint))");
  CHECK(type("optional.of(1)") == "optional_type(int)");
  CHECK(type("[optional.none(), optional.of(1)]") == "list(optional_type(int))");
  CHECK(type("tests.?failed") == "optional_type(int)");
  CHECK(type("type(1)") == "type(int)");
  CHECK(type("dyn(1) + 1") == "int");
  CHECK(type("any + any") == "dyn");
  CHECK(type("[{}.map(c, c, c)]") == "list(list(bool))");
  CHECK(type("[1].map(x, [x, x]).map(x, [x, x])") == "list(list(list(int)))");
  CHECK(type("{'a': 1}.transformMapEntry(k, v, {v: k})") == "map(int, string)");
  CHECK(type("cel.bind(x, [1], x)") == "list(int)");
  CHECK(type("timestamp(0) - timestamp(0)") == "duration");
}

}  // namespace
}  // namespace holdpoint::policy::cel
