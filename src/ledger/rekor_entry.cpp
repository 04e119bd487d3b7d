// See rekor_entry.hpp. The body has four variable parts, all base64, between fixed bytes.
#include "ledger/rekor_entry.hpp"

#include <optional>

#include "base/canonical.hpp"
#include "base/encoding.hpp"

namespace holdpoint::ledger {
namespace {

constexpr std::string_view before_digest =
    R"({"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":)"
    R"({"algorithm":"SHA2_256","digest":)";
constexpr std::string_view before_signature = R"(},"signatures":[{"content":)";
constexpr std::string_view before_key =
    R"(,"verifier":{"keyDetails":"PKIX_ED25519","publicKey":{"rawBytes":)";
constexpr std::string_view after_key = R"(}}}]}}})";

std::optional<std::string> base64_after(CanonicalReader& in, std::string_view literal) {
  std::string text;
  if (!in.literal(literal) || !in.string(text)) return std::nullopt;
  return from_base64(text);
}

std::string quoted_base64(std::string_view bytes) { return '"' + to_base64(bytes) + '"'; }

}  // namespace

std::string_view sentence(RekorIssue issue) {
  switch (issue) {
    case RekorIssue::malformed: return "the bytes are no Rekor dsse 0.0.2 body in canonical form";
    case RekorIssue::wrong_signature: return "the key did not make the envelope's signature";
  }
  return "";
}

std::expected<RekorDsseEntry, RekorIssue> rekor_entry_of(const DsseEnvelope& envelope,
                                                         const Ed25519PublicKey& key) {
  const auto signature = Ed25519Signature::from_bytes(envelope.signature);
  if (!signature || !verify_dsse(envelope, envelope.payload_type, key)) {
    return std::unexpected(RekorIssue::wrong_signature);
  }
  return RekorDsseEntry{sha256(envelope.payload), *signature, key};
}

std::string encode_rekor_entry(const RekorDsseEntry& entry) {
  std::string out(before_digest);
  out += quoted_base64(entry.payload_hash.view());
  out += before_signature;
  out += quoted_base64(entry.signature.view());
  out += before_key;
  out += quoted_base64(entry.public_key.spki());
  out += after_key;
  return out;
}

std::expected<RekorDsseEntry, RekorIssue> parse_rekor_entry(std::string_view bytes) {
  const auto malformed = std::unexpected(RekorIssue::malformed);
  CanonicalReader in(bytes);
  const auto hash_bytes = base64_after(in, before_digest);
  if (!hash_bytes) return malformed;
  const auto signature_bytes = base64_after(in, before_signature);
  if (!signature_bytes) return malformed;
  const auto key_bytes = base64_after(in, before_key);
  if (!key_bytes || !in.literal(after_key) || !in.at_end()) return malformed;
  const auto hash = Digest::from_bytes(*hash_bytes);
  const auto signature = Ed25519Signature::from_bytes(*signature_bytes);
  const auto key = Ed25519PublicKey::from_spki(*key_bytes);
  if (!hash || !signature || !key) return malformed;
  RekorDsseEntry entry{*hash, *signature, *key};
  if (encode_rekor_entry(entry) != bytes) return malformed;
  return entry;
}

}  // namespace holdpoint::ledger
