// The envelope: the one form in which an event enters the ledger. Its bytes are RFC 8785 JSON,
// written and read without a document model because every command passes here, and are final: what
// decodes is byte for byte what encode() would write.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/instant.hpp"

namespace holdpoint::ledger {

inline constexpr std::size_t entry_bytes_max = 65'535;
inline constexpr std::size_t envelope_id_bytes_max = 128;
inline constexpr std::size_t envelope_type_bytes_max = 128;
inline constexpr std::size_t envelope_sealed_max = 256;
inline constexpr std::size_t envelope_body_depth_max = 32;
inline constexpr int envelope_depth_max = 16;

/// What the event is about, for example {"release", "rel_01J…"}.
struct Subject {
  std::string kind;
  std::string id;
  auto operator<=>(const Subject&) const = default;
};

/// Who acted: a person, agent or system, through what (a token or session), and for whom.
struct Actor {
  std::string kind;
  std::string id;
  std::optional<std::string> via;
  std::optional<std::string> on_behalf_of;
  auto operator<=>(const Actor&) const = default;
};

/// The commitment to one field whose value does not stand in the leaf (see commitment.hpp).
struct SealedField {
  std::string path;
  Digest commitment;
  auto operator<=>(const SealedField&) const = default;
};

/// Kinds are snake_case; ids, cause, root and sealed paths are 1 to 128 visible ASCII characters
/// (0x21 to 0x7E). `type` is two or more snake_case words joined by dots, the last in past tense.
struct Envelope {
  int v = 1;  // version of the body's schema, per type; at least 1
  std::string id;
  std::uint64_t seq = 0;  // the leaf index
  Instant at;
  std::string type;
  Subject subject;
  Actor actor;
  std::optional<std::string> cause;  // the event or request that led here
  std::string root;                  // the first of the chain; the own id when nothing led here
  int depth = 0;                     // how many automations led here; at most 16
  std::string body = "{}";           // a JSON object in canonical form
  std::vector<SealedField> sealed;   // sorted by path, each path once

  bool operator==(const Envelope&) const = default;
};

enum class EnvelopeFlaw : std::uint8_t {
  too_long,   // more than 65,535 bytes
  malformed,  // the bytes are not an envelope in canonical form
  bad_version,
  bad_type,
  bad_kind,
  bad_id,
  bad_number,  // seq or at beyond ±(2^53-1)
  bad_depth,
  bad_body,    // not a canonical JSON object
  bad_sealed,  // unsorted, repeated or too many
};
std::string_view sentence(EnvelopeFlaw flaw);

struct EnvelopeIssue {
  EnvelopeFlaw flaw{};
  std::string_view field;  // the member at fault, "" for the whole; a literal
  std::size_t offset = 0;  // byte offset when decoding, or inside the body

  [[nodiscard]] std::string text() const;
  bool operator==(const EnvelopeIssue&) const = default;
};

/// The bytes of the leaf. Members in order: actor, at, body, cause, depth, id, root, sealed, seq,
/// subject, type, v; absent optional ones and an empty `sealed` are left out; `at` is microseconds.
std::expected<std::string, EnvelopeIssue> encode(const Envelope& envelope);

/// Refuses everything that encode() would not have written.
std::expected<Envelope, EnvelopeIssue> decode(std::string_view bytes);

enum class EntryKind : std::uint8_t { envelope, rekor_dsse };
/// Tells the two kinds of entry apart by their first bytes, without judging the rest.
std::optional<EntryKind> kind_of(std::string_view bytes);

}  // namespace holdpoint::ledger
