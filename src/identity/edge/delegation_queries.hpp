// Delegations as the tables have them, for the edges of higher tiers: which are in force is asked
// here, whether one may be used is decided by may_stand_in.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/columns.hpp"
#include "engine/ports.hpp"
#include "identity/delegation.hpp"

namespace holdpoint::identity {

/// Those in force in the workspace at the instant, between people who are both active now, in the
/// order they were made.
std::vector<Delegation> delegations_at(engine::Connection& tables, std::string_view workspace,
                                       Instant at);

std::optional<Delegation> find_delegation(engine::Connection& tables, std::string_view workspace,
                                          std::string_view id);
/// To or from the person, neither revoked nor over at the instant; some begin later.
std::vector<Delegation> live_delegations_of(engine::Connection& tables, std::string_view workspace,
                                            const PersonId& person, Instant now);
/// Of everybody.
std::vector<Delegation> live_delegations(engine::Connection& tables, std::string_view workspace,
                                         Instant now);
/// In the order they were made, after the entry `after`; the sequence is that of the entry that
/// sealed the reason.
std::vector<engine::columns::Sequenced<Delegation>> list_delegations(engine::Connection& tables,
                                                                     std::string_view workspace,
                                                                     std::int64_t after,
                                                                     std::size_t limit);

}  // namespace holdpoint::identity
