// The comparison sees what it must see: values of another type, sign or length are not the same.
#include "differential/outcome.hpp"

#include <doctest/doctest.h>

namespace holdpoint::differential {
namespace {

using policy::cel::Program;
using policy::cel::Schema;

bool is_same_as(std::string_view expression, std::string_view line) {
  const auto program = Program::compile(expression, *Schema::from_json(json::parse("{}")));
  REQUIRE(program);
  const json::object facts;
  return is_same(json::parse(line).as_object(), program->evaluate(facts));
}

TEST_CASE("a value is the same only with its type, to the last bit") {
  CHECK(is_same_as("1", R"({"value": {"int": "1"}})"));
  CHECK_FALSE(is_same_as("1", R"({"value": {"int": "2"}})"));
  CHECK_FALSE(is_same_as("1", R"({"value": {"uint": "1"}})"));
  CHECK_FALSE(is_same_as("1", R"({"value": {"double": "1"}})"));
  CHECK(is_same_as("0.1 + 0.2", R"({"value": {"double": "0.30000000000000004"}})"));
  CHECK_FALSE(is_same_as("0.1 + 0.2", R"({"value": {"double": "0.3"}})"));
  CHECK_FALSE(is_same_as("0.0", R"({"value": {"double": "-0"}})"));
  CHECK(is_same_as("0.0 / 0.0", R"({"value": {"double": "NaN"}})"));
  CHECK(is_same_as("'é'", R"({"value": "é"})"));
  CHECK_FALSE(is_same_as("'1'", R"({"value": {"int": "1"}})"));
  CHECK(is_same_as("b'\\xff'", R"({"value": {"bytes": "ff"}})"));
  CHECK_FALSE(is_same_as("false", R"({"value": null})"));
  CHECK(is_same_as("type(1u)", R"({"value": {"type": "uint"}})"));
}

TEST_CASE("lists are the same in order, maps in any order") {
  CHECK(is_same_as("[1, 'a']", R"({"value": [{"int": "1"}, "a"]})"));
  CHECK_FALSE(is_same_as("[1, 'a']", R"({"value": ["a", {"int": "1"}]})"));
  CHECK_FALSE(is_same_as("[1]", R"({"value": []})"));
  CHECK(is_same_as("{'a': 1, 'b': 2}",
                   R"({"value": {"map": [["b", {"int": "2"}], ["a", {"int": "1"}]]}})"));
  CHECK_FALSE(is_same_as("{'a': 1, 'b': 2}",
                         R"({"value": {"map": [["b", {"int": "1"}], ["a", {"int": "2"}]]}})"));
  CHECK_FALSE(is_same_as("{'a': 1}", R"({"value": {"map": []}})"));
}

TEST_CASE("an error is no value, whatever it says") {
  CHECK(is_same_as("1 / 0", R"({"error": "no"})"));
  CHECK_FALSE(is_same_as("1 / 1", R"({"error": "no"})"));
  CHECK_FALSE(is_same_as("1 / 0", R"({"value": false})"));
}

}  // namespace
}  // namespace holdpoint::differential
