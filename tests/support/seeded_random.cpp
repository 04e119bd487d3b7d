// See seeded_random.hpp.
#include "support/seeded_random.hpp"

#include "base/assert.hpp"

namespace holdpoint::test {

std::uint64_t SeededRandom::next() {
  const std::scoped_lock lock(mutex_);
  std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15U;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31U);
}

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    word = i % 8 == 0 ? next() : word >> 8U;
    bytes[i] = static_cast<std::uint8_t>(word);
  }
}

std::uint64_t SeededRandom::below(std::uint64_t bound) {
  HP_ASSERT(bound > 0, "TS-2: a choice has at least one outcome");
  return next() % bound;
}

}  // namespace holdpoint::test
