// How risky a change is: answers to the questions of a table, weighed and added up. The table is
// kept with the change, so that a later one judges no change of before.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "policy/kind_facts.hpp"

namespace holdpoint::changes {

using policy::RiskClass;

inline constexpr std::size_t questions_max = 20;
inline constexpr std::size_t answers_max = 10;
inline constexpr std::size_t question_bytes_max = 200;
inline constexpr std::int64_t weight_max = 100;
inline constexpr std::int64_t points_max = 100;

struct RiskQuestion {
  std::string id;
  std::string question;
  std::int64_t weight = 1;
  std::map<std::string, std::int64_t> answers;  // to points
  bool operator==(const RiskQuestion&) const = default;
};
HP_DESCRIBE(RiskQuestion, id, question, weight, answers)

/// `medium_from` and `high_from` are scores: the sum of points times weight.
struct RiskScale {
  std::string name;
  std::int64_t revision = 0;  // of the document; 0 of the one that the program brings
  std::vector<RiskQuestion> questions;
  std::int64_t medium_from = 0;
  std::int64_t high_from = 0;
  bool operator==(const RiskScale&) const = default;
};
HP_DESCRIBE(RiskScale, name, revision, questions, medium_from, high_from)

struct RiskAssessment {
  RiskScale scale;
  std::map<std::string, std::string> answers;
  std::int64_t score = 0;
  RiskClass risk{};
  bool operator==(const RiskAssessment&) const = default;
};
HP_DESCRIBE(RiskAssessment, scale, answers, score, risk)

/// The one that counts while no document states another.
const RiskScale& built_in_scale();

/// What is wrong with a scale, with paths from it.
JsonIssues check_scale(const RiskScale& scale);

/// Every question answered, and no other: the issues have paths below "/risk". MUST be given a
/// checked scale.
std::expected<RiskAssessment, JsonIssues> assess(const RiskScale& scale,
                                                 const std::map<std::string, std::string>& answers);

}  // namespace holdpoint::changes
