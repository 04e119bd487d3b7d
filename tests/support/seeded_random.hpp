// Random bytes that a seed determines (SplitMix64), for tests and simulations.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>

#include "engine/ports.hpp"

namespace holdpoint::test {

class SeededRandom final : public engine::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;
  std::uint64_t next();
  /// From 0 to bound - 1; `bound` MUST be over 0.
  std::uint64_t below(std::uint64_t bound);

 private:
  std::mutex mutex_;
  std::uint64_t state_;
};

}  // namespace holdpoint::test
