// Facts are what the schema says they are wherever an expression meets them: read by name, inside
// an object that is compared or returned, and behind dyn(), where no type is left to read them by.
#include "policy/cel/whole_use.hpp"

#include <doctest/doctest.h>

#include "policy/cel/compiled.hpp"
#include "policy/cel/estimate.hpp"
#include "policy/cel/testing.hpp"

namespace holdpoint::policy::cel {
namespace {

const Schema& schema() {
  static const Schema read = *Schema::from_json(json::parse(R"({
    "type": "object", "required": ["flag"],
    "$defs": {"part": {"type": "object", "properties": {
      "share": {"type": "number"}, "parts": {"type": "array", "items": {"$ref": "#/$defs/part"}}}}},
    "properties": {
      "flag": {"type": "boolean"},
      "run": {"type": "object", "properties": {
        "failed": {"type": "integer"}, "started": {"type": "integer", "format": "date-time"},
        "took": {"type": "integer", "format": "duration"},
        "mark": {"type": "string", "format": "byte"},
        "count": {"type": "integer", "format": "uint64"},
        "at": {"type": "array", "items": {"type": "integer", "format": "date-time"}}}},
      "weights": {"type": "object", "maxProperties": 5, "additionalProperties": {"type": "number"}},
      "items": {"type": "array", "maxItems": 5, "items": {"type": "object", "properties": {
        "id": {"type": "string"}, "share": {"type": "number"}}}},
      "whole": {"$ref": "#/$defs/part"},
      "broken": {"type": "object", "properties": {
        "at": {"type": "string", "format": "date-time"}, "n": {"type": "integer"}}}
    }})"));
  return read;
}

const json::object& facts() {
  static const json::value parsed = json::parse(R"({
    "flag": true,
    "run": {"failed": 0, "started": 1790000000000000, "took": 90000000, "mark": "YWJj", "count": 7,
            "at": [0], "beside": 1},
    "weights": {"a": 1, "b": 2},
    "items": [{"id": "one", "share": 1}, {"id": "two", "share": 3}],
    "whole": {"share": 1, "parts": [{"share": 2, "parts": []}]},
    "broken": {"at": "soon", "n": 1}})");
  return parsed.get_object();
}

constexpr Row rows[] = {
    // Behind dyn.
    {"dyn(run).started", "2026-09-21T14:13:20Z"},
    {"dyn(run).took", "90s"},
    {"dyn(run).mark", "3 bytes"},
    {"dyn(run).count", "7u"},
    {"dyn(run).at[0]", "1970-01-01T00:00:00Z"},
    {"dyn(run).failed", "0"},
    {"dyn(run).beside", "1"},
    {"type(dyn(weights).a)", "double"},
    {"dyn(items)[1].share / 0.0", "inf"},
    {"type(dyn(whole).parts[0].share)", "double"},
    {"dyn(items[0]).share / 0.0", "inf"},
    {"items.all(i, dyn(i).share / 2.0 > 0.0)", "true"},
    {"dyn(items.filter(i, i.share > 2.0))[0].share / 2.0", "1.5"},
    {"dyn(items.sortBy(i, -i.share))[0].share / 2.0", "1.5"},
    {"items.filter(i, true).map(i, dyn(i).share / 2.0)", "[0.5, 1.5]"},
    // In a literal, a choice, and as the result.
    {"type([weights][0].b)", "double"},
    {"type({'w': weights}.w.b)", "double"},
    {"type((true ? weights : {}).b)", "double"},
    {"type((flag ? weights : {}).b)", "double"},
    {"(flag ? [] : items).map(z, z.share / 0.0)", "[]"},
    {"(flag ? items : []).map(z, z.share / 0.0)", "[inf, inf]"},
    {"type(dyn(flag ? items : [])[0].share)", "double"},
    {"type((flag ? dyn(items) : 1)[0].share)", "double"},
    {"cel.bind(w, weights, type(dyn(w).a))", "double"},
    {"type(cel.bind(w, weights, w).a)", "double"},
    {"items.map(i, i)[0].share / 2.0", "0.5"},
    {"type(items.map(i, [i])[0][0].share)", "double"},
    {"run", R"({"at": [1970-01-01T00:00:00Z], "beside": 1, "count": 7u, "failed": 0, "mark": 3 *)"},
    // Values of maps, under a name of their own.
    {"weights.all(k, v, v / 4.0 < 1.0)", "true"},
    {"weights.transformMap(k, v, type(v))", R"({"a": double, "b": double})"},
    // Comparing takes both as they are typed.
    {"run == run", "true"},
    {"items[0] in items", "true"},
    {"'a' in weights", "true"},
    {"items[0] == {'id': 'one', 'share': 1.0}", "true"},
    // Optional values.
    {"type(dyn(optional.of(run)).started.value())", "google.protobuf.Timestamp"},
    {"type(dyn(run.?started.value()))", "google.protobuf.Timestamp"},
    {"cel.bind(o, run.?at, dyn(o).value()[0])", "1970-01-01T00:00:00Z"},
    {"type(run.?took.orValue(duration('1s')))", "google.protobuf.Duration"},
    {"type(dyn([?items[?0]])[0].share)", "double"},
    // A fact that is not what the schema says is an error of the whole, and of itself only.
    {"dyn(broken).n", "error: 1:5: the fact is not a timestamp"},
    {"broken.n", "1"},
    {"size(items) + size(weights) + weights.size()", "6"},
};

TEST_CASE("facts are typed by the schema, however they are reached") {
  for (const Row& row : rows) {
    const std::string found = outcome(row.expression, schema(), facts());
    INFO(std::string(row.expression) << "  gives  " << found);
    if (row.expected.ends_with("*")) {
      CHECK(found.starts_with(row.expected.substr(0, row.expected.size() - 1)));
    } else {
      CHECK(found == row.expected);
    }
  }
}

TEST_CASE("typing facts as a whole costs no more than was estimated") {
  for (const Row& row : rows) {
    const auto program = Program::compile(row.expression, schema());
    INFO(std::string(row.expression));
    REQUIRE(program.has_value());
    const Evaluation evaluation = program->evaluate(facts());
    CHECK(evaluation.cost <= estimate(program->compiled(), schema()).count);
  }
}

TEST_CASE("reading by name copies nothing") {
  for (const char* expression :
       {"run.started > timestamp(0)", "items.all(i, i.share > 0.0)", "weights.b > 1.0",
        "items.filter(i, i.share > 2.0)[0].share > 2.0", "size(items) == 2", "has(run.took)",
        "(flag ? items : items).exists(i, i.share > 2.0)", "cel.bind(w, weights, w.a > 0.5)",
        "weights['a'] > 0.5"}) {
    const auto program = Program::compile(expression, schema());
    REQUIRE(program.has_value());
    for (const Step& step : program->compiled().steps) {
      INFO(std::string(expression));
      const bool is_whole = step.adapt != nullptr && (step.adapt->kind == TypeKind::object ||
                                                      step.adapt->kind == TypeKind::map ||
                                                      step.adapt->kind == TypeKind::list);
      CHECK_FALSE(is_whole);
    }
  }
}

TEST_CASE("typing much as a whole stays within the limits") {
  json::object many = facts();
  json::array& items = many["items"].as_array();
  for (int i = 0; i < 100'000; ++i) items.push_back({{"id", "x"}, {"share", 1}});
  CHECK(outcome("size(dyn(items)) > 0", schema(), many).starts_with("error: "));
  CHECK(outcome("items.exists(i, i.share > 2.0)", schema(), many) == "true");
}

}  // namespace
}  // namespace holdpoint::policy::cel
