// The refusals of changes: a closed set of codes, each with who can act.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "changes/decide.hpp"

namespace holdpoint::changes {

Refusal change_not_found(std::string_view id);
Refusal invalid_change(JsonIssues issues);
Refusal not_a_draft(const Change& change);
Refusal change_ended(const Change& change);
Refusal change_began(const Change& change);
Refusal change_not_begun(const Change& change);
Refusal change_not_submitted(const Change& change);
Refusal reason_needed(std::string path, std::size_t bytes_max);
Refusal window_over(const Change& change);
Refusal window_ahead(const Change& change);
Refusal place_not_touched(const Change& change, const Place& place);
Refusal used_already(const Change& change, const Place& place);
Refusal not_tried_again(const Change& change, const approvals::Standing& standing);
Refusal change_not_approved(const Change& change, const approvals::Standing& standing);
Refusal started_by_deployment(const Place& place);
Refusal incident_open(std::string_view incident, std::string_view title);
Refusal template_needed();
Refusal template_not_in_force(std::string_view name);
Refusal template_fixes(JsonIssues issues);
Refusal template_too_risky(std::string_view name);
Refusal own_template(std::string_view name);
Refusal document_changed(const Change& change);
Refusal not_preauthorised(std::string_view category);
Refusal emergency_limit_reached(const Change& change, const EmergencyLimit& limit,
                                const LimitStanding& standing);
Refusal not_endorsed(const Change& change);
Refusal not_an_emergency();
Refusal endorser_not_a_person();
Refusal not_an_endorser();
Refusal own_emergency();
Refusal nobody_answers(const Change& change);
Refusal endorsed_already();
Refusal approver_endorses(const Change& change);
Refusal endorser_reviews(const Change& change);
Refusal executor_reviews(const Change& change);
Refusal content_changed(const Digest& shown, const Digest& present);
Refusal review_not_due();
Refusal reviewed_already();
Refusal review_overdue(const std::vector<std::string>& changes);

/// Whether the refusal is one that the segregation of duties asks for, and so worth keeping as
/// evidence that it is enforced.
bool is_evidence(std::string_view code);

}  // namespace holdpoint::changes
