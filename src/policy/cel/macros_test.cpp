// Loops with two names, transformations, sorting and bindings.
#include <doctest/doctest.h>

#include "policy/cel/testing.hpp"

namespace holdpoint::policy::cel {
namespace {

TEST_CASE("a loop with two names has the index or the key, and the value") {
  const Row rows[] = {
      {"[5, 6].all(i, v, v == i + 5)", "true"},
      {"tags.exists(i, tag, i == 1 && tag == 'b')", "true"},
      {"{'a': 1, 'b': 2}.all(k, v, v > 0 && k != 'c')", "true"},
      {"labels.exists(name, value, name == 'team' && value == 'core')", "true"},
      {"[1, 2].existsOne(i, v, i == v - 1)", "false"},
      {"[1, 2].exists_one(i, v, v == 2)", "true"},
      {"[0, 1].all(i, v, 1 / v == 5)", "false"},
      {"[0, 1].exists(i, v, 1 / v == 5)", "error: 1:23: division by zero"},
      {"items.all(i, item, item.ok)", "false"},
      {"items.exists(i, item, i == 2 && item.ok)", "unknown: items[2].ok"},
      {"[1].all(i, i, true)", "refused: 1:12: both names are the same"},
      {"[1].all(i, v.x, true)", "refused: 1:12: the first argument must be a name*"},
      {"[1].all(__result__, true)", "refused: 1:9: '__result__' cannot be*"},
      {"[1].all(i, v, i.x)", "refused: 1:17: no such field 'x': int has no fields"},
      {"[[1], [2]].all(i, v, v.all(j, w, w == i + j + 1))", "true"},
  };
  CHECK(differences(rows) == "");
}

TEST_CASE("transformations make lists and maps of elements") {
  const Row rows[] = {
      {"[2, 3].transformList(i, v, i * v)", "[0, 3]"},
      {"[2, 3].transformList(i, v, v > 2, v)", "[3]"},
      {"[2, 0].transformList(i, v, 1 / v)", "error: 1:30: division by zero"},
      {"[2, 3].transformMap(i, v, v * v)", "{0: 4, 1: 9}"},
      {"{'a': 1}.transformMap(k, v, v == 1, k)", "{\"a\": \"a\"}"},
      {"labels.transformMap(k, v, size(v))", "{\"team\": 4}"},
      {"{'a': 1}.transformMapEntry(k, v, {v: k})", "{1: \"a\"}"},
      {"[1, 2].transformMapEntry(i, v, v > 1, {v: i})", "{2: 1}"},
      {"[1, 1].transformMapEntry(i, v, {v: i})", "error: 1:8: the map has a key twice"},
      {"[1].transformMapEntry(i, v, {})", "{}"},
      {"[1].transformMapEntry(i, v, [v])", "refused: 1:29: expected a map, found list(int)"},
      {"[1].transformMapEntry(i, v, dyn(v))", "error*"},
      {"[1].transformMap(i, v)", "refused: 1:5: there is no function 'transformMap'*"},
      {"[3, 1, 2].sortBy(x, -x)", "[3, 2, 1]"},
      {"['bb', 'a', 'cc'].sortBy(t, size(t))", "[\"a\", \"bb\", \"cc\"]"},
      {"items.sortBy(i, i.size)[0].id", "\"one\""},
      {"[1, 2].sortBy(x, x == 1 ? dyn(x) : dyn('a'))", "error*"},
      {"[1.0, 2.0].sortBy(x, x / 0.0 - x / 0.0)", "error: 1:12: NaN has no order"},
      {"items.sortBy(i, i.ok)", "unknown: items[2].ok"},
      {"{'a': 1}.sortBy(k, k)", "refused: 1:1: expected a list, found map(string, int)"},
      {"[].sortBy(x, x)", "[]"},
  };
  CHECK(differences(rows) == "");
}

TEST_CASE("a bound value is worked out once and may be an error that is not used") {
  const Row rows[] = {
      {"cel.bind(x, n + 1, x * x)", "64"},
      {"cel.bind(x, 1, cel.bind(x, x + 1, x))", "2"},
      {"cel.bind(x, 1 / 0, true)", "true"},
      {"cel.bind(x, 1 / 0, x == 1)", "error: 1:15: division by zero"},
      {"cel.bind(x, gone, x || flag)", "true"},
      {"cel.bind(x, gone, x && flag)", "unknown: gone"},
      {"cel.bind(x, tests, x.failed)", "0"},
      {"cel.bind(x, items, x.all(i, i.size > 0))", "true"},
      {"cel.bind(x, 'a', x + 1)", "refused: 1:20: no such overload: string + int"},
      {"cel.bind(x.y, 1, 2)", "refused: 1:10: the first argument must be a name*"},
      {"cel.bind(x, 1)", "refused: 1:5: cel.bind() takes a name, a value and an expression"},
      {"[1, 2].map(x, cel.bind(y, x * 2, y + x))", "[3, 6]"},
      {"cel.block([n, cel.index(0) + 1], cel.index(1) * 2)", "16"},
      {"cel.index(0)", "refused: 1:1: there is no 'cel.index(0)'"},
  };
  CHECK(differences(rows) == "");
}

TEST_CASE("a chain of bindings that shares its parts is refused, not walked for ever") {
  std::string source = "cel.bind(a0, {'k': 1}, ";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "a" + std::to_string(i - 1);
    source += "cel.bind(a" + std::to_string(i) + ", {'k': [" + before + ", " + before +
              "], 'l': [" + before + "]} == {} ? " + before + " : " + before + ", ";
  }
  source += "a29" + std::string(30, ')');
  CHECK(outcome(source).starts_with("{"));
  std::string deep = "optional.none().optMap(a0, ";
  std::string unions;
  for (int i = 1; i < 24; ++i) {
    deep += "optional.none().optMap(a" + std::to_string(i) + ", ";
    unions += "a" + std::to_string(i - 1) + " == {a" + std::to_string(i) + ": a" +
              std::to_string(i) + "} && ";
  }
  CHECK(outcome(deep + unions + "true" + std::string(24, ')'))
            .find("the types of the expression are too involved") != std::string::npos);
}

}  // namespace
}  // namespace holdpoint::policy::cel
