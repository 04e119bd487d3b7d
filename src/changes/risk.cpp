// See risk.hpp.
#include "changes/risk.hpp"

#include <set>

#include "base/record_document.hpp"

namespace holdpoint::changes {
namespace {

std::string choices(const std::map<std::string, std::int64_t>& answers) {
  std::string out;
  for (const auto& [answer, points] : answers) out += (out.empty() ? "" : ", ") + answer;
  return out;
}

void check_question(const RiskQuestion& question, const std::string& path, JsonIssues& issues) {
  if (!is_record_name(question.id)) {
    issues.push_back({path + "/id", "expected 1 to 63 characters a-z, 0-9, and - . _ inside", 0});
  }
  if (question.question.empty() || question.question.size() > question_bytes_max) {
    issues.push_back({path + "/question", "expected 1 to 200 bytes", 0});
  }
  if (question.weight < 1 || question.weight > weight_max) {
    issues.push_back({path + "/weight", "expected 1 to 100", 0});
  }
  if (question.answers.size() < 2 || question.answers.size() > answers_max) {
    issues.push_back({path + "/answers", "expected 2 to 10 answers", 0});
  }
  for (const auto& [answer, points] : question.answers) {
    if (!is_record_name(answer))
      issues.push_back({path + "/answers", "'" + answer + "' is no name", 0});
    if (points < 0 || points > points_max) {
      issues.push_back({path + "/answers/" + answer, "expected 0 to 100 points", 0});
    }
  }
}

RiskClass class_of(const RiskScale& scale, std::int64_t score) {
  if (score >= scale.high_from) return RiskClass::high;
  return score >= scale.medium_from ? RiskClass::medium : RiskClass::low;
}

}  // namespace

const RiskScale& built_in_scale() {
  static const RiskScale scale{
      "built-in",
      0,
      {{"reversal",
        "How is it taken back?",
        3,
        {{"at-once", 0}, {"with-effort", 3}, {"never", 10}}},
       {"reach",
        "Whom does it reach when it goes wrong?",
        3,
        {{"nobody", 0}, {"some", 4}, {"all", 10}}},
       {"novelty", "Was it done like this before?", 2, {{"often", 0}, {"once", 3}, {"never", 8}}},
       {"tested",
        "Where was it tested?",
        2,
        {{"like-production", 0}, {"partly", 4}, {"nowhere", 10}}}},
      20,
      50};
  return scale;
}

JsonIssues check_scale(const RiskScale& scale) {
  JsonIssues issues;
  if (scale.questions.empty() || scale.questions.size() > questions_max) {
    issues.push_back({"/questions", "expected 1 to 20 questions", 0});
    return issues;
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < scale.questions.size(); ++i) {
    const std::string path = "/questions/" + std::to_string(i);
    check_question(scale.questions[i], path, issues);
    if (!seen.insert(scale.questions[i].id).second) {
      issues.push_back({path + "/id", "stands twice", 0});
    }
  }
  if (scale.medium_from < 1) issues.push_back({"/medium_from", "expected 1 or more", 0});
  if (scale.high_from <= scale.medium_from) {
    issues.push_back({"/high_from", "expected more than medium_from", 0});
  }
  return issues;
}

std::expected<RiskAssessment, JsonIssues> assess(
    const RiskScale& scale, const std::map<std::string, std::string>& answers) {
  RiskAssessment out{scale, answers, 0, RiskClass::high};
  JsonIssues issues;
  std::set<std::string> asked;
  for (const RiskQuestion& question : scale.questions) {
    asked.insert(question.id);
    const auto given = answers.find(question.id);
    const auto points =
        given == answers.end() ? question.answers.end() : question.answers.find(given->second);
    if (points == question.answers.end()) {
      issues.push_back({"/risk/" + question.id,
                        question.question + " Expected one of: " + choices(question.answers), 0});
      continue;
    }
    out.score += points->second * question.weight;
  }
  for (const auto& [id, answer] : answers) {
    if (!asked.contains(id)) {
      issues.push_back(
          {"/risk/" + id.substr(0, question_bytes_max), "no question of the scale", 0});
    }
  }
  if (!issues.empty()) return std::unexpected(std::move(issues));
  out.risk = class_of(scale, out.score);
  return out;
}

}  // namespace holdpoint::changes
