// Who fills a role, for the edges of higher tiers (B2): the built-in roles by their assignments,
// approval roles by their people, teams and rota. Only active people of the server count, never
// contributors and never service accounts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/records.hpp"
#include "identity/approval_roles.hpp"

namespace holdpoint::identity {

using Teams = engine::Records<Team>;
using ApprovalRoles = engine::Records<ApprovalRole>;

/// How somebody comes to fill a role.
enum class SeatSource : std::uint8_t { assigned, named, team, on_call };
HP_DESCRIBE_ENUM(SeatSource, assigned, named, team, on_call)

struct Seat {
  PersonId person;
  std::vector<SeatSource> through;  // each once
  std::vector<std::string> teams;   // the teams of the role that the person is in
};

/// Who fills the role, by person; nullopt when there is no such role in the workspace. A retired
/// role is filled by nobody, and a retired team brings nobody. Assignments and memberships are
/// those of now; `at` decides who is on call.
std::optional<std::vector<Seat>> seats_of_role(engine::Connection& tables,
                                               std::string_view workspace, std::string_view role,
                                               Instant at);

/// The same people alone, distinct and sorted; nobody when there is no such role.
std::vector<PersonId> people_of_role(engine::Connection& tables, std::string_view workspace,
                                     std::string_view role, Instant at);

/// Whether the name is a built-in role or an approval role of the workspace, retired ones too.
bool is_known_role(engine::Connection& tables, std::string_view workspace, std::string_view role);

}  // namespace holdpoint::identity
