// Functions over lists and sets as tables: order, sums, parts, and equality across kinds of
// numbers.
#include "policy/cel/function_test_calls.hpp"

namespace holdpoint::policy::cel {
namespace {

TEST_CASE("lists are cut, turned and flattened") {
  const CallRow rows[] = {
      {"flatten", {"[dyn(1), [2, 3], [4]]"}, "[1, 2, 3, 4]"},
      {"flatten", {"[dyn(1), [dyn(2), [3, 4]]]"}, "[1, 2, [3, 4]]"},
      {"flatten", {"[dyn(1), [dyn(2), [dyn(3), [4]]]]", "2"}, "[1, 2, 3, [4]]"},
      {"flatten", {"[[], [[]], []]", "9223372036854775807"}, "[]"},
      {"flatten", {"[[1], [2]]", "0"}, "[[1], [2]]"},
      {"flatten", {"[['abc'], ['de']]"}, "[\"abc\", \"de\"]"},
      {"flatten", {"[1]", "-1"}, "error: flatten() takes a depth of 0 or more"},
      {"flatten", {"dyn(1)"}, "error: no such overload*"},
      {"lists.range", {"4"}, "[0, 1, 2, 3]"},
      {"lists.range", {"0"}, "[]"},
      {"lists.range", {"-1"}, "error: lists.range() takes a size of 0 or more"},
      {"lists.range", {"100001"}, "error: the list would have more than 100000 items"},
      {"lists.range", {"1000000000"}, "error: the list would have more than 100000 items"},
      {"lists.range", {"dyn(1u)"}, "error: no such overload*"},
      {"slice", {"[1, 2, 3, 4]", "1", "3"}, "[2, 3]"},
      {"slice", {"tags", "1", "2"}, "[\"b\"]"},
      {"slice", {"[1]", "1", "1"}, "[]"},
      {"slice", {"[1]", "0", "2"}, "error: slice(0, 2) is outside of a list of 1 items"},
      {"slice", {"[1]", "-1", "1"}, "error: slice(-1, 1) is outside*"},
      {"slice", {"[1, 2]", "2", "1"}, "error: slice(2, 1) is outside*"},
      {"slice", {"[1]", "0", "dyn(1u)"}, "error: no such overload*"},
      {"reverse", {"[5, 3, 1]"}, "[1, 3, 5]"},
      {"reverse", {"tags"}, "[\"b\", \"a\"]"},
      {"indexOf", {"[1, 2, 2]", "dyn(2.0)"}, "1"},
      {"indexOf", {"tags", "'b'"}, "1"},
      {"indexOf", {"[1]", "dyn('1')"}, "-1"},
      {"lastIndexOf", {"[1, 2, 2]", "2"}, "2"},
      {"lastIndexOf", {"[]", "2"}, "-1"},
      {"indexOf", {"[[1], [2]]", "[2]"}, "1"},
  };
  check_calls(rows);
}

TEST_CASE("lists of one kind have an order") {
  const CallRow rows[] = {
      {"sort", {"[3, 2, 1]"}, "[1, 2, 3]"},
      {"sort", {"['b', 'c', 'a']"}, "[\"a\", \"b\", \"c\"]"},
      {"sort", {"[true, false]"}, "[false, true]"},
      {"sort", {"[duration('1h'), duration('1s')]"}, "[1s, 3600s]"},
      {"sort", {"[timestamp(9), timestamp(1)]"}, "[1970-01-01T00:00:01Z, 1970-01-01T00:00:09Z]"},
      {"sort", {"[2.5, -1.0]"}, "[-1, 2.5]"},
      {"sort", {"[]"}, "[]"},
      {"sort", {"[dyn(1), 'b']"}, "error: the items of the list differ in type"},
      {"sort", {"[dyn(1), 2u]"}, "error: the items of the list differ in type"},
      {"sort", {"[[1]]"}, "error: a list has no order"},
      {"sort", {"[1.0, double('NaN')]"}, "error: NaN has no order"},
      {"sort", {"dyn('ba')"}, "error: no such overload*"},
      {"@sortByAssociatedKeys",
       {"['foo', 'bar', 'baz']", "[3, 1, 2]"},
       "[\"bar\", \"baz\", \"foo\"]"},
      {"@sortByAssociatedKeys",
       {"['a', 'b', 'c', 'd']", "[2, 1, 2, 1]"},
       "[\"b\", \"d\", \"a\", \"c\"]"},
      {"@sortByAssociatedKeys", {"['a']", "[]"}, "error: there are 0 keys for 1 items"},
      {"@sortByAssociatedKeys", {"['a']", "[null]"}, "error: a null_type has no order"},
      {"min", {"[3, 1, 2]"}, "1"},
      {"max", {"['a', 'c', 'b']"}, "\"c\""},
      {"max", {"times"}, "1970-01-01T00:00:01Z"},
      {"min", {"[]"}, "error: the list is empty"},
      {"min", {"[dyn(1), 1.0]"}, "error: the items of the list differ in type"},
      {"isSorted", {"[1, 1, 2]"}, "true"},
      {"isSorted", {"[2, 1]"}, "false"},
      {"isSorted", {"[]"}, "true"},
      {"isSorted", {"[null]"}, "error: a null_type has no order"},
  };
  check_calls(rows);
}

TEST_CASE("sums err instead of overflowing") {
  const CallRow rows[] = {
      {"sum", {"[1, 2, 3]"}, "6"},
      {"sum", {"[1u, 2u]"}, "3u"},
      {"sum", {"[1.5, 2.0]"}, "3.5"},
      {"sum", {"[duration('1h'), duration('-1m')]"}, "3540s"},
      {"sum", {"[]"}, "0"},
      {"sum", {"[9223372036854775807, 1]"}, "error: the sum overflows"},
      {"sum", {"[18446744073709551615u, 1u]"}, "error: the sum overflows"},
      {"sum", {"[dyn(1), 1.0]"}, "error: the items of the list differ in type"},
      {"sum", {"['a']"}, "error: sum() takes numbers or durations, and the list has a string"},
      {"sum", {"dyn(1)"}, "error: no such overload*"},
  };
  check_calls(rows);
}

TEST_CASE("lists are compared as sets by equality across kinds of numbers") {
  const CallRow rows[] = {
      {"sets.contains", {"[]", "[]"}, "true"},
      {"sets.contains", {"[]", "[1]"}, "false"},
      {"sets.contains", {"[1, 2, 3, 4]", "[2, 3]"}, "true"},
      {"sets.contains", {"[dyn(1), 2.0, 3u]", "[dyn(1.0), 2u, 3]"}, "true"},
      {"sets.contains", {"[[1], [2]]", "[[dyn(2.0)]]"}, "true"},
      {"sets.contains", {"[{'a': 1}]", "[{'a': 2}]"}, "false"},
      {"sets.contains", {"[double('NaN')]", "[double('NaN')]"}, "false"},
      {"sets.contains", {"tags", "['b']"}, "true"},
      {"sets.contains", {"dyn(1)", "[]"}, "error: no such overload*"},
      {"sets.equivalent", {"[1]", "[1, 1]"}, "true"},
      {"sets.equivalent", {"[dyn(1)]", "[dyn(1u), 1.0]"}, "true"},
      {"sets.equivalent", {"[1, 2]", "[1]"}, "false"},
      {"sets.equivalent", {"[1]", "[1, 2]"}, "false"},
      {"sets.intersects", {"[1]", "[]"}, "false"},
      {"sets.intersects", {"[1]", "[1, 2]"}, "true"},
      {"sets.intersects", {"[[1], [2, 3]]", "[[1, 2], [dyn(2), 3.0]]"}, "true"},
      {"distinct", {"[1, 2, 2, 3, 3, 3]"}, "[1, 2, 3]"},
      {"distinct", {"['b', 'b', 'c', 'a', 'c']"}, "[\"b\", \"c\", \"a\"]"},
      {"distinct", {"[dyn(1), 'b', 1.0, 'b', 1u]"}, "[1, \"b\"]"},
      {"distinct", {"[[1], [2], [1]]"}, "[[1], [2]]"},
      {"distinct",
       {"[dyn(null), true, null, false, b'a', b'a', type(1), type(2)]"},
       "[null, true, false, 1 bytes, int]"},
      {"distinct", {"[double('NaN'), double('NaN')]"}, "[nan, nan]"},
      {"distinct", {"dyn('aa')"}, "error: no such overload*"},
  };
  check_calls(rows);
}

}  // namespace
}  // namespace holdpoint::policy::cel
