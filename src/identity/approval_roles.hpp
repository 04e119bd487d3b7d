// Who approves (B2): teams, and roles made of people, teams and a rota. Policies name a role and
// never a person, so who fills it changes without a change of policy. Both are records that
// documents make; a document names people by mail address or id, a record by id alone.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/record.hpp"
#include "base/refusal.hpp"
#include "identity/ids.hpp"
#include "identity/rota.hpp"

namespace holdpoint::identity {

inline constexpr std::size_t members_max = 200;

struct Team {
  static constexpr std::string_view kind = "team";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "team.created";
  static constexpr std::string_view changed_event = "team.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  TeamId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::vector<PersonId> members;
};
HP_DESCRIBE(Team, id, name, title, state, members)

/// Filled by each of `people`, by every member of `teams`, and by whoever is on call.
struct ApprovalRole {
  static constexpr std::string_view kind = "approval_role";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "approval_role.created";
  static constexpr std::string_view changed_event = "approval_role.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  ApprovalRoleId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::vector<PersonId> people;
  std::vector<std::string> teams;
  std::optional<Rota> rota;
};
HP_DESCRIBE(ApprovalRole, id, name, title, state, people, teams, rota)

/// The person of the server that a mail address or id means, if there is one.
using PersonNamed = std::function<std::optional<PersonId>(std::string_view reference)>;

/// What a document of kind Team or ApprovalRole says: the record without its id and state. Issues
/// have paths from the document's root and MUST NOT repeat an address. A role is not named like a
/// built-in one, for a policy that names it could mean either.
Decided<Team> read_team(const json::value& document, const PersonNamed& person_named);
Decided<ApprovalRole> read_approval_role(const json::value& document,
                                         const PersonNamed& person_named);

}  // namespace holdpoint::identity
