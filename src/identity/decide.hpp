// The decisions of identity: from a checked request and the present state to the event, or to why
// not. Pure; the edge loads the state inside the transaction and records what is decided.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.hpp"
#include "identity/commands.hpp"
#include "identity/state.hpp"

namespace holdpoint::identity {

inline constexpr std::size_t tokens_per_owner_max = 1000;

Decided<WorkspaceCreated> decide(const CreateWorkspace& command, const WorkspaceId& id,
                                 const std::optional<Workspace>& same_name);

/// `known` is whoever the mail address leads to; a contributor becomes a person under his id.
Decided<PersonAdded> decide(const AddPerson& command, const PersonId& id,
                            const std::optional<Person>& known);
Decided<PersonRenamed> decide(const RenamePerson& command, const std::optional<Person>& person);
Decided<PasswordChanged> decide(const ChangePassword& command, const std::optional<Person>& person);

/// `administrators` are the active people who administer the server.
Decided<PersonDeactivated> decide_deactivation(const std::optional<Person>& person,
                                               std::span<const std::string> administrators);

Decided<ServiceAccountCreated> decide(const CreateServiceAccount& command,
                                      const ServiceAccountId& id,
                                      const std::optional<ServiceAccount>& same_name);
Decided<ServiceAccountClosed> decide_closing(const std::optional<ServiceAccount>& account);

/// Who asks for a token or its end. `permissions` are sorted.
struct Requester {
  ActorKind kind{};
  std::string id;
  std::span<const std::string> permissions;
};

struct TokenFacts {
  TokenId id;
  std::string workspace;
  Instant now;
  Digest hash;
  Requester requester;
  std::optional<ServiceAccount> service_account;  // the one the command names
  std::size_t live_tokens = 0;                    // of the owner, neither expired nor revoked
};
Decided<TokenIssued> decide(const IssueToken& command, const TokenFacts& facts);
Decided<TokenRevoked> decide_revocation(const std::optional<Token>& token,
                                        const Requester& requester);

struct AssignmentFacts {
  RoleAssignmentId id;
  std::string workspace;
  std::optional<Person> person;                   // the one the command names
  std::optional<ServiceAccount> service_account;  // the one the command names
  std::optional<RoleAssignment> same;             // the actor has the role already
};
Decided<RoleAssigned> decide(const AssignRole& command, const AssignmentFacts& facts);
Decided<RoleUnassigned> decide_unassignment(const std::optional<RoleAssignment>& assignment,
                                            std::string_view workspace,
                                            std::span<const std::string> administrators);

}  // namespace holdpoint::identity
