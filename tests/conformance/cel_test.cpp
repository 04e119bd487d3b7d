// The engine under the official suite of CEL: every case is parsed, checked and evaluated, and what
// comes out is compared in value, kind and type. A case may be left out only by exceptions.txt, and
// an exception that would pass, or that meets no case, fails too.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "conformance/cases.hpp"
#include "conformance/exceptions.hpp"
#include "conformance/values.hpp"
#include "policy/cel/parser.hpp"

namespace holdpoint::conformance {
namespace {

using policy::cel::Evaluation;
using policy::cel::Program;

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string outcome_text(const Evaluation& evaluation) {
  switch (evaluation.outcome) {
    case Evaluation::Outcome::error: return "an error: " + evaluation.message;
    case Evaluation::Outcome::unknown: return "unknown";
    case Evaluation::Outcome::value: break;
  }
  return std::string(kind_name(evaluation.value.kind())) + " " + text_of(evaluation.value);
}

/// "" when the evaluation is as expected.
std::string evaluation_problem(const Case& one, const Program& program) {
  const Evaluation evaluation = program.evaluate(one.facts);
  const bool has_value = evaluation.outcome == Evaluation::Outcome::value;
  bool is_fine = false;
  if (one.expectation == Expectation::error) {
    is_fine = evaluation.outcome == Evaluation::Outcome::error;
  } else if (one.expectation == Expectation::holds) {
    is_fine = evaluation.is_true();
  } else {
    is_fine = has_value && is_expected(evaluation.value, one.value.as_object());
  }
  return is_fine ? "" : "the evaluation gives " + outcome_text(evaluation);
}

/// "" when the case is as expected, otherwise what is wrong.
std::string problem_of(const Case& one) {
  const bool is_readable = policy::cel::parse(one.expression, one.options.limits).has_value();
  if (one.expectation == Expectation::readable) return is_readable ? "" : "it cannot be read";
  if (one.expectation == Expectation::unreadable) return is_readable ? "it can be read" : "";
  policy::cel::Options options = one.options;
  options.functions = &one.functions;
  const auto program = Program::compile(one.expression, one.schema, options);
  if (one.expectation == Expectation::refused) {
    return is_readable && !program ? "" : "it is not refused by the checker";
  }
  if (!program) return "it is refused: " + program.error().front().text();
  const std::string type = program->result_type().text();
  if (!one.type.empty() && type != one.type) return "its type is " + type + ", not " + one.type;
  return one.expectation == Expectation::accepted ? "" : evaluation_problem(one, *program);
}

struct Count {
  int passed = 0;
  int failed = 0;
  int excepted = 0;
};

class Run {
 public:
  explicit Run(std::vector<Exception> exceptions) : exceptions_(std::move(exceptions)) {}

  void judge(const Case& one) {
    const std::string problem = problem_of(one);
    Count& count = groups_[std::string(one.group())];
    Exception* exception = exception_of(one.id);
    if (exception != nullptr) {
      ++exception->cases;
      ++count.excepted;
      CHECK_MESSAGE(!problem.empty(), one.id << " passes, so that it is no exception");
      return;
    }
    ++(problem.empty() ? count.passed : count.failed);
    CHECK_MESSAGE(problem.empty(), one.id << "\n  " << one.expression << "\n  " << problem);
  }

  /// The table of what passed, failed and was skipped, and why it was skipped.
  [[nodiscard]] std::string table() const {
    std::string out = fmt::format("{:<30}{:>8}{:>8}{:>8}\n", "", "passed", "failed", "skipped");
    Count all;
    for (const auto& [name, count] : groups_) {
      out += row(name, count);
      all.passed += count.passed;
      all.failed += count.failed;
      all.excepted += count.excepted;
    }
    out += row("all", all);
    std::map<std::string, std::size_t> reasons;
    for (const Exception& exception : exceptions_) reasons[exception.reason] += exception.cases;
    for (const auto& [reason, count] : reasons) {
      out += fmt::format("{:>6} skipped: {}\n", count, reason);
    }
    return out;
  }

  void check_exceptions() const {
    for (const Exception& exception : exceptions_) {
      CHECK_MESSAGE(exception.cases > 0, exception.pattern << " is the name of no case");
    }
  }

 private:
  static std::string row(const std::string& name, const Count& count) {
    return fmt::format("{:<30}{:>8}{:>8}{:>8}\n", name, count.passed, count.failed, count.excepted);
  }

  Exception* exception_of(const std::string& id) {
    for (Exception& exception : exceptions_) {
      if (matches(exception.pattern, id)) return &exception;
    }
    return nullptr;
  }

  std::vector<Exception> exceptions_;
  std::map<std::string, Count> groups_;
};

/// ctest hides what a test prints that passes, so the table also goes to a file, for ./test to
/// show.
void show(const std::string& table) {
  fmt::print("{}", table);
  std::fflush(stdout);
  const char* path = std::getenv("HOLDPOINT_CEL_TABLE");
  if (path == nullptr) return;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << table;
  file.close();
  CHECK_MESSAGE(file, "cannot write " << path);
}

TEST_CASE("the engine does what the official suite of CEL says") {
  const char* path = std::getenv("HOLDPOINT_CEL_CASES");
  if (path == nullptr || !std::filesystem::exists(path)) {
    fmt::print("skipped: the official suite is not installed\n");
    return;
  }
  const auto suite = read_suite(contents(path));
  REQUIRE_MESSAGE(suite.has_value(), suite.error());
  REQUIRE(suite->cases.size() > 2'000);
  auto exceptions = read_exceptions(
      contents(std::filesystem::path(HP_SOURCE) / "tests/conformance/exceptions.txt"));
  REQUIRE(exceptions.has_value());
  Run run(std::move(*exceptions));
  for (const Case& one : suite->cases) run.judge(one);
  run.check_exceptions();
  show(run.table());
}

}  // namespace
}  // namespace holdpoint::conformance
