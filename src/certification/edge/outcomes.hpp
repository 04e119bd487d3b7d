// What became of each release, and how many of them by day: kept up to date by the folds, so that
// the record of a team costs the same however many releases it has made (B18).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace holdpoint::certification {

inline constexpr std::int64_t day_us = Duration::days(1).us;

/// The history of one release, each at its first or last time.
struct ReleaseOutcome {
  std::string release;
  std::string application;
  std::optional<Instant> certified_at;  // first
  std::optional<Instant> failed_at;     // first refusal although its evidence was there
  std::optional<Instant> revoked_at;    // last
  bool untold = false;                  // it was refused when nobody recorded on what grounds
};
HP_DESCRIBE(ReleaseOutcome, release, application, certified_at, failed_at, revoked_at, untold)

/// The first judgement on whole evidence; nullopt when there was none, or nobody can tell.
struct Attempt {
  Instant at;
  bool passed = false;
};
std::optional<Attempt> attempt_of(const ReleaseOutcome& outcome);

/// Releases of one application that something happened to on one day in UTC.
struct OutcomeCounts {
  std::int64_t certified = 0;
  std::int64_t refused = 0;
  std::int64_t revoked = 0;
  std::int64_t attempted = 0;  // judged on whole evidence for the first time
  std::int64_t passed_at_once = 0;
};

std::vector<engine::Table> outcome_tables();

std::optional<ReleaseOutcome> find_outcome(engine::Connection& tables, std::string_view workspace,
                                           std::string_view release);

/// The release's own share of the counts from that day on.
OutcomeCounts share_since(const ReleaseOutcome& outcome, std::int64_t first_day);
OutcomeCounts counts_since(engine::Connection& tables, std::string_view workspace,
                           std::string_view application, std::int64_t first_day);
/// Days since 1970-01-01.
std::int64_t day_of(Instant at);

// Folds; `release` and `application` as the record of the certification names them.
void fold_certified(engine::Connection& tables, const engine::Recorded& recorded,
                    std::string_view release, std::string_view application);
enum class Grounds : std::uint8_t { failed, incomplete, untold };
void fold_refusal(engine::Connection& tables, const engine::Recorded& recorded,
                  std::string_view release, std::string_view application, Grounds grounds);
void fold_revocation(engine::Connection& tables, const engine::Recorded& recorded,
                     std::string_view release);

}  // namespace holdpoint::certification
