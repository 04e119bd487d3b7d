// The read model of verifications of the ledger, for this capability's edge.
#pragma once

#include <optional>

#include "compliance/facts.hpp"
#include "compliance/verification.hpp"
#include "engine/module.hpp"

namespace holdpoint::compliance {

engine::Table verification_table();
void fold_verified(engine::Connection& tables, const engine::Recorded& recorded,
                   const LedgerVerified& event);

/// The last verification of the server's logs before that instant.
std::optional<Verification> last_verification(engine::Connection& tables, Instant until);

}  // namespace holdpoint::compliance
