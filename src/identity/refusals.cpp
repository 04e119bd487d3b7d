// See refusals.hpp.
#include "identity/refusals.hpp"

#include <utility>

namespace holdpoint::identity {
namespace {

struct Wording {
  RefusalKind kind{};
  std::string_view sentence;
  std::string_view next_actor{};
  std::string_view next_action{};
};

constexpr std::string_view kAdministrator = "administrator of the workspace";
constexpr std::string_view kServerAdministrator = "server administrator";

Wording wording(Obstacle obstacle) {
  using enum Obstacle;
  using enum RefusalKind;
  switch (obstacle) {
    case invalid_content: return {RefusalKind::invalid, "The content is not what is expected."};
    case workspace_exists:
      return {conflict, "A workspace of this name exists.", "you", "Choose another name."};
    case person_unknown: return {not_found, "There is no such person."};
    case person_exists:
      return {conflict, "A person with this mail address exists.", kServerAdministrator,
              "Find the person in the list of people."};
    case person_deactivated:
      return {conflict, "The person is deactivated and can be given nothing."};
    case current_password_wrong:
      return {forbidden, "The current password is not right.", kServerAdministrator,
              "Set a new password for the person."};
    case session_required:
      return {forbidden, "This needs a signed-in session; a token cannot do it.", "you",
              "Sign in with the password and do it in that session."};
    case service_account_unknown: return {not_found, "There is no such service account."};
    case service_account_exists:
      return {conflict, "An open service account of this name exists.", "you",
              "Choose another name."};
    case service_account_closed:
      return {conflict, "The service account is closed.", kAdministrator,
              "Create a new service account."};
    case actor_unknown:
      return {not_found, "There is no such person or service account here.", kAdministrator,
              "Add the person or create the service account first."};
    case role_assignment_exists: return {conflict, "The actor has this role already."};
    case role_assignment_unknown: return {not_found, "There is no such role assignment."};
    case last_administrator:
      return {conflict, "Nobody would be left to administer the server.", kServerAdministrator,
              "Make another person administrator first."};
    case scope_not_held:
      return {forbidden, "Nobody can put a permission into a token without holding it.",
              kAdministrator, "Assign a role that has the permission, or issue the token."};
    case token_not_found: return {not_found, "There is no such token."};
    case token_limit:
      return {exhausted, "The owner has as many tokens as one owner may have.", "you",
              "Revoke tokens that are no longer used."};
    case tokens_of_others:
      return {forbidden, "Tokens of others need the permission tokens.manage.", kAdministrator,
              "Issue or revoke the token, or assign the role administrator."};
    case sign_in_failed:
      return {forbidden, "The mail address or the password is not right.", kServerAdministrator,
              "Set a new password for the person."};
    case delegation_of_others:
      return {forbidden, "Delegations of others need the permission access.manage.", kAdministrator,
              "Make or revoke the delegation."};
    case delegation_to_self: return {conflict, "Nobody can stand in for himself."};
    case delegation_to_requester:
      return {forbidden, "Nobody can delegate the seat of another to himself.", kAdministrator,
              "Have another administrator make the delegation."};
    case delegation_backdated:
      return {conflict, "A delegation begins now or later, never in the past.", "you",
              "Leave out the begin, or choose a later one."};
    case delegation_period_empty:
      return {conflict, "A delegation ends after it begins.", "you", "Choose a later end."};
    case delegation_too_long:
      return {conflict, "A delegation is for 90 days at most.", "you",
              "Choose an earlier end, and delegate again when it is over."};
    case delegation_reciprocal:
      return {conflict, "The delegate lets the delegator stand in for him in the same period.",
              "you", "Choose somebody else, or revoke the delegation the other way."};
    case delegation_limit:
      return {exhausted, "The person has as many delegations as one person may have.", "you",
              "Revoke delegations that are no longer used."};
    case delegation_unknown: return {not_found, "There is no such delegation."};
    case delegation_over: return {conflict, "The delegation is over or revoked already."};
    case approval_role_unknown:
      return {not_found, "There is no role of this name.", kAdministrator,
              "Apply a document of kind ApprovalRole with this name."};
  }
  std::unreachable();
}

}  // namespace

Refusal refusal(Obstacle obstacle, std::string_view about) {
  const Wording words = wording(obstacle);
  Refusal made{words.kind, std::string(describe::enum_text(obstacle)), std::string(words.sentence)};
  if (!about.empty()) made.parameters["about"] = about;
  if (!words.next_actor.empty()) {
    made.next.push_back({std::string(words.next_actor), std::string(words.next_action), {}});
  }
  return made;
}

Refusal invalid(JsonIssues issues) {
  Refusal made = refusal(Obstacle::invalid_content);
  made.issues = std::move(issues);
  return made;
}

}  // namespace holdpoint::identity
