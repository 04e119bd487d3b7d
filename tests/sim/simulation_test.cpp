// The whole system against an independent model, through power losses at any moment. HP_SEED=N
// replays one life; HP_LONG=1 lives thousands.
#include "sim/simulation.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

namespace holdpoint::sim {
namespace {

constexpr std::uint64_t kLives = 20;
constexpr std::uint64_t kLivesLong = 3'000;

std::uint64_t first_seed() {
  const char* stated = std::getenv("HP_SEED");
  return stated == nullptr ? 1 : std::strtoull(stated, nullptr, 10);
}

std::uint64_t lives() {
  if (std::getenv("HP_SEED") != nullptr) return 1;
  return std::getenv("HP_LONG") != nullptr ? kLivesLong : kLives;
}

TEST_CASE(
    "through crashes at any moment no acknowledged fact is lost, none is half there, and the "
    "gate says what an independent model says") {
  Life all;
  const std::uint64_t first = first_seed();
  for (std::uint64_t seed = first; seed < first + lives(); ++seed) {
    const Life life = live(seed);
    CHECK_MESSAGE(life.problem.empty(), "HP_SEED=" << seed << ": " << life.problem);
    all.crashes += life.crashes;
    all.requests += life.requests;
    all.gate_questions += life.gate_questions;
    all.unknown_batches += life.unknown_batches;
    all.surviving_batches += life.surviving_batches;
  }
  CHECK(all.gate_questions > all.crashes);
  MESSAGE("seeds from " << first << ", " << all.crashes << " crashes, " << all.requests
                        << " requests, " << all.gate_questions << " gate questions, "
                        << all.unknown_batches << " batches cut off, of which "
                        << all.surviving_batches << " survived");
}

TEST_CASE("the same seed lives the same life, to the last byte of its ledger") {
  const std::uint64_t seed = first_seed();
  const Life one = live(seed);
  const Life two = live(seed);
  CHECK_FALSE(one.last_checkpoint.empty());
  CHECK(one.last_checkpoint == two.last_checkpoint);
  CHECK(one.requests == two.requests);
  CHECK(live(seed + 1).last_checkpoint != one.last_checkpoint);
}

}  // namespace
}  // namespace holdpoint::sim
