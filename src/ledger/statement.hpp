// The certification record's payload: an in-toto Statement v1 with a SLSA verification summary
// (VSA) predicate, so that tools that know nothing of us can gate on it. Our own facts ride in one
// extension object under a URI, as the VSA text asks.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"

namespace holdpoint::ledger {

inline constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view summary_predicate_type =
    "https://slsa.dev/verification_summary/v1";
inline constexpr std::string_view certification_extension =
    "https://holdpoint.dev/ns/certification/v1";

/// An artifact, matched by its digest alone; the name is for people.
struct StatementSubject {
  std::string name;
  Digest sha256;
  bool operator==(const StatementSubject&) const = default;
};

/// An attestation that was judged; the digest is of the stored DSSE envelope bytes.
struct InputAttestation {
  std::string uri;
  Digest sha256;
  bool operator==(const InputAttestation&) const = default;
};

enum class SummaryResult : std::uint8_t { passed, failed };

struct VerificationSummary {
  std::vector<StatementSubject> subjects;  // at least one
  std::string verifier_id;                 // URI
  Instant time_verified;
  std::string resource_uri;
  std::string policy_uri;
  Digest policy_digest;
  std::vector<InputAttestation> input_attestations;  // all that were used, or none named
  SummaryResult result = SummaryResult::failed;
  std::vector<std::string> verified_levels;  // at least one; {"FAILED"} exactly when failed
  json::object certification;                // our extension; integers only

  bool operator==(const VerificationSummary&) const = default;
};

/// Canonical JSON bytes. Refuses what the rules beside the members exclude, naming the path.
std::expected<std::string, JsonIssue> encode_statement(const VerificationSummary& summary);

/// Refuses everything that encode_statement() would not have written.
std::expected<VerificationSummary, JsonIssue> parse_statement(std::string_view bytes);

}  // namespace holdpoint::ledger
