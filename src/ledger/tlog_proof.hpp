// A receipt: C2SP tlog-proof, one text file that proves, offline and for ever, that an entry is in
// the log: the index, the path of hashes and the signed checkpoint they lead to.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "ledger/checkpoint.hpp"
#include "ledger/merkle.hpp"

namespace holdpoint::ledger {

inline constexpr std::size_t tlog_proof_bytes_max = 1U << 20;
inline constexpr std::size_t tlog_proof_extra_bytes_max = 65'535;

struct TlogProof {
  std::optional<std::string> extra;  // raw bytes; not covered by any signature
  std::uint64_t index = 0;
  std::vector<Digest> hashes;
  std::string checkpoint;  // the signed note, verbatim

  bool operator==(const TlogProof&) const = default;
};

enum class TlogProofIssue : std::uint8_t {
  too_long,
  wrong_header,  // the first line is not `c2sp.org/tlog-proof@v1`
  malformed_extra,
  malformed_index,
  malformed_hash,  // a line of the path is no base64 of 32 bytes
  too_many_hashes,
  no_checkpoint,     // no empty line with a checkpoint below
  wrong_checkpoint,  // the checkpoint cannot be opened with the keys given
  wrong_proof,       // the path does not lead from the entry to the checkpoint's root
};
std::string_view sentence(TlogProofIssue issue);

std::string encode_tlog_proof(const TlogProof& proof);
/// Refuses everything that encode_tlog_proof() would not have written, except that the checkpoint
/// is taken as it stands: verify_tlog_proof() judges it.
std::expected<TlogProof, TlogProofIssue> parse_tlog_proof(std::string_view bytes);

/// The checkpoint under which the entry is proved to stand at proof.index.
std::expected<OpenedCheckpoint, TlogProofIssue> verify_tlog_proof(
    const TlogProof& proof, std::string_view entry, std::span<const VerifierKey> keys);

}  // namespace holdpoint::ledger
