// See triage.hpp.
#include "evidence/triage.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace holdpoint::evidence {
namespace {

Refusal invalid_triage(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_triage", "The triage is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

Refusal not_a_person() {
  Refusal refusal{RefusalKind::forbidden, "triage_by_person",
                  "What a finding is, a person says, not an account of a program."};
  refusal.next.push_back({"person with findings.triage", "look at the finding, and say what it is",
                          "holdpoint finding triage APP@VERSION FINGERPRINT --as DISPOSITION "
                          "--reason WHY"});
  return refusal;
}

Refusal finding_not_found(const std::string& fingerprint, const std::string& release) {
  Refusal refusal{RefusalKind::not_found, "finding_not_found",
                  "The current evidence of the release shows no finding " + fingerprint + "."};
  refusal.parameters["release"] = release;
  refusal.next.push_back({"you", "look for it in the list", "holdpoint finding list APP@VERSION"});
  return refusal;
}

Refusal waiver_needed(const std::string& fingerprint) {
  Refusal refusal{RefusalKind::conflict, "waiver_needed",
                  "A risk is accepted by a waiver, and none in force covers " + fingerprint + "."};
  refusal.next.push_back({"developer", "ask for a waiver that somebody else approves",
                          "holdpoint waiver request APP@VERSION --criteria NAME --rule ID "
                          "--violation " +
                              fingerprint});
  return refusal;
}

Refusal too_many_triaged() {
  return {RefusalKind::exhausted, "too_many_triaged",
          std::to_string(triaged_findings_max) + " findings of the application are triaged."};
}

Refusal nothing_to_confirm(const std::string& fingerprint) {
  Refusal refusal{
      RefusalKind::conflict, "nothing_to_confirm",
      "Nobody said of " + fingerprint + " that it need not be minded, or two people did already."};
  refusal.next.push_back({"you", "see how it stands", "holdpoint finding list APP@VERSION"});
  return refusal;
}

Refusal own_triage() {
  Refusal refusal{RefusalKind::forbidden, "own_triage",
                  "You said so yourself; somebody else confirms it."};
  refusal.next.push_back({"another person with findings.triage", "confirm it",
                          "holdpoint finding confirm APP@VERSION FINGERPRINT --reason WHY"});
  return refusal;
}

JsonIssues issues_of(const std::vector<std::string>& fingerprints, std::string_view reason) {
  JsonIssues issues;
  if (fingerprints.empty() || fingerprints.size() > triaged_at_once_max) {
    issues.push_back(
        {"/fingerprints", "expected 1 to " + std::to_string(triaged_at_once_max) + " of them", 0});
  }
  if (!is_stated(reason, triage_reason_bytes_max)) {
    issues.push_back(
        {"/reason", "expected 1 to " + std::to_string(triage_reason_bytes_max) + " bytes", 0});
  }
  return issues;
}

std::vector<std::string> distinct(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  const auto [first, last] = std::ranges::unique(texts);
  texts.erase(first, last);
  return texts;
}

void check_duplicate(const TriageFindings& command, const Triaging& facts, JsonIssues& issues) {
  const bool is_duplicate = command.disposition == Disposition::duplicate;
  if (is_duplicate != command.duplicate_of.has_value()) {
    issues.push_back({"/duplicate_of", "expected for a duplicate, and for nothing else", 0});
  } else if (is_duplicate) {
    const bool is_itself = std::ranges::find(command.fingerprints, *command.duplicate_of) !=
                           command.fingerprints.end();
    if (is_itself || !facts.seen.contains(*command.duplicate_of)) {
      issues.push_back({"/duplicate_of", "expected another finding of the release", 0});
    }
  }
}

}  // namespace

bool clears(Disposition disposition) {
  switch (disposition) {
    case Disposition::open:
    case Disposition::confirmed:
    case Disposition::accepted_risk: return false;
    case Disposition::false_positive:
    case Disposition::fixed:
    case Disposition::duplicate: return true;
  }
  return true;
}

bool counts_for(const Triage& triage, const Contributors& contributors) {
  if (!clears(triage.disposition)) return true;
  if (contributors.has_unknown && !triage.confirmed_by) return false;
  const auto has_no_part = [&](const std::string& person) {
    return !contributors.people.contains(person);
  };
  return has_no_part(triage.triaged_by) ||
         (triage.confirmed_by && has_no_part(*triage.confirmed_by));
}

Decided<FindingsTriaged> triage(const TriageFindings& command, const Triaging& facts) {
  if (facts.actor_kind != "person") return refuse(not_a_person());
  JsonIssues issues = issues_of(command.fingerprints, command.reason);
  check_duplicate(command, facts, issues);
  if (!issues.empty()) return refuse(invalid_triage(std::move(issues)));
  FindingsTriaged event{.application = facts.application,
                        .release = facts.release,
                        .fingerprints = distinct(command.fingerprints),
                        .disposition = command.disposition,
                        .duplicate_of = command.duplicate_of};
  for (const std::string& fingerprint : event.fingerprints) {
    if (!facts.seen.contains(fingerprint)) {
      return refuse(finding_not_found(fingerprint, facts.release));
    }
    const bool needs_waiver = command.disposition == Disposition::accepted_risk;
    if (needs_waiver && !facts.waived.contains(fingerprint)) {
      return refuse(waiver_needed(fingerprint));
    }
  }
  if (facts.triaged + event.fingerprints.size() > triaged_findings_max) {
    return refuse(too_many_triaged());
  }
  return event;
}

Decided<TriageConfirmed> confirm(const ConfirmTriage& command, const Confirming& facts) {
  if (facts.actor_kind != "person") return refuse(not_a_person());
  if (auto issues = issues_of(command.fingerprints, command.reason); !issues.empty()) {
    return refuse(invalid_triage(std::move(issues)));
  }
  TriageConfirmed event{facts.application, facts.release, distinct(command.fingerprints)};
  for (const std::string& fingerprint : event.fingerprints) {
    const auto standing = std::ranges::find(facts.standing, fingerprint, &Triage::fingerprint);
    const bool is_open = standing != facts.standing.end() && clears(standing->disposition) &&
                         !standing->confirmed_by;
    if (!is_open) return refuse(nothing_to_confirm(fingerprint));
    if (standing->triaged_by == facts.actor) return refuse(own_triage());
  }
  return event;
}

}  // namespace holdpoint::evidence
