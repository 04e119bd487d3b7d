// holdpoint policy test: runs the tests that policies carry, without a server, and says of each why
// it did not come out as expected and which results of each rule were shown.
#include <fstream>
#include <memory>
#include <ostream>

#include "base/regex.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/junit.hpp"
#include "cli/policy_files.hpp"
#include "cli/words.hpp"
#include "policy/test_run.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string run;
  std::string junit;
  bool coverage = false;
};

/// A document with the tests of it that were run.
struct Tested {
  const LocalPolicy* policy = nullptr;
  std::vector<policy::TestOutcome> outcomes;
  std::vector<std::size_t> numbers;  // of the tests in the document
};

struct Sum {
  std::size_t passed = 0;
  std::size_t failed = 0;
};

Sum sum_of(const std::vector<Tested>& all) {
  Sum sum;
  for (const Tested& one : all) {
    for (const policy::TestOutcome& outcome : one.outcomes) {
      ++(outcome.passed() ? sum.passed : sum.failed);
    }
  }
  return sum;
}

std::vector<Tested> run_all(const std::vector<LocalPolicy>& policies,
                            const policy::FactsSchemas& schemas, const Regex* wanted) {
  std::vector<Tested> all;
  for (const LocalPolicy& policy : policies) {
    Tested tested{&policy, {}, {}};
    const auto& tests = policy.criteria.document().tests;
    for (std::size_t i = 0; i < tests.size(); ++i) {
      if (wanted != nullptr && !wanted->matches(tests[i].name)) continue;
      tested.outcomes.push_back(policy::run_test(policy.criteria, i, schemas.at(policy.kind())));
      tested.numbers.push_back(i);
    }
    all.push_back(std::move(tested));
  }
  return all;
}

/// "criteria.yaml:81: the test 'x' passed, but must fail; …"
std::string complaint_text(const Tested& tested, const policy::TestComplaint& complaint) {
  const auto placed = tested.policy->placed(complaint.path, complaint.message);
  return tested.policy->source.file + ":" + std::to_string(placed.line) + ": " + placed.message;
}

void print_outcomes(const Tested& tested, Session& session) {
  session.out() << session.paint(printable(tested.policy->name()), Tone::strong) << "  "
                << printable(tested.policy->source.file) << '\n';
  if (tested.outcomes.empty()) session.out() << "  – no test was run\n";
  for (const policy::TestOutcome& outcome : tested.outcomes) {
    const StatusWord word = rule_word(outcome.passed() ? "pass" : "fail");
    session.out() << "  " << session.paint(word.text(), word.tone) << "  "
                  << printable(outcome.name) << '\n';
    for (const policy::TestComplaint& complaint : outcome.complaints) {
      session.out() << indented(complaint_text(tested, complaint), 6);
    }
  }
}

Cell count_cell(std::int64_t count, Tone when_none) {
  return {std::to_string(count), count == 0 ? when_none : Tone::plain};
}

void print_coverage(const std::vector<Tested>& all, Session& session) {
  for (const Tested& tested : all) {
    const auto coverage = policy::tally_of(tested.policy->criteria.document(), tested.outcomes);
    if (coverage.empty()) {
      session.out() << '\n'
                    << session.paint(printable(tested.policy->name()), Tone::strong)
                    << " has no rules; `selects` in its tests says which of its parts apply\n";
      continue;
    }
    Table table({"RULE", "PASSED", "FAILED", "UNKNOWN", "SKIPPED", "SHOWN"});
    std::size_t whole = 0;
    for (const policy::RuleTally& row : coverage) {
      whole += row.is_whole() ? 1 : 0;
      const std::string shown = row.is_whole()               ? "both ways"
                                : row.held + row.failed == 0 ? "neither way"
                                : row.held > 0               ? "passing only"
                                                             : "failing only";
      table.add({{row.rule},
                 count_cell(row.held, Tone::attention),
                 count_cell(row.failed, Tone::attention),
                 count_cell(row.untold, Tone::plain),
                 count_cell(row.skipped, Tone::plain),
                 {shown, row.is_whole() ? Tone::good : Tone::attention}});
    }
    session.out() << '\n'
                  << session.paint("Rules of " + printable(tested.policy->name()), Tone::strong)
                  << ": " << whole << " of " << coverage.size()
                  << " shown passing and failing by a test\n"
                  << table.text(session.colour());
  }
}

json::object json_of(const Tested& tested) {
  json::array tests;
  for (const policy::TestOutcome& outcome : tested.outcomes) {
    json::array complaints;
    for (const policy::TestComplaint& complaint : outcome.complaints) {
      const auto placed = tested.policy->placed(complaint.path, complaint.message);
      complaints.push_back({{"line", placed.line},
                            {"column", placed.column},
                            {"path", placed.path},
                            {"message", placed.message}});
    }
    tests.push_back({{"name", outcome.name},
                     {"passed", outcome.passed()},
                     {"complaints", std::move(complaints)}});
  }
  json::array coverage;
  for (const auto& row : policy::tally_of(tested.policy->criteria.document(), tested.outcomes)) {
    coverage.push_back(to_json(row));
  }
  return {{"name", tested.policy->name()},
          {"file", tested.policy->source.file},
          {"tests", std::move(tests)},
          {"coverage", std::move(coverage)}};
}

void print_as_json(const std::vector<Tested>& all, Session& session) {
  const Sum sum = sum_of(all);
  json::array policies;
  for (const Tested& tested : all) policies.push_back(json_of(tested));
  session.out() << json::serialize(json::object{{"passed", sum.passed},
                                                {"failed", sum.failed},
                                                {"policies", std::move(policies)}})
                << '\n';
}

Tried<void> write_junit(const std::string& path, const std::vector<Tested>& all) {
  std::vector<JunitSuite> suites;
  for (const Tested& tested : all) {
    JunitSuite suite{tested.policy->name(), tested.policy->source.file, {}};
    for (const policy::TestOutcome& outcome : tested.outcomes) {
      JunitCase one{outcome.name, {}};
      for (const policy::TestComplaint& complaint : outcome.complaints) {
        one.failures.push_back(complaint_text(tested, complaint));
      }
      suite.cases.push_back(std::move(one));
    }
    suites.push_back(std::move(suite));
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << junit_text(suites);
  file.close();
  if (!file)
    return wrong_use("Cannot write the file.", path, "Check the path and its permissions.");
  return {};
}

void print(const std::vector<Tested>& all, const Options& options, Session& session) {
  for (const Tested& tested : all) print_outcomes(tested, session);
  if (options.coverage) print_coverage(all, session);
  const Sum sum = sum_of(all);
  const std::size_t count = sum.passed + sum.failed;
  session.out() << '\n'
                << count << (count == 1 ? " test: " : " tests: ") << sum.passed << " passed, "
                << sum.failed << " failed\n";
}

Exit run_tests(const Options& options, Session& session) {
  std::optional<Regex> wanted;
  if (!options.run.empty()) {
    auto compiled = Regex::compile(options.run);
    if (!compiled) {
      return session.fail(wrong_use("The pattern is none: " + compiled.error() + ".", "--run",
                                    "Write a regular expression (RE2) over the names of tests.")
                              .error());
    }
    wanted = std::move(*compiled);
  }
  const auto schemas = facts_schemas(session);
  if (!schemas) return session.fail(schemas.error());
  const auto policies = sound_policies(options.files, *schemas, policy::OwnTests::leave, session);
  if (!policies) return policies.error();
  const auto all = run_all(*policies, *schemas, wanted ? &*wanted : nullptr);
  const Sum sum = sum_of(all);
  if (wanted && sum.passed + sum.failed == 0) {
    return session.fail(
        wrong_use("No test has a name like that.", "--run", "Run without it to see all names.")
            .error());
  }
  if (!options.junit.empty()) {
    if (const auto written = write_junit(options.junit, all); !written) {
      return session.fail(written.error());
    }
  }
  if (session.format() == Format::json) {
    print_as_json(all, session);
  } else {
    print(all, options, session);
  }
  // No test shows nothing, which is no success.
  return sum.failed == 0 && sum.passed > 0 ? Exit::yes : Exit::no;
}

}  // namespace

Command policy_test_command() {
  const auto o = std::make_shared<Options>();
  return {"policy test",
          "Run the tests that policies carry, without a server",
          {policy_files_parameter(o->files),
           {"--run", "REGEX", "Only tests whose name matches", &o->run},
           {"--coverage", "", "Show which results of each rule were shown", &o->coverage},
           {"--junit",
            "FILE",
            "Also write the results as JUnit XML",
            &o->junit,
            Presence::optional,
            {},
            ValueKind::path}},
          [o](Session& session) { return run_tests(*o, session); }};
}

}  // namespace holdpoint::cli
