// What identity records (J4). No body holds personal data: names, mail addresses and network
// addresses are sealed beside the event under the person's id ("/name", "/email", "/address").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/digest.hpp"
#include "identity/ids.hpp"

namespace holdpoint::identity {

/// Who can hold roles and tokens.
enum class ActorKind : std::uint8_t { person, service_account };
HP_DESCRIBE_ENUM(ActorKind, person, service_account)

struct WorkspaceCreated {
  static constexpr std::string_view event_type = "workspace.created";
  static constexpr int event_version = 1;
  WorkspaceId id;
  std::string name;
  std::string title;
};
HP_DESCRIBE(WorkspaceCreated, id, name, title)

/// Seals "/name" and "/email". The id may be one already noticed as a contributor's.
struct PersonAdded {
  static constexpr std::string_view event_type = "person.added";
  static constexpr int event_version = 1;
  PersonId id;
};
HP_DESCRIBE(PersonAdded, id)

/// Somebody a commit names: not verified, cannot sign in. Seals "/name" and "/email".
struct ContributorNoticed {
  static constexpr std::string_view event_type = "contributor.noticed";
  static constexpr int event_version = 1;
  PersonId id;
};
HP_DESCRIBE(ContributorNoticed, id)

/// Seals "/name".
struct PersonRenamed {
  static constexpr std::string_view event_type = "person.renamed";
  static constexpr int event_version = 1;
  PersonId id;
};
HP_DESCRIBE(PersonRenamed, id)

struct PersonDeactivated {
  static constexpr std::string_view event_type = "person.deactivated";
  static constexpr int event_version = 1;
  PersonId id;
};
HP_DESCRIBE(PersonDeactivated, id)

struct PasswordChanged {
  static constexpr std::string_view event_type = "password.changed";
  static constexpr int event_version = 1;
  PersonId person;
  std::int64_t credential_version = 0;
};
HP_DESCRIBE(PasswordChanged, person, credential_version)

struct SessionOpened {
  static constexpr std::string_view event_type = "session.opened";
  static constexpr int event_version = 1;
  SessionId id;
  PersonId person;
  InstantUs expires_at;
};
HP_DESCRIBE(SessionOpened, id, person, expires_at)

enum class SessionEnd : std::uint8_t { signed_out, password_changed, deactivated, replaced };
HP_DESCRIBE_ENUM(SessionEnd, signed_out, password_changed, deactivated, replaced)

/// Sessions that run out are not recorded: their end stands in session.opened.
struct SessionClosed {
  static constexpr std::string_view event_type = "session.closed";
  static constexpr int event_version = 1;
  SessionId id;
  PersonId person;
  SessionEnd reason{};
};
HP_DESCRIBE(SessionClosed, id, person, reason)

enum class SignInFailure : std::uint8_t {
  unknown_account,
  wrong_password,
  deactivated,
  too_many_attempts
};
HP_DESCRIBE_ENUM(SignInFailure, unknown_account, wrong_password, deactivated, too_many_attempts)

/// Failures of one minute, one source and one reason. Seals "/address".
struct SignInFailed {
  static constexpr std::string_view event_type = "sign_in.failed";
  static constexpr int event_version = 1;
  std::int64_t count = 0;
  SignInFailure reason{};
  InstantUs first_at;
  InstantUs last_at;
};
HP_DESCRIBE(SignInFailed, count, reason, first_at, last_at)

struct ServiceAccountCreated {
  static constexpr std::string_view event_type = "service_account.created";
  static constexpr int event_version = 1;
  ServiceAccountId id;
  std::string name;
};
HP_DESCRIBE(ServiceAccountCreated, id, name)

struct ServiceAccountClosed {
  static constexpr std::string_view event_type = "service_account.closed";
  static constexpr int event_version = 1;
  ServiceAccountId id;
};
HP_DESCRIBE(ServiceAccountClosed, id)

/// `hash` is the SHA-256 of a 256-bit random token: it may stand in the ledger, nothing leads back.
struct TokenIssued {
  static constexpr std::string_view event_type = "token.issued";
  static constexpr int event_version = 1;
  TokenId id;
  ActorKind owner_kind{};
  std::string owner_id;
  std::string workspace;
  std::string name;
  std::vector<std::string> scopes;
  InstantUs expires_at;
  Digest hash;
};
HP_DESCRIBE(TokenIssued, id, owner_kind, owner_id, workspace, name, scopes, expires_at, hash)

struct TokenRevoked {
  static constexpr std::string_view event_type = "token.revoked";
  static constexpr int event_version = 1;
  TokenId id;
};
HP_DESCRIBE(TokenRevoked, id)

struct RoleAssigned {
  static constexpr std::string_view event_type = "role.assigned";
  static constexpr int event_version = 1;
  RoleAssignmentId id;
  ActorKind actor_kind{};
  std::string actor_id;
  std::string role;
  std::string workspace;
};
HP_DESCRIBE(RoleAssigned, id, actor_kind, actor_id, role, workspace)

struct RoleUnassigned {
  static constexpr std::string_view event_type = "role.unassigned";
  static constexpr int event_version = 1;
  RoleAssignmentId id;
  ActorKind actor_kind{};
  std::string actor_id;
  std::string role;
  std::string workspace;
};
HP_DESCRIBE(RoleUnassigned, id, actor_kind, actor_id, role, workspace)

/// Denials of one minute, one source and one permission; the source is the event's subject. The
/// permission "authentication" stands for callers that could not say who they are. Seals
/// "/address".
struct AccessDenied {
  static constexpr std::string_view event_type = "access.denied";
  static constexpr int event_version = 1;
  std::int64_t count = 0;
  std::string permission;
  std::string route;
  InstantUs first_at;
  InstantUs last_at;
};
HP_DESCRIBE(AccessDenied, count, permission, route, first_at, last_at)

}  // namespace holdpoint::identity
