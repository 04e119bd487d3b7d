// Secret seeds (Ed25519 signing keys, the vault's key) as private files: 64 hex digits and a line
// end, mode 0600.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/fault.hpp"
#include "engine/ports.hpp"

namespace holdpoint::crypto {

using Seed = std::array<std::uint8_t, 32>;

/// The seed in the file, or a new one, durable before it is returned. Fault invalid, saying what to
/// do, when others than the owner may use the file; corrupt when it holds anything else.
Result<Seed> load_or_create_seed(const std::string& path, engine::Random& random);

}  // namespace holdpoint::crypto
