// The math extension as tables: numbers of all kinds on one line, and errors instead of wrapping.
#include "policy/cel/function_test_calls.hpp"

namespace holdpoint::policy::cel {
namespace {

TEST_CASE("the greatest and the least of numbers keep their kind") {
  const CallRow rows[] = {
      {"math.greatest", {"-5"}, "-5"},
      {"math.greatest", {"1", "1.0"}, "1"},
      {"math.greatest", {"1.5", "1"}, "1.5"},
      {"math.greatest", {"-7", "5"}, "5"},
      {"math.greatest", {"9223372036854775807", "18446744073709551615u"}, "18446744073709551615u"},
      {"math.greatest", {"5.4", "10", "3u", "-5.0", "9223372036854775807"}, "9223372036854775807"},
      {"math.greatest", {"[5.4, dyn(10), 3u]"}, "10"},
      {"math.least", {"[5.4, dyn(10), 3u, -5.0]"}, "-5"},
      {"math.least", {"3u", "1u", "2u"}, "1u"},
      {"math.least", {"-9223372036854775808", "1"}, "-9223372036854775808"},
      {"math.least", {"[]"}, "error: the list is empty"},
      {"math.least", {"['a', 'b']"}, "error: no such overload*"},
      {"math.greatest", {"1", "dyn('a')"}, "error: no such overload*"},
      {"math.greatest", {"double('NaN')", "1"}, "error: NaN has no order"},
  };
  check_calls(rows);
}

TEST_CASE("numbers are rounded, and half goes away from zero") {
  const CallRow rows[] = {
      {"math.ceil", {"-1.2"}, "-1"},
      {"math.ceil", {"1.2"}, "2"},
      {"math.floor", {"-1.2"}, "-2"},
      {"math.round", {"-1.5"}, "-2"},
      {"math.round", {"2.5"}, "3"},
      {"math.round", {"-1.4"}, "-1"},
      {"math.round", {"double('NaN')"}, "nan"},
      {"math.trunc", {"-1.9"}, "-1"},
      {"math.ceil", {"dyn(1)"}, "error: no such overload: the function does not take (int)"},
      {"math.abs", {"-11"}, "11"},
      {"math.abs", {"-11.5"}, "11.5"},
      {"math.abs", {"1u"}, "1u"},
      {"math.abs", {"-9223372036854775808"}, "error: integer overflow"},
      {"math.abs", {"dyn('a')"}, "error: no such overload*"},
      {"math.sign", {"-11"}, "-1"},
      {"math.sign", {"0"}, "0"},
      {"math.sign", {"100u"}, "1u"},
      {"math.sign", {"0u"}, "0u"},
      {"math.sign", {"-32.5"}, "-1"},
      {"math.sign", {"double('NaN')"}, "nan"},
      {"math.sign", {"dyn(true)"}, "error: no such overload*"},
      {"math.sqrt", {"81"}, "9"},
      {"math.sqrt", {"81u"}, "9"},
      {"math.sqrt", {"2.25"}, "1.5"},
      {"math.sqrt", {"-1.0"}, "nan"},
      {"math.sqrt", {"dyn('a')"}, "error: no such overload*"},
      {"math.isNaN", {"0.0 / 0.0"}, "true"},
      {"math.isNaN", {"1.0 / 0.0"}, "false"},
      {"math.isInf", {"1.0 / 0.0"}, "true"},
      {"math.isInf", {"0.0 / 0.0"}, "false"},
      {"math.isFinite", {"1.5"}, "true"},
      {"math.isFinite", {"0.0 / 0.0"}, "false"},
      {"math.isFinite", {"-1.0 / 0.0"}, "false"},
      {"math.isFinite", {"dyn(1)"}, "error: no such overload*"},
  };
  check_calls(rows);
}

TEST_CASE("bits are combined and shifted") {
  const CallRow rows[] = {
      {"math.bitAnd", {"1", "-1"}, "1"},
      {"math.bitAnd", {"1u", "3u"}, "1u"},
      {"math.bitAnd", {"2u", "dyn(2)"}, "error: no such overload*"},
      {"math.bitOr", {"4", "-2"}, "-2"},
      {"math.bitXor", {"4", "-2"}, "-6"},
      {"math.bitXor", {"dyn([])", "dyn([1])"}, "error: no such overload*"},
      {"math.bitNot", {"-1"}, "0"},
      {"math.bitNot", {"1u"}, "18446744073709551614u"},
      {"math.bitNot", {"dyn('')"}, "error: no such overload*"},
      {"math.bitShiftLeft", {"1", "2"}, "4"},
      {"math.bitShiftLeft", {"1", "63"}, "-9223372036854775808"},
      {"math.bitShiftLeft", {"-1", "64"}, "0"},
      {"math.bitShiftLeft", {"1u", "-1"}, "error: negative offset: -1"},
      {"math.bitShiftLeft", {"1", "dyn(1u)"}, "error: no such overload*"},
      {"math.bitShiftRight", {"1024u", "2"}, "256u"},
      {"math.bitShiftRight", {"-1024", "3"}, "2305843009213693824"},
      {"math.bitShiftRight", {"-1024", "9223372036854775807"}, "0"},
      {"math.bitShiftRight", {"dyn(1.0)", "1"}, "error: no such overload*"},
  };
  check_calls(rows);
}

}  // namespace
}  // namespace holdpoint::policy::cel
