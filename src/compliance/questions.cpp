// See questions.hpp.
#include "compliance/questions.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace holdpoint::compliance {

const std::vector<QuestionRow>& questions() {
  static const std::vector<QuestionRow> rows{
      {Question::change_authorisation,
       "Was every change to production authorised before it was made, by somebody else?",
       {Proof::approvals, Proof::segregation, Proof::environments},
       {RecordKind::release, RecordKind::change, RecordKind::approval, RecordKind::deployment,
        RecordKind::refused_start}},
      {Question::access_governance,
       "Who could approve and deploy, and was that looked at?",
       {Proof::access_reviews, Proof::segregation},
       {RecordKind::access_review, RecordKind::access, RecordKind::delegation}},
      {Question::test_validation,
       "Was what shipped tested and scanned, with which results?",
       {Proof::tests, Proof::scans, Proof::components},
       {RecordKind::evidence, RecordKind::triage}},
      {Question::release_certification,
       "Was each release certified by criteria in force, and what was excepted?",
       {Proof::provenance, Proof::policies, Proof::exceptions},
       {RecordKind::certification, RecordKind::waiver, RecordKind::policy}},
      {Question::monitoring_response,
       "Was production watched afterwards, and what went wrong answered?",
       {Proof::verification, Proof::incidents, Proof::configuration, Proof::audit_trail},
       {RecordKind::deployment, RecordKind::incident, RecordKind::configuration,
        RecordKind::verification}},
  };
  return rows;
}

const QuestionRow& row_of(Question question) {
  const auto found = std::ranges::find(questions(), question, &QuestionRow::question);
  HP_ASSERT(found != questions().end(), "CO-4: every question has its row");
  return *found;
}

QuestionAnswer answer(const QuestionRow& row, std::span<const Framework> frameworks,
                      const WorkspaceFacts& facts) {
  QuestionAnswer out;
  out.question = row.question;
  out.asks = row.asks;
  out.status = Status::not_applicable;
  out.period = facts.period;
  for (const Proof proof : row.proofs) {
    for (const ApplicationFacts& one : facts.applications) {
      const Demanded demanded =
          strictest({.proof = proof, .within_days = {}, .kinds = {}, .criteria = {}}, "",
                    frameworks, one.application);
      Finding finding = judge(demanded.need, one, facts);
      finding.strictest = demanded.age_from;
      out.status = worse(out.status, finding.status);
      if (is_of_workspace(proof)) finding.application.clear();
      const bool is_known = std::ranges::any_of(out.findings, [&](const Finding& earlier) {
        return is_of_workspace(proof) && earlier.proof == proof &&
               earlier.within_days == finding.within_days;
      });
      if (!is_known) out.findings.push_back(std::move(finding));
    }
  }
  if (out.findings.empty() || (facts.is_cut && out.status != Status::failing)) {
    out.status = Status::no_evidence;
  }
  out.findings_total = bound_findings(out.findings);
  out.sentence = out.findings.empty() ? "There is no application to tell it of."
                                      : out.findings.front().sentence;
  return out;
}

SearchFilter records_behind(const QuestionAnswer& answer) {
  SearchFilter filter;
  filter.kinds = row_of(answer.question).records;
  filter.application = answer.application;
  filter.from = answer.period.from;
  filter.until = answer.period.until;
  if (!answer.release) return filter;
  filter.release = answer.release;
  // Rights, policies and verifications are of no release.
  std::erase_if(filter.kinds, [](RecordKind kind) {
    return kind == RecordKind::access || kind == RecordKind::delegation ||
           kind == RecordKind::access_review || kind == RecordKind::policy ||
           kind == RecordKind::configuration || kind == RecordKind::verification ||
           kind == RecordKind::incident;
  });
  if (filter.kinds.empty()) {
    filter.kinds = row_of(answer.question).records;
    filter.release.reset();
    filter.application.reset();
  }
  return filter;
}

}  // namespace holdpoint::compliance
