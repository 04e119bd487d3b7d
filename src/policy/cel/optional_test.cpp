// Optional values over facts and literals.
#include <doctest/doctest.h>

#include "policy/cel/testing.hpp"

namespace holdpoint::policy::cel {
namespace {

TEST_CASE("what may be absent is asked for with a question mark") {
  const Row rows[] = {
      {"any.?x", "optional.of([1, 2])"},
      {"any.?nope", "optional.none()"},
      {"any[?'x']", "optional.of([1, 2])"},
      {"labels.?team.orValue('nobody')", "\"core\""},
      {"labels.?nope.orValue('nobody')", "\"nobody\""},
      {"labels[?'nope'].hasValue()", "false"},
      {"tags[?1]", "optional.of(\"b\")"},
      {"tags[?2].orValue('none')", "\"none\""},
      {"tags[?-1].hasValue()", "false"},
      {"tests.?suite.id.orValue('none')", "\"none\""},
      {"tests.?suite.id.hasValue()", "false"},
      {"tests.?failed.value()", "0"},
      {"tests[?'failed'].value()", "0"},
      {"items[?0].id", "optional.of(\"one\")"},
      {"items[?9].id", "optional.none()"},
      {"items[?2].ok.hasValue()", "false"},
      {"has(items[?2].ok)", "false"},
      {"has(items[?0].ok)", "true"},
      {"any.?y.z", "error: 1:8: no such field: string has no field z"},
      {"n.?x", "refused: 1:4: no such field 'x': int has no fields"},
      {"tests.?faild", "refused: 1:8: no such field 'faild', did you mean 'failed'?"},
      {"gone.?x", "refused*"},
      {"lost == 1 ? any.?x : any.?y", "unknown: lost"},
      {"any.?`y`", "optional.of(\"z\")"},
      {"since.?x", "refused*"},
      {"any.?nope.deeper[?0].hasValue()", "false"},
      {"[1][?'a']", "refused: 1:4: a list is indexed by int, not string"},
      {"at > any.?nope.orValue(at)", "false"},
  };
  CHECK(differences(rows) == "");
}

TEST_CASE("optional values are made, chosen and mapped") {
  const Row rows[] = {
      {"optional.of(1)", "optional.of(1)"},
      {"optional.none()", "optional.none()"},
      {"optional.none().value()", "error: 1:17: the optional has no value"},
      {"optional.ofNonZeroValue('')", "optional.none()"},
      {"optional.ofNonZeroValue([1])", "optional.of([1])"},
      {"optional.ofNonZeroValue(timestamp(0)).hasValue()", "false"},
      {"optional.of(1).or(optional.of(2)).value()", "1"},
      {"optional.none().or(optional.of(2)).value()", "2"},
      {"optional.of(1).orValue(1 / 0)", "1"},
      {"optional.none().orValue(1 / 0)", "error: 1:27: division by zero"},
      {"optional.of(1).or(optional.of(1 / 0)).value()", "1"},
      {"optional.of(1).or(2)", "refused: 1:16: no such overload: optional_type(int).or(int)"},
      {"optional.of(lost).hasValue()", "unknown: lost"},
      {"optional.of(2).optMap(x, x * 2)", "optional.of(4)"},
      {"optional.none().optMap(x, x * 2)", "optional.none()"},
      {"any.?x.optFlatMap(x, x[?0])", "optional.of(1)"},
      {"any.?x.optFlatMap(x, 1)", "refused: 1:22: expected an optional, found int"},
      {"n.optMap(x, x)", "refused: 1:1: expected an optional, found int"},
      {"dyn(1).optMap(x, x)", "error: 1:8: no such overload: expected an optional, found int"},
      {"[?any.?x, ?any.?nope]", "[[1, 2]]"},
      {"[?1]", "refused: 1:3: after '?' an optional is needed, found int"},
      {"[?dyn(1)]", "error: 1:2: no such overload: expected an optional, found int"},
      {"{?'a': labels.?team, ?'b': labels.?nope}", "{\"a\": \"core\"}"},
      {"[].first()", "optional.none()"},
      {"tags.first().value() + tags.last().value()", "\"ab\""},
      {"optional.unwrap([optional.of(1), optional.none()])", "[1]"},
      {"[optional.of(1), optional.none()].unwrapOpt()", "[1]"},
      {"optional.of(1) == optional.of(1)", "true"},
      {"optional.of(1) == optional.none()", "false"},
      {"optional.none() == optional.none()", "true"},
      {"type(optional.of(1)) == optional_type", "true"},
      {"optional.of(1) < optional.of(2)", "refused*"},
      {"optional.of(1) && true", "refused: 1:10: expected bool, found optional_type(int)"},
  };
  CHECK(differences(rows) == "");
}

}  // namespace
}  // namespace holdpoint::policy::cel
