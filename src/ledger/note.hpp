// C2SP signed-note v1.0.0: a text and, below an empty line, one signature per line. Checkpoints are
// such notes. We sign with Ed25519 (type 1) and also check witnesses' timestamped cosignatures
// (type 4, tlog-cosignature v1.0.1).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/ed25519.hpp"

namespace holdpoint::ledger {

inline constexpr std::size_t note_signatures_max = 100;
inline constexpr std::size_t note_bytes_max = 1U << 20;
inline constexpr std::size_t key_name_bytes_max = 255;

enum class NoteAlgorithm : std::uint8_t { ed25519 = 1, ed25519_cosignature = 4 };

enum class NoteIssue : std::uint8_t {
  malformed,            // not UTF-8, a control character, or no signature block
  malformed_signature,  // a line below the text is no signature line
  too_many_signatures,
  too_long,
  wrong_signature,    // a key we know did not make the signature that bears its name
  unverified,         // no signature is by a key we know
  ambiguous_keys,     // two of the keys given have the same name and id
  malformed_key,      // the verifier key is not of the published form
  unknown_algorithm,  // the verifier key is for a signature type we do not know
  wrong_key_id,       // the verifier key's id does not belong to its bytes
};
std::string_view sentence(NoteIssue issue);

/// Whether the text may name a key: non-empty UTF-8, no Unicode space, no '+', bounded.
bool is_key_name(std::string_view name);

struct VerifierKey {
  std::string name;
  std::uint32_t id = 0;
  NoteAlgorithm algorithm = NoteAlgorithm::ed25519;
  Ed25519PublicKey public_key;

  bool operator==(const VerifierKey&) const = default;
  /// The key with its id computed: the first 4 bytes of key_hash(). `name` MUST be a key name.
  static VerifierKey of(std::string name, const Ed25519PublicKey& key,
                        NoteAlgorithm algorithm = NoteAlgorithm::ed25519);
  /// Reads `<name>+<8 hex>+<base64>`, refusing an id that does not belong to the key.
  static std::expected<VerifierKey, NoteIssue> parse(std::string_view vkey);
  [[nodiscard]] std::string text() const;
};

/// SHA-256(name || 0x0A || algorithm || public key): the full log identity of Sigstore clients.
Digest key_hash(const VerifierKey& key);

struct VerifiedSignature {
  std::string name;
  std::uint32_t id = 0;
  /// POSIX seconds the witness stated; only with a cosignature.
  std::optional<std::uint64_t> cosigned_at_s;

  bool operator==(const VerifiedSignature&) const = default;
};

struct OpenedNote {
  std::string text;  // with its final newline
  std::vector<VerifiedSignature> signatures;
};

/// The note signed by one key. `text` MUST end with a newline and hold no other control character,
/// `name` MUST be a key name.
std::string sign_note(std::string_view text, std::string_view name, const Ed25519Key& key);

/// One more signature line by `key`, for a note text.
std::string note_signature_line(std::string_view text, std::string_view name,
                                const Ed25519Key& key);

/// Checks every signature by a key we know and ignores the others. Refuses the note when one of
/// ours is wrong or none is there. A signature that stands twice counts once.
std::expected<OpenedNote, NoteIssue> open_note(std::string_view bytes,
                                               std::span<const VerifierKey> keys);

}  // namespace holdpoint::ledger
