// What the facts of several kinds say about the same things: the application with the regulated
// data it touches (G7), the environment, and the record of the team that releases it (B18).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/schema_document.hpp"
#include "catalog/catalog.hpp"

namespace holdpoint::policy {

/// Which regulated data the application touches, so that a change can be routed to the reviewers
/// of privacy and security.
struct RegulatedFlags {
  bool phi = false;
  bool cardholder = false;
  bool personal = false;
  bool financial_reporting = false;
};
HP_DESCRIBE(RegulatedFlags, phi, cardholder, personal, financial_reporting)

RegulatedFlags flags_of(const std::vector<catalog::DataClass>& classes);

/// The last 90 days of the applications that have an owner in common with this one, counted in
/// releases without the one that is judged, and in deployments to production that ended. What never
/// happened is absent, and so unknown; the counts of deployments also in facts from before there
/// were any.
struct TeamRecord {
  static constexpr std::int64_t days = 90;

  std::int64_t certified = 0;  // releases with a certification issued
  std::int64_t refused = 0;    // releases that were refused although their evidence was there
  std::int64_t revoked = 0;    // releases with a certification taken back
  std::optional<std::int64_t> first_attempt_pass_bp;  // of the releases judged on whole evidence
  std::optional<std::int64_t> days_since_revocation;  // however long ago
  std::optional<std::int64_t> deployments;            // to production, without cancelled ones
  std::optional<std::int64_t> failed_deployments;     // of these, or followed by a major incident
  std::optional<std::int64_t> change_failure_bp;
  std::optional<std::int64_t> days_since_incident;  // a major one, however long ago
};
HP_DESCRIBE(TeamRecord, certified, refused, revoked, first_attempt_pass_bp, days_since_revocation,
            deployments, failed_deployments, change_failure_bp, days_since_incident)

/// A waiver in force: until then, this violation of that rule does not count.
struct WaiverFacts {
  std::string id;
  std::string criteria;
  std::string rule;
  std::string violation;  // its fingerprint
  std::string owner;      // of the risk
  InstantUs until;
};
HP_DESCRIBE(WaiverFacts, id, criteria, rule, violation, owner, until)

/// In force at a time for one release, and as many for one application.
inline constexpr std::size_t waivers_in_force_max = 100;

struct ApplicationSubject {
  std::string name;
  catalog::Criticality criticality{};
  std::vector<catalog::DataClass> data_classes;
  std::vector<std::string> owners;
};
HP_DESCRIBE(ApplicationSubject, name, criticality, data_classes, owners)

struct EnvironmentSubject {
  std::string name;
  catalog::EnvironmentKind kind{};
  std::int64_t position = 0;  // promotion goes from lower to higher
  bool requires_certification = false;
};
HP_DESCRIBE(EnvironmentSubject, name, kind, position, requires_certification)

/// Of the text of an id: the prefix of its kind, '_' and a ULID.
inline constexpr std::size_t id_bytes_max = 16 + kUlidLength;
/// Of the text of a digest: the name of the algorithm and 64 hex digits.
inline constexpr std::size_t digest_bytes_max = 71;

/// How long the members of the subjects above are at most.
std::vector<LengthBound> subject_bounds();

}  // namespace holdpoint::policy
