// Front header of metrics (L1, L2, L3): what recorded facts say of how a team delivers, as figures
// that each name the records behind them. Integers only: shares are basis points, times are
// microseconds, frequencies thousandths of a day. What cannot be told has no value, never a zero.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/instant.hpp"

namespace holdpoint::metrics {

inline constexpr std::size_t records_max = 20;

struct Record {
  std::string kind;
  std::string id;
  Instant at;
};
HP_DESCRIBE(Record, kind, id, at)

struct Span {
  Instant from;
  Instant until;  // not in it

  [[nodiscard]] bool holds(Instant at) const { return from <= at && at < until; }
};
HP_DESCRIBE(Span, from, until)

/// A deployment that ended. `failed_at` is there when it failed or was put down as the cause of a
/// major incident; `restored_at` when that incident was resolved.
struct Deployed {
  std::string id;
  std::string application;
  std::string environment;
  bool is_production = false;
  Instant at;                          // when it ended
  std::optional<Instant> proposed_at;  // its release, with the commits
  std::optional<Instant> failed_at;
  std::optional<Instant> restored_at;
  bool governed = false;  // through the gate on a certification or an approval
};

struct Approved {
  std::string id;
  std::string application;
  std::string environment;
  Instant requested_at;
  Instant granted_at;
};

/// A release judged for the first time on whole evidence.
struct Attempted {
  std::string release;
  std::string application;
  Instant at;
  bool passed = false;
};

/// The judgement of a release that stands.
struct Judged {
  std::string id;
  std::string application;
  Instant at;
  bool complete = false;  // nothing that rules ask for was missing
  bool certified = false;
  bool excepted = false;  // a waiver for it was in force then
};

struct Changed {
  std::string id;
  std::vector<std::string> applications;
  Instant at;  // submitted
  bool emergency = false;
};

/// Recorded facts of a workspace; `is_cut`: there is more than was looked at.
struct Facts {
  std::vector<Deployed> deployed;  // the oldest first
  std::vector<Approved> approved;
  std::vector<Attempted> attempted;
  std::vector<Judged> judged;
  std::vector<Changed> changed;
  bool is_cut = false;
};

enum class FigureName : std::uint8_t {
  deployment_frequency,     // to production, per day
  lead_time,                // from a release's proposal to production
  change_failure_rate,      // of deployments to production
  time_to_restore,          // from a failure in production until it worked again
  governed_deployments,     // of deployments to production
  approval_cycle_time,      // from asking to the grant
  first_attempt_pass_rate,  // of releases judged on whole evidence
  evidence_completeness,    // of releases judged
  emergency_rate,           // of changes submitted
  exception_rate,           // of certified releases
};
HP_DESCRIBE_ENUM(FigureName, deployment_frequency, lead_time, change_failure_rate, time_to_restore,
                 governed_deployments, approval_cycle_time, first_attempt_pass_rate,
                 evidence_completeness, emergency_rate, exception_rate)

enum class Unit : std::uint8_t { per_day_milli, microseconds, basis_points };
HP_DESCRIBE_ENUM(Unit, per_day_milli, microseconds, basis_points)

/// `value`: the median of times, the share, the frequency; absent when there is nothing to tell it
/// from. `count` of `of` is what a share is made of; of times `count` is how many there are.
struct Figure {
  FigureName name{};
  Unit unit{};
  std::optional<std::int64_t> value;
  std::optional<std::int64_t> p90;  // of times
  std::int64_t count = 0;
  std::int64_t of = 0;
  std::vector<Record> records;  // of a share those that are counted; the newest first
  std::int64_t records_total = 0;
};
HP_DESCRIBE(Figure, name, unit, value, p90, count, of, records, records_total)

/// Whose figures: of applications, none: all; of an environment, "": of production where a figure
/// is about production, and of every one elsewhere.
struct Slice {
  std::set<std::string> applications;
  std::string environment;
  Span span;
};

/// In the order of FigureName.
std::vector<Figure> figures_of(const Facts& facts, const Slice& slice);

/// The span in parts of calendar months in UTC, the first and last cut; at most `parts_max`, the
/// newest.
std::vector<Span> months_of(const Span& span, std::size_t parts_max);

}  // namespace holdpoint::metrics
