// The refusals of rollbacks: a closed set of codes, each with its next actor.
#include "rollback/decide.hpp"

namespace holdpoint::rollback {
namespace {

std::string state_of(const Decision& decision) {
  return std::string(describe::enum_text(decision.state));
}

NextStep look(const RollbackId& id) {
  return {"you", "look at it", "holdpoint rollback show " + id.text()};
}

}  // namespace

Refusal rollback_not_found(std::string_view id) {
  Refusal refusal{RefusalKind::not_found, "rollback_not_found",
                  "There is no rollback " + std::string(id) + " in this workspace."};
  refusal.next.push_back({"you", "look for it in the list", "holdpoint rollback list"});
  return refusal;
}

Refusal rollback_under_way(const Decision& decision) {
  Refusal refusal{RefusalKind::conflict, "rollback_under_way",
                  "The rollback " + decision.id.text() + " is of the same deployment, and " +
                      state_of(decision) + "."};
  refusal.parameters["rollback"] = decision.id.text();
  refusal.next.push_back(look(decision.id));
  return refusal;
}

Refusal rollback_ended(const Decision& decision) {
  return {RefusalKind::conflict, "rollback_ended",
          "The rollback " + decision.id.text() + " is " + state_of(decision) +
              ", and nothing follows from that."};
}

Refusal not_awaited(const Decision& decision, std::string_view act) {
  Refusal refusal{RefusalKind::conflict, "not_awaited",
                  "The rollback " + decision.id.text() + " is " + state_of(decision) +
                      ", and cannot be " + std::string(act) + " now."};
  refusal.parameters["state"] = state_of(decision);
  refusal.next.push_back(look(decision.id));
  return refusal;
}

Refusal not_a_person(std::string_view act) {
  return {RefusalKind::forbidden, "not_a_person",
          "This is " + std::string(act) + " by a person, not by an account of a program."};
}

Refusal not_a_confirmer(const Decision& decision) {
  Refusal refusal{RefusalKind::forbidden, "not_a_confirmer",
                  "The rule names who decides on this rollback, and you are not among them."};
  for (const std::string& person : decision.confirmers) {
    refusal.next.push_back(
        {person, "decide on it", "holdpoint rollback confirm " + decision.id.text()});
    if (refusal.next.size() == 5) break;
  }
  return refusal;
}

Refusal own_proposal(const Decision& decision) {
  Refusal refusal{RefusalKind::forbidden, "own_proposal",
                  "You asked for this rollback, so somebody else has to confirm it."};
  refusal.next.push_back({"another person with rollbacks.decide", "confirm it",
                          "holdpoint rollback confirm " + decision.id.text()});
  return refusal;
}

Refusal own_deployment() {
  return {RefusalKind::forbidden, "own_deployment",
          "You deployed this, so somebody else has to look at what followed."};
}

Refusal deployer_unknown() {
  return {RefusalKind::conflict, "deployer_unknown",
          "Who deployed this is not known, so it cannot be told who may clear it."};
}

Refusal no_target(const Subject& subject) {
  Refusal refusal{RefusalKind::conflict, "no_target",
                  "There is no release in " + subject.environment +
                      " that the rule lets one go back to from " + subject.application + "@" +
                      subject.version + "."};
  refusal.next.push_back(
      {"who decides", "name one that ran there",
       "holdpoint deployment list --app " + subject.application + " --env " + subject.environment});
  return refusal;
}

Refusal target_not_possible(std::string_view version, std::span<const Candidate> candidates) {
  Refusal refusal{
      RefusalKind::conflict, "target_not_possible",
      "The version " + std::string(version) + " is none that ran there with success before."};
  std::string versions;
  for (const Candidate& one : candidates) {
    versions += (versions.empty() ? "" : ", ") + one.target.version;
    if (versions.size() > 200) break;
  }
  refusal.issues.push_back(
      {"/version", versions.empty() ? "nothing else ran there" : "expected one of: " + versions,
       0});
  return refusal;
}

Refusal attempts_exhausted(const Decision& decision) {
  Refusal refusal{RefusalKind::exhausted, "attempts_exhausted",
                  "The rollback was tried " + std::to_string(decision.attempts) +
                      " times; decline it, and mend what runs there by a release."};
  refusal.next.push_back({"who decides", "decline it",
                          "holdpoint rollback decline " + decision.id.text() + " --reason WHY"});
  return refusal;
}

Refusal nothing_to_take_back(std::string_view deployment, std::string_view state) {
  return {RefusalKind::conflict, "nothing_to_take_back",
          "The deployment " + std::string(deployment) + " is " + std::string(state) +
              ", so there is nothing to take back."};
}

Refusal not_the_newest(std::string_view deployment, std::string_view newest) {
  return {RefusalKind::conflict, "not_the_newest",
          "The deployment " + std::string(newest) + " came after " + std::string(deployment) +
              " in the same place; that one can be taken back."};
}

Refusal rule_not_found(std::string_view name) {
  Refusal refusal{RefusalKind::not_found, "rule_not_found",
                  "There is no RollbackPolicy " + std::string(name) + " in force."};
  refusal.next.push_back({"you", "look which there are", "holdpoint rollback rules"});
  return refusal;
}

Refusal drill_in_production(std::string_view environment) {
  return {
      RefusalKind::conflict, "drill_in_production",
      "A drill is held where nobody is hurt, and " + std::string(environment) + " is production."};
}

Refusal not_healthy(JsonIssues issues) {
  Refusal refusal{RefusalKind::conflict, "not_healthy",
                  "What was measured is not healthy, so the watch goes on."};
  refusal.issues = std::move(issues);
  return refusal;
}

Refusal health_unknown() {
  Refusal refusal{RefusalKind::conflict, "health_unknown",
                  "Nothing was measured, so it is not known whether it is healthy. Say so when "
                  "you looked at it yourself."};
  refusal.next.push_back({"a program that measures", "report what it finds",
                          "holdpoint deployment health DEPLOYMENT --value NAME=VALUE"});
  refusal.next.push_back(
      {"you", "clear it unmeasured", "holdpoint rollback clear ID --reason WHAT --unmeasured"});
  return refusal;
}

Refusal invalid_rollback(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_rollback", "The request is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

}  // namespace holdpoint::rollback
