// What can be asked of identity, as it is written in requests. Checked by rules.hpp, decided by
// decide.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "identity/events.hpp"

namespace holdpoint::identity {

struct OpenSession {
  std::string email;
  std::string password;
};
HP_DESCRIBE(OpenSession, email, password)

struct CreateWorkspace {
  std::string name;
  std::optional<std::string> title;
};
HP_DESCRIBE(CreateWorkspace, name, title)

struct AddPerson {
  std::string name;
  std::string email;
  std::optional<std::string> password;  // without one the person cannot sign in yet
};
HP_DESCRIBE(AddPerson, name, email, password)

struct RenamePerson {
  std::string name;
};
HP_DESCRIBE(RenamePerson, name)

struct ChangePassword {
  std::optional<std::string> current;  // required for the own password
  std::string password;
};
HP_DESCRIBE(ChangePassword, current, password)

struct CreateServiceAccount {
  std::string name;
};
HP_DESCRIBE(CreateServiceAccount, name)

struct IssueToken {
  std::optional<ServiceAccountId> service_account_id;  // the owner; the caller when absent
  std::string name;
  std::vector<std::string> scopes;
  std::optional<std::string> expires_in;  // "12h", "30d"; 30 days when absent
};
HP_DESCRIBE(IssueToken, service_account_id, name, scopes, expires_in)

struct AssignRole {
  ActorKind actor_kind{};
  std::string actor_id;
  std::string role;
};
HP_DESCRIBE(AssignRole, actor_kind, actor_id, role)

}  // namespace holdpoint::identity
