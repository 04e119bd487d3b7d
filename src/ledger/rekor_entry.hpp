// The second kind of ledger entry: the canonicalized body of Rekor's `dsse` 0.0.2 entry for a
// certification's signature. With it in the tree, every Sigstore client is a neutral verifier of
// our log.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/ed25519.hpp"
#include "ledger/dsse.hpp"

namespace holdpoint::ledger {

struct RekorDsseEntry {
  Digest payload_hash;
  Ed25519Signature signature;
  Ed25519PublicKey public_key;

  bool operator==(const RekorDsseEntry&) const = default;
};

enum class RekorIssue : std::uint8_t {
  malformed,        // not byte for byte a body of this kind
  wrong_signature,  // the envelope's signature has no 64 bytes or is not by the key
};
std::string_view sentence(RekorIssue issue);

/// The entry of an envelope, whose signature is checked first.
std::expected<RekorDsseEntry, RekorIssue> rekor_entry_of(const DsseEnvelope& envelope,
                                                         const Ed25519PublicKey& key);

/// RFC 8785 bytes: the leaf, and `canonicalizedBody` of the bundle.
std::string encode_rekor_entry(const RekorDsseEntry& entry);
/// Refuses everything that encode_rekor_entry() would not have written.
std::expected<RekorDsseEntry, RekorIssue> parse_rekor_entry(std::string_view bytes);

}  // namespace holdpoint::ledger
