// See appliers.hpp. Mail addresses are turned into ids here, inside the unit that records: the
// ledger and the tables hold ids alone.
#include "identity/edge/appliers.hpp"

#include "base/record_document.hpp"
#include "identity/edge/people.hpp"
#include "identity/edge/role_queries.hpp"

namespace holdpoint::identity {
namespace {

using engine::edge::ApplyChange;
using engine::edge::ApplyDocument;

PersonNamed people_known_to(engine::Unit& unit) {
  return [&unit](std::string_view reference) { return find_person_named(unit, reference); };
}

Decided<ApplyChange> apply_team(engine::Unit& unit, const ApplyDocument& document) {
  HP_TRY(Team team, read_team(document.parsed->value, people_known_to(unit)));
  return engine::edge::apply_record<Teams>(unit, "Team", std::move(team),
                                           record_state_of(document.parsed->value));
}

Decided<ApplyChange> apply_approval_role(engine::Unit& unit, const ApplyDocument& document) {
  HP_TRY(ApprovalRole role, read_approval_role(document.parsed->value, people_known_to(unit)));
  for (std::size_t i = 0; i < role.teams.size(); ++i) {
    if (Teams::find(unit.tables(), unit.workspace(), role.teams[i])) continue;
    Refusal refusal{RefusalKind::invalid, "team_not_found",
                    "The role names a team that does not exist."};
    refusal.issues.push_back({"/spec/teams/" + std::to_string(i),
                              "there is no team of this name; apply its document too", 0});
    return refuse(std::move(refusal));
  }
  return engine::edge::apply_record<ApprovalRoles>(unit, "ApprovalRole", std::move(role),
                                                   record_state_of(document.parsed->value));
}

}  // namespace

std::vector<engine::edge::Applier> appliers() {
  return {engine::edge::one_by_one("Team", "approval_roles.write", apply_team),
          engine::edge::one_by_one("ApprovalRole", "approval_roles.write", apply_approval_role)};
}

}  // namespace holdpoint::identity
