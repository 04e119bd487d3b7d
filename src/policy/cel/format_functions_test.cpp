// format and strings.quote as tables: each clause with each kind it takes, and what it refuses.
#include "policy/cel/function_test_calls.hpp"

namespace holdpoint::policy::cel {
namespace {

TEST_CASE("%s prints every kind of value") {
  const CallRow rows[] = {
      {"format", {"'no substitution'", "[]"}, "\"no substitution\""},
      {"format", {"'%% and also %%'", "[]"}, "\"% and also %\""},
      {"format", {"'%%%s%%'", "['text']"}, "\"%text%\""},
      {"format", {"'%s, %s'", "[true, false]"}, "\"true, false\""},
      {"format", {"'%s %s %s %s'", "[null, 999999999999, 7u, -1]"}, "\"null 999999999999 7 -1\""},
      {"format", {"'%s %s %s'", "[56.8, 2.0, 1e30]"}, "\"56.8 2 1000000000000000019884624838656\""},
      {"format", {"'%s'", "[double('NaN')]"}, "\"NaN\""},
      {"format",
       {"'%s'", "[[double('Infinity'), double('-Infinity')]]"},
       "\"[Infinity, -Infinity]\""},
      {"format", {"'%s'", "[b'xyz']"}, "\"xyz\""},
      {"format", {"'%s'", R"([b'\377\376ok\303'])"}, "\"\ufffdok\ufffd\""},
      {"format", {"'%s'", "[type('a')]"}, "\"string\""},
      {"format",
       {"'%s'", "[timestamp('2023-02-03T23:31:20.5+01:00')]"},
       "\"2023-02-03T22:31:20.5Z\""},
      {"format", {"'%s'", "[duration('1h45m47s')]"}, "\"6347s\""},
      {"format",
       {"'%s'", "[['abc', 3.14, null, [9, 8], timestamp('2023-02-03T23:31:20Z')]]"},
       "\"[abc, 3.14, null, [9, 8], 2023-02-03T23:31:20Z]\""},
      {"format",
       {"'%s'", "[{'strKey': 'x', 6: duration('422s'), true: 42}]"},
       "\"{6: 422s, strKey: x, true: 42}\""},
      {"format", {"'%s'", "[{10: 'a', 9: b'b'}]"}, "\"{10: a, 9: b}\""},
      {"format", {"'%s'", "[{}]"}, "\"{}\""},
      {"format", {"'%s'", "[any]"}, "\"{x: [1, 2], y: z}\""},
      {"format", {"'%s'", "dyn([1, 2])"}, "\"1\""},
  };
  check_calls(rows);
}

TEST_CASE("numbers are printed in decimal, binary, octal, hexadecimal and with exponents") {
  const CallRow rows[] = {
      {"format", {"'%d %d %d'", "[-5, 64u, 2.5]"}, "\"-5 64 2.5\""},
      {"format", {"'%d'", "[double('-Infinity')]"}, "\"-Infinity\""},
      {"format", {"'%b %b %b %b'", "[5, 64u, true, -5]"}, "\"101 1000000 1 -101\""},
      {"format", {"'%o %o'", "[11, 65535u]"}, "\"13 177777\""},
      {"format", {"'%x %X %x'", "[30, 6000u, -255]"}, "\"1e 1770 -ff\""},
      {"format", {"'%x'", "[-9223372036854775808]"}, "\"-8000000000000000\""},
      {"format",
       {"'%b'", "[18446744073709551615u]"},
       "\"1111111111111111111111111111111111111111111111111111111111111111\""},
      {"format", {"'%x %X'", "['Hello', b'z']"}, "\"48656c6c6f 7A\""},
      {"format", {"'%f'", "[2.71828]"}, "\"2.718280\""},
      {"format", {"'%f %.1f'", "[3, 4u]"}, "\"3.000000 4.0\""},
      {"format", {"'%.3f %.3f'", "[123.4999, -123.4994]"}, "\"123.500 -123.499\""},
      {"format", {"'%.0f %.0f %.0f'", "[1.5, 2.5, 3.4999]"}, "\"2 2 3\""},
      {"format", {"'%.3f'", "[1.2345]"}, "\"1.234\""},
      {"format", {"'%e %.6e'", "[2.71828, 1052.032911275]"}, "\"2.718280e+00 1.052033e+03\""},
      {"format", {"'%f %e'", "[double('NaN'), double('Infinity')]"}, "\"NaN Infinity\""},
  };
  check_calls(rows);
}

TEST_CASE("a clause that is unknown or does not fit its argument is an error that says so") {
  const CallRow rows[] = {
      {"format", {"'%a'", "[1]"}, "error: format: there is no clause '%a'"},
      {"format", {"'%é'", "[1]"}, "error: format: there is no clause '%é'"},
      {"format", {"'%E'", "[1.0]"}, "error: format: there is no clause '%E'"},
      {"format", {"'100%'", "[]"}, "error: format: the text ends in the middle of a clause"},
      {"format", {"'%.'", "[1.0]"}, "error: format: a precision is a dot and a number up to 1000"},
      {"format", {"'%.-1f'", "[1.0]"}, "error: format: a precision is*"},
      {"format", {"'%.1001f'", "[1.0]"}, "error: format: a precision is*"},
      {"format", {"'%.99999999999f'", "[1.0]"}, "error: format: a precision is*"},
      {"format",
       {"'%d %d %d'", "[0, 1]"},
       "error: format: index 2 out of range: there are 2 arguments"},
      {"format", {"'%b'", "['abc']"}, "error: format: %b does not take string"},
      {"format",
       {"'%d'", "[duration('30m2s')]"},
       "error: format: %d does not take google.protobuf.Duration"},
      {"format", {"'%d'", "['1']"}, "error: format: %d does not take string"},
      {"format", {"'%o'", "['a']"}, "error: format: %o does not take string"},
      {"format", {"'%x'", "[0.5]"}, "error: format: %x does not take double"},
      {"format", {"'%X'", "[null]"}, "error: format: %X does not take null_type"},
      {"format", {"'%f'", "['1']"}, "error: format: %f does not take string"},
      {"format", {"'%e'", "[null]"}, "error: format: %e does not take null_type"},
      {"format", {"'%s'", "dyn('a')"}, "error: no such overload*"},
  };
  check_calls(rows);
}

TEST_CASE("a quoted text can be pasted into an expression") {
  const CallRow rows[] = {
      {"strings.quote", {R"('first\nsecond')"}, R"("\"first\\nsecond\"")"},
      {"strings.quote", {R"("bell\a")"}, R"("\"bell\\a\"")"},
      {"strings.quote", {R"('\b\f\r\t\v')"}, R"("\"\\b\\f\\r\\t\\v\"")"},
      {"strings.quote", {R"('a "b" \\ \'c\'')"}, R"("\"a \\\"b\\\" \\\\ 'c'\"")"},
      {"strings.quote", {"'завтра😀'"}, R"("\"завтра😀\"")"},
      {"strings.quote", {"''"}, R"("\"\"")"},
  };
  check_calls(rows);
}

}  // namespace
}  // namespace holdpoint::policy::cel
