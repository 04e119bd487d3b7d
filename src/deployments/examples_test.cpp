// The documents of examples/ and those in the guides, judged by the program as it is: every one
// compiles, every rule is shown passing and failing by a test, nothing about them is warned of, and
// what their remedies say they bring about is proved. An example that rots is worse than none.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "deployments/gate_facts.hpp"
#include "policy/stream.hpp"
#include "policy/test_run.hpp"
#include "policy/warnings.hpp"

namespace holdpoint::deployments {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view place_here = "src/deployments/";
/// Before any review of an example is due.
const Instant kNow{1'795'500'000'000'000};

fs::path source_folder() {
  const std::string here = __FILE__;
  return here.substr(0, here.rfind(place_here));
}

const policy::FactsSchemas& schemas() {
  static const policy::FactsSchemas all = [] {
    policy::FactsSchemas out;
    for (const auto& [kind, schema] : facts_schemas()) {
      out.emplace(kind, *policy::cel::Schema::from_json(schema));
    }
    return out;
  }();
  return all;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> files_below(const std::string& folder, const std::string& extension) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(source_folder() / folder)) {
    if (entry.path().extension() == extension) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

struct Example {
  std::string place;
  policy::CompiledCriteria criteria;
};

/// Compiles every policy of the stream; what does not compile fails the running test.
void add_policies(const std::string& place, const std::string& stream, std::vector<Example>& to) {
  const auto documents = policy::documents_of(stream);
  REQUIRE_MESSAGE(documents, place, ": ", documents.error().text());
  for (const policy::WrittenDocument& document : *documents) {
    if (!policy::policy_kind(document)) continue;
    auto compiled = policy::compile_written(document, schemas());
    if (!compiled) FAIL(place, ": ", compiled.error().front().text());
    to.push_back({place + " " + compiled->document().name, std::move(*compiled)});
  }
}

const std::vector<Example>& examples() {
  static const std::vector<Example> all = [] {
    std::vector<Example> out;
    for (const fs::path& file : files_below("examples", ".yaml")) {
      add_policies(file.filename().string(), text_of(file), out);
    }
    return out;
  }();
  return all;
}

std::vector<policy::TestOutcome> outcomes_of(const policy::CompiledCriteria& criteria) {
  std::vector<policy::TestOutcome> out;
  for (std::size_t i = 0; i < criteria.document().tests.size(); ++i) {
    out.push_back(policy::run_test(criteria, i, schemas().at(criteria.document().kind)));
  }
  return out;
}

/// The retention example selects nothing by a condition, so there is nothing that a test could
/// show.
bool has_something_to_test(const policy::CriteriaDocument& document) {
  return document.kind != policy::Kind::retention_policy;
}

}  // namespace

TEST_CASE("there are examples of every kind, and no two have the same kind and name") {
  std::set<policy::Kind> kinds;
  std::set<std::pair<policy::Kind, std::string>> names;
  for (const Example& one : examples()) {
    const policy::CriteriaDocument& document = one.criteria.document();
    kinds.insert(document.kind);
    // Holdpoint's own documents are applied to a server of their own.
    const bool is_new = names.emplace(document.kind, document.name).second;
    CHECK_MESSAGE(is_new, one.place);
  }
  CHECK(kinds.size() == policy::kinds().size());
}

TEST_CASE("every example says what it is for, and when somebody looks at it again") {
  for (const fs::path& file : files_below("examples/policies", ".yaml")) {
    std::vector<Example> found;
    add_policies(file.filename().string(), text_of(file), found);
    for (const Example& one : found) {
      CHECK_MESSAGE(!one.criteria.document().description.empty(), one.place);
      CHECK_MESSAGE(!one.criteria.document().review_by.empty(), one.place);
      for (const policy::RuleSource& rule : one.criteria.document().rules) {
        CHECK_MESSAGE(rule.remedy.has_value(), one.place, " ", rule.id);
      }
    }
  }
}

TEST_CASE("every rule of every example is shown passing and failing, and nothing is warned of") {
  for (const Example& one : examples()) {
    const auto outcomes = outcomes_of(one.criteria);
    if (has_something_to_test(one.criteria.document())) CHECK_MESSAGE(!outcomes.empty(), one.place);
    for (const policy::RuleTally& row : policy::tally_of(one.criteria.document(), outcomes)) {
      CHECK_MESSAGE(row.is_whole(), one.place, " ", row.rule);
    }
    for (const policy::PolicyIssue& warning : policy::warnings_of(one.criteria, outcomes, kNow)) {
      FAIL_CHECK(one.place, ": ", warning.text());
    }
  }
}

TEST_CASE("every condition of a kept example is shown holding and not holding") {
  for (const Example& one : examples()) {
    const policy::CriteriaDocument& document = one.criteria.document();
    for (const policy::ConditionSource& condition : document.conditions) {
      if (condition.expression.empty()) continue;
      const auto selects = [&](const policy::TestSource& test) {
        return test.selects &&
               std::ranges::find(*test.selects, condition.name) != test.selects->end();
      };
      const auto leaves = [&](const policy::TestSource& test) {
        return test.selects && !selects(test);
      };
      CHECK_MESSAGE(std::ranges::any_of(document.tests, selects), one.place, " ", condition.name);
      CHECK_MESSAGE(std::ranges::any_of(document.tests, leaves), one.place, " ", condition.name);
    }
  }
}

TEST_CASE("what the remedy of an example says it brings about is proved wherever its rule fails") {
  int proved = 0;
  for (const Example& one : examples()) {
    const policy::CriteriaDocument& document = one.criteria.document();
    const policy::cel::Schema& schema = schemas().at(document.kind);
    for (const policy::TestSource& test : document.tests) {
      const auto verdict =
          policy::judge(one.criteria, policy::facts_of(test, schema), policy::Depth::advice);
      for (const policy::RuleVerdict& rule : verdict.rules) {
        const auto source =
            std::ranges::find(document.rules, rule.rule_id, &policy::RuleSource::id);
        const bool claims = source != document.rules.end() && source->remedy &&
                            source->remedy->effect && rule.result == policy::RuleResult::fail;
        if (!claims) continue;
        REQUIRE(rule.remedy);
        CHECK_MESSAGE(rule.remedy->verified, one.place, " ", rule.rule_id, " in '", test.name,
                      "': ", rule.remedy->unverified_because);
        ++proved;
      }
    }
  }
  CHECK(proved >= 30);
}

}  // namespace holdpoint::deployments
