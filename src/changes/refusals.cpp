// See refusals.hpp.
#include "changes/refusals.hpp"

#include <algorithm>
#include <array>

#include "changes/window.hpp"

namespace holdpoint::changes {
namespace {

Refusal refusal(RefusalKind kind, std::string code, std::string sentence,
                std::vector<NextStep> next = {}) {
  Refusal out{kind, std::move(code), std::move(sentence)};
  out.next = std::move(next);
  return out;
}

std::string state_of(const Change& change) {
  return std::string(describe::enum_text(change.state));
}

std::string planned(const Change& change) {
  return window_text(change.content.window, change.content.zone);
}

NextStep look_back(const Change& change) {
  return {"somebody who neither asked for it, endorsed it nor carried it out",
          "look back at it, and say what was found",
          "holdpoint emergency review " + change.id.text() + " --findings TEXT"};
}

}  // namespace

Refusal change_not_found(std::string_view id) {
  return refusal(RefusalKind::not_found, "change_not_found",
                 "There is no change " + std::string(id) + " in this workspace.",
                 {{"you", "look for it in the list", "holdpoint change list"}});
}

Refusal invalid_change(JsonIssues issues) {
  Refusal out = refusal(RefusalKind::invalid, "invalid_change", "The change is not as expected.");
  out.issues = std::move(issues);
  return out;
}

Refusal not_a_draft(const Change& change) {
  Refusal out = refusal(RefusalKind::conflict, "not_a_draft",
                        "The change " + change.id.text() + " is " + state_of(change) +
                            ", and only a draft is edited or submitted.");
  if (change.state == State::submitted) {
    out.next.push_back({"you", "make it a draft again; what was approved of it is void then",
                        "holdpoint change reopen " + change.id.text() + " --reason WHY"});
  }
  return out;
}

Refusal change_ended(const Change& change) {
  return refusal(RefusalKind::conflict, "change_ended",
                 "The change " + change.id.text() + " is " + state_of(change) + " and stays so.",
                 {{"you", "ask for another change", "holdpoint change create"}});
}

Refusal change_began(const Change& change) {
  return refusal(RefusalKind::conflict, "change_began",
                 "The change " + change.id.text() + " has begun; say how it ended.",
                 {{"whoever carries it out", "close it",
                   "holdpoint change close " + change.id.text() + " --as unsuccessful"}});
}

Refusal change_not_begun(const Change& change) {
  return refusal(RefusalKind::conflict, "change_not_begun",
                 "The change " + change.id.text() + " is " + state_of(change) +
                     ", and only one that has begun is closed.",
                 {{"you", "cancel what is not wanted any more",
                   "holdpoint change cancel " + change.id.text() + " --reason WHY"}});
}

Refusal change_not_submitted(const Change& change) {
  return refusal(RefusalKind::conflict, "change_not_submitted",
                 "The change " + change.id.text() + " is " + state_of(change) + ".",
                 {{"who wrote it", "submit it", "holdpoint change submit " + change.id.text()}});
}

Refusal reason_needed(std::string path, std::size_t bytes_max) {
  Refusal out = refusal(RefusalKind::invalid, "reason_needed", "This needs to be said in words.");
  out.issues.push_back(
      {std::move(path), "expected 1 to " + std::to_string(bytes_max) + " bytes", 0});
  return out;
}

Refusal window_over(const Change& change) {
  return refusal(
      RefusalKind::conflict, "window_over",
      "The window of the change " + change.id.text() + " is over: " + planned(change) + ".",
      {{"who asked for it", "make it a draft again with another window",
        "holdpoint change reopen " + change.id.text() + " --reason WHY"}});
}

Refusal window_ahead(const Change& change) {
  Refusal out = refusal(
      RefusalKind::conflict, "window_ahead",
      "The window of the change " + change.id.text() + " has not begun: " + planned(change) + ".",
      {{"whoever carries it out", "wait until it begins", ""}});
  out.parameters["from"] = change.content.window.from.text();
  return out;
}

Refusal place_not_touched(const Change& change, const Place& place) {
  return refusal(RefusalKind::conflict, "place_not_touched",
                 "The change " + change.id.text() + " does not touch " + place.application +
                     " in " + place.environment + ".");
}

Refusal used_already(const Change& change, const Place& place) {
  return refusal(RefusalKind::conflict, "used_already",
                 "The change " + change.id.text() + " was used for " + place.application + " in " +
                     place.environment + "; it is used once in each place.",
                 {{"release manager", "ask for another change", "holdpoint change create"}});
}

Refusal not_tried_again(const Change& change, const approvals::Standing& standing) {
  const std::string why = standing.detail.empty() ? "" : ": " + standing.detail;
  return refusal(RefusalKind::conflict, "not_tried_again",
                 "What the change " + change.id.text() +
                     " was used for has failed, and its approval holds for no other try" + why,
                 {{"release manager", "ask for another change", "holdpoint change create"}});
}

Refusal change_not_approved(const Change& change, const approvals::Standing& standing) {
  using Standing = approvals::Standing::State;
  Refusal out = refusal(RefusalKind::conflict, "change_not_approved",
                        "The change " + change.id.text() + " is not approved.");
  if (!standing.detail.empty()) out.sentence += " " + standing.detail + ".";
  if (standing.state == Standing::not_needed) {
    out.sentence += " No approval policy in force says who approves it, so nobody can.";
    out.next.push_back({"compliance officer", "put an ApprovalPolicy in force that applies to it",
                        "holdpoint apply -f approval.yaml"});
  } else if (standing.request && standing.state == Standing::pending) {
    out.next.push_back(
        {"an eligible person", "decide on the request", "holdpoint approve " + *standing.request});
  } else {
    out.next.push_back({"who asked for it", "make it a draft again and submit it once more",
                        "holdpoint change reopen " + change.id.text() + " --reason WHY"});
  }
  return out;
}

Refusal started_by_deployment(const Place& place) {
  return refusal(RefusalKind::conflict, "started_by_deployment",
                 "A release carries this change out, so it begins with its deployment.",
                 {{"whoever deploys it", "start the deployment",
                   "holdpoint deployment start " + place.application + "@VERSION --env " +
                       place.environment}});
}

Refusal incident_open(std::string_view incident, std::string_view title) {
  return refusal(
      RefusalKind::conflict, "incident_open",
      "An incident is open here: " + std::string(title) + " (" + std::string(incident) + ").",
      {{"commander of the incident", "resolve it",
        "holdpoint incident resolve " + std::string(incident) + " --reason REASON"},
       {"a declared person", "declare an emergency change", "holdpoint emergency declare"}});
}

Refusal template_needed() {
  return refusal(RefusalKind::invalid, "template_needed",
                 "A standard change names the template that was approved for it.",
                 {{"you", "name one, or ask for a normal change",
                   "holdpoint change create --type standard --template NAME"}});
}

Refusal template_not_in_force(std::string_view name) {
  return refusal(RefusalKind::conflict, "template_not_in_force",
                 "No template " + std::string(name) + " is in force.",
                 {{"you", "ask for a normal change", "holdpoint change create --type normal"}});
}

Refusal template_fixes(JsonIssues issues) {
  Refusal out =
      refusal(RefusalKind::invalid, "template_fixes", "The template does not let that vary.",
              {{"you", "leave it out, or ask for a normal change",
                "holdpoint change create --type normal"}});
  out.issues = std::move(issues);
  return out;
}

Refusal template_too_risky(std::string_view name) {
  return refusal(RefusalKind::conflict, "template_too_risky",
                 "By the scale of risks in force the changes of the template " + std::string(name) +
                     " are not of low risk, so none of them is standard.",
                 {{"you", "ask for a normal change", "holdpoint change create --type normal"}});
}

Refusal own_template(std::string_view name) {
  return refusal(RefusalKind::forbidden, "own_template",
                 "You put the template " + std::string(name) +
                     " in force, so somebody else asks for its changes.",
                 {{"another person", "ask for the change", "holdpoint change create"}});
}

Refusal document_changed(const Change& change) {
  return refusal(RefusalKind::conflict, "document_changed",
                 "What the change " + change.id.text() +
                     " rests on was changed or retired since it was written.",
                 {{"who asked for it", "make it a draft again and write it anew",
                   "holdpoint change reopen " + change.id.text() + " --reason WHY"}});
}

Refusal not_preauthorised(std::string_view category) {
  return refusal(RefusalKind::forbidden, "not_preauthorised",
                 "No way for emergencies was declared on which you may change this for '" +
                     std::string(category) + "'.",
                 {{"a declared person", "declare the emergency", "holdpoint emergency declare"},
                  {"you", "ask for a normal change", "holdpoint change create --type normal"}});
}

Refusal emergency_limit_reached(const Change& change, const EmergencyLimit& limit,
                                const LimitStanding& standing) {
  const std::string way = change.content.path ? change.content.path->name : "";
  const std::string within = duration_text(Duration{limit.within_us});
  const std::string since = standing.since ? standing.since->text() : "";
  const std::string next = standing.next_at ? standing.next_at->text() : "";
  Refusal out =
      refusal(RefusalKind::conflict, "emergency_limit_reached",
              "Emergencies of the way " + way + " that were submitted since " + since + ": " +
                  std::to_string(standing.count) + ". It takes " + std::to_string(limit.count) +
                  " within " + within + ", and the next one from " + next +
                  " on. The way of a normal change is open.",
              {{"you", "ask for a normal change", "holdpoint change create --type normal"},
               {"who declared it", "submit it when there is room again",
                "holdpoint change submit " + change.id.text()}});
  out.parameters["count"] = standing.count;
  out.parameters["limit"] = limit.count;
  out.parameters["within"] = within;
  out.parameters["since"] = since;
  out.parameters["next_at"] = next;
  return out;
}

Refusal not_endorsed(const Change& change) {
  return refusal(
      RefusalKind::conflict, "not_endorsed",
      "Nobody senior has endorsed the emergency " + change.id.text() + " as it is written now.",
      {{"an endorser of its declared way", "look at it and endorse it",
        "holdpoint emergency endorse " + change.id.text() + " --reason WHY"}});
}

Refusal not_an_emergency() {
  return refusal(RefusalKind::conflict, "not_an_emergency", "That is no emergency change.");
}

Refusal endorser_not_a_person() {
  return refusal(RefusalKind::forbidden, "endorser_not_a_person",
                 "An emergency is endorsed and looked back at by a person.");
}

Refusal not_an_endorser() {
  return refusal(RefusalKind::forbidden, "not_an_endorser",
                 "You are not among those who endorse emergencies of this way.",
                 {{"an endorser of its declared way", "look at it and endorse it",
                   "holdpoint emergency endorse CHANGE --reason WHY"}});
}

Refusal own_emergency() {
  return refusal(RefusalKind::forbidden, "own_emergency",
                 "You have a part in this, so somebody else has to stand for it.",
                 {{"another person", "look at it", "holdpoint change show CHANGE"}});
}

Refusal nobody_answers(const Change& change) {
  return refusal(RefusalKind::forbidden, "nobody_answers",
                 "No person answers for this account, so it neither submits nor begins the "
                 "emergency " +
                     change.id.text() + ": nobody could look back at it afterwards.",
                 {{"a person, or an account with an owner", "do it instead",
                   "holdpoint change show " + change.id.text()}});
}

Refusal endorsed_already() {
  return refusal(RefusalKind::conflict, "endorsed_already", "This was endorsed already.");
}

Refusal approver_endorses(const Change& change) {
  return refusal(RefusalKind::forbidden, "approver_endorses",
                 "You approved this emergency, so somebody else stands for it.",
                 {{"another endorser of its declared way", "look at it and endorse it",
                   "holdpoint emergency endorse " + change.id.text() + " --reason WHY"}});
}

Refusal endorser_reviews(const Change& change) {
  return refusal(RefusalKind::forbidden, "endorser_reviews",
                 "You endorsed this emergency, so somebody else looks back at it.",
                 {look_back(change)});
}

Refusal executor_reviews(const Change& change) {
  return refusal(RefusalKind::forbidden, "executor_reviews",
                 "You carried this emergency out, yourself or by an account that you answer for, "
                 "so somebody else looks back at it.",
                 {look_back(change)});
}

Refusal content_changed(const Digest& shown, const Digest& present) {
  Refusal out = refusal(RefusalKind::conflict, "content_changed",
                        "The content is another one than what was shown to you; look at it again.",
                        {{"you", "read it again", "holdpoint change show CHANGE"}});
  out.parameters["shown"] = shown.text();
  out.parameters["present"] = present.text();
  return out;
}

Refusal review_not_due() {
  return refusal(RefusalKind::conflict, "review_not_due",
                 "There is nothing to look back at: the emergency has not begun.");
}

Refusal reviewed_already() {
  return refusal(RefusalKind::conflict, "reviewed_already",
                 "People looked back at this emergency already.");
}

Refusal review_overdue(const std::vector<std::string>& changes) {
  std::string names;
  constexpr std::size_t shown_max = 5;
  for (std::size_t i = 0; i < changes.size() && i < shown_max; ++i) {
    names += (i == 0 ? "" : ", ") + changes[i];
  }
  return refusal(RefusalKind::conflict, "review_overdue",
                 "Nobody looked back in time at an emergency of this application: " + names +
                     ". Until somebody does, nothing but standard changes goes on here.",
                 {{"somebody without a part in it", "look back at it, and say what was found",
                   "holdpoint emergency review " + changes.front() + " --findings TEXT"}});
}

bool is_evidence(std::string_view code) {
  constexpr std::array codes{"endorser_not_a_person", "own_emergency",    "not_an_endorser",
                             "approver_endorses",     "endorser_reviews", "executor_reviews"};
  return std::ranges::find(codes, code) != codes.end();
}

}  // namespace holdpoint::changes
