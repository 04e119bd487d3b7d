// Which test the cases of a report belong to, and what the report thereby says of each.
#include <algorithm>

#include "base/text.hpp"
#include "validation/validation.hpp"

namespace holdpoint::validation {
namespace {

int badness(evidence::TestOutcome outcome) {
  switch (outcome) {
    case evidence::TestOutcome::passed: return 0;
    case evidence::TestOutcome::skipped: return 1;
    case evidence::TestOutcome::error: return 2;
    case evidence::TestOutcome::failed: return 3;
  }
  return 3;
}

/// The test case that the case belongs to: a key that names none is no reason to guess by names.
const std::pair<const std::string, TestCaseId>* test_case_of(const evidence::TestCase& found,
                                                             const KnownTests& known) {
  const auto at_key = [&](std::string_view key) {
    const auto row = known.by_key.find(key);
    return row == known.by_key.end() ? nullptr : &*row;
  };
  if (found.key) return at_key(*found.key);
  for (const std::string& suite : {found.suite, std::string()}) {
    const auto row = known.key_by_names.find({suite, found.name});
    if (row != known.key_by_names.end()) return at_key(row->second);
  }
  return nullptr;
}

}  // namespace

evidence::TestOutcome worse(evidence::TestOutcome a, evidence::TestOutcome b) {
  return badness(b) > badness(a) ? b : a;
}

Matched match(const evidence::TestCases& cases, const KnownTests& known) {
  std::map<std::string, Result> results;
  std::set<std::string> told_not;
  std::set<std::string> unknown;
  for (const evidence::TestCase& found : cases.items) {
    std::set<std::string> requirements;
    for (const std::string& key : found.requirements) {
      const auto row = known.requirement_ids.find(key);
      if (row == known.requirement_ids.end()) {
        unknown.insert(key);
      } else {
        requirements.insert(row->second);
      }
    }
    const auto* test_case = test_case_of(found, known);
    if (test_case == nullptr && requirements.empty()) continue;
    Result result;
    if (test_case != nullptr) {
      result.test_case = test_case->second;
      result.name = test_case->first;
    } else {
      const std::string name = found.suite.empty() ? found.name : found.suite + "." + found.name;
      result.name = std::string(cut_text(name, result_name_bytes_max));
    }
    const std::string test = result.test();
    auto row = results.find(test);
    if (row == results.end()) {
      if (results.size() >= results_max) {
        told_not.insert(test);
        continue;
      }
      result.outcome = found.outcome;
      row = results.emplace(test, std::move(result)).first;
    }
    Result& kept = row->second;
    kept.outcome = worse(kept.outcome, found.outcome);
    ++kept.cases;
    if (badness(found.outcome) > badness(evidence::TestOutcome::skipped)) ++kept.failing;
    for (const std::string& id : requirements) {
      const auto place = std::ranges::lower_bound(kept.requirements, id);
      const bool is_new = place == kept.requirements.end() || *place != id;
      if (is_new && kept.requirements.size() < requirements_of_case_max) {
        kept.requirements.insert(place, id);
      }
    }
  }
  Matched matched;
  for (auto& [test, result] : results) matched.results.push_back(std::move(result));
  matched.results_cut = static_cast<std::int64_t>(told_not.size());
  matched.unknown_requirements = static_cast<std::int64_t>(unknown.size());
  return matched;
}

}  // namespace holdpoint::validation
