// See delegation.hpp.
#include "identity/delegation.hpp"

#include <algorithm>
#include <set>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "identity/refusals.hpp"

namespace holdpoint::identity {
namespace {

bool manages_access(const Requester& requester) {
  return std::ranges::binary_search(requester.permissions, "access.manage");
}

bool is(const Requester& requester, const PersonId& person) {
  return requester.kind == ActorKind::person && requester.id == person.text();
}

JsonIssues flaws(const GiveDelegation& command) {
  JsonIssues issues;
  if (!is_stated(command.reason, delegation_reason_bytes_max) || !is_utf8(command.reason)) {
    issues.push_back({"/reason", "expected 1 to 1000 bytes", 0});
  }
  if (command.roles.size() > delegation_roles_max) {
    issues.push_back({"/roles", "more than 50 roles; name none to delegate all", 0});
    return issues;
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < command.roles.size(); ++i) {
    if (!seen.insert(command.roles[i]).second) {
      issues.push_back({"/roles/" + std::to_string(i), "stands twice", 0});
    }
  }
  return issues;
}

/// Why these two cannot be delegator and delegate.
std::optional<Refusal> people_flaw(const DelegationFacts& facts) {
  const auto is_member = [](const std::optional<Person>& person) {
    return person && person->state != PersonState::contributor;
  };
  if (!is_member(facts.delegator)) return refusal(Obstacle::person_unknown);
  const PersonId& delegator = facts.delegator->id;
  const bool own = is(facts.requester, delegator);
  if (!own && !manages_access(facts.requester)) {
    return refusal(Obstacle::delegation_of_others, delegator.text());
  }
  if (!is_member(facts.delegate)) return refusal(Obstacle::person_unknown);
  const PersonId& delegate = facts.delegate->id;
  if (delegator == delegate) return refusal(Obstacle::delegation_to_self, delegate.text());
  if (!own && is(facts.requester, delegate)) {
    return refusal(Obstacle::delegation_to_requester, delegate.text());
  }
  for (const auto& person : {facts.delegator, facts.delegate}) {
    if (person->state == PersonState::deactivated) {
      return refusal(Obstacle::person_deactivated, person->id.text());
    }
  }
  return std::nullopt;
}

std::optional<Refusal> period_flaw(Instant from, Instant until, Instant now) {
  if (from < now) return refusal(Obstacle::delegation_backdated);
  if (until <= from) return refusal(Obstacle::delegation_period_empty);
  if (until - from > Duration::days(delegation_days_max)) {
    return refusal(Obstacle::delegation_too_long, std::to_string(delegation_days_max) + " days");
  }
  return std::nullopt;
}

}  // namespace

Decided<DelegationGiven> decide(const GiveDelegation& command, const DelegationFacts& facts) {
  if (auto issues = flaws(command); !issues.empty()) return refuse(invalid(std::move(issues)));
  if (auto flaw = people_flaw(facts)) return refuse(std::move(*flaw));
  if (facts.unknown_role) {
    return refuse(refusal(Obstacle::approval_role_unknown, *facts.unknown_role));
  }
  const Instant from = command.from.value_or(facts.now);
  if (auto flaw = period_flaw(from, command.until, facts.now)) return refuse(std::move(*flaw));
  const PersonId& delegator = facts.delegator->id;
  const PersonId& delegate = facts.delegate->id;
  std::size_t own = 0;
  for (const Delegation& other : facts.live) {
    if (other.delegator == delegator) ++own;
    const bool back = other.delegator == delegate && other.delegate == delegator;
    if (back && other.starts_at < command.until && from < other.ends_at) {
      return refuse(refusal(Obstacle::delegation_reciprocal, other.id.text()));
    }
  }
  if (own >= delegations_per_person_max) {
    return refuse(refusal(Obstacle::delegation_limit, delegator.text()));
  }
  return DelegationGiven{facts.id,      delegator,       delegate,
                         command.roles, InstantUs{from}, InstantUs{command.until}};
}

Decided<DelegationRevoked> decide_delegation_end(const std::optional<Delegation>& delegation,
                                                 const Requester& requester, Instant now) {
  if (!delegation) return refuse(refusal(Obstacle::delegation_unknown));
  const bool concerned =
      is(requester, delegation->delegator) || is(requester, delegation->delegate);
  if (!concerned && !manages_access(requester)) {
    return refuse(refusal(Obstacle::delegation_of_others, delegation->id.text()));
  }
  if (delegation->revoked_at || delegation->ends_at <= now) {
    return refuse(refusal(Obstacle::delegation_over, delegation->id.text()));
  }
  return DelegationRevoked{delegation->id, delegation->delegator, delegation->delegate};
}

bool is_in_force(const Delegation& delegation, Instant at) {
  return delegation.starts_at <= at && at < delegation.ends_at &&
         (!delegation.revoked_at || at < *delegation.revoked_at);
}

bool covers(const Delegation& delegation, std::string_view role) {
  return delegation.roles.empty() ||
         std::ranges::find(delegation.roles, role) != delegation.roles.end();
}

std::optional<DelegationId> may_stand_in(const StandIn& wanted,
                                         std::span<const Delegation> delegations) {
  if (wanted.delegate.empty() || wanted.delegate == wanted.delegator) return std::nullopt;
  if (!std::ranges::binary_search(wanted.seats, wanted.delegator)) return std::nullopt;
  for (const PersonId& person : {wanted.delegate, wanted.delegator}) {
    if (std::ranges::binary_search(wanted.excluded, person)) return std::nullopt;
  }
  std::optional<DelegationId> through;
  for (const Delegation& one : delegations) {
    if (!is_in_force(one, wanted.at)) continue;
    if (one.delegator == wanted.delegate && one.delegate == wanted.delegator) return std::nullopt;
    const bool meant = one.delegator == wanted.delegator && one.delegate == wanted.delegate;
    if (!through && meant && covers(one, wanted.role)) through = one.id;
  }
  return through;
}

}  // namespace holdpoint::identity
