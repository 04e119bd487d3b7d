// The list of commands, in the order a newcomer meets them.
#include "cli/commands.hpp"

namespace holdpoint::cli {

std::vector<Command> all_commands(const World& world) {
  std::vector<Command> all;
  all.push_back(login_command());
  all.push_back(logout_command());
  all.push_back(whoami_command());
  all.push_back(apply_command());
  all.push_back(release_create_command());
  all.push_back(release_list_command());
  all.push_back(release_status_command());
  all.push_back(evidence_add_command());
  all.push_back(evidence_list_command());
  all.push_back(evidence_send_command());
  all.push_back(certify_command());
  all.push_back(policy_list_command());
  all.push_back(policy_show_command());
  all.push_back(policy_proposals_command());
  all.push_back(policy_approve_command());
  all.push_back(policy_reject_command());
  all.push_back(policy_revisions_command());
  all.push_back(policy_rollback_command());
  all.push_back(policy_lint_command());
  all.push_back(policy_test_command());
  all.push_back(policy_diff_command());
  all.push_back(policy_explain_command());
  all.push_back(policy_backtest_command());
  all.push_back(policy_effect_command());
  all.push_back(gate_check_command());
  all.push_back(gate_wait_command());
  all.push_back(approvals_request_command());
  all.push_back(approvals_list_command());
  all.push_back(approvals_inbox_command());
  all.push_back(approvals_show_command());
  all.push_back(approvals_withdraw_command());
  all.push_back(approve_command());
  all.push_back(reject_command());
  all.push_back(change_create_command());
  all.push_back(change_edit_command());
  all.push_back(change_submit_command());
  all.push_back(change_reopen_command());
  all.push_back(change_start_command());
  all.push_back(change_close_command());
  all.push_back(change_cancel_command());
  all.push_back(change_show_command());
  all.push_back(change_list_command());
  all.push_back(change_next_window_command());
  all.push_back(emergency_declare_command());
  all.push_back(emergency_endorse_command());
  all.push_back(emergency_review_command());
  all.push_back(emergency_reviews_command());
  all.push_back(emergency_report_command());
  all.push_back(deployment_start_command());
  all.push_back(deployment_finish_command());
  all.push_back(deployment_verify_command());
  all.push_back(deployment_list_command());
  all.push_back(freeze_list_command());
  all.push_back(freeze_show_command());
  all.push_back(freeze_check_command());
  all.push_back(freeze_next_window_command());
  all.push_back(freeze_override_command());
  all.push_back(freeze_overrides_command());
  all.push_back(freeze_retire_command());
  all.push_back(calendar_retire_command());
  all.push_back(application_retire_command());
  all.push_back(environment_retire_command());
  all.push_back(configuration_record_command());
  all.push_back(configuration_list_command());
  all.push_back(configuration_diff_command());
  all.push_back(incident_declare_command());
  all.push_back(incident_list_command());
  all.push_back(incident_show_command());
  all.push_back(incident_change_command());
  all.push_back(incident_resolve_command());
  all.push_back(audit_log_command());
  all.push_back(audit_verify_command());
  all.push_back(role_members_command());
  all.push_back(delegate_list_command());
  all.push_back(delegate_revoke_command());
  all.push_back(delegate_command());
  all.push_back(delivery_list_command());
  all.push_back(delivery_replay_command());
  all.push_back(webhook_secret_command());
  all.push_back(token_create_command());
  all.push_back(token_list_command());
  all.push_back(token_revoke_command());
  all.push_back(init_command(world.server, world.environment));
  all.push_back(serve_command(world.server, world.environment));
  all.push_back(version_command());
  all.push_back(completion_command());
  return all;
}

}  // namespace holdpoint::cli
