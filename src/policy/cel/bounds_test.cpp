// Nothing that is written as an expression crashes, hangs or takes unbounded memory.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "policy/cel/testing.hpp"

namespace holdpoint::policy::cel {
namespace {

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST_CASE("deep and long expressions are refused or judged, never a crash") {
  CHECK(outcome(repeated("(", 1'000'000)).starts_with("refused"));
  for (const std::string_view piece : {"(",
                                       "[",
                                       "{1:",
                                       "!",
                                       "-",
                                       "a.",
                                       "1+",
                                       "true?",
                                       "size(",
                                       "[1].all(x,",
                                       "'",
                                       "\"\"\"",
                                       "\\",
                                       "1<",
                                       "a[",
                                       ".",
                                       "any.?",
                                       "any[?",
                                       "[?",
                                       "{?1:",
                                       "cel.bind(x, 1, ",
                                       "optional.none().optMap(x, ",
                                       "cel.block([1], "}) {
    INFO(piece);
    CHECK(outcome(repeated(piece, 5'000)).starts_with("refused"));
  }
  CHECK(outcome("[" + repeated("1,", 3'000) + "]").starts_with("[1, 1"));
  CHECK(outcome(repeated("1 + ", 100) + "1") == "101");
  CHECK(outcome(repeated("true && ", 500) + "true") == "true");
  CHECK(outcome(repeated("1 + ", 1'000) + "1").starts_with("refused"));
}

TEST_CASE("the smallest sizes that every implementation accepts are accepted") {
  CHECK(outcome(repeated("false || ", 31) + "true") == "true");
  CHECK(outcome(repeated("true ? 1 : ", 24) + "2") == "1");
  CHECK(outcome(repeated("(", 12) + "1" + repeated(")", 12)) == "1");
  CHECK(outcome(repeated("[", 12) + "1" + repeated("]", 12) + repeated("[0]", 12)) == "1");
  CHECK(outcome(repeated("int(", 12) + "1" + repeated(")", 12)) == "1");
}

TEST_CASE("what costs one unit more than the budget has no value, whatever was found") {
  for (const char* expression :
       {"n == 7", "n > 1", "!flag", "flag || gone", "tags.exists(t, t == 'b')", "'b' in tags",
        "items.all(i, i.size > 0)", "name.startsWith('c')", "n + 1", "tests"}) {
    INFO(std::string(expression));
    const std::int64_t cost =
        Program::compile(expression, test_schema())->evaluate(test_facts()).cost;
    const auto within = [&](std::int64_t cost_max) {
      return Program::compile(expression, test_schema(), Limits{.cost_max = cost_max})
          ->evaluate(test_facts())
          .outcome;
    };
    REQUIRE(cost > 0);
    CHECK(within(cost) == Evaluation::Outcome::value);
    CHECK(within(cost - 1) == Evaluation::Outcome::error);
  }
}

TEST_CASE("cost and memory are bounded, and nothing absorbs that") {
  const std::string list = "[" + repeated("1,", 300) + "]";
  const std::string costly = list + ".all(a, " + list + ".all(b, " + list + ".all(c, a == b)))";
  CHECK(outcome("(" + costly + ") || true").contains(": the limit of cost"));
  CHECK(outcome(list + ".map(a, " + list + ".map(b, " + list + ".map(c, 'x' + 'y')))")
            .contains(": the limit of cost"));
  const auto program = Program::compile("n == 7 && m == 3", test_schema());
  CHECK(program->evaluate(test_facts()).cost == program->evaluate(test_facts()).cost);
}

TEST_CASE("what is too costly names the place that was being evaluated") {
  struct Spent {
    std::string_view expression;
    std::int64_t cost_max;
    std::string_view place;
  };
  for (const auto& [expression, cost_max, place] :
       std::vector<Spent>{{"n == 7 && m == 3", 2, "1:11"},
                          {"n == 7 &&\n  m == 3", 3, "2:5"},
                          {"tags.all(t, t != 'c')", 1, "1:6"},
                          {"tags.all(t, t != 'c')", 2, "1:13"},
                          {"items.exists(i, i.size > 5)", 3, "1:19"},
                          {"flag ? 1 / 1 + n : 0", 1, "1:10"},
                          {"[n, m]", 2, "1:1"},
                          {"true || name.contains('x')", 1, ""},
                          {"name.contains('x')", 3, "1:6"}}) {
    INFO(std::string(expression));
    const auto program = Program::compile(expression, test_schema(), Limits{.cost_max = cost_max});
    const Evaluation found = program->evaluate(test_facts());
    const std::string expected =
        place.empty() ? "" : std::string(place) + ": the limit of cost or memory is exceeded";
    CHECK(found.message == expected);
  }
  const auto scarce =
      Program::compile("flag &&\n [name] == tags", test_schema(), Limits{.memory_bytes_max = 8});
  CHECK(scarce->evaluate(test_facts()).message == "2:2: the limit of cost or memory is exceeded");
}

TEST_CASE("what is too costly inside a variable names the place in it, and who asked for it") {
  const Limits limits{.cost_max = 4};
  const auto inner = Program::compile("1 +\n m + n + n", test_schema(), limits);
  std::vector<Variable> variables = {{"sum", &*inner}};
  const auto outer = Program::compile("variables.sum * 2", test_schema(), variables, limits);
  variables.push_back({"twice", &*outer});
  const auto whole =
      Program::compile("flag && variables.twice > 1", test_schema(), variables, limits);
  CHECK(whole->evaluate(test_facts()).message ==
        "1:19: variables.twice: 1:11: variables.sum: 1:3: the limit of cost or memory is exceeded");
  const auto before =
      Program::compile("[n, m] + [variables.sum]", test_schema(), variables, limits);
  CHECK(before->evaluate(test_facts()).message == "1:1: the limit of cost or memory is exceeded");
}

/// A random expression over the shared schema, well formed but of any types.
rc::Gen<std::string> expressions(int depth) {
  const auto leaf = rc::gen::element<std::string>(
      "true", "false", "1", "0", "-1", "2u", "1.5", "'a'", "null", "n", "flag", "gone", "lost",
      "any", "any.x", "any.nope", "tags", "at", "age", "dyn(1)", "dyn('x')", "items",
      "tests.failed", "maybe", "wrong", "labels", "9223372036854775807", "1 / 0 == 1");
  if (depth == 0) return leaf;
  const auto inner = expressions(depth - 1);
  const auto binary = rc::gen::map(
      rc::gen::tuple(inner,
                     rc::gen::element<std::string>("&&", "||", "+", "-", "*", "/", "%",
                                                   "==", "!=", "<", "<=", ">", ">=", "in"),
                     inner),
      [](const std::tuple<std::string, std::string, std::string>& parts) {
        return "(dyn(" + std::get<0>(parts) + ") " + std::get<1>(parts) + " dyn(" +
               std::get<2>(parts) + "))";
      });
  const auto unary = rc::gen::map(
      rc::gen::tuple(
          rc::gen::element<std::string>(
              "!dyn(%)", "-dyn(%)", "size(dyn(%))", "dyn(%)[0]", "dyn(%).x", "has(dyn(%).x)",
              "dyn(%).all(v, v == 1)", "dyn(%).exists(v, dyn(v))", "dyn(%).map(v, v)",
              "dyn(%).filter(v, v != 1)", "[%]", "{'k': %}", "dyn(%).?x", "dyn(%)[?0]",
              "optional.of(%)", "optional.ofNonZeroValue(%)", "[?dyn(%)]", "{?'k': dyn(%)}",
              "dyn(%).orValue(1)", "dyn(%).or(any.?x)", "cel.bind(v, %, [v, v])",
              "dyn(%).optMap(v, [v])", "dyn(%).optFlatMap(v, any.?x)", "dyn(%).all(i, v, v == i)",
              "dyn(%).transformMap(i, v, v)", "dyn(%).transformMapEntry(i, v, {i: v})",
              "dyn(%).sortBy(v, v)", "dyn(%).first()", "type(dyn(%))", "string(dyn(%))",
              "int(dyn(%))", "(dyn(%) ? 1 : 2)", "dyn(%).getHours()"),
          inner),
      [](const std::tuple<std::string, std::string>& parts) {
        std::string text = std::get<0>(parts);
        return text.replace(text.find('%'), 1, std::get<1>(parts));
      });
  return rc::gen::oneOf(leaf, binary, unary);
}

TEST_CASE("any expression ends in a value, an error or an unknown, always the same") {
  CHECK(rc::check("evaluation is total and deterministic", [] {
    const std::string expression = *expressions(4);
    return outcome(expression) == outcome(expression);
  }));
}

TEST_CASE("and and or do not mind the order of their operands") {
  CHECK(rc::check("&& and || are commutative", [] {
    const std::string a = "dyn(" + *expressions(2) + ")";
    const std::string b = "dyn(" + *expressions(2) + ")";
    for (const std::string_view symbol : {" && ", " || "}) {
      const std::string forth = outcome(a + std::string(symbol) + b);
      const std::string back = outcome(b + std::string(symbol) + a);
      // Of two errors either may be told.
      if (forth.starts_with("error") && back.starts_with("error")) continue;
      if (forth != back && !forth.starts_with("refused")) return false;
    }
    return true;
  }));
}

TEST_CASE("any bytes are refused or judged") {
  CHECK(rc::check("compilation is total", [](const std::string& source) {
    const auto program = Program::compile(source, test_schema());
    return program || !program.error().empty();
  }));
}

}  // namespace
}  // namespace holdpoint::policy::cel
