// Password hashes: argon2id in libsodium's encoded form. The cost is chosen so that one check takes
// tens of milliseconds, and how many run at once is bounded, since each takes its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/fault.hpp"
#include "engine/ports.hpp"

namespace holdpoint::crypto {

inline constexpr std::size_t kPasswordBytes_max = 1024;
inline constexpr std::size_t kPasswordChecksAtOnce_max = 2;

struct PasswordCost {
  std::uint64_t passes = 3;
  std::size_t memory_bytes = std::size_t{64} << 20U;
};

/// Fault exhausted when the cost cannot be met. A password longer than the bound is a
/// fault when hashed and wrong when verified. An empty hash (no such person, no password set) or a
/// malformed one takes the same time as a real one, and is wrong.
Result<std::unique_ptr<engine::PasswordHasher>> argon2_passwords(PasswordCost cost = {});

}  // namespace holdpoint::crypto
