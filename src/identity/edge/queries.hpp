// Reads of identity's tables: single rows for decisions, ordered pages for lists.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/columns.hpp"
#include "engine/ports.hpp"
#include "identity/state.hpp"

namespace holdpoint::identity {

/// A stretch of a list in the order of the ledger: what was made after the entry `after`.
struct Stretch {
  std::int64_t after = -1;
  std::size_t limit = 0;
};
template <class T>
using Rows = std::vector<engine::columns::Sequenced<T>>;

std::optional<Workspace> find_workspace(engine::Connection& tables, std::string_view name);
/// By name, after the name given.
std::vector<Workspace> list_workspaces(engine::Connection& tables, std::string_view after,
                                       std::size_t limit);

/// A person of the server (workspace `system`) or a contributor of a workspace.
std::optional<Person> find_person(engine::Connection& tables, std::string_view workspace,
                                  std::string_view id);
/// The one id that stands for a mail address, whatever it is known from.
std::optional<PersonId> find_person_by_key(engine::Connection& tables, const Digest& email_key);
Rows<Person> list_people(engine::Connection& tables, const Stretch& stretch);
/// Active people with the role administrator in that workspace, sorted.
std::vector<std::string> administrators_of(engine::Connection& tables, std::string_view workspace);
/// The same in `system`.
std::vector<std::string> server_administrators(engine::Connection& tables);

std::optional<ServiceAccount> find_service_account(engine::Connection& tables,
                                                   std::string_view workspace, std::string_view id);
std::optional<ServiceAccount> find_open_service_account(engine::Connection& tables,
                                                        std::string_view workspace,
                                                        std::string_view name);
Rows<ServiceAccount> list_service_accounts(engine::Connection& tables, std::string_view workspace,
                                           const Stretch& stretch);

std::optional<Token> find_token(engine::Connection& tables, std::string_view workspace,
                                std::string_view id);
std::size_t count_live_tokens(engine::Connection& tables, std::string_view workspace,
                              std::string_view owner, Instant now);
/// The tokens of one owner, or of all when no owner is named.
Rows<Token> list_tokens(engine::Connection& tables, std::string_view workspace,
                        const std::optional<std::string>& owner, const Stretch& stretch);

std::optional<RoleAssignment> find_assignment(engine::Connection& tables,
                                              std::string_view workspace, std::string_view id);
std::optional<RoleAssignment> find_same_assignment(engine::Connection& tables,
                                                   std::string_view workspace,
                                                   std::string_view actor, std::string_view role);
Rows<RoleAssignment> list_assignments(engine::Connection& tables, std::string_view workspace,
                                      const Stretch& stretch);

}  // namespace holdpoint::identity
