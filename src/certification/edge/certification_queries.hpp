// The read model of certification, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "certification/certification.hpp"
#include "engine/engine.hpp"

namespace holdpoint::certification {

struct Certification {
  CertificationId id;
  std::string release;
  std::string application;
  std::string version;
  State state{};
  Instant at;
  Digest evidence_digest;
  Digest criteria_digest;
  Digest facts_digest;
  Digest verdict_digest;
  std::vector<JudgedCriteria> judged_by;
  std::optional<Digest> statement_digest;
  std::optional<Digest> envelope_digest;
  std::optional<CertificationId> superseded_by;
  std::optional<std::string> revoked_because;
  std::optional<Instant> revoked_at;
  std::optional<Shortfall> shortfall;  // of a refusal; absent in those from before it was recorded
};
HP_DESCRIBE(Certification, id, release, application, version, state, at, evidence_digest,
            criteria_digest, facts_digest, verdict_digest, judged_by, statement_digest,
            envelope_digest, superseded_by, revoked_because, revoked_at, shortfall)

std::optional<Certification> get_certification(engine::Connection& tables,
                                               std::string_view workspace, std::string_view id);
/// The one that stands for the release now: certified, refused or revoked, never superseded.
std::optional<Certification> latest_certification(engine::Connection& tables,
                                                  std::string_view workspace,
                                                  std::string_view release);
/// The one that stands for each release, or every one there ever was.
enum class DecisionSelection : std::uint8_t { standing, every };
HP_DESCRIBE_ENUM(DecisionSelection, standing, every)

struct DecisionPage {
  std::string application;  // "" for all
  std::optional<Instant> since;
  DecisionSelection decisions = DecisionSelection::standing;
  std::string after;  // the id of the last one seen, "" for the first page
  std::size_t limit = 0;
};
/// Newest first.
std::vector<Certification> list_decisions(engine::Connection& tables, std::string_view workspace,
                                          const DecisionPage& page);
/// Whether the release passed, whatever became of the certification since.
bool was_issued(const Certification& certification);

/// How the rule stands with the release as it was judged last.
Result<std::optional<waivers::RuleStanding>> rule_standing(
    engine::Connection& tables, engine::ObjectStore& objects, std::string_view workspace,
    std::string_view release, std::string_view criteria, std::string_view rule);

/// The facts that were judged.
Result<Facts> facts_of(engine::ObjectStore& objects, const Certification& certification);
/// The same as the document that was stored, which may be older than this program's facts.
Result<json::object> facts_document_of(engine::ObjectStore& objects,
                                       const Certification& certification);
Result<Verdict> verdict_of(engine::ObjectStore& objects, const Certification& certification);

}  // namespace holdpoint::certification
