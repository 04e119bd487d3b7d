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
  std::vector<policy::JudgedDocument> judged_by;
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
/// Newest first.
std::vector<Certification> list_decisions(engine::Connection& tables, std::string_view workspace,
                                          const policy::DecisionPage& page);
/// The same, as decisions that can be taken again.
std::vector<policy::RecordedDecision> past_certifications(engine::Connection& tables,
                                                          std::string_view workspace,
                                                          const policy::DecisionPage& page);
/// Whether these facts alone keep a release from being certified, whatever the criteria say.
bool are_hindering(const json::object& facts);

/// How many of an application's newest releases are looked at to tell which was judged.
inline constexpr std::size_t releases_looked_at_max = 50;
/// The newest release of the application that was judged, or is this one that is being judged;
/// nullopt where none of those that are looked at was.
std::optional<std::string> newest_judged_release(engine::Connection& tables,
                                                 std::string_view workspace,
                                                 std::string_view application,
                                                 std::string_view being_judged = "");

/// How the rule stands with the release as it was judged last.
Result<std::optional<waivers::RuleStanding>> rule_standing(
    engine::Connection& tables, engine::ObjectStore& objects, std::string_view workspace,
    std::string_view release, std::string_view criteria, std::string_view rule);

/// Of these violations of the release, those that the other one would show too: no rule waits for a
/// report there, and what found them has looked at it. None where it cannot be told.
Result<std::vector<std::string>> looked_for(engine::Connection& tables,
                                            engine::ObjectStore& objects,
                                            std::string_view workspace, std::string_view release,
                                            std::string_view other,
                                            const std::vector<policy::Violation>& violations);

/// The facts that were judged.
Result<Facts> facts_of(engine::ObjectStore& objects, const Certification& certification);
Result<Verdict> verdict_of(engine::ObjectStore& objects, const Certification& certification);

}  // namespace holdpoint::certification
