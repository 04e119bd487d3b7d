// Patterns: replacing and extracting as tables, and that constant ones are compiled once, with the
// program: doing it in every evaluation made expressions fifty times slower elsewhere.
#include "policy/cel/compiled.hpp"
#include "policy/cel/function_test_calls.hpp"

namespace holdpoint::policy::cel {
namespace {

TEST_CASE("matches are replaced, with their groups where the replacement names them") {
  const CallRow rows[] = {
      {"regex.replace", {"'hello world hello'", "'hello'", "'hi'"}, "\"hi world hi\""},
      {"regex.replace", {"'banana'", "'a'", "'x'", "0"}, "\"banana\""},
      {"regex.replace", {"'banana'", "'a'", "'x'", "2"}, "\"bxnxna\""},
      {"regex.replace", {"'banana'", "'a'", "'x'", "-12"}, "\"bxnxnx\""},
      {"regex.replace", {"'foo bar'", "'(fo)o (ba)r'", R"(r'\2 \1 \0')"}, "\"ba fo foo bar\""},
      {"regex.replace", {"'ab'", "'(a)|(b)'", R"(r'[\1\2]')"}, "\"[a][b]\""},
      {"regex.replace", {"'a.b'", "r'\\.'", R"(r'\\')"}, R"("a\\b")"},
      {"regex.replace", {"'aé'", "''", "'-'"}, "\"-a-é-\""},
      {"regex.replace", {"'abc'", "'b*'", "'-'"}, "\"-a-c-\""},
      {"regex.replace", {"'aa'", "'^a'", "'x'"}, "\"xa\""},
      {"regex.replace",
       {"'test'", "'(.)'", R"(r'\2')"},
       "error: the replacement names group 2, and the pattern has 1"},
      {"regex.replace",
       {"'test'", "'t'", R"(r'\a')"},
       "error: in the replacement a digit or a backslash must follow a backslash"},
      {"regex.replace",
       {"'test'", "'t'", R"('\\')"},
       "error: the replacement ends with a backslash"},
      {"regex.replace", {"'test'", "'('", "''"}, "error: the pattern is not a regular expression"},
      {"regex.replace", {"'test'", "'t'", "''", "dyn('1')"}, "error: no such overload*"},
  };
  check_calls(rows);
}

TEST_CASE("every match is extracted, or its one group") {
  const CallRow rows[] = {
      {"regex.extractAll", {"'id:123, id:456'", R"(r'id:\d+')"}, "[\"id:123\", \"id:456\"]"},
      {"regex.extractAll", {"'id:123, id:456'", R"(r'id:(\d+)')"}, "[\"123\", \"456\"]"},
      {"regex.extractAll", {"'id:123'", "'assa'"}, "[]"},
      {"regex.extractAll", {"'a, b=1'", "'[a-z](=[0-9])?'"}, "[\"=1\"]"},
      {"regex.extractAll", {"'é'", "'x*'"}, "[\"\", \"\"]"},
      {"regex.extractAll",
       {"'a@b'", "'(.*)@([^.]*)'"},
       "error: the pattern has more than one group"},
      {"regex.extractAll", {"'a'", "'['"}, "error: the pattern is not a regular expression"},
      {"regex.extractAll", {"'a'", "dyn(1)"}, "error: no such overload*"},
  };
  check_calls(rows);
}

TEST_CASE("a constant pattern is compiled with the program and never while it runs") {
  const auto constant = Program::compile("tags.all(t, t.matches('^[a-z]+$'))", test_schema());
  REQUIRE(constant.has_value());
  CHECK(constant->compiled().regexes.size() == 1);
  const Evaluation evaluation = constant->evaluate(test_facts());
  CHECK(evaluation.is_true());
  CHECK(evaluation.cost < Session::pattern_cost / 10);

  const auto dynamic = Program::compile("tags.all(t, t.matches('^' + t))", test_schema());
  REQUIRE(dynamic.has_value());
  CHECK(dynamic->compiled().regexes.empty());
  CHECK(dynamic->evaluate(test_facts()).cost > 2 * Session::pattern_cost);
}

}  // namespace
}  // namespace holdpoint::policy::cel
