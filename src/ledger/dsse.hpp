// DSSE v1 envelopes with exactly one signature: what a certification record is signed in. Sigstore
// bundles refuse any other count, so several signers make several envelopes.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/ed25519.hpp"

namespace holdpoint::ledger {

inline constexpr std::size_t dsse_bytes_max = 4U << 20;
inline constexpr std::string_view in_toto_payload_type = "application/vnd.in-toto+json";

struct DsseEnvelope {
  std::string payload;  // the bytes themselves, not base64
  std::string payload_type;
  std::string key_id;     // a hint: MUST NOT decide whether a key is trusted
  std::string signature;  // raw bytes

  bool operator==(const DsseEnvelope&) const = default;
};

enum class DsseIssue : std::uint8_t {
  too_long,
  not_json,       // no strict JSON object
  wrong_members,  // a member is missing or of another type
  wrong_base64,   // payload or signature is in neither base64 alphabet
  not_one_signature,
  wrong_signature,  // the key did not make the signature
  wrong_type,       // the payload is of another type than asked for
};
std::string_view sentence(DsseIssue issue);

/// PAE: "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload. This is what is signed.
std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload);

/// Lower-case hex of the SHA-256 of the key's SPKI DER.
std::string dsse_key_id(const Ed25519PublicKey& key);

DsseEnvelope sign_dsse(std::string payload_type, std::string payload, const Ed25519Key& key);

/// Checks the signature over type and payload; the payload type MUST be the one expected.
std::expected<void, DsseIssue> verify_dsse(const DsseEnvelope& envelope,
                                           std::string_view payload_type,
                                           const Ed25519PublicKey& key);

/// Canonical JSON with standard base64. `payload_type` and `key_id` MUST be valid UTF-8.
std::string encode_dsse(const DsseEnvelope& envelope);
/// Accepts any member order and white space, both base64 alphabets, with or without padding, a
/// missing keyid, and members it does not know, which it ignores.
std::expected<DsseEnvelope, DsseIssue> parse_dsse(std::string_view bytes);

}  // namespace holdpoint::ledger
