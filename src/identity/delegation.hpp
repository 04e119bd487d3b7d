// Delegation (B7): somebody who is away lets another take his seat in approval roles, for a period
// that ends. It moves a seat and gives no rights: the delegate needs his own permission to approve,
// what was delegated cannot be delegated on, and two people cannot stand in for each other.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.hpp"
#include "identity/decide.hpp"

namespace holdpoint::identity {

inline constexpr std::int64_t delegation_days_max = 90;
inline constexpr std::size_t delegation_roles_max = 50;
inline constexpr std::size_t delegation_reason_bytes_max = 1'000;
/// Of one delegator, neither over nor revoked.
inline constexpr std::size_t delegations_per_person_max = 20;

/// A request: people by mail address or id. Without a delegator it is the caller's own seat,
/// without roles it is all of them, without a begin it begins now.
struct GiveDelegation {
  std::optional<std::string> delegator;
  std::string delegate;
  std::vector<std::string> roles;
  std::optional<Instant> from;
  Instant until;
  std::string reason;
};
HP_DESCRIBE(GiveDelegation, delegator, delegate, roles, from, until, reason)

/// Seals "/reason" under the delegator's key: why somebody is away is personal. `from` is in the
/// period, `until` is not.
struct DelegationGiven {
  static constexpr std::string_view event_type = "delegation.given";
  static constexpr int event_version = 1;
  DelegationId id;
  PersonId delegator;
  PersonId delegate;
  std::vector<std::string> roles;
  InstantUs from;
  InstantUs until;
};
HP_DESCRIBE(DelegationGiven, id, delegator, delegate, roles, from, until)

struct DelegationRevoked {
  static constexpr std::string_view event_type = "delegation.revoked";
  static constexpr int event_version = 1;
  DelegationId id;
  PersonId delegator;
  PersonId delegate;
};
HP_DESCRIBE(DelegationRevoked, id, delegator, delegate)

/// A delegation as it stands. The members are the columns of its table, where FROM is a word of
/// SQL's own.
struct Delegation {
  DelegationId id;
  PersonId delegator;
  PersonId delegate;
  std::vector<std::string> roles;  // of any kind; none: every role
  Instant starts_at;
  Instant ends_at;
  std::optional<Instant> revoked_at;
};
HP_DESCRIBE(Delegation, id, delegator, delegate, roles, starts_at, ends_at, revoked_at)

struct DelegationFacts {
  DelegationId id;
  Instant now;
  Requester requester;
  std::optional<Person> delegator;          // whom the command means, or the caller
  std::optional<Person> delegate;           // whom the command means
  std::optional<std::string> unknown_role;  // the first that the command names and is not there
  std::vector<Delegation> live;             // to or from the delegator, neither over nor revoked
};
Decided<DelegationGiven> decide(const GiveDelegation& command, const DelegationFacts& facts);
/// The delegator may end it, the delegate may decline it, and access.manage may do both.
Decided<DelegationRevoked> decide_delegation_end(const std::optional<Delegation>& delegation,
                                                 const Requester& requester, Instant now);

/// Whether the delegation counts at that instant: begun, not over, and not revoked by then.
bool is_in_force(const Delegation& delegation, Instant at);
/// Whether it is about that role.
bool covers(const Delegation& delegation, std::string_view role);

/// Who wants to take whose seat in which role. Both lists MUST be sorted.
struct StandIn {
  PersonId delegate;
  PersonId delegator;
  std::string_view role;
  Instant at;
  std::span<const PersonId> seats{};     // who fill the role themselves: people_of_role
  std::span<const PersonId> excluded{};  // who may not approve this, whatever their role
};

/// The delegation by which he may, if he may. The delegator has to fill the role himself, so that a
/// seat is never passed on; neither of the two may be excluded; and the delegator may not stand in
/// for the delegate at that instant. `delegations` are those of delegations_at.
std::optional<DelegationId> may_stand_in(const StandIn& wanted,
                                         std::span<const Delegation> delegations);

}  // namespace holdpoint::identity
