// Approvals against an independent auditor. HP_SEED=N replays one life; HP_LONG=1 lives a million
// commands.
#include <doctest/doctest.h>

#include <cstdlib>

#include "sim/approval_life.hpp"

namespace holdpoint::sim {
namespace {

constexpr std::uint64_t kCommandsOfALife = 1'000;
constexpr std::uint64_t kLives = 20;
constexpr std::uint64_t kLivesLong = 1'000;

std::uint64_t first_seed() {
  const char* stated = std::getenv("HP_SEED");
  return stated == nullptr ? 1 : std::strtoull(stated, nullptr, 10);
}

std::uint64_t lives() {
  if (std::getenv("HP_SEED") != nullptr) return 1;
  return std::getenv("HP_LONG") != nullptr ? kLivesLong : kLives;
}

TEST_CASE(
    "nothing is approved that the rules forbid, nothing waits for ever that they allow, and what "
    "was refused or repeated leaves no trace") {
  ApprovalLife all;
  const std::uint64_t first = first_seed();
  for (std::uint64_t seed = first; seed < first + lives(); ++seed) {
    const ApprovalLife life = live_with_approvals(seed, kCommandsOfALife);
    CHECK_MESSAGE(life.problem.empty(), "HP_SEED=" << seed << ": " << life.problem);
    all.commands += life.commands;
    all.refused += life.refused;
    all.signatures += life.signatures;
    all.granted += life.granted;
    all.consumed += life.consumed;
    all.lent += life.lent;
    all.paused += life.paused;
    all.implicated += life.implicated;
    all.repeated += life.repeated;
    all.restarts += life.restarts;
    all.power_losses += life.power_losses;
  }
  CHECK(all.consumed > 0);
  CHECK(all.refused > all.granted);
  if (lives() > 1) {
    CHECK(all.paused > 0);
    CHECK(all.implicated > 0);
  }
  MESSAGE("seeds from " << first << ": " << all.commands << " commands, " << all.refused
                        << " refused, " << all.signatures << " signatures, " << all.lent
                        << " of them in another's place, " << all.granted << " granted, "
                        << all.consumed << " used, " << all.paused << " paused, " << all.implicated
                        << " deployments implicated, " << all.repeated << " repeated, "
                        << all.restarts << " restarts, " << all.power_losses << " power losses");
}

TEST_CASE("the same seed lives the same life with approvals") {
  const std::uint64_t seed = first_seed();
  const ApprovalLife one = live_with_approvals(seed, 200);
  const ApprovalLife two = live_with_approvals(seed, 200);
  CHECK_FALSE(one.last_checkpoint.empty());
  CHECK(one.last_checkpoint == two.last_checkpoint);
}

}  // namespace
}  // namespace holdpoint::sim
