// Overrides of freezes (A8, B12): a request to let exactly one thing through the freezes that hold
// for it, with a reason and an end, which somebody else approves and which is used once. The freeze
// stays as it is for everything else, and a freeze that comes later is not among those overridden.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/freezes.hpp"
#include "changes/changes.hpp"

namespace holdpoint::changes {

struct OverrideTag {
  static constexpr std::string_view prefix = "fro";
};
using OverrideId = Id<OverrideTag>;

/// The kind of subject that approvals know an override by.
inline constexpr std::string_view override_kind = "freeze_override";

inline constexpr std::int64_t override_hours_max = 24;

/// What is asked for. Either a version or a change is let through.
struct StatedOverride {
  std::string application;
  std::string environment;
  std::optional<std::string> version;
  std::optional<std::string> change;
  std::int64_t hours = 0;
  std::string reason;
  std::optional<std::string> incident;
};
HP_DESCRIBE(StatedOverride, application, environment, version, change, hours, reason, incident)

struct FreezeOverrideAsked {
  static constexpr std::string_view event_type = "freeze_override.asked";
  static constexpr int event_version = 1;
  OverrideId id;
  Place place;
  std::optional<LinkedRelease> release;
  std::optional<std::string> change;
  std::vector<std::string> freezes;  // that hold until it ends, by name
  std::optional<std::string> incident;
  Instant expires_at;
};
HP_DESCRIBE(FreezeOverrideAsked, id, place, release, change, freezes, incident, expires_at)

struct FreezeOverrideUsed {
  static constexpr std::string_view event_type = "freeze_override.used";
  static constexpr int event_version = 1;
  OverrideId id;
  std::string use;  // "deployment dpl_…"
  std::vector<std::string> freezes;
  std::string approval;
};
HP_DESCRIBE(FreezeOverrideUsed, id, use, freezes, approval)

/// An override as it stands. Whether it is approved stands with its approval.
struct FreezeOverride {
  OverrideId id;
  std::string application;
  std::string environment;
  std::optional<LinkedRelease> release;
  std::optional<std::string> change;
  std::vector<std::string> freezes;
  std::optional<std::string> incident;
  Instant expires_at;
  std::string asked_by_kind;
  std::string asked_by;
  Instant asked_at;
  std::int64_t reason_entry = 0;  // that the reason is sealed beside
  std::optional<std::string> used_for;
  std::optional<Instant> used_at;
};
HP_DESCRIBE(FreezeOverride, id, application, environment, release, change, freezes, incident,
            expires_at, asked_by_kind, asked_by, asked_at, reason_entry, used_for, used_at)

/// What the workspace knows of what is stated.
struct KnownOverride {
  Instant now;
  bool has_application = false;
  bool has_environment = false;
  std::optional<LinkedRelease> release;
  const Change* change = nullptr;
  std::vector<catalog::ActiveFreeze> freezes;  // there, from now until it would end
};

/// Refuses what is malformed, what names nothing, and what no freeze is in the way of.
Decided<FreezeOverrideAsked> ask(const StatedOverride& stated, const OverrideId& id,
                                 const KnownOverride& known);

/// Of what is signed. `entry` binds the reason, which is sealed.
Digest digest_of(const FreezeOverride& one);

/// "shop@1.0.0 to production", or the change.
std::string title_of(const FreezeOverride& one);

/// Whether it was not used yet and is not over.
bool is_live(const FreezeOverride& one, Instant now);

/// An override that was approved and may be used now.
struct FreezeLift {
  std::string id;
  std::vector<std::string> freezes;
};

/// Whether every one of these is lifted; one that it does not name stays in the way.
bool lifts(const FreezeLift& lift, std::span<const catalog::ActiveFreeze> freezes);

Refusal override_not_found(std::string_view id);
Refusal frozen(const Place& place, const std::vector<catalog::ActiveFreeze>& freezes);

}  // namespace holdpoint::changes
