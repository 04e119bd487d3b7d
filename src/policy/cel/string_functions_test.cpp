// Functions over text as tables: positions count characters, parts outside of the text are errors,
// and nothing that is asked for is made without a bound.
#include "policy/cel/function_test_calls.hpp"

namespace holdpoint::policy::cel {
namespace {

TEST_CASE("characters are found by their position") {
  const CallRow rows[] = {
      {"charAt", {"'tacocat'", "3"}, "\"o\""},
      {"charAt", {"'tacocat'", "7"}, "\"\""},
      {"charAt", {"'©αT'", "1"}, "\"α\""},
      {"charAt", {"'😀'", "1"}, "\"\""},
      {"charAt", {"'tacocat'", "8"}, "error: index out of range: 8"},
      {"charAt", {"'©'", "2"}, "error: index out of range: 2"},
      {"charAt", {"'a'", "-1"}, "error: index out of range: -1"},
      {"charAt",
       {"dyn(42)", "0"},
       "error: no such overload: the function does not take (int, int)"},
      {"substring", {"'tacocat'", "4"}, "\"cat\""},
      {"substring", {"'ta©o©αT'", "2", "6"}, "\"©o©α\""},
      {"substring", {"'ta©o©αT'", "7", "7"}, "\"\""},
      {"substring", {"'abc'", "4"}, "error: index out of range: 4"},
      {"substring", {"'abc'", "1", "50"}, "error: index out of range: 50"},
      {"substring", {"'abc'", "49", "50"}, "error: index out of range: 49"},
      {"substring", {"'tacocat'", "4", "3"}, "error: invalid substring range. start: 4, end: 3"},
      {"substring", {"'abc'", "dyn(true)"}, "error: no such overload*"},
  };
  check_calls(rows);
}

TEST_CASE("parts of a text are found from the front and from the back") {
  const CallRow rows[] = {
      {"indexOf", {"'tacocat'", "'ac'"}, "1"},
      {"indexOf", {"'tacocat'", "''"}, "0"},
      {"indexOf", {"'tacocat'", "'none'"}, "-1"},
      {"indexOf", {"'tacocat'", "''", "3"}, "3"},
      {"indexOf", {"'ta©o©αT'", "'©'", "3"}, "4"},
      {"indexOf", {"'ta©o©αT'", "'©α'", "5"}, "-1"},
      {"indexOf", {"'tacocat'", "'a'", "30"}, "error: index out of range: 30"},
      {"indexOf", {"'tacocat'", "'a'", "dyn('1')"}, "error: no such overload*"},
      {"lastIndexOf", {"'tacocat'", "'at'"}, "5"},
      {"lastIndexOf", {"'tacocat'", "''"}, "7"},
      {"lastIndexOf", {"''", "'@@'"}, "-1"},
      {"lastIndexOf", {"'ta©o©αT'", "'©'", "3"}, "2"},
      {"lastIndexOf", {"'ta©o©αT'", "'©α'", "4"}, "4"},
      {"lastIndexOf", {"'bananananana'", "'nana'", "7"}, "6"},
      {"lastIndexOf", {"'tacocat'", "'a'", "-1"}, "error: index out of range: -1"},
      {"lastIndexOf", {"dyn(1)", "'a'"}, "error: no such overload*"},
  };
  check_calls(rows);
}

TEST_CASE("texts are taken apart and put together") {
  const CallRow rows[] = {
      {"replace", {"'{0} days {0} hours'", "'{0}'", "'2'"}, "\"2 days 2 hours\""},
      {"replace", {"'{0} days {0} hours'", "'{0}'", "'2'", "1"}, "\"2 days {0} hours\""},
      {"replace", {"'aaa'", "'a'", "'b'", "0"}, "\"aaa\""},
      {"replace", {"'aaa'", "'a'", "'b'", "-7"}, "\"bbb\""},
      {"replace", {"'1 ©αT taco'", "'αT'", "'o©α'"}, "\"1 ©o©α taco\""},
      {"replace", {"'é1'", "''", "'-'"}, "\"-é-1-\""},
      {"replace", {"'é1'", "''", "'-'", "2"}, "\"-é-1\""},
      {"replace", {"''", "''", "'-'"}, "\"-\""},
      {"replace", {"'a'", "'b'", "dyn(1)"}, "error: no such overload*"},
      {"split", {"'hello world'", "' '"}, "[\"hello\", \"world\"]"},
      {"split", {"'a b c'", "' '", "0"}, "[]"},
      {"split", {"'a b c'", "' '", "1"}, "[\"a b c\"]"},
      {"split", {"'a b c'", "' '", "2"}, "[\"a\", \"b c\"]"},
      {"split", {"'a b c'", "' '", "9"}, "[\"a\", \"b\", \"c\"]"},
      {"split", {"'o©o©o'", "'©'", "-1"}, "[\"o\", \"o\", \"o\"]"},
      {"split", {"'aé😀'", "''"}, "[\"a\", \"é\", \"😀\"]"},
      {"split", {"'aé😀'", "''", "2"}, "[\"a\", \"é😀\"]"},
      {"split", {"',a,'", "','"}, "[\"\", \"a\", \"\"]"},
      {"split", {"''", "','"}, "[\"\"]"},
      {"split", {"''", "''"}, "[]"},
      {"split", {"'a'", "','", "dyn('1')"}, "error: no such overload*"},
      {"join", {"['x', 'y']"}, "\"xy\""},
      {"join", {"['x', 'y']", "'-'"}, "\"x-y\""},
      {"join", {"[]", "'-'"}, "\"\""},
      {"join", {"tags", "', '"}, "\"a, b\""},
      {"join", {"['x', dyn(1)]"}, "error: join() takes strings, and the list has a int"},
      {"reverse", {"'gums'"}, "\"smug\""},
      {"reverse", {"'aé😀'"}, "\"😀éa\""},
      {"reverse", {"''"}, "\"\""},
      {"reverse", {"dyn(1)"}, "error: no such overload*"},
      {"lowerAscii", {"'TacoCÆt'"}, "\"tacocÆt\""},
      {"upperAscii", {"'tacoCαt'"}, "\"TACOCαT\""},
  };
  check_calls(rows);
}

TEST_CASE("only white space is trimmed, of every kind that Unicode has") {
  const CallRow rows[] = {
      {"trim", {R"(' \f\n\r\t\vtext  ')"}, "\"text\""},
      {"trim", {R"('\u0085\u00a0\u1680text')"}, "\"text\""},
      {"trim", {R"('text\u2000\u2004\u2009')"}, "\"text\""},
      {"trim", {R"('\u200atext\u2028\u2029\u202F\u205F\u3000')"}, "\"text\""},
      {"trim", {"' a b '"}, "\"a b\""},
      {"trim", {"'  '"}, "\"\""},
  };
  check_calls(rows);
  const CallRow kept[] = {{"size", {R"('\u180etext\u200b\u2060\ufeff')"}, "8"}};
  check_calls(kept);
  const std::string trimmed = called("trim", {R"('\u180etext\u200b\u2060\ufeff')"});
  CHECK(character_count(trimmed) == 8 + 2);  // and its quotes
}

TEST_CASE("text becomes base64 and back") {
  const CallRow rows[] = {
      {"base64.encode", {"b'hello'"}, "\"aGVsbG8=\""},
      {"base64.encode", {"b''"}, "\"\""},
      {"base64.decode", {"'aGVsbG8='"}, "5 bytes"},
      {"base64.decode", {"'aGVsbG8'"}, "5 bytes"},
      {"base64.decode", {"''"}, "0 bytes"},
      {"base64.decode", {"'a'"}, "error: the text is not base64"},
      {"base64.decode", {"'a b='"}, "error: the text is not base64"},
      {"base64.decode", {"'_-8='"}, "error: the text is not base64"},
      {"base64.encode", {"dyn('a')"}, "error: no such overload*"},
  };
  check_calls(rows);
}

}  // namespace
}  // namespace holdpoint::policy::cel
