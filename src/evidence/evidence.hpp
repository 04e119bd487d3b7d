// Front header of evidence: what a tool said about a release, kept as received beside its parsed
// summary, both by digest (E1, E2, E3). New evidence of the same name takes the place of the
// earlier one; nothing is ever removed.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/object_ref.hpp"
#include "base/refusal.hpp"
#include "evidence/intake.hpp"
#include "evidence/recognise.hpp"
#include "evidence/summary.hpp"

namespace holdpoint::evidence {

struct EvidenceTag {
  static constexpr std::string_view prefix = "evd";
};
using EvidenceId = Id<EvidenceTag>;

inline constexpr std::uint64_t upload_bytes_max = 1ULL << 30;
inline constexpr std::size_t metadata_values_max = 40;
inline constexpr std::size_t metadata_value_bytes_max = 1'024;
inline constexpr std::size_t evidence_name_bytes_max = 255;
/// Current evidence of one release; more is refused.
inline constexpr std::size_t evidence_per_release_max = 2'000;

/// The counts of a summary, small enough to stand in the event.
struct Counts {
  std::optional<Tests> tests;  // without the list of failures
  std::optional<Coverage> coverage;
  std::optional<SeverityCounts> open;
  std::optional<std::int64_t> suppressed;
  std::optional<std::int64_t> components;
};
HP_DESCRIBE(Counts, tests, coverage, open, suppressed, components)

Counts counts_of(const Summary& summary);

struct EvidenceReceived {
  static constexpr std::string_view event_type = "evidence.received";
  static constexpr int event_version = 1;
  EvidenceId id;
  std::string release;
  std::string name;
  Kind kind{};
  std::string format;
  ReportStatus status{};
  std::optional<std::string> reason;
  ObjectRef report;
  std::uint64_t size = 0;
  ObjectRef summary;
  Parser parser;
  std::vector<std::string> flags;
  Counts counts;
  std::map<std::string, std::string> metadata;  // tool, commit, pipeline run, configuration …
  std::optional<EvidenceId> supersedes;
};
HP_DESCRIBE(EvidenceReceived, id, release, name, kind, format, status, reason, report, size,
            summary, parser, flags, counts, metadata, supersedes)

/// What the sender states beside the bytes.
struct Declared {
  std::string name;  // "" lets the digest name it
  std::optional<Kind> kind;
  std::map<std::string, std::string> metadata;
};

/// Refuses names and values that are too long or hold control characters.
Decided<Declared> check(Declared declared);

/// A summary of a kind that the sender's word corrects, or the format's own. Only scanners are told
/// apart by the sender's word (a SARIF report may be SAST, IaC or secrets); a test report does not
/// become a coverage report. A report that cannot be told at all keeps the kind of the one whose
/// place it takes, so that what it should have shown is unknown instead of shown by others.
Kind effective_kind(const Summary& summary, std::optional<Kind> declared,
                    std::optional<Kind> superseded = std::nullopt);

/// One piece of the current evidence, as a certification refers to it.
struct Piece {
  std::string id;
  Digest report;
  Digest summary;
  Kind kind{};
};
HP_DESCRIBE(Piece, id, report, summary, kind)

/// Names the whole evidence set: a certification is current only for the digest it judged.
Digest evidence_digest(std::span<const Piece> pieces);

Refusal evidence_not_found(std::string_view id);

}  // namespace holdpoint::evidence
