// What people make of findings (E4): a disposition for the fingerprint of a finding, which is the
// same from scan to scan, for all releases of an application. It says who, why and when; it takes
// nothing away from what a scan counted, and criteria see it only where they ask for it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/instant.hpp"
#include "base/refusal.hpp"

namespace holdpoint::evidence {

/// Findings in one command; their fingerprints stand in one event.
inline constexpr std::size_t triaged_at_once_max = 500;
inline constexpr std::size_t triage_reason_bytes_max = 2'000;
/// Of one application.
inline constexpr std::size_t triaged_findings_max = 20'000;

enum class Disposition : std::uint8_t {
  open,            // nobody said anything, or it is to be looked at again
  confirmed,       // it is what the tool says
  false_positive,  // it is not
  accepted_risk,   // it is, and a waiver in force covers it
  fixed,           // it is mended, and the next scan will show it
  duplicate,       // of another finding
};
HP_DESCRIBE_ENUM(Disposition, open, confirmed, false_positive, accepted_risk, fixed, duplicate)

/// Whether it says that the finding need not be minded. Then whoever wrote the release does not say
/// so alone.
bool clears(Disposition disposition);

struct TriageFindings {
  std::vector<std::string> fingerprints;
  Disposition disposition{};
  std::optional<std::string> duplicate_of;
  std::string reason;  // may hold personal data: sealed
};
HP_DESCRIBE(TriageFindings, fingerprints, disposition, duplicate_of, reason)

struct ConfirmTriage {
  std::vector<std::string> fingerprints;
  std::string reason;  // sealed too
};
HP_DESCRIBE(ConfirmTriage, fingerprints, reason)

/// Seals "/reason" under the actor's key.
struct FindingsTriaged {
  static constexpr std::string_view event_type = "findings.triaged";
  static constexpr int event_version = 1;
  std::string application;
  std::string release;  // that showed them
  std::vector<std::string> fingerprints;
  Disposition disposition{};
  std::optional<std::string> duplicate_of;
};
HP_DESCRIBE(FindingsTriaged, application, release, fingerprints, disposition, duplicate_of)

/// A second person agrees with a disposition that clears. Seals "/reason" under the actor's key.
struct TriageConfirmed {
  static constexpr std::string_view event_type = "findings.triage_confirmed";
  static constexpr int event_version = 1;
  std::string application;
  std::string release;
  std::vector<std::string> fingerprints;
};
HP_DESCRIBE(TriageConfirmed, application, release, fingerprints)

/// The disposition that stands for a finding.
struct Triage {
  std::string application;
  std::string fingerprint;
  Disposition disposition{};
  std::optional<std::string> duplicate_of;
  std::string triaged_by;
  Instant triaged_at;
  std::int64_t triaged_seq = 0;  // of the event that its reason is sealed beside
  std::optional<std::string> confirmed_by;
  std::optional<Instant> confirmed_at;
  std::optional<std::int64_t> confirmed_seq;
};
HP_DESCRIBE(Triage, application, fingerprint, disposition, duplicate_of, triaged_by, triaged_at,
            triaged_seq, confirmed_by, confirmed_at, confirmed_seq)

/// Who is behind a release: an id that is nobody of the server might be whoever triaged.
struct Contributors {
  std::set<std::string, std::less<>> people;
  bool has_unknown = false;
};

/// Whether the disposition counts for a release of these people. One that clears counts when
/// somebody who has no part in the release gave or confirmed it; when it cannot be told who has,
/// two people have to agree. An accepted risk is approved with its waiver.
bool counts_for(const Triage& triage, const Contributors& contributors);

struct Triaging {
  std::string application;
  std::string release;
  std::string actor_kind;
  std::set<std::string, std::less<>> seen;    // fingerprints in the current evidence
  std::set<std::string, std::less<>> waived;  // of those, by a waiver in force
  std::size_t triaged = 0;                    // rows of the application
};
Decided<FindingsTriaged> triage(const TriageFindings& command, const Triaging& facts);

struct Confirming {
  std::string application;
  std::string release;
  std::string actor_kind;
  std::string actor;
  std::vector<Triage> standing;  // of the application
};
Decided<TriageConfirmed> confirm(const ConfirmTriage& command, const Confirming& facts);

}  // namespace holdpoint::evidence
