// Commitments to sealed fields. Personal data never stands in a leaf; the leaf holds one salted
// SHA-256 per field, and the value lies beside it, encrypted under its person's key. The commitment
// is over the plain value (a ciphertext alone could be opened to two values), and the salt,
// destroyed with the key, leaves 32 bytes that tell nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest.hpp"

namespace holdpoint::ledger {

/// 32 random bytes, never used for two fields.
using CommitmentSalt = std::array<std::uint8_t, 32>;

/// SHA-256("holdpoint-commit/v1" || 0x00 || salt || JCS(path) || JCS(value)), both as JSON strings.
/// `field_path` and `value` MUST be valid UTF-8.
Digest commit_field(const CommitmentSalt& salt, std::string_view field_path,
                    std::string_view value);

/// The associated bytes of the value's encryption: event id || 0x00 || field path || 0x00 || the 32
/// bytes of the commitment. They tie the ciphertext to its place.
std::string sealed_field_context(std::string_view event_id, std::string_view field_path,
                                 const Digest& commitment);

}  // namespace holdpoint::ledger
