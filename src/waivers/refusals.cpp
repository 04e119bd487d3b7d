// The refusals of waivers: a closed set of codes, each with its next actor.
#include "waivers/waivers.hpp"

namespace holdpoint::waivers {
namespace {

std::string name_of(const RequestWaiver& command) {
  return command.criteria + "/" + command.rule + " of " + command.release;
}

NextStep look(const RequestWaiver& command) {
  return {"you", "see what the rule says now", "holdpoint certify " + command.release};
}

Refusal with_violations(Refusal refusal, const std::vector<policy::Violation>& violations) {
  constexpr std::size_t shown_max = 20;
  json::array& listed = refusal.parameters["violations"].emplace_array();
  for (std::size_t i = 0; i < violations.size() && i < shown_max; ++i) {
    listed.push_back({{"fingerprint", violations[i].fingerprint}, {"what", violations[i].what}});
    refusal.issues.push_back(
        {"/violation", violations[i].fingerprint + " is " + violations[i].what, 0});
  }
  return refusal;
}

}  // namespace

Refusal waiver_not_found(std::string_view id) {
  Refusal refusal{RefusalKind::not_found, "waiver_not_found",
                  "There is no waiver " + std::string(id) + " in this workspace."};
  refusal.next.push_back({"you", "look for it in the list", "holdpoint waiver list"});
  return refusal;
}

Refusal waiver_ended(const Waiver& waiver) {
  Refusal refusal{RefusalKind::conflict, "waiver_ended",
                  "The waiver " + waiver.id.text() + " is " +
                      std::string(describe::enum_text(waiver.state)) + " and stays so."};
  refusal.parameters["state"] = describe::enum_text(waiver.state);
  refusal.next.push_back({"developer", "ask for another one while the violation is there",
                          "holdpoint waiver request " + waiver.application + "@" + waiver.version +
                              " --criteria " + waiver.criteria + " --rule " + waiver.rule});
  return refusal;
}

Refusal invalid_waiver(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_waiver", "The waiver is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

Refusal no_such_rule(const RequestWaiver& command) {
  Refusal refusal{
      RefusalKind::conflict, "no_such_rule",
      "No enforced criteria that the release was judged by have " + name_of(command) + "."};
  refusal.next.push_back(look(command));
  return refusal;
}

Refusal nothing_to_waive(const RequestWaiver& command, const std::string& result) {
  Refusal refusal{RefusalKind::conflict, "nothing_to_waive",
                  "There is nothing to waive: " + name_of(command) + " is " + result + "."};
  refusal.next.push_back(look(command));
  return refusal;
}

Refusal cannot_be_told(const RequestWaiver& command, const std::string& result) {
  Refusal refusal{
      RefusalKind::conflict, "cannot_be_told",
      "Only what is known to fail is waived, and " + name_of(command) + " is " + result + "."};
  refusal.next.push_back({"developer", "add the evidence that the rule asks for",
                          "holdpoint evidence add " + command.release + " REPORT"});
  return refusal;
}

Refusal not_waivable(const RequestWaiver& command) {
  Refusal refusal{RefusalKind::conflict, "not_waivable",
                  "The criteria say that " + name_of(command) + " is never waived."};
  refusal.next.push_back({"developer", "mend what the rule names", ""});
  return refusal;
}

Refusal violation_not_found(const RequestWaiver& command,
                            const std::vector<policy::Violation>& violations) {
  Refusal refusal{RefusalKind::conflict, "violation_not_found",
                  name_of(command) + " does not fail on the violation that is named."};
  refusal.next.push_back(look(command));
  return with_violations(std::move(refusal), violations);
}

Refusal violation_not_named(const RequestWaiver& command,
                            const std::vector<policy::Violation>& violations) {
  Refusal refusal{RefusalKind::invalid, "violation_not_named",
                  "A waiver covers one violation, and " + name_of(command) + " fails on " +
                      std::to_string(violations.size()) + "; say which."};
  refusal.next.push_back(look(command));
  return with_violations(std::move(refusal), violations);
}

Refusal gone_from_newest(const RequestWaiver& command) {
  Refusal refusal{RefusalKind::conflict, "gone_from_newest",
                  "The newest release that was judged does not show this violation, so a waiver of "
                  "the application would be moot."};
  refusal.next.push_back({"you", "ask for this release alone",
                          "holdpoint waiver request " + command.release + " --criteria " +
                              command.criteria + " --rule " + command.rule + " --scope release"});
  return refusal;
}

Refusal already_requested(const Waiver& waiver) {
  Refusal refusal{RefusalKind::conflict, "already_requested",
                  "The waiver " + waiver.id.text() + " for the same waits to be decided."};
  refusal.parameters["waiver"] = waiver.id.text();
  refusal.next.push_back({"an eligible person", "decide on it",
                          "holdpoint approve " + waiver.approval.value_or("REQUEST")});
  return refusal;
}

Refusal too_many_waivers() {
  return {RefusalKind::exhausted, "too_many_waivers",
          std::to_string(open_waivers_max) +
              " waivers are open for this; mend something, or withdraw some."};
}

Refusal not_the_requester() {
  Refusal refusal{RefusalKind::forbidden, "not_the_requester",
                  "Only who asked for a waiver withdraws it."};
  refusal.next.push_back({"person with waivers.revoke", "revoke it when it is in force",
                          "holdpoint waiver revoke WAIVER --reason WHY"});
  return refusal;
}

Refusal not_in_force(const Waiver& waiver) {
  Refusal refusal{RefusalKind::conflict, "not_in_force",
                  "The waiver " + waiver.id.text() + " is not in force yet."};
  refusal.next.push_back(
      {"an eligible person", "reject it instead",
       "holdpoint reject " + waiver.approval.value_or("REQUEST") + " --reason WHY"});
  return refusal;
}

Refusal reason_needed() {
  Refusal refusal{RefusalKind::invalid, "reason_needed", "To end a waiver needs a reason."};
  refusal.issues.push_back({"/reason", "expected 1 to 2000 bytes", 0});
  return refusal;
}

}  // namespace holdpoint::waivers
