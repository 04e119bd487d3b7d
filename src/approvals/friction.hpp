// What approvers say of a demand that got in the way (B17): it asked for too much, of the wrong
// people, or for nothing that mattered. It changes no request; it is counted for each policy, for
// those who own it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "approvals/decide.hpp"

namespace holdpoint::approvals {

struct FrictionTag {
  static constexpr std::string_view prefix = "frc";
};
using FrictionId = Id<FrictionTag>;

inline constexpr std::size_t friction_note_bytes_max = 2'000;

enum class FrictionCategory : std::uint8_t {
  false_positive,  // nothing here needed an approval
  too_many_signatures,
  wrong_people,
  too_slow,
  unclear,  // what to look at, or why
  other,
};
HP_DESCRIBE_ENUM(FrictionCategory, false_positive, too_many_signatures, wrong_people, too_slow,
                 unclear, other)

/// Without a policy it is the only one of the request.
struct ReportFriction {
  FrictionCategory category{};
  std::optional<std::string> policy;
  std::optional<std::string> note;
};
HP_DESCRIBE(ReportFriction, category, policy, note)

/// Seals "/note" under the key of who says it, when there is one.
struct FrictionReported {
  static constexpr std::string_view event_type = "approval.friction_reported";
  static constexpr int event_version = 1;
  FrictionId id;
  RequestId request;
  std::string policy;
  FrictionCategory category{};
  bool noted = false;
};
HP_DESCRIBE(FrictionReported, id, request, policy, category, noted)

/// What was said, as it stands.
struct Friction {
  FrictionId id;
  RequestId request;
  std::string policy;
  FrictionCategory category{};
  std::string person;
  Instant at;
  std::optional<std::int64_t> note_seq;  // of the entry that the note is sealed beside
  bool operator==(const Friction&) const = default;
};
HP_DESCRIBE(Friction, id, request, policy, category, person, at, note_seq)

/// Whoever decided on the request, or may, says it once for each policy and category.
Decided<FrictionReported> report_friction(const Request& request, const Situation& situation,
                                          const Actor& actor, const ReportFriction& command,
                                          std::span<const Friction> known);

/// One policy: how many requests it had a demand in, and what was said of these.
struct PolicyFriction {
  std::string policy;
  std::int64_t requests = 0;
  std::int64_t reported_requests = 0;  // of which somebody said something
  std::int64_t reports = 0;
  std::map<std::string, std::int64_t> categories;
};
HP_DESCRIBE(PolicyFriction, policy, requests, reported_requests, reports, categories)

/// By policy, the one that most is said of first. `uses` are the requests of each policy.
std::vector<PolicyFriction> friction_by_policy(const std::map<std::string, std::int64_t>& uses,
                                               std::span<const Friction> reports);

}  // namespace holdpoint::approvals
