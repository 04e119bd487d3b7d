// The present state of what identity keeps, as decisions and lists need it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "identity/events.hpp"

namespace holdpoint::identity {

struct Workspace {
  WorkspaceId id;
  std::string name;
  std::string title;
  Instant created_at;
};
HP_DESCRIBE(Workspace, id, name, title, created_at)

enum class PersonState : std::uint8_t { contributor, active, deactivated };
HP_DESCRIBE_ENUM(PersonState, contributor, active, deactivated)

/// The sequences name the events of `workspace` that sealed the name and the mail address.
struct Person {
  std::string workspace;
  PersonId id;
  PersonState state{};
  std::uint64_t name_seq = 0;
  std::uint64_t email_seq = 0;
  std::int64_t credential_version = 0;  // 0: no password yet
  Instant added_at;
};
HP_DESCRIBE(Person, workspace, id, state, name_seq, email_seq, credential_version, added_at)

enum class AccountState : std::uint8_t { active, closed };
HP_DESCRIBE_ENUM(AccountState, active, closed)

/// `owner` is the person who created the account, or the owner of the account that did: what a
/// program does is done by somebody.
struct ServiceAccount {
  ServiceAccountId id;
  std::string name;
  AccountState state{};
  Instant created_at;
  std::optional<PersonId> owner{};
};
HP_DESCRIBE(ServiceAccount, id, name, state, created_at, owner)

/// `issued_by` is the person who issued it, or the owner of the account that did: she knew its
/// secret.
struct Token {
  TokenId id;
  ActorKind owner_kind{};
  std::string owner_id;
  std::string name;
  std::vector<std::string> scopes;
  Instant issued_at;
  Instant expires_at;
  std::optional<Instant> revoked_at;
  std::optional<PersonId> issued_by{};
};
HP_DESCRIBE(Token, id, owner_kind, owner_id, name, scopes, issued_at, expires_at, revoked_at,
            issued_by)

struct RoleAssignment {
  RoleAssignmentId id;
  ActorKind actor_kind{};
  std::string actor_id;
  std::string role;
  Instant assigned_at;
};
HP_DESCRIBE(RoleAssignment, id, actor_kind, actor_id, role, assigned_at)

}  // namespace holdpoint::identity
