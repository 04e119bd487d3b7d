// What a policy demands of a request: stages of so many different people, each of certain roles.
// Demands are derived from the policies in force when the request opens and stand in its event, so
// that nobody can edit them afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/describe.hpp"

namespace holdpoint::approvals {

enum class QuorumKind : std::uint8_t {
  minimum,   // `value` people
  majority,  // more than half of all who may
  percent,   // `value` percent of all who may, rounded up
  all,
};
HP_DESCRIBE_ENUM(QuorumKind, minimum, majority, percent, all)

struct Quorum {
  QuorumKind kind{};
  std::int64_t value = 1;
  bool operator==(const Quorum&) const = default;
};
HP_DESCRIBE(Quorum, kind, value)

struct Demand {
  std::string policy;
  std::string route;
  std::string stage;
  /// Stages of a route with the same number may be signed at the same time; higher ones wait.
  std::int64_t order = 0;
  std::vector<std::string> roles;           // of permissions: "release_manager"
  std::vector<std::string> approval_roles;  // of people, teams and rotas: "security-board"
  std::vector<std::string> people;          // ids
  Quorum quorum;
  std::string capacity;  // "technical", "business", or "" where it does not matter
  bool operator==(const Demand&) const = default;
};
HP_DESCRIBE(Demand, policy, route, stage, order, roles, approval_roles, people, quorum, capacity)

/// How many people of `eligible` the quorum asks for; at least one. MUST be given a checked quorum:
/// a minimum of 1 to 50, a percentage of 1 to 100.
std::int64_t needed(const Quorum& quorum, std::size_t eligible);

}  // namespace holdpoint::approvals
