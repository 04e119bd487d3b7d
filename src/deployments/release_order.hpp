// The order of releases in an environment: what was proposed earlier does not go where something
// that was proposed later runs or was started with success, unless whoever starts it says that it
// is a rollback. The order is that in which releases were proposed, not that of their deployments.
#pragma once

#include <optional>
#include <string>

#include "deployments/deployment.hpp"

namespace holdpoint::deployments {

inline constexpr std::size_t rollback_reason_bytes_max = 2'000;

/// A release as it was started somewhere.
struct ReleaseThere {
  std::string release;  // its id
  std::string version;
  std::int64_t entry = 0;  // of the ledger, that proposed it
  DeploymentId deployment;
  /// It was proposed by `entry` or earlier; one of too many to look each of them up.
  bool is_no_later = false;
};

/// A rollback as it is asked for.
struct RollbackWanted {
  std::string reason;
};
HP_DESCRIBE(RollbackWanted, reason)

/// What is to be started, in the order of releases.
struct OrderQuestion {
  const GateQuestion& question;
  std::int64_t entry = 0;  // that proposed the release
  const std::optional<RollbackWanted>& rollback;
};

/// Why it may not start where `newest` was the last release that was: that one is newer and nobody
/// said that this goes back, or it was said without a reason.
std::optional<Refusal> why_out_of_order(const OrderQuestion& wanted,
                                        const std::optional<ReleaseThere>& newest);

/// What is recorded of a rollback that may start.
std::optional<Rollback> rollback_of(const OrderQuestion& wanted,
                                    const std::optional<ReleaseThere>& newest);

}  // namespace holdpoint::deployments
