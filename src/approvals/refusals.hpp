// The refusals of approvals: a closed set of codes, each with who can act.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approvals/decide.hpp"
#include "approvals/eligibility.hpp"

namespace holdpoint::approvals {

Refusal request_not_found(std::string_view id);
Refusal request_ended(const Request& request);
Refusal too_late(const Request& request);
Refusal paused(const std::vector<std::string>& incidents);
Refusal subject_gone(const Subject& subject);
Refusal content_changed(const Digest& presented, const Digest& present);
Refusal not_a_person();
Refusal involved(Part part);
Refusal unknown_people(const std::vector<std::string>& people);
/// `behind`: somebody with a part in it whom the person stands in for.
Refusal not_eligible(const Request& request, const std::optional<Involved>& behind);
Refusal not_a_stand_in(std::string_view person);
Refusal stage_not_reached();
Refusal signature_not_needed();
Refusal seat_taken();
Refusal signed_already();
Refusal not_signed();
Refusal not_the_requester();
Refusal reason_needed();
Refusal reason_too_long();
Refusal password_needed();
/// Of a used request that policy lets be used again after a failure.
Refusal use_not_failed(const Request& request);
Refusal no_retry_left(const Request& request);
Refusal not_granted();
Refusal no_longer_granted();
Refusal too_many_votes();
Refusal no_route(const std::string& policy);
Refusal approver_deploys();
Refusal demands_changed();
Refusal terms_changed(const Request& request, const Outgrown& outgrown);
Refusal no_policy_applies(const std::string& subject);
Refusal unsatisfiable(const std::vector<std::string>& stages);
Refusal too_many_demands();
Refusal only_approvals_wait();
Refusal deferred_out_of_reach(const Request& request);
Refusal calendar_unknown(const std::string& policy, const std::string& calendar);

/// What makes an event too long, and how many bytes of it that is.
struct LongPart {
  std::string path;
  std::size_t bytes = 0;
};
Refusal not_an_approver();
Refusal note_out_of_bounds();
Refusal policy_not_named(const Request& request);
Refusal said_already();
/// Names the longest parts first.
Refusal request_too_long(std::vector<LongPart> parts);

/// Whether the refusal is one that the segregation of duties or eligibility asks for, or came after
/// the end, and so is worth keeping as evidence that this is enforced.
bool is_evidence(std::string_view code);

}  // namespace holdpoint::approvals
