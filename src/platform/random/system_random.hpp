// Unpredictable bytes from the kernel (getrandom), for ids, keys and nonces.
#pragma once

#include "engine/ports.hpp"

namespace holdpoint::random {

/// Safe for use from several threads.
class SystemRandom final : public engine::Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace holdpoint::random
