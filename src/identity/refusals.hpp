// Everything identity says no to: a closed set, each with its sentence and who can act next.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/describe.hpp"
#include "base/refusal.hpp"

namespace holdpoint::identity {

/// The enumerator is the stable code of the problem.
enum class Obstacle : std::uint8_t {
  invalid_content,
  workspace_exists,
  person_unknown,
  person_exists,
  person_deactivated,
  current_password_wrong,
  session_required,
  service_account_unknown,
  service_account_exists,
  service_account_closed,
  actor_unknown,
  role_assignment_exists,
  role_assignment_unknown,
  last_administrator,
  scope_not_held,
  token_not_found,
  token_limit,
  tokens_of_others,
  sign_in_failed,
  delegation_of_others,
  delegation_to_self,
  delegation_to_requester,
  delegation_backdated,
  delegation_period_empty,
  delegation_too_long,
  delegation_reciprocal,
  delegation_limit,
  delegation_unknown,
  delegation_over,
  approval_role_unknown,
};
HP_DESCRIBE_ENUM(Obstacle, invalid_content, workspace_exists, person_unknown, person_exists,
                 person_deactivated, current_password_wrong, session_required,
                 service_account_unknown, service_account_exists, service_account_closed,
                 actor_unknown, role_assignment_exists, role_assignment_unknown, last_administrator,
                 scope_not_held, token_not_found, token_limit, tokens_of_others, sign_in_failed,
                 delegation_of_others, delegation_to_self, delegation_to_requester,
                 delegation_backdated, delegation_period_empty, delegation_too_long,
                 delegation_reciprocal, delegation_limit, delegation_unknown, delegation_over,
                 approval_role_unknown)

/// The refusal with its standard sentence; `about` names the thing at fault and is put into the
/// parameters. MUST NOT be personal data.
Refusal refusal(Obstacle obstacle, std::string_view about = {});
/// invalid_content with what is wrong where.
Refusal invalid(JsonIssues issues);

}  // namespace holdpoint::identity
