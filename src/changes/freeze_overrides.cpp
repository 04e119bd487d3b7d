// See freeze_overrides.hpp.
#include "changes/freeze_overrides.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace holdpoint::changes {
namespace {

struct SignedOverride {
  std::int64_t v = 1;
  std::string id;
  std::string application;
  std::string environment;
  std::optional<LinkedRelease> release;
  std::optional<std::string> change;
  std::vector<std::string> freezes;
  std::optional<std::string> incident;
  Instant expires_at;
  std::int64_t reason_entry = 0;
};
HP_DESCRIBE(SignedOverride, v, id, application, environment, release, change, freezes, incident,
            expires_at, reason_entry)

Refusal invalid(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_override", "The override is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

Refusal not_frozen(const StatedOverride& stated) {
  Refusal refusal{RefusalKind::conflict, "not_frozen",
                  "No freeze is in the way of " + stated.application + " in " + stated.environment +
                      " by then, so there is nothing to override."};
  refusal.next.push_back(
      {"you", "go on without an override",
       "holdpoint freeze check " + stated.application + " --env " + stated.environment});
  return refusal;
}

JsonIssues issues_of(const StatedOverride& stated, const KnownOverride& known) {
  JsonIssues issues;
  const auto issue = [&](const char* path, std::string message) {
    issues.push_back({path, std::move(message), 0});
  };
  if (!known.has_application) issue("/application", "there is no such application in use");
  if (!known.has_environment) issue("/environment", "there is no such environment in use");
  if (stated.hours < 1 || stated.hours > override_hours_max) issue("/hours", "expected 1 to 24");
  if (!is_stated(stated.reason, text_bytes_max) || stated.reason.size() < justification_bytes_min) {
    issue("/reason", "expected 20 to 4000 bytes: why it cannot wait");
  }
  if (stated.incident && (stated.incident->empty() || stated.incident->size() > title_bytes_max)) {
    issue("/incident", "expected 1 to 200 bytes");
  }
  if (stated.version.has_value() == stated.change.has_value()) {
    issue("", "expected either a version or a change: an override is of one thing");
    return issues;
  }
  if (stated.version && !known.release) issue("/version", "there is no such release");
  if (!stated.change) return issues;
  if (known.change == nullptr) {
    issue("/change", "there is no such change");
  } else if (!is_open(known.change->state) ||
             !touches(known.change->content, {stated.application, stated.environment})) {
    issue("/change", "not submitted, or it does not touch this place");
  }
  return issues;
}

}  // namespace

Decided<FreezeOverrideAsked> ask(const StatedOverride& stated, const OverrideId& id,
                                 const KnownOverride& known) {
  if (auto issues = issues_of(stated, known); !issues.empty()) {
    return refuse(invalid(std::move(issues)));
  }
  if (known.freezes.empty()) return refuse(not_frozen(stated));
  FreezeOverrideAsked event;
  event.id = id;
  event.place = {stated.application, stated.environment};
  event.release = known.release;
  event.change = stated.change;
  for (const catalog::ActiveFreeze& freeze : known.freezes) event.freezes.push_back(freeze.name);
  event.incident = stated.incident;
  event.expires_at = known.now + Duration::hours(stated.hours);
  return event;
}

Digest digest_of(const FreezeOverride& one) {
  const SignedOverride content{
      1,          one.id.text(), one.application, one.environment, one.release,
      one.change, one.freezes,   one.incident,    one.expires_at,  one.reason_entry};
  return sha256("holdpoint-freeze-override/v1\n" + to_json_text(content));
}

std::string title_of(const FreezeOverride& one) {
  const std::string what = one.release ? one.release->name : one.change.value_or(one.application);
  return "freeze override for " + what + " to " + one.environment;
}

bool is_live(const FreezeOverride& one, Instant now) {
  return !one.used_for && now < one.expires_at;
}

bool lifts(const FreezeLift& lift, std::span<const catalog::ActiveFreeze> freezes) {
  return std::ranges::all_of(freezes, [&](const catalog::ActiveFreeze& freeze) {
    return std::ranges::find(lift.freezes, freeze.name) != lift.freezes.end();
  });
}

Refusal override_not_found(std::string_view id) {
  return {RefusalKind::not_found, "override_not_found",
          "There is no freeze override " + std::string(id) + " in this workspace."};
}

Refusal frozen(const Place& place, const std::vector<catalog::ActiveFreeze>& freezes) {
  Refusal refusal{RefusalKind::conflict, "frozen",
                  place.environment + " is frozen for " + place.application + ":"};
  for (const catalog::ActiveFreeze& freeze : freezes) {
    refusal.sentence += " " + freeze.name + " (" + freeze.reason + ")" +
                        (freeze.until ? " until " + freeze.until->text() : "") + ".";
  }
  refusal.next.push_back({"release manager", "wait until it ends",
                          "holdpoint freeze next-window " + place.application + " --env " +
                              place.environment + " --for 1h"});
  refusal.next.push_back({"release manager", "ask for an override that somebody else approves",
                          "holdpoint freeze override"});
  return refusal;
}

}  // namespace holdpoint::changes
