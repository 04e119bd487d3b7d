// C2SP tlog-checkpoint v1.0.0: origin, size and root of a log at one moment, signed as a note. We
// write and accept no extension lines: witnesses' newer cosignatures do not cover them.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/ed25519.hpp"
#include "ledger/note.hpp"

namespace holdpoint::ledger {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root;

  bool operator==(const Checkpoint&) const = default;
};

enum class CheckpointIssue : std::uint8_t {
  malformed_note,    // the signed note around it cannot be read
  wrong_signature,   // a key we know did not make the signature that bears its name
  unverified,        // no signature is by a key we know
  ambiguous_keys,    // two of the keys given have the same name and id
  not_by_the_log,    // no log signature bears the origin's own name
  malformed_body,    // not exactly three lines
  malformed_origin,  // no key name
  malformed_size,    // no decimal number without leading zeros
  malformed_root,    // no base64 of 32 bytes
  wrong_empty_root,  // size 0 with a root that is not the hash of nothing
};
std::string_view sentence(CheckpointIssue issue);

/// The note text: three lines, each ended by a newline.
std::string checkpoint_body(const Checkpoint& checkpoint);
std::expected<Checkpoint, CheckpointIssue> parse_checkpoint_body(std::string_view text);

/// The note, signed under the origin's name. MUST NOT be called for a checkpoint that is not
/// consistent with every one signed before: that is a lasting proof of a forked log.
std::string sign_checkpoint(const Checkpoint& checkpoint, const Ed25519Key& key);

struct OpenedCheckpoint {
  Checkpoint checkpoint;
  std::vector<VerifiedSignature> signatures;
};
/// Opens the note with the keys of the log and of witnesses. At least one plain Ed25519 signature
/// MUST bear the origin as its name; cosignatures alone do not make a checkpoint.
std::expected<OpenedCheckpoint, CheckpointIssue> open_checkpoint(std::string_view note,
                                                                 std::span<const VerifierKey> keys);

}  // namespace holdpoint::ledger
