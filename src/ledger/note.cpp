// See note.hpp.
#include "ledger/note.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/assert.hpp"
#include "base/encoding.hpp"

namespace holdpoint::ledger {
namespace {

constexpr std::string_view signature_prefix = "\xE2\x80\x94 ";  // em dash, space
constexpr std::size_t ed25519_payload_bytes = 64;
constexpr std::size_t cosignature_payload_bytes = 8 + 64;

/// Unicode White_Space beyond ASCII, as UTF-8.
constexpr std::array<std::string_view, 19> wide_spaces = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool has_forbidden_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

bool is_note_text(std::string_view text) {
  return text.ends_with('\n') && is_utf8(text) && !has_forbidden_control(text);
}

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    bytes += static_cast<char>(number >> (shift - 8) & 0xFF);
  }
  return bytes;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

struct SignatureLine {
  std::string_view name;
  std::uint32_t id = 0;
  std::string payload;
};

std::optional<SignatureLine> parse_signature_line(std::string_view line) {
  if (!line.starts_with(signature_prefix)) return std::nullopt;
  line.remove_prefix(signature_prefix.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view name = line.substr(0, space);
  const auto raw = from_base64(line.substr(space + 1));
  if (!is_key_name(name) || !raw || raw->size() < 5) return std::nullopt;
  const auto id = static_cast<std::uint32_t>(from_big_endian(raw->substr(0, 4)));
  return SignatureLine{name, id, raw->substr(4)};
}

/// The signature as verified, or nullopt when the key did not make it.
std::optional<VerifiedSignature> verify_line(const SignatureLine& line, const VerifierKey& key,
                                             std::string_view text) {
  switch (key.algorithm) {
    case NoteAlgorithm::ed25519: {
      if (line.payload.size() != ed25519_payload_bytes) return std::nullopt;
      if (!ed25519_verify(key.public_key, text, line.payload)) return std::nullopt;
      return VerifiedSignature{key.name, key.id, std::nullopt};
    }
    case NoteAlgorithm::ed25519_cosignature: {
      if (line.payload.size() != cosignature_payload_bytes) return std::nullopt;
      const std::string_view payload = line.payload;
      const std::uint64_t at_s = from_big_endian(payload.substr(0, 8));
      if (at_s >> 63 != 0) return std::nullopt;
      std::string message = "cosignature/v1\ntime " + std::to_string(at_s) + "\n";
      message += text;
      if (!ed25519_verify(key.public_key, message, payload.substr(8))) return std::nullopt;
      return VerifiedSignature{key.name, key.id, at_s};
    }
  }
  return std::nullopt;
}

bool are_ambiguous(std::span<const VerifierKey> keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t k = i + 1; k < keys.size(); ++k) {
      if (keys[i].name == keys[k].name && keys[i].id == keys[k].id) return true;
    }
  }
  return false;
}

std::expected<std::vector<SignatureLine>, NoteIssue> parse_signatures(std::string_view block) {
  std::vector<SignatureLine> lines;
  while (!block.empty()) {
    if (lines.size() == note_signatures_max) {
      return std::unexpected(NoteIssue::too_many_signatures);
    }
    const auto end = block.find('\n');
    if (end == std::string_view::npos) return std::unexpected(NoteIssue::malformed_signature);
    auto line = parse_signature_line(block.substr(0, end));
    if (!line) return std::unexpected(NoteIssue::malformed_signature);
    lines.push_back(*std::move(line));
    block.remove_prefix(end + 1);
  }
  if (lines.empty()) return std::unexpected(NoteIssue::malformed);
  return lines;
}

}  // namespace

std::string_view sentence(NoteIssue issue) {
  switch (issue) {
    case NoteIssue::malformed:
      return "the note is not a UTF-8 text with signatures below an empty line";
    case NoteIssue::malformed_signature: return "a line below the text is no signature line";
    case NoteIssue::too_many_signatures: return "the note has too many signatures";
    case NoteIssue::too_long: return "the note is too long";
    case NoteIssue::wrong_signature:
      return "a signature that bears a known key's name was not made by that key";
    case NoteIssue::unverified: return "no signature is by a known key";
    case NoteIssue::ambiguous_keys: return "two known keys have the same name and id";
    case NoteIssue::malformed_key:
      return "the verifier key is not of the form <name>+<8 hex digits>+<base64>";
    case NoteIssue::unknown_algorithm:
      return "the verifier key is for an unknown kind of signature";
    case NoteIssue::wrong_key_id: return "the verifier key's id does not belong to the key";
  }
  return "";
}

bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > key_name_bytes_max || !is_utf8(name)) return false;
  const bool plain = std::ranges::none_of(
      name, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '+'; });
  return plain && std::ranges::none_of(wide_spaces, [&](std::string_view space) {
           return name.find(space) != std::string_view::npos;
         });
}

Digest key_hash(const VerifierKey& key) {
  std::string bytes = key.name + '\n';
  bytes += static_cast<char>(key.algorithm);
  bytes += key.public_key.view();
  return sha256(bytes);
}

VerifierKey VerifierKey::of(std::string name, const Ed25519PublicKey& key,
                            NoteAlgorithm algorithm) {
  VerifierKey verifier{std::move(name), 0, algorithm, key};
  const Digest hash = key_hash(verifier);
  verifier.id = static_cast<std::uint32_t>(from_big_endian(hash.view().substr(0, 4)));
  return verifier;
}

std::expected<VerifierKey, NoteIssue> VerifierKey::parse(std::string_view vkey) {
  const auto malformed = std::unexpected(NoteIssue::malformed_key);
  const auto name_end = vkey.find('+');
  if (name_end == std::string_view::npos) return malformed;
  const auto id_end = vkey.find('+', name_end + 1);
  if (id_end == std::string_view::npos) return malformed;
  const std::string_view name = vkey.substr(0, name_end);
  const std::string_view id = vkey.substr(name_end + 1, id_end - name_end - 1);
  const auto raw = from_base64(vkey.substr(id_end + 1));
  if (!is_key_name(name) || id.size() != 8 || !raw || raw->empty()) return malformed;
  const auto algorithm = static_cast<NoteAlgorithm>((*raw)[0]);
  if (algorithm != NoteAlgorithm::ed25519 && algorithm != NoteAlgorithm::ed25519_cosignature) {
    return std::unexpected(NoteIssue::unknown_algorithm);
  }
  const auto key = Ed25519PublicKey::from_bytes(std::string_view(*raw).substr(1));
  if (!key) return malformed;
  VerifierKey verifier = of(std::string(name), *key, algorithm);
  if (to_hex(big_endian(verifier.id)) != id) return std::unexpected(NoteIssue::wrong_key_id);
  return verifier;
}

std::string VerifierKey::text() const {
  std::string raw(1, static_cast<char>(algorithm));
  raw += public_key.view();
  return name + '+' + to_hex(big_endian(id)) + '+' + to_base64(raw);
}

std::string note_signature_line(std::string_view text, std::string_view name,
                                const Ed25519Key& key) {
  HP_ASSERT(is_note_text(text), "LE-5: only a note text is signed");
  HP_ASSERT(is_key_name(name), "LE-6: a note is signed under a key name");
  const VerifierKey verifier = VerifierKey::of(std::string(name), key.public_key());
  std::string payload = big_endian(verifier.id);
  payload += key.sign(text).view();
  return std::string(signature_prefix) + verifier.name + ' ' + to_base64(payload) + '\n';
}

std::string sign_note(std::string_view text, std::string_view name, const Ed25519Key& key) {
  return std::string(text) + '\n' + note_signature_line(text, name, key);
}

std::expected<OpenedNote, NoteIssue> open_note(std::string_view bytes,
                                               std::span<const VerifierKey> keys) {
  if (bytes.size() > note_bytes_max) return std::unexpected(NoteIssue::too_long);
  if (are_ambiguous(keys)) return std::unexpected(NoteIssue::ambiguous_keys);
  const auto split = bytes.rfind("\n\n");
  if (split == std::string_view::npos || !is_note_text(bytes)) {
    return std::unexpected(NoteIssue::malformed);
  }
  const std::string_view text = bytes.substr(0, split + 1);
  auto lines = parse_signatures(bytes.substr(split + 2));
  if (!lines) return std::unexpected(lines.error());
  OpenedNote note{std::string(text), {}};
  for (const SignatureLine& line : *lines) {
    const auto key = std::ranges::find_if(
        keys, [&](const VerifierKey& k) { return k.name == line.name && k.id == line.id; });
    if (key == keys.end()) continue;
    const auto verified = verify_line(line, *key, text);
    if (!verified) return std::unexpected(NoteIssue::wrong_signature);
    if (std::ranges::find(note.signatures, *verified) == note.signatures.end()) {
      note.signatures.push_back(*verified);
    }
  }
  if (note.signatures.empty()) return std::unexpected(NoteIssue::unverified);
  return note;
}

}  // namespace holdpoint::ledger
