// One simulated life of a house in which people ask for approvals, decide, deploy, lend each other
// their rights, change roles, policies, configurations and the clock, and try again what they tried
// before, while the server restarts and loses power. After each command the server must have done
// what the auditor expects, and nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace holdpoint::sim {

struct ApprovalLife {
  std::string problem;  // "" when the server and the auditor agreed to the end
  std::string last_checkpoint;
  std::uint64_t commands = 0;
  std::uint64_t refused = 0;
  std::uint64_t signatures = 0;
  std::uint64_t granted = 0;
  std::uint64_t consumed = 0;
  std::uint64_t retried = 0;         // used again, because the use failed
  std::uint64_t lent = 0;            // signatures in somebody else's place
  std::uint64_t paused = 0;          // requests whose clocks an incident stopped
  std::uint64_t deferred = 0;        // signatures that count later
  std::uint64_t began = 0;           // requests granted when one of those began to count
  std::uint64_t escalated = 0;       // levels that fired
  std::uint64_t escalated_late = 0;  // after an absence
  std::uint64_t skipped = 0;         // levels that reached nobody
  std::uint64_t owners_told = 0;     // because no level reached anybody
  std::uint64_t waived = 0;          // waivers that came into force
  std::uint64_t waivers_ended = 0;   // by hand
  std::uint64_t changes_begun = 0;
  std::uint64_t overrides_used = 0;
  std::uint64_t reviewed = 0;    // emergencies that people looked back at
  std::uint64_t overdue = 0;     // or did not in time
  std::uint64_t implicated = 0;  // deployments that an incident says failed
  std::uint64_t repeated = 0;
  std::uint64_t restarts = 0;
  std::uint64_t power_losses = 0;

  /// Adds what is counted.
  void add(const ApprovalLife& other);
};

/// What a life counts, and by which words.
struct Figure {
  const char* words;
  decltype(&ApprovalLife::commands) count;
  /// Too rare for the few lives of every day to see for certain.
  bool is_rare = false;
};
std::span<const Figure> figures();
/// "20000 commands, 9000 refused, ..."
std::string summary_of(const ApprovalLife& life);

ApprovalLife live_with_approvals(std::uint64_t seed, std::uint64_t commands);

}  // namespace holdpoint::sim
