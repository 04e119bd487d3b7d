// The scale of risks: answers become points, points a score, the score a class; what is not
// answered is never taken for harmless.
#include "changes/risk.hpp"

#include <doctest/doctest.h>

#include "changes/testing.hpp"

namespace holdpoint::changes {
namespace {

using Answers = std::map<std::string, std::string>;

TEST_CASE("the score is the sum of points times weight, and its class follows from the scale") {
  struct Row {
    const char* reversal;
    const char* reach;
    const char* novelty;
    const char* tested;
    std::int64_t score;
    RiskClass risk;
  };
  constexpr Row rows[] = {
      {"at-once", "nobody", "often", "like-production", 0, RiskClass::low},
      {"with-effort", "nobody", "once", "partly", 23, RiskClass::medium},
      {"at-once", "some", "once", "like-production", 18, RiskClass::low},
      {"never", "some", "often", "partly", 50, RiskClass::high},
      {"never", "all", "never", "nowhere", 96, RiskClass::high},
  };
  for (const Row& row : rows) {
    const auto risk = assess(built_in_scale(), {{"reversal", row.reversal},
                                                {"reach", row.reach},
                                                {"novelty", row.novelty},
                                                {"tested", row.tested}});
    REQUIRE(risk);
    CHECK(risk->score == row.score);
    CHECK(risk->risk == row.risk);
    CHECK(risk->scale == built_in_scale());
  }
}

TEST_CASE("a question without an answer, a strange answer and a strange question are refused") {
  Answers answers = testing::harmless();
  answers.erase("tested");
  auto risk = assess(built_in_scale(), answers);
  REQUIRE(!risk);
  REQUIRE(risk.error().size() == 1);
  CHECK(risk.error()[0].path == "/risk/tested");
  CHECK(risk.error()[0].message.contains("nowhere"));
  answers["tested"] = "perhaps";
  CHECK(!assess(built_in_scale(), answers));
  answers["tested"] = "partly";
  answers["mood"] = "good";
  risk = assess(built_in_scale(), answers);
  REQUIRE(!risk);
  CHECK(risk.error()[0].path == "/risk/mood");
}

TEST_CASE("a scale that could judge nothing, or everything the same, is refused") {
  CHECK(check_scale(built_in_scale()).empty());
  RiskScale scale = built_in_scale();
  scale.high_from = scale.medium_from;
  CHECK(check_scale(scale).front().path == "/high_from");
  scale = built_in_scale();
  scale.medium_from = 0;
  CHECK(check_scale(scale).front().path == "/medium_from");
  scale = built_in_scale();
  scale.questions.clear();
  CHECK(check_scale(scale).front().path == "/questions");
  scale = built_in_scale();
  scale.questions[0].answers = {{"yes", 1}};
  CHECK(check_scale(scale).front().path == "/questions/0/answers");
  scale = built_in_scale();
  scale.questions[1].id = scale.questions[0].id;
  CHECK(check_scale(scale).front().path == "/questions/1/id");
  scale = built_in_scale();
  scale.questions[0].weight = 0;
  CHECK(check_scale(scale).front().path == "/questions/0/weight");
  scale = built_in_scale();
  scale.questions[0].answers["never"] = 101;
  CHECK(check_scale(scale).front().path == "/questions/0/answers/never");
}

}  // namespace
}  // namespace holdpoint::changes
