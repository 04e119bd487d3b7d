// What is warned of because no test of the document has shown it, and what the tests have shown.
#include "policy/warnings.hpp"

#include <doctest/doctest.h>

#include "policy/advice_testing.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::string_view kRules = R"yaml(  match: size > 0
  rules:
    - {id: both, require: failed == 0, message: m}
    - {id: never-fails, require: line_bp >= 0, message: m}
    - {id: at-times, when: signed, require: limit > 5, message: m}
    - {id: unclear, require: lost == 0, message: m}
)yaml";

constexpr std::string_view kTests = R"yaml(  tests:
    - {name: good, given: {size: 1, failed: 0, line_bp: 1, signed: true, limit: 9}, expect: failed}
    - {name: bad, given: {size: 1, failed: 2, line_bp: 1, signed: false}, expect: failed}
)yaml";

struct Tested {
  CompiledCriteria criteria;
  std::vector<TestOutcome> outcomes;

  explicit Tested(const std::string& spec) : criteria(compiled(spec)) {
    for (std::size_t i = 0; i < criteria.document().tests.size(); ++i) {
      outcomes.push_back(run_test(criteria, i, advice_schema()));
    }
  }

  static CompiledCriteria compiled(const std::string& spec) {
    const auto criteria = compile_criteria(advice_document(spec), advice_schema());
    REQUIRE_MESSAGE(criteria, (criteria ? "" : criteria.error().front().text()));
    return *criteria;
  }
  [[nodiscard]] std::vector<PolicyIssue> warnings() const {
    return warnings_of(criteria, outcomes, {});
  }
};

TEST_CASE("a document's tests show which rules were seen to pass, to fail and not to apply") {
  const Tested tested(std::string(kRules) + std::string(kTests));
  const auto rows = tally_of(tested.criteria.document(), tested.outcomes);
  REQUIRE(rows.size() == 4);
  const auto is = [&](std::size_t row, std::string_view rule, bool passed, bool failed, bool off) {
    CHECK(rows[row].rule == rule);
    CHECK((rows[row].held > 0) == passed);
    CHECK((rows[row].failed > 0) == failed);
    CHECK((rows[row].skipped > 0) == off);
  };
  is(0, "both", true, true, false);
  is(1, "never-fails", true, false, false);
  is(2, "at-times", true, false, true);
  is(3, "unclear", false, false, false);
  CHECK(rows[3].untold == 2);
}

TEST_CASE("what was not seen both ways is named with its place") {
  const auto warnings = Tested(std::string(kRules) + std::string(kTests)).warnings();
  REQUIRE(warnings.size() == 4);
  CHECK(warnings[0].message == "no test shows 'ready' not applying, as its `match` decides");
  CHECK(warnings[0].path == "/spec/match");
  CHECK(warnings[1].text() == "/spec/rules/1: 8:34: no test shows the rule 'never-fails' failing");
  CHECK(warnings[2].message == "no test shows the rule 'at-times' failing");
  CHECK(warnings[3].message == "no test shows the rule 'unclear' passing, and none failing");
}

TEST_CASE("a rule that applies at times is warned of until a test shows it not applying") {
  const std::string rule = "  rules: [{id: a, when: signed, require: limit > 5, message: m}]\n";
  const std::string tests =
      "  tests:\n    - {name: good, given: {signed: true, limit: 9}, expect: passed}\n"
      "    - {name: bad, given: {signed: true, limit: 1}, expect: failed}\n";
  const auto warnings = Tested(rule + tests).warnings();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].message == "no test shows the rule 'a' not applying");
  CHECK(Tested(rule + tests + "    - {name: unsigned, given: {signed: false}, expect: passed}\n")
            .warnings()
            .empty());
}

TEST_CASE("without tests nothing was seen, and with enough of them nothing is missing") {
  const std::string rule = "  rules: [{id: a, require: signed, message: m}]\n";
  CHECK(Tested(rule).warnings().size() == 1);
  CHECK(Tested(rule + "  tests:\n    - {name: good, given: {signed: true}, expect: passed}\n"
                      "    - {name: bad, given: {signed: false}, expect: failed}\n")
            .warnings()
            .empty());
}

}  // namespace
}  // namespace holdpoint::policy
