// The estimate is never below what an evaluation costs, multiplies where loops nest, and says "more
// than can be counted" instead of wrapping.
#include "policy/cel/estimate.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "policy/cel/fact_extents.hpp"
#include "policy/cel/program.hpp"

namespace holdpoint::policy::cel {
namespace {

const Schema& bounded_schema() {
  static const Schema schema = *Schema::from_json(json::parse(R"({
    "type": "object", "required": ["n", "tags", "items"],
    "$defs": {"word": {"type": "string", "maxLength": 12},
              "tree": {"type": "object", "properties": {
                "leaf": {"$ref": "#/$defs/word"}, "next": {"$ref": "#/$defs/tree"}}}},
    "properties": {
      "n": {"type": "integer"}, "m": {"type": "integer"}, "flag": {"type": "boolean"},
      "name": {"type": "string", "maxLength": 40},
      "state": {"enum": ["open", "closed"]},
      "tags": {"type": "array", "maxItems": 6, "items": {"$ref": "#/$defs/word"}},
      "times": {"type": "array", "maxItems": 4,
                "items": {"type": "integer", "format": "date-time"}},
      "labels": {"type": "object", "maxProperties": 3,
                 "additionalProperties": {"type": "string", "maxLength": 8}},
      "tree": {"$ref": "#/$defs/tree"},
      "wide": {"type": "array", "items": {"type": "string"}},
      "items": {"type": "array", "maxItems": 5, "items": {"type": "object", "required": ["id"],
        "properties": {
          "id": {"type": "string", "maxLength": 6}, "size": {"type": "integer"},
          "ok": {"type": "boolean"}, "at": {"type": "integer", "format": "date-time"},
          "owner": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 9},
            "spans": {"type": "array", "maxItems": 2,
                      "items": {"type": "integer", "format": "duration"}}}},
          "notes": {"anyOf": [{"type": "null"}, {"type": "array", "maxItems": 3,
                    "items": {"type": "string", "maxLength": 30}}]}}}}
    }})"));
  return schema;
}

Units estimated(std::string_view expression, const Schema& schema = bounded_schema()) {
  const auto program = Program::compile(expression, schema);
  REQUIRE_MESSAGE(program.has_value(), program.error().front().text());
  return estimate(program->compiled(), schema);
}

Schema of_items(std::string_view bound) {
  return *Schema::from_json(json::parse(R"({"type": "object", "required": ["xs"], "properties": {
    "xs": {"type": "array", "maxItems": )" +
                                        std::string(bound) +
                                        R"(, "items": {"type": "integer"}}}})"));
}

TEST_CASE("what has no loop costs its parts") {
  CHECK(estimated("true").count == 0);
  CHECK(estimated("n == 1").count == 2);
  CHECK(estimated("n == 1 && n == 2").count == 5);
  CHECK(estimated("state == 'open'").count == 2);
  CHECK(estimated("tree.next.next.leaf == 'a'").count == 5);
}

TEST_CASE("the costs of nested loops multiply") {
  const std::string_view one = "xs.all(a, a > 0)";
  const std::string_view two = "xs.all(a, xs.all(b, a > b))";
  CHECK(estimated(one, of_items("10")).count == 1 + 10 * 3);
  CHECK(estimated(two, of_items("10")).count == 1 + 10 * (1 + 1 + 10 * 4));
  CHECK(estimated(two, of_items("100")).count == 1 + 100 * (1 + 1 + 100 * 4));
  CHECK(estimated("xs.map(a, a + 1).filter(b, b > 1).all(c, c > 2)", of_items("10")).count ==
        1 + 10 * 3 + 10 * 3 + 10 * 3);
}

TEST_CASE("a list without a bound has the default bound, and too much stays too much") {
  CHECK(estimated("wide.all(w, w != '')") > Units{items_default_max});
  CHECK(estimated("wide.all(w, w == name)") < Units{items_default_max * 25});
  CHECK(estimated("wide.all(w, wide.all(v, w.contains(v)))") > Units{1'000'000'000});
  const Schema endless = of_items("9223372036854775807");
  CHECK(estimated("xs.all(a, xs.all(b, a == b))", endless).count == Units::count_max);
}

TEST_CASE("a variable is counted once, however often it is used") {
  const auto program = Program::compile("tags.filter(t, t.startsWith('a'))", bounded_schema());
  const std::vector<Variable> variables = {{"chosen", &*program}};
  const auto once = Program::compile("size(variables.chosen) > 0", bounded_schema(), variables);
  const auto twice = Program::compile("size(variables.chosen) > 0 && size(variables.chosen) < 3",
                                      bounded_schema(), variables);
  const Units alone = estimate(program->compiled(), bounded_schema());
  const Units first = estimate(once->compiled(), bounded_schema());
  CHECK(first > alone);
  CHECK(estimate(twice->compiled(), bounded_schema()) < first + alone);
}

TEST_CASE("a list of facts is converted for what holds times, not for the length of its texts") {
  const auto schema = [](std::string_view length) {
    return *Schema::from_json(json::parse(R"({"type": "object", "required": ["xs"], "properties": {
      "xs": {"type": "array", "maxItems": 10, "items": {"type": "object", "properties": {
        "text": {"type": "string", "maxLength": )" +
                                          std::string(length) + R"(},
        "at": {"type": "integer", "format": "date-time"}}}}}})"));
  };
  const std::string_view chosen = "xs.filter(x, x.text != '')";
  const Units found = estimated(chosen, schema("10000"));
  CHECK(found == estimated(chosen, schema("10")));
  // For each of 10 items: the loop, three steps of the condition, and uniting up to 10 names of
  // missing texts with one more; then the item and its two fields are typed.
  CHECK(found.count == 1 + 10 * (1 + 3 + 11) + 10 * (1 + 2));
  CHECK(estimated("tags.filter(t, t == 'a')").count < 100);
}

TEST_CASE("patterns that are constant cost less than those that are not") {
  CHECK(estimated("name.matches('^a+$')").count < 50);
  CHECK(estimated("name.matches('^a' + state)") > Units{Session::pattern_cost});
}

// --- the property --------------------------------------------------------------------------------

std::string any_of(std::vector<std::string> choices) {
  return *rc::gen::elementOf(std::move(choices));
}

struct Names {
  std::vector<std::string> texts = {"name",      "state",    "'abc'",
                                    "tree.leaf", "labels.a", "tree.next.leaf"};
  std::vector<std::string> items = {"items[0]", "items[n]"};
  int depth = 3;

  [[nodiscard]] Names deeper() const {
    Names out = *this;
    --out.depth;
    return out;
  }
};

std::string texts(const Names& names);
std::string condition(const Names& names);

std::string text(const Names& names) {
  std::vector<std::string> choices = names.texts;
  for (const std::string& item : names.items) choices.push_back(item + ".id");
  const std::string leaf = any_of(choices);
  if (names.depth <= 0) return leaf;
  const Names inner = names.deeper();
  switch (*rc::gen::inRange(0, 16)) {
    case 10: return "labels.?a.orValue(" + text(inner) + ")";
    case 11: return "items[?n].id.or(optional.of(" + text(inner) + ")).value()";
    case 12: return "cel.bind(b, " + text(inner) + ", b + " + text(inner) + " + b)";
    case 13: return texts(inner) + ".first().optMap(f, f + " + text(inner) + ").orValue('')";
    case 14: return "tree.?next.leaf.orValue(" + text(inner) + ")";
    case 0: return "(" + text(inner) + " + " + text(inner) + ")";
    case 1: return text(inner) + ".replace(" + text(inner) + ", " + text(inner) + ")";
    case 2: return text(inner) + ".upperAscii().reverse()";
    case 3: return "(" + condition(inner) + " ? " + text(inner) + " : " + text(inner) + ")";
    case 4: return texts(inner) + ".join('-')";
    case 5: return "string(n)";
    case 6: return "'%s and %s: %d'.format([" + text(inner) + ", " + texts(inner) + ", n])";
    case 7: return text(inner) + ".substring(1)";
    default: return leaf;
  }
}

std::string texts(const Names& names) {
  std::vector<std::string> choices = {"tags", "['a', 'bcd']"};
  for (const std::string& item : names.items) choices.push_back(item + ".notes");
  const std::string leaf = any_of(choices);
  if (names.depth <= 0) return leaf;
  Names inner = names.deeper();
  const int form = *rc::gen::inRange(0, 16);
  if (form == 11) return "[?labels.?a, ?" + texts(inner) + "[?1], " + text(inner) + "]";
  if (form == 12) return texts(inner) + ".sortBy(s, s + " + text(inner) + ")";
  if (form == 13) return "labels.transformList(k, t, t + k + " + text(inner) + ")";
  if (form == 14) return texts(inner) + ".transformList(i, t, i < n, t + " + text(inner) + ")";
  if (form == 15) return "cel.bind(b, " + texts(inner) + ", b + b)";
  if (form == 0) return "(" + texts(inner) + " + " + texts(inner) + ")";
  if (form == 1) return texts(inner) + ".distinct()";
  if (form == 2) return texts(inner) + ".sort()";
  if (form == 3) return text(inner) + ".split(" + text(inner) + ")";
  if (form == 4) return "[" + texts(inner) + ", " + texts(inner) + "].flatten()";
  if (form > 7) return leaf;
  const std::string name = "v" + std::to_string(names.depth);
  const std::string range = form == 5 ? "items" : texts(inner);
  (form == 5 ? inner.items : inner.texts).push_back(name);
  if (form == 7) return range + ".filter(" + name + ", " + condition(inner) + ")";
  return range + ".map(" + name + ", " + text(inner) + ")";
}

std::string condition(const Names& names) {
  if (names.depth <= 0) {
    return any_of({"flag", "n > 1", "m > n", "has(tree.next.leaf)", "items[0].ok", "n in [1, 2]",
                   "times[0] < times[1]", "size(labels) > 1", "1 / n == 1"});
  }
  Names inner = names.deeper();
  const int form = *rc::gen::inRange(0, 20);
  if (form == 14) return "optional.of(" + texts(inner) + ") == optional.of(" + texts(inner) + ")";
  if (form == 15) {
    return texts(inner) + ".transformMapEntry(i, t, {string(i): " + text(inner) + "}) == labels";
  }
  if (form == 16) return "labels.transformMap(k, t, k + t + " + text(inner) + ") == labels";
  if (form == 17) return texts(inner) + ".all(i, t, t in " + texts(inner) + " && i < n)";
  if (form == 18) return "labels.exists(k, t, k + t == " + text(inner) + ")";
  if (form == 19) return "cel.bind(b, " + condition(inner) + ", b || b && flag)";
  if (form == 0) return "(" + condition(inner) + " && " + condition(inner) + ")";
  if (form == 1) return "(" + condition(inner) + " || " + condition(inner) + ")";
  if (form == 2) return "!" + condition(inner);
  if (form == 3) return text(inner) + " == " + text(inner);
  if (form == 4) return text(inner) + " < " + text(inner);
  if (form == 5) return text(inner) + " in " + texts(inner);
  if (form == 6) return texts(inner) + " == " + texts(inner);
  if (form == 7) return text(inner) + ".contains(" + text(inner) + ")";
  if (form == 8) return text(inner) + ".matches('a+b')";
  if (form == 9) return "size(" + texts(inner) + ") > 1";
  if (form == 10) {
    return any_of({"dyn(" + texts(inner) + ") != dyn(labels)",
                   "items.filter(i, " + condition(inner) + ") == items",
                   "dyn(items.filter(i, i.ok)[?0]) == dyn(items[?n])",
                   "cel.bind(b, items[?0], b == b) && items[0].owner == items[1].owner"});
  }
  const std::string name = "w" + std::to_string(names.depth);
  const std::string range = form == 11 ? "items" : (form == 12 ? "labels" : texts(inner));
  (form == 11 ? inner.items : inner.texts).push_back(name);
  const std::string macro = any_of({".all(", ".exists(", ".exists_one("});
  return range + macro + name + ", " + condition(inner) + ")";
}

std::string characters(int length_max) {
  const int length = *rc::gen::inRange(0, length_max + 1);
  std::string out;
  for (int i = 0; i < length; ++i) out += any_of({"a", "b", "-", "é", "😀"});
  return out;
}

template <class Make>
json::array many(int count_max, Make make) {
  json::array out;
  for (int count = *rc::gen::inRange(0, count_max + 1); count > 0; --count) out.push_back(make());
  return out;
}

/// Facts within the bounds; what is not required may be missing.
json::object facts_within_bounds() {
  const auto is_there = [] { return *rc::gen::inRange(0, 3) != 0; };
  json::object facts{{"n", *rc::gen::inRange(0, 4)}};
  facts["tags"] = many(6, [] { return json::value(characters(12)); });
  facts["items"] = many(5, [&] {
    json::object item{{"id", characters(6)}};
    if (is_there()) item["size"] = *rc::gen::inRange(0, 9);
    if (is_there()) item["ok"] = is_there();
    if (is_there()) item["at"] = 5;
    if (is_there()) {
      item["owner"] = json::object{{"name", characters(9)}, {"spans", json::array{1, 2}}};
    }
    if (is_there()) item["notes"] = many(3, [] { return json::value(characters(30)); });
    return json::value(item);
  });
  if (is_there()) facts["m"] = 2;
  if (is_there()) facts["flag"] = is_there();
  if (is_there()) facts["name"] = characters(40);
  if (is_there()) facts["state"] = is_there() ? "open" : "closed";
  if (is_there()) facts["times"] = many(4, [] { return json::value(1'000'000); });
  if (is_there()) facts["labels"] = json::object{{"a", characters(8)}, {"team", characters(8)}};
  if (is_there()) facts["tree"] = json::object{{"next", json::object{{"leaf", characters(12)}}}};
  return facts;
}

TEST_CASE("no evaluation over facts within the bounds costs more than was estimated") {
  CHECK(rc::check("estimate >= cost", [] {
    const std::string expression = condition(Names{});
    const auto program = Program::compile(expression, bounded_schema());
    RC_PRE(program.has_value());
    const json::object facts = facts_within_bounds();
    const Evaluation evaluation = program->evaluate(facts);
    const Units bound = estimate(program->compiled(), bounded_schema());
    RC_LOG(expression);
    RC_LOG(json::serialize(facts));
    RC_ASSERT(evaluation.cost <= bound.count);
  }));
}

}  // namespace
}  // namespace holdpoint::policy::cel
