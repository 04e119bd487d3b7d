// Deciding about waivers: what can be waived, for how long, and who takes one back.
#include <algorithm>

#include "base/text.hpp"
#include "waivers/waivers.hpp"

namespace holdpoint::waivers {
namespace {

JsonIssues issues_of(const RequestWaiver& command, const Requesting& facts) {
  JsonIssues issues;
  if (!is_stated(command.reason, reason_bytes_max)) {
    issues.push_back(
        {"/reason", "expected 1 to " + std::to_string(reason_bytes_max) + " bytes", 0});
  }
  if (!facts.owner) issues.push_back({"/owner", "not a person who can sign in here", 0});
  const bool is_bounded =
      facts.now < command.until && command.until <= facts.now + Duration::days(waiver_days_max);
  if (!is_bounded) {
    issues.push_back(
        {"/until",
         "expected a time from now on, at most " + std::to_string(waiver_days_max) + " days ahead",
         0});
  }
  return issues;
}

using Violations = std::vector<policy::Violation>;

/// The violation that is meant, of those of the rule.
Decided<policy::Violation> violation_meant(const RequestWaiver& command, const Violations& all) {
  if (command.violation) {
    const auto named = std::ranges::find(all, *command.violation, &policy::Violation::fingerprint);
    if (named == all.end()) return refuse(violation_not_found(command, all));
    return *named;
  }
  Violations bare;
  std::ranges::copy_if(all, std::back_inserter(bare),
                       [](const policy::Violation& one) { return !one.waiver; });
  if (bare.size() != 1) return refuse(violation_not_named(command, bare.empty() ? all : bare));
  return bare.front();
}

bool is_same(const Waiver& waiver, const RequestWaiver& command, const std::string& violation) {
  return waiver.criteria == command.criteria && waiver.rule == command.rule &&
         waiver.violation == violation && waiver.scope == command.scope.value_or(Scope::release);
}

}  // namespace

Presence presence_of(const std::optional<RuleStanding>& standing, std::string_view violation) {
  if (!standing) return Presence::untold;
  const std::string& result = standing->result;
  if (result == "pass" || result == "not_applicable") return Presence::gone;
  if ((result != "fail" && result != "waived") || !standing->violations) return Presence::untold;
  const bool is_there = std::ranges::any_of(
      *standing->violations,
      [&](const policy::Violation& one) { return one.fingerprint == violation; });
  return is_there ? Presence::there : Presence::gone;
}

bool is_gone_from(const std::optional<RuleStanding>& standing, std::string_view violation) {
  return presence_of(standing, violation) == Presence::gone && standing->result != "not_applicable";
}

bool is_moot(const Waiver& waiver, const Judgement& judgement,
             const std::optional<RuleStanding>& standing) {
  if (!is_open(waiver.state)) return false;
  switch (waiver.scope) {
    case Scope::release:
      return waiver.release == judgement.release &&
             presence_of(standing, waiver.violation) == Presence::gone;
    case Scope::application:
      return judgement.is_newest && judgement.is_complete &&
             is_gone_from(standing, waiver.violation);
  }
  return false;
}

Decided<WaiverRequested> request(const RequestWaiver& command, const Requesting& facts) {
  if (auto issues = issues_of(command, facts); !issues.empty()) {
    return refuse(invalid_waiver(std::move(issues)));
  }
  if (!facts.standing) return refuse(no_such_rule(command));
  const std::string& result = facts.standing->result;
  if (result == "pass" || result == "not_applicable") {
    return refuse(nothing_to_waive(command, result));
  }
  if (result != "fail" && result != "waived") return refuse(cannot_be_told(command, result));
  if (!facts.standing->violations) return refuse(not_waivable(command));
  auto meant = violation_meant(command, *facts.standing->violations);
  if (!meant) return std::unexpected(std::move(meant).error());
  const Scope scope = command.scope.value_or(Scope::release);
  const bool was_looked_for = std::ranges::find(facts.looked_for_in_newest, meant->fingerprint) !=
                              facts.looked_for_in_newest.end();
  if (scope == Scope::application && was_looked_for &&
      is_gone_from(facts.standing_in_newest, meant->fingerprint)) {
    return refuse(gone_from_newest(command));
  }
  WaiverRequested event{.id = facts.id,
                        .scope = scope,
                        .application = facts.application,
                        .release = facts.release,
                        .version = facts.version,
                        .criteria = command.criteria,
                        .rule = command.rule,
                        .violation = meant->fingerprint,
                        .what = std::string(cut_text(meant->what, what_bytes_max)),
                        .owner = *facts.owner,
                        .until = {command.until},
                        .extends = std::nullopt};
  std::size_t of_scope = 0;
  for (const Waiver& one : facts.open) {
    if (one.scope == scope) ++of_scope;
    if (!is_same(one, command, event.violation)) continue;
    if (one.state == State::requested) return refuse(already_requested(one));
    event.extends = one.id;
  }
  if (of_scope >= open_waivers_max) return refuse(too_many_waivers());
  return event;
}

Decided<WaiverEnded> withdraw(const Waiver& waiver, const Actor& actor, std::string_view reason) {
  if (!is_open(waiver.state)) return refuse(waiver_ended(waiver));
  if (actor.kind != waiver.requested_by_kind || actor.id != waiver.requested_by) {
    return refuse(not_the_requester());
  }
  if (!is_stated(reason, reason_bytes_max)) return refuse(reason_needed());
  return WaiverEnded{waiver.id, State::withdrawn, "whoever asked for it withdrew it"};
}

Decided<WaiverEnded> revoke(const Waiver& waiver, std::string_view reason) {
  if (!is_open(waiver.state)) return refuse(waiver_ended(waiver));
  if (waiver.state != State::in_force) return refuse(not_in_force(waiver));
  if (!is_stated(reason, reason_bytes_max)) return refuse(reason_needed());
  return WaiverEnded{waiver.id, State::revoked, "it was taken back"};
}

Digest digest_of(const Waiver& waiver) {
  const json::object said{{"id", waiver.id.text()},
                          {"scope", describe::enum_text(waiver.scope)},
                          {"application", waiver.application},
                          {"release", waiver.release},
                          {"criteria", waiver.criteria},
                          {"rule", waiver.rule},
                          {"violation", waiver.violation},
                          {"owner", waiver.owner},
                          {"until", waiver.expires_at.us}};
  const auto text = canonical_json(said);
  HP_ASSERT(text.has_value(), "WA-1: what a waiver says has a canonical form");
  return sha256("holdpoint-waiver/v1\n" + *text);
}

std::string waits_for(const approvals::Standing& approval) {
  using enum approvals::Standing::State;
  switch (approval.state) {
    case not_needed: return "somebody to ask again: no policy in force asks for an approval of it";
    case untold: return "the policies in force, by which it cannot be told who has to approve it";
    case missing: return "somebody to ask again: " + approval.detail;
    case granted: return "nothing: it was approved, and comes into force";
    case pending: break;
  }
  if (!approval.may_sign.empty()) return approval.detail;
  return approval.detail + "; nobody may sign it now, and it ends at " +
         approval.due.value_or(Instant{}).text();
}

std::string title_of(const Waiver& waiver) {
  const std::string of = waiver.application + "@" + waiver.version;
  const bool wide = waiver.scope == Scope::application;
  return waiver.criteria + "/" + waiver.rule + " of " +
         (wide ? waiver.application + ", as seen in " + of : of);
}

}  // namespace holdpoint::waivers
