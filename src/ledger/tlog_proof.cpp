// See tlog_proof.hpp.
#include "ledger/tlog_proof.hpp"

#include <utility>

#include "base/encoding.hpp"
#include "ledger/decimal.hpp"

namespace holdpoint::ledger {
namespace {

constexpr std::string_view header = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_name = "extra ";
constexpr std::string_view index_name = "index ";

/// The next line without its newline; nullopt when there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string_view sentence(TlogProofIssue issue) {
  switch (issue) {
    case TlogProofIssue::too_long: return "the proof is too long";
    case TlogProofIssue::wrong_header: return "the first line is not c2sp.org/tlog-proof@v1";
    case TlogProofIssue::malformed_extra: return "the extra line is no base64 or too long";
    case TlogProofIssue::malformed_index: return "the index line is missing or no decimal number";
    case TlogProofIssue::malformed_hash: return "a line of the path is no base64 of 32 bytes";
    case TlogProofIssue::too_many_hashes: return "the path is longer than any tree is high";
    case TlogProofIssue::no_checkpoint: return "no checkpoint stands below an empty line";
    case TlogProofIssue::wrong_checkpoint:
      return "the checkpoint cannot be opened with the keys given";
    case TlogProofIssue::wrong_proof:
      return "the path does not lead from the entry to the checkpoint's root";
  }
  return "";
}

std::string encode_tlog_proof(const TlogProof& proof) {
  std::string out(header);
  out += '\n';
  if (proof.extra) {
    out += extra_name;
    out += to_base64(*proof.extra) + '\n';
  }
  out += index_name;
  out += std::to_string(proof.index) + '\n';
  for (const Digest& hash : proof.hashes) out += to_base64(hash.view()) + '\n';
  out += '\n';
  return out + proof.checkpoint;
}

std::expected<TlogProof, TlogProofIssue> parse_tlog_proof(std::string_view bytes) {
  if (bytes.size() > tlog_proof_bytes_max) return std::unexpected(TlogProofIssue::too_long);
  TlogProof proof;
  if (take_line(bytes) != header) return std::unexpected(TlogProofIssue::wrong_header);
  auto line = take_line(bytes);
  if (line && line->starts_with(extra_name)) {
    proof.extra = from_base64(line->substr(extra_name.size()));
    if (!proof.extra || proof.extra->size() > tlog_proof_extra_bytes_max) {
      return std::unexpected(TlogProofIssue::malformed_extra);
    }
    line = take_line(bytes);
  }
  if (!line || !line->starts_with(index_name)) {
    return std::unexpected(TlogProofIssue::malformed_index);
  }
  const auto index = parse_decimal(line->substr(index_name.size()));
  if (!index) return std::unexpected(TlogProofIssue::malformed_index);
  proof.index = *index;
  for (line = take_line(bytes); line && !line->empty(); line = take_line(bytes)) {
    if (proof.hashes.size() == proof_hashes_max) {
      return std::unexpected(TlogProofIssue::too_many_hashes);
    }
    const auto raw = from_base64(*line);
    const auto hash = raw ? Digest::from_bytes(*raw) : std::nullopt;
    if (!hash) return std::unexpected(TlogProofIssue::malformed_hash);
    proof.hashes.push_back(*hash);
  }
  if (!line || bytes.empty()) return std::unexpected(TlogProofIssue::no_checkpoint);
  proof.checkpoint = bytes;
  return proof;
}

std::expected<OpenedCheckpoint, TlogProofIssue> verify_tlog_proof(
    const TlogProof& proof, std::string_view entry, std::span<const VerifierKey> keys) {
  auto opened = open_checkpoint(proof.checkpoint, keys);
  if (!opened) return std::unexpected(TlogProofIssue::wrong_checkpoint);
  const Checkpoint& head = opened->checkpoint;
  const InclusionClaim claim{leaf_hash(entry), proof.index, head.size, head.root};
  if (!verify_inclusion(claim, proof.hashes)) return std::unexpected(TlogProofIssue::wrong_proof);
  return *std::move(opened);
}

}  // namespace holdpoint::ledger
