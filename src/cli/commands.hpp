// Every command of the program, one factory each. Each call gives a fresh row with its own values.
#pragma once

#include <vector>

#include "cli/cli.hpp"
#include "cli/syntax.hpp"

namespace holdpoint::cli {

Command version_command();
Command completion_command();
Command login_command();
Command logout_command();
Command whoami_command();
Command apply_command();
Command application_retire_command();
Command environment_retire_command();
Command release_create_command();
Command release_list_command();
Command release_status_command();
Command evidence_add_command();
Command evidence_list_command();
Command evidence_send_command();
Command finding_list_command();
Command finding_triage_command();
Command finding_confirm_command();
Command certify_command();
Command policy_list_command();
Command policy_show_command();
Command policy_proposals_command();
Command policy_approve_command();
Command policy_reject_command();
Command policy_revisions_command();
Command policy_rollback_command();
Command policy_lint_command();
Command policy_test_command();
Command policy_diff_command();
Command policy_explain_command();
Command policy_backtest_command();
Command policy_effect_command();
Command gate_check_command();
Command gate_wait_command();
Command configuration_record_command();
Command configuration_list_command();
Command configuration_diff_command();
Command incident_declare_command();
Command incident_list_command();
Command incident_show_command();
Command incident_change_command();
Command incident_resolve_command();
Command approvals_request_command();
Command approvals_list_command();
Command approvals_inbox_command();
Command approvals_show_command();
Command approvals_withdraw_command();
Command approvals_revoke_command();
Command approvals_feedback_command();
Command approvals_friction_command();
Command approvals_segregation_command();
Command approve_command();
Command reject_command();
Command abstain_command();
Command waiver_request_command();
Command waiver_list_command();
Command waiver_show_command();
Command waiver_withdraw_command();
Command waiver_revoke_command();
Command change_create_command();
Command change_edit_command();
Command change_submit_command();
Command change_reopen_command();
Command change_start_command();
Command change_close_command();
Command change_cancel_command();
Command change_show_command();
Command change_list_command();
Command change_next_window_command();
Command emergency_declare_command();
Command emergency_endorse_command();
Command emergency_review_command();
Command emergency_reviews_command();
Command emergency_report_command();
Command deployment_start_command();
Command deployment_finish_command();
Command deployment_verify_command();
Command deployment_list_command();
Command deployment_health_command();
Command deployment_report_command();
Command deployment_watched_command();
Command deployment_unauthorised_command();
Command deployment_acknowledge_command();
Command rollback_list_command();
Command rollback_show_command();
Command rollback_propose_command();
Command rollback_confirm_command();
Command rollback_decline_command();
Command rollback_executed_command();
Command rollback_clear_command();
Command rollback_rules_command();
Command rollback_drill_command();
Command freeze_list_command();
Command freeze_show_command();
Command freeze_check_command();
Command freeze_next_window_command();
Command freeze_override_command();
Command freeze_overrides_command();
Command freeze_retire_command();
Command calendar_retire_command();
Command audit_log_command();
Command audit_verify_command();
Command access_review_start_command();
Command access_review_list_command();
Command access_review_show_command();
Command access_review_confirm_command();
Command access_review_remove_command();
Command access_review_close_command();
Command role_members_command();
Command delegate_list_command();
Command delegate_revoke_command();
Command delegate_command();
Command delivery_list_command();
Command delivery_replay_command();
Command webhook_secret_command();
Command token_create_command();
Command token_list_command();
Command token_revoke_command();
Command serve_command(const ServerCommands& server, const Environment& environment);
Command init_command(const ServerCommands& server, const Environment& environment);

/// All of them, in the order of the help.
std::vector<Command> all_commands(const World& world);

}  // namespace holdpoint::cli
