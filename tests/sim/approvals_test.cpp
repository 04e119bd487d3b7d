// Approvals against an independent auditor. HP_SEED=N replays one life, which fails by what the
// auditor finds and by nothing else; HP_LONG=1 lives a million commands.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>

#include "sim/approval_life.hpp"

namespace holdpoint::sim {
namespace {

/// The same for every run, so that a printed seed is the same life in each.
constexpr std::uint64_t kCommandsOfALife = 1'000;
constexpr std::uint64_t kLives = 20;
constexpr std::uint64_t kCommandsOfALongRun = 1'000'000;

enum class Run : std::uint8_t { replay, daily, long_one };

Run this_run() {
  if (std::getenv("HP_SEED") != nullptr) return Run::replay;
  return std::getenv("HP_LONG") != nullptr ? Run::long_one : Run::daily;
}

std::uint64_t first_seed() {
  const char* stated = std::getenv("HP_SEED");
  return stated == nullptr ? 1 : std::strtoull(stated, nullptr, 10);
}

bool is_over(Run run, std::uint64_t lives, const ApprovalLife& all) {
  switch (run) {
    case Run::replay: return lives == 1;
    case Run::daily: return lives == kLives;
    case Run::long_one: return all.commands >= kCommandsOfALongRun;
  }
  return true;
}

TEST_CASE(
    "nothing is approved that the rules forbid, nothing waits for ever that they allow, and what "
    "was refused or repeated leaves no trace") {
  const Run run = this_run();
  const std::uint64_t first = first_seed();
  const auto begun = std::chrono::steady_clock::now();
  ApprovalLife all;
  std::uint64_t lives = 0;
  std::uint64_t with_findings = 0;
  // A life that ends early by what was found counts few commands: so many lives are enough.
  constexpr std::uint64_t kFindingsMax = 20;
  while (!is_over(run, lives, all) && with_findings < kFindingsMax) {
    const std::uint64_t seed = first + lives++;
    const ApprovalLife life = live_with_approvals(seed, kCommandsOfALife);
    CHECK_MESSAGE(life.problem.empty(), "HP_SEED=" << seed << ": " << life.problem);
    with_findings += life.problem.empty() ? 0 : 1;
    all.add(life);
  }
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
  MESSAGE(lives << " lives from seed " << first << " in " << seconds.count()
                << " s: " << summary_of(all));
  if (run == Run::replay) return;
  // One life need not see everything; together they have to.
  for (const Figure& figure : figures()) {
    const bool is_demanded = run == Run::long_one || !figure.is_rare;
    CHECK_MESSAGE((!is_demanded || all.*figure.count > 0), std::string(figure.words)
                                                               << " never happened");
  }
  CHECK(all.refused > all.granted);
}

TEST_CASE("the same seed lives the same life with approvals") {
  const std::uint64_t seed = first_seed();
  const ApprovalLife one = live_with_approvals(seed, 200);
  const ApprovalLife two = live_with_approvals(seed, 200);
  CHECK(one.problem == two.problem);
  CHECK(one.last_checkpoint == two.last_checkpoint);
  if (this_run() != Run::replay) CHECK_FALSE(one.last_checkpoint.empty());
}

}  // namespace
}  // namespace holdpoint::sim
