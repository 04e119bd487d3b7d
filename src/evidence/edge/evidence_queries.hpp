// The read model of evidence, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/columns.hpp"
#include "engine/engine.hpp"
#include "evidence/evidence.hpp"

namespace holdpoint::evidence {

struct Evidence {
  EvidenceId id;
  std::string release;
  std::string name;
  Kind kind{};
  std::string format;
  ReportStatus status{};
  std::optional<std::string> reason;
  Digest digest;
  std::uint64_t size = 0;
  Digest summary_digest;
  Parser parser;
  std::vector<std::string> flags;
  Counts counts;
  std::map<std::string, std::string> metadata;
  Instant received_at;
  std::string received_by;
  std::optional<EvidenceId> superseded_by;

  [[nodiscard]] Piece piece() const { return {id.text(), digest, summary_digest, kind}; }
};
HP_DESCRIBE(Evidence, id, release, name, kind, format, status, reason, digest, size, summary_digest,
            parser, flags, counts, metadata, received_at, received_by, superseded_by)

std::optional<Evidence> get_evidence(engine::Connection& tables, std::string_view workspace,
                                     std::string_view id);
/// The evidence that counts now: the latest of each name, by name.
std::vector<Evidence> current_evidence(engine::Connection& tables, std::string_view workspace,
                                       std::string_view release);
/// All of it, superseded too, as it was received, after the entry of that sequence.
std::vector<engine::columns::Sequenced<Evidence>> list_evidence(engine::Connection& tables,
                                                                std::string_view workspace,
                                                                std::string_view release,
                                                                std::int64_t after,
                                                                std::size_t limit);
/// Digest of the current set.
Digest current_evidence_digest(engine::Connection& tables, std::string_view workspace,
                               std::string_view release);
/// The stored summary of a piece.
Result<Summary> summary_of(engine::ObjectStore& objects, const Evidence& evidence);

}  // namespace holdpoint::evidence
