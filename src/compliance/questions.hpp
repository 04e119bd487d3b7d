// The five questions that auditors ask (G3), of one release or of a period: each is answered by
// proofs that are told from recorded facts, and by the records of the kinds that it is about.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compliance/search.hpp"
#include "compliance/status.hpp"

namespace holdpoint::compliance {

enum class Question : std::uint8_t {
  change_authorisation,
  access_governance,
  test_validation,
  release_certification,
  monitoring_response,
};
HP_DESCRIBE_ENUM(Question, change_authorisation, access_governance, test_validation,
                 release_certification, monitoring_response)

struct QuestionRow {
  Question question{};
  std::string_view asks;
  std::vector<Proof> proofs;
  std::vector<RecordKind> records;
};
/// The five, in the order in which they are asked.
const std::vector<QuestionRow>& questions();
const QuestionRow& row_of(Question question);

struct QuestionAnswer {
  Question question{};
  std::string asks;
  Status status = Status::no_evidence;
  std::string sentence;  // of the finding that decides
  Period period;
  std::optional<std::string> release;  // "shop@1.2.0"
  std::optional<std::string> application;
  std::vector<Finding> findings;
  std::int64_t findings_total = 0;
};
HP_DESCRIBE(QuestionAnswer, question, asks, status, sentence, period, release, application,
            findings, findings_total)

/// Judged as strictly as the frameworks in force ask. Without any application in the facts there is
/// no evidence.
QuestionAnswer answer(const QuestionRow& row, std::span<const Framework> frameworks,
                      const WorkspaceFacts& facts);

/// What the records behind the answer are looked for by.
SearchFilter records_behind(const QuestionAnswer& answer);

}  // namespace holdpoint::compliance
