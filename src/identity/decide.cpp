// See decide.hpp.
#include "identity/decide.hpp"

#include <algorithm>

#include "identity/permissions.hpp"
#include "identity/refusals.hpp"
#include "identity/rules.hpp"

namespace holdpoint::identity {
namespace {

bool is_last(std::span<const std::string> administrators, std::string_view person) {
  return administrators.size() == 1 && administrators.front() == person;
}

bool may(const Requester& requester, std::string_view permission) {
  return std::ranges::binary_search(requester.permissions, permission);
}

/// Somebody who is a person of this server, active or not; contributors are not.
bool is_member(const std::optional<Person>& person) {
  return person && person->state != PersonState::contributor;
}

}  // namespace

Decided<WorkspaceCreated> decide(const CreateWorkspace& command, const WorkspaceId& id,
                                 const std::optional<Workspace>& same_name) {
  if (auto issues = flaws(command); !issues.empty()) return refuse(invalid(std::move(issues)));
  if (same_name) return refuse(refusal(Obstacle::workspace_exists, command.name));
  return WorkspaceCreated{id, command.name, command.title.value_or(command.name)};
}

Decided<PersonAdded> decide(const AddPerson& command, const PersonId& id,
                            const std::optional<Person>& known) {
  if (auto issues = flaws(command); !issues.empty()) return refuse(invalid(std::move(issues)));
  if (is_member(known)) return refuse(refusal(Obstacle::person_exists, known->id.text()));
  return PersonAdded{known ? known->id : id};
}

Decided<PersonRenamed> decide(const RenamePerson& command, const std::optional<Person>& person) {
  if (auto issues = flaws(command); !issues.empty()) return refuse(invalid(std::move(issues)));
  if (!is_member(person)) return refuse(refusal(Obstacle::person_unknown));
  return PersonRenamed{person->id};
}

Decided<PasswordChanged> decide(const ChangePassword& command,
                                const std::optional<Person>& person) {
  if (!is_member(person)) return refuse(refusal(Obstacle::person_unknown));
  if (person->state == PersonState::deactivated) {
    return refuse(refusal(Obstacle::person_deactivated, person->id.text()));
  }
  if (auto flaw = password_flaw(command.password, {}, {})) {
    return refuse(invalid({{"/password", *flaw, 0}}));
  }
  return PasswordChanged{person->id, person->credential_version + 1};
}

Decided<PersonDeactivated> decide_deactivation(const std::optional<Person>& person,
                                               std::span<const std::string> administrators) {
  if (!is_member(person)) return refuse(refusal(Obstacle::person_unknown));
  const std::string& id = person->id.text();
  if (person->state == PersonState::deactivated) {
    return refuse(refusal(Obstacle::person_deactivated, id));
  }
  if (is_last(administrators, id)) return refuse(refusal(Obstacle::last_administrator, id));
  return PersonDeactivated{person->id};
}

Decided<ServiceAccountCreated> decide(const CreateServiceAccount& command,
                                      const ServiceAccountId& id,
                                      const std::optional<ServiceAccount>& same_name) {
  if (auto issues = flaws(command); !issues.empty()) return refuse(invalid(std::move(issues)));
  if (same_name && same_name->state == AccountState::active) {
    return refuse(refusal(Obstacle::service_account_exists, command.name));
  }
  return ServiceAccountCreated{id, command.name};
}

Decided<ServiceAccountClosed> decide_closing(const std::optional<ServiceAccount>& account) {
  if (!account) return refuse(refusal(Obstacle::service_account_unknown));
  if (account->state == AccountState::closed) {
    return refuse(refusal(Obstacle::service_account_closed, account->id.text()));
  }
  return ServiceAccountClosed{account->id};
}

Decided<TokenIssued> decide(const IssueToken& command, const TokenFacts& facts) {
  if (auto issues = flaws(command); !issues.empty()) return refuse(invalid(std::move(issues)));
  ActorKind owner_kind = facts.requester.kind;
  std::string owner_id = facts.requester.id;
  if (command.service_account_id && command.service_account_id->text() != owner_id) {
    const std::string& named = command.service_account_id->text();
    if (!may(facts.requester, "tokens.manage")) {
      return refuse(refusal(Obstacle::tokens_of_others, named));
    }
    if (!facts.service_account) return refuse(refusal(Obstacle::service_account_unknown, named));
    if (facts.service_account->state == AccountState::closed) {
      return refuse(refusal(Obstacle::service_account_closed, named));
    }
    owner_kind = ActorKind::service_account;
    owner_id = named;
  }
  std::vector<std::string> scopes = command.scopes;
  std::ranges::sort(scopes);
  const auto repeated = std::ranges::unique(scopes);
  scopes.erase(repeated.begin(), repeated.end());
  for (const std::string& scope : scopes) {
    if (!may(facts.requester, scope)) return refuse(refusal(Obstacle::scope_not_held, scope));
  }
  if (facts.live_tokens >= tokens_per_owner_max) {
    return refuse(refusal(Obstacle::token_limit, owner_id));
  }
  return TokenIssued{facts.id,
                     owner_kind,
                     owner_id,
                     facts.workspace,
                     command.name,
                     std::move(scopes),
                     InstantUs{facts.now + life_of(command)},
                     facts.hash};
}

Decided<TokenRevoked> decide_revocation(const std::optional<Token>& token,
                                        const Requester& requester) {
  if (!token) return refuse(refusal(Obstacle::token_not_found));
  const bool own = token->owner_kind == requester.kind && token->owner_id == requester.id;
  if (!own && !may(requester, "tokens.manage")) return refuse(refusal(Obstacle::token_not_found));
  if (token->revoked_at) return refuse(refusal(Obstacle::token_not_found));
  return TokenRevoked{token->id};
}

Decided<RoleAssigned> decide(const AssignRole& command, const AssignmentFacts& facts) {
  if (auto issues = flaws(command); !issues.empty()) return refuse(invalid(std::move(issues)));
  if (command.actor_kind == ActorKind::person) {
    if (!is_member(facts.person)) return refuse(refusal(Obstacle::actor_unknown, command.actor_id));
    if (facts.person->state == PersonState::deactivated) {
      return refuse(refusal(Obstacle::person_deactivated, command.actor_id));
    }
  } else {
    if (!facts.service_account) return refuse(refusal(Obstacle::actor_unknown, command.actor_id));
    if (facts.service_account->state == AccountState::closed) {
      return refuse(refusal(Obstacle::service_account_closed, command.actor_id));
    }
  }
  if (facts.same) return refuse(refusal(Obstacle::role_assignment_exists, facts.same->id.text()));
  return RoleAssigned{facts.id, command.actor_kind, command.actor_id, command.role,
                      facts.workspace};
}

Decided<RoleUnassigned> decide_unassignment(const std::optional<RoleAssignment>& assignment,
                                            std::string_view workspace,
                                            std::span<const std::string> administrators) {
  if (!assignment) return refuse(refusal(Obstacle::role_assignment_unknown));
  if (workspace == kSystem && assignment->role == "administrator" &&
      is_last(administrators, assignment->actor_id)) {
    return refuse(refusal(Obstacle::last_administrator, assignment->actor_id));
  }
  return RoleUnassigned{assignment->id, assignment->actor_kind, assignment->actor_id,
                        assignment->role, std::string(workspace)};
}

}  // namespace holdpoint::identity
