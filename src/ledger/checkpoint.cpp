// See checkpoint.hpp.
#include "ledger/checkpoint.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.hpp"
#include "ledger/decimal.hpp"
#include "ledger/merkle.hpp"

namespace holdpoint::ledger {
namespace {

CheckpointIssue issue_of(NoteIssue issue) {
  switch (issue) {
    case NoteIssue::wrong_signature: return CheckpointIssue::wrong_signature;
    case NoteIssue::unverified: return CheckpointIssue::unverified;
    case NoteIssue::ambiguous_keys: return CheckpointIssue::ambiguous_keys;
    case NoteIssue::malformed:
    case NoteIssue::malformed_signature:
    case NoteIssue::too_many_signatures:
    case NoteIssue::too_long:
    case NoteIssue::malformed_key:
    case NoteIssue::unknown_algorithm:
    case NoteIssue::wrong_key_id: return CheckpointIssue::malformed_note;
  }
  return CheckpointIssue::malformed_note;
}

}  // namespace

std::string_view sentence(CheckpointIssue issue) {
  switch (issue) {
    case CheckpointIssue::malformed_note: return "the checkpoint is no signed note";
    case CheckpointIssue::wrong_signature:
      return "a signature that bears a known key's name was not made by that key";
    case CheckpointIssue::unverified: return "no signature is by a known key";
    case CheckpointIssue::ambiguous_keys: return "two known keys have the same name and id";
    case CheckpointIssue::not_by_the_log: return "no signature is by the log itself";
    case CheckpointIssue::malformed_body: return "the checkpoint has not exactly three lines";
    case CheckpointIssue::malformed_origin: return "the origin is no key name";
    case CheckpointIssue::malformed_size:
      return "the size is no decimal number without leading zeros";
    case CheckpointIssue::malformed_root: return "the root is no base64 of 32 bytes";
    case CheckpointIssue::wrong_empty_root:
      return "an empty log has another root than the hash of nothing";
  }
  return "";
}

std::string checkpoint_body(const Checkpoint& checkpoint) {
  return checkpoint.origin + '\n' + std::to_string(checkpoint.size) + '\n' +
         to_base64(checkpoint.root.view()) + '\n';
}

std::expected<Checkpoint, CheckpointIssue> parse_checkpoint_body(std::string_view text) {
  std::array<std::string_view, 3> lines;
  for (std::string_view& line : lines) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::unexpected(CheckpointIssue::malformed_body);
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (!text.empty()) return std::unexpected(CheckpointIssue::malformed_body);
  if (!is_key_name(lines[0])) return std::unexpected(CheckpointIssue::malformed_origin);
  const auto size = parse_decimal(lines[1]);
  if (!size) return std::unexpected(CheckpointIssue::malformed_size);
  const auto raw = from_base64(lines[2]);
  const auto root = raw ? Digest::from_bytes(*raw) : std::nullopt;
  if (!root) return std::unexpected(CheckpointIssue::malformed_root);
  if (*size == 0 && *root != empty_root()) {
    return std::unexpected(CheckpointIssue::wrong_empty_root);
  }
  return Checkpoint{std::string(lines[0]), *size, *root};
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const Ed25519Key& key) {
  return sign_note(checkpoint_body(checkpoint), checkpoint.origin, key);
}

std::expected<OpenedCheckpoint, CheckpointIssue> open_checkpoint(
    std::string_view note, std::span<const VerifierKey> keys) {
  auto opened = open_note(note, keys);
  if (!opened) return std::unexpected(issue_of(opened.error()));
  auto checkpoint = parse_checkpoint_body(opened->text);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  const bool by_the_log = std::ranges::any_of(opened->signatures, [&](const auto& signature) {
    return signature.name == checkpoint->origin && !signature.cosigned_at_s;
  });
  if (!by_the_log) return std::unexpected(CheckpointIssue::not_by_the_log);
  return OpenedCheckpoint{*std::move(checkpoint), std::move(opened->signatures)};
}

}  // namespace holdpoint::ledger
