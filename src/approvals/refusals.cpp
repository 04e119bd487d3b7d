// See refusals.hpp.
#include "approvals/refusals.hpp"

#include <algorithm>
#include <array>

namespace holdpoint::approvals {
namespace {

Refusal refusal(RefusalKind kind, std::string code, std::string sentence,
                std::vector<NextStep> next = {}) {
  Refusal out{kind, std::move(code), std::move(sentence)};
  out.next = std::move(next);
  return out;
}

std::string joined(const std::vector<std::string>& texts) {
  constexpr std::size_t shown_max = 10;
  std::string out;
  for (std::size_t i = 0; i < std::min(texts.size(), shown_max); ++i) {
    out += (i == 0 ? "" : ", ") + texts[i];
  }
  if (texts.size() > shown_max) {
    out += " and " + std::to_string(texts.size() - shown_max) + " more";
  }
  return out;
}

const NextStep kAskAgain{"requester", "ask for the approval again",
                         "holdpoint approvals request APP@VERSION --env ENVIRONMENT"};

}  // namespace

Refusal request_not_found(std::string_view id) {
  return refusal(RefusalKind::not_found, "request_not_found",
                 "There is no request " + std::string(id) + " in this workspace.");
}

Refusal request_ended(const Request& request) {
  // Why somebody rejected it is sealed beside the decision, and shown with the request.
  const bool says_why = request.ended_because && request.state != State::rejected;
  Refusal out = refusal(RefusalKind::conflict, "request_ended",
                        "This request is " + std::string(describe::enum_text(request.state)) +
                            (says_why ? ": " + *request.ended_because : "") + ".");
  out.parameters["state"] = describe::enum_text(request.state);
  if (request.state != State::granted && request.state != State::consumed) {
    out.next.push_back(kAskAgain);
  }
  return out;
}

Refusal too_late(const Request& request) {
  const bool granted = request.state != State::pending && request.valid_until.has_value();
  return refusal(
      RefusalKind::conflict, "too_late",
      granted ? "The approval was valid until " + request.valid_until->text() + "."
              : "The request could be decided until " + request.terms.pending_until.text() + ".",
      {kAskAgain});
}

Refusal paused(const std::vector<std::string>& incidents) {
  return refusal(
      RefusalKind::conflict, "paused_by_incident",
      "Approvals for this environment pause while an incident is open: " + joined(incidents) + ".",
      {{"commander of the incident", "resolve the incident",
        "holdpoint incident resolve INCIDENT"}});
}

Refusal subject_gone(const Subject& subject) {
  return refusal(RefusalKind::conflict, "subject_gone",
                 "What was to be approved, " + subject.kind + " " + subject.id +
                     ", is gone or cannot be read.");
}

Refusal content_changed(const Digest& presented, const Digest& present) {
  Refusal out = refusal(
      RefusalKind::conflict, "content_changed",
      "The content is another one than what was shown to you; look at it again.",
      {{"you", "read what changed, and decide on that", "holdpoint approvals show REQUEST"}});
  out.parameters["presented"] = presented.text();
  out.parameters["present"] = present.text();
  return out;
}

Refusal not_a_person() {
  return refusal(RefusalKind::forbidden, "approver_not_a_person",
                 "An approval is given by a person, not by an account of a program or an agent.",
                 {{"an eligible person", "sign in and decide", "holdpoint approve REQUEST"}});
}

Refusal involved(Part part) {
  Refusal out = refusal(RefusalKind::forbidden, "own_part",
                        "You may not decide on this: whoever " + std::string(words(part)) +
                            " is never among its approvers.",
                        {{"another eligible person", "decide", "holdpoint approve REQUEST"}});
  out.parameters["part"] = describe::enum_text(part);
  return out;
}

Refusal unknown_people(const std::vector<std::string>& people) {
  return refusal(RefusalKind::conflict, "unknown_people",
                 "Somebody with a part in it is not known here, and might be whoever approves: " +
                     joined(people) + ".",
                 {{"administrator",
                   "add the person with the mail address of the commit: POST /api/v1/people", ""}});
}

Refusal not_eligible(const Request& request, const std::optional<Involved>& behind) {
  std::vector<std::string> stages;
  for (const Demand& demand : request.demands) {
    if (std::ranges::find(stages, demand.stage) == stages.end()) stages.push_back(demand.stage);
  }
  std::string sentence = "You have none of the roles that sign here (" + joined(stages) + ").";
  if (behind) {
    sentence += " You stand in for " + behind->person + ", but whoever " +
                std::string(words(behind->part)) +
                " is never among its approvers, and not through others either.";
  }
  Refusal out = refusal(RefusalKind::forbidden, "not_eligible", std::move(sentence),
                        {{"an eligible person", "decide", "holdpoint approve REQUEST"}});
  if (behind) {
    out.parameters["stands_in_for"] = behind->person;
    out.parameters["part"] = describe::enum_text(behind->part);
  }
  return out;
}

Refusal not_a_stand_in(std::string_view person) {
  return refusal(RefusalKind::forbidden, "not_a_stand_in",
                 "You may not sign in the place of " + std::string(person) +
                     ": there is no delegation in force that reaches this, or one of you two has a "
                     "part in it.");
}

Refusal stage_not_reached() {
  return refusal(RefusalKind::conflict, "stage_not_reached",
                 "It is not your turn yet: an earlier stage still waits.");
}

Refusal signature_not_needed() {
  return refusal(RefusalKind::conflict, "signature_not_needed",
                 "Your stage has all the signatures that it needs.");
}

Refusal seat_taken() {
  return refusal(RefusalKind::conflict, "seat_taken",
                 "That right was used already: one person counts once, also through a delegate.");
}

Refusal signed_already() {
  return refusal(RefusalKind::conflict, "signed_already",
                 "You decided on this request already; one person has one vote.");
}

Refusal not_signed() {
  return refusal(RefusalKind::conflict, "not_signed", "You have not signed this request.");
}

Refusal not_the_requester() {
  return refusal(RefusalKind::forbidden, "not_the_requester",
                 "Only who asked for an approval withdraws the request.",
                 {{"an eligible person", "reject it", "holdpoint reject REQUEST --reason WHY"}});
}

Refusal reason_needed() {
  Refusal out = refusal(RefusalKind::invalid, "reason_needed", "This decision needs a reason.");
  out.issues.push_back({"/reason", "expected 1 to 2000 bytes", 0});
  return out;
}

Refusal reason_too_long() {
  Refusal out = refusal(RefusalKind::invalid, "reason_too_long", "The reason is too long.");
  out.issues.push_back({"/reason", "expected at most 2000 bytes", 0});
  return out;
}

Refusal password_needed() {
  return refusal(
      RefusalKind::forbidden, "password_needed", "This signature needs your password again.",
      {{"you", "sign again and give your password", "holdpoint approve REQUEST --password"}});
}

Refusal use_not_failed(const Request& request) {
  return refusal(
      RefusalKind::conflict, "use_not_failed",
      "It was used for " + request.used_for.value_or("something") +
          ", and is used again only when that has failed.",
      {{"whoever ran it", "say how it ended", "holdpoint deployment finish ID"}, kAskAgain});
}

Refusal no_retry_left(const Request& request) {
  return refusal(
      RefusalKind::conflict, "no_retry_left",
      "It was used " + std::to_string(request.uses) + " times, which is as often as policy allows.",
      {kAskAgain});
}

Refusal not_granted() {
  return refusal(RefusalKind::conflict, "not_granted", "The approval was not given yet.");
}

Refusal no_longer_granted() {
  return refusal(RefusalKind::conflict, "no_longer_granted",
                 "The approval does not hold any more: somebody who signed lost the role, or has a "
                 "part in the content.",
                 {kAskAgain});
}

Refusal too_many_votes() {
  return refusal(RefusalKind::exhausted, "too_many_votes", "500 people decided on this request.");
}

Refusal no_policy_applies(const std::string& subject) {
  return refusal(RefusalKind::conflict, "no_policy_applies",
                 "No approval policy in force says who approves " + subject +
                     ", so nobody can; what nobody governs is not approved.",
                 {{"compliance officer", "put an ApprovalPolicy in force that applies to it",
                   "holdpoint apply -f approval.yaml"}});
}

Refusal no_route(const std::string& policy) {
  return refusal(
      RefusalKind::conflict, "no_route",
      "The policy " + policy + " applies, and none of its routes does: nobody could approve this.",
      {{"compliance officer", "add a route, or narrow the policy's match",
        "holdpoint policy show ApprovalPolicy " + policy}});
}

Refusal approver_deploys() {
  return refusal(RefusalKind::forbidden, "approver_deploys",
                 "You approved this, so somebody else deploys it.",
                 {{"another person or a pipeline of theirs", "start the deployment",
                   "holdpoint deployment start APP@VERSION --env ENVIRONMENT"}});
}

Refusal demands_changed() {
  return refusal(RefusalKind::conflict, "demands_changed",
                 "The policies in force demand more than was approved; ask for it again.",
                 {kAskAgain});
}

Refusal terms_changed(const Request& request, const Outgrown& outgrown) {
  Refusal out = refusal(
      RefusalKind::conflict, "terms_changed",
      "The policies in force ask for more than what was given: " + joined(outgrown.terms) + ".");
  if (!outgrown.sign_again.empty()) {
    out.sentence += " Whoever signed so takes that back and signs again, or it is asked for again.";
    out.next.push_back(
        {"who signed so", "take the signature back, and sign again as is asked for now",
         "holdpoint approvals withdraw " + request.id.text() + " --signature --reason WHY"});
  }
  out.next.push_back(kAskAgain);
  return out;
}

Refusal unsatisfiable(const std::vector<std::string>& stages) {
  return refusal(RefusalKind::conflict, "unsatisfiable",
                 "Nobody could approve this: too few eligible people for " + joined(stages) + ".",
                 {{"administrator",
                   "give the role to more people who have no part in it: POST "
                   "/api/v1/WORKSPACE/role-assignments",
                   ""}});
}

Refusal too_many_demands() {
  return refusal(RefusalKind::exhausted, "too_many_demands",
                 "The policies in force demand more than 60 stages of one request.");
}

Refusal only_approvals_wait() {
  Refusal out =
      refusal(RefusalKind::invalid, "only_approvals_wait",
              "Only an approval counts from a later instant; a rejection counts at once.");
  out.issues.push_back({"/effective_from", "expected none with this choice", 0});
  return out;
}

Refusal deferred_out_of_reach(const Request& request) {
  const std::string until = request.terms.pending_until.text();
  Refusal out = refusal(
      RefusalKind::invalid, "deferred_out_of_reach",
      "An approval counts from a later instant on, before the request expires at " + until + ".");
  out.issues.push_back({"/effective_from", "expected an instant after now and before " + until, 0});
  return out;
}

Refusal calendar_unknown(const std::string& policy, const std::string& calendar) {
  return refusal(RefusalKind::conflict, "calendar_unknown",
                 "The policy " + policy + " escalates by the calendar " + calendar +
                     ", which is not in the catalog or cannot be worked out.",
                 {{"compliance officer", "apply the calendar, or name another in the policy",
                   "holdpoint apply --file calendar.yaml"}});
}

Refusal request_too_long(std::vector<LongPart> parts) {
  constexpr std::size_t named_max = 5;
  std::ranges::sort(parts, std::ranges::greater{}, &LongPart::bytes);
  Refusal out = refusal(RefusalKind::invalid, "request_too_long",
                        "The request with what policies demand of it is longer than " +
                            std::to_string(request_bytes_max) +
                            " bytes, so it cannot be recorded; shorten what is named.");
  for (std::size_t i = 0; i < std::min(parts.size(), named_max); ++i) {
    out.issues.push_back({parts[i].path, "takes " + std::to_string(parts[i].bytes) + " bytes", 0});
  }
  out.next = {{"requester", "state the long fields in a document, and its address in the field",
               "holdpoint approvals request APP@VERSION --env ENVIRONMENT --field NAME=ADDRESS"},
              {"compliance officer", "name roles instead of many people in the stages", ""}};
  return out;
}

Refusal not_an_approver() {
  return refusal(RefusalKind::forbidden, "not_an_approver",
                 "Who decided on a request, or may, says what got in the way of it.",
                 {{"an approver of it", "say it", "holdpoint approvals feedback REQUEST"}});
}

Refusal note_out_of_bounds() {
  Refusal out = refusal(RefusalKind::invalid, "note_out_of_bounds", "The note cannot be kept.");
  out.issues.push_back({"/note", "expected 1 to 2000 bytes", 0});
  return out;
}

Refusal policy_not_named(const Request& request) {
  std::vector<std::string> names;
  for (const PinnedPolicy& policy : request.policies) names.push_back(policy.name);
  Refusal out = refusal(RefusalKind::invalid, "policy_not_named",
                        "Say which policy of the request is meant: " + joined(names) + ".");
  out.issues.push_back({"/policy", "expected one of: " + joined(names), 0});
  return out;
}

Refusal said_already() {
  return refusal(RefusalKind::conflict, "said_already",
                 "You said that of this request and policy already.");
}

bool is_evidence(std::string_view code) {
  constexpr std::array codes{"approver_not_a_person", "own_part",       "not_eligible",
                             "not_a_stand_in",        "signed_already", "seat_taken",
                             "request_ended"};
  return std::ranges::find(codes, code) != codes.end();
}

}  // namespace holdpoint::approvals
