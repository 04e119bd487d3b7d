// See outcomes.hpp. A fold takes the release's share out of the counts, changes its history, and
// adds the new share: what is counted follows from the histories alone.
#include "certification/edge/outcomes.hpp"

#include <algorithm>
#include <map>

#include "base/civil_date.hpp"
#include "engine/columns.hpp"

namespace holdpoint::certification {
namespace {

std::map<std::int64_t, OutcomeCounts> shares_of(const ReleaseOutcome& outcome) {
  std::map<std::int64_t, OutcomeCounts> days;
  if (outcome.certified_at) ++days[day_of(*outcome.certified_at)].certified;
  if (outcome.failed_at) ++days[day_of(*outcome.failed_at)].refused;
  if (outcome.revoked_at) ++days[day_of(*outcome.revoked_at)].revoked;
  const auto first = attempt_of(outcome);
  if (!first) return days;
  ++days[day_of(first->at)].attempted;
  if (first->passed) ++days[day_of(first->at)].passed_at_once;
  return days;
}

enum class Share : std::int8_t { taken = -1, added = 1 };

void count(engine::Connection& tables, std::string_view workspace, const ReleaseOutcome& outcome,
           Share share) {
  const auto sign = static_cast<std::int64_t>(share);
  for (const auto& [day, counts] : shares_of(outcome)) {
    tables.exec(
        "INSERT INTO release_outcome_day (workspace, application, day, certified, refused,"
        " revoked, attempted, passed_at_once) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (workspace, application, day) DO UPDATE SET"
        " certified = release_outcome_day.certified + excluded.certified,"
        " refused = release_outcome_day.refused + excluded.refused,"
        " revoked = release_outcome_day.revoked + excluded.revoked,"
        " attempted = release_outcome_day.attempted + excluded.attempted,"
        " passed_at_once = release_outcome_day.passed_at_once + excluded.passed_at_once",
        workspace, outcome.application, day, sign * counts.certified, sign * counts.refused,
        sign * counts.revoked, sign * counts.attempted, sign * counts.passed_at_once);
  }
}

void keep(engine::Connection& tables, std::string_view workspace, const ReleaseOutcome& outcome) {
  static const std::string sql =
      "INSERT INTO release_outcome (workspace, " + engine::columns::names<ReleaseOutcome>() +
      ") VALUES (" + engine::columns::placeholders(1 + engine::columns::count<ReleaseOutcome>) +
      ") ON CONFLICT (workspace, release) DO UPDATE SET certified_at = excluded.certified_at,"
      " failed_at = excluded.failed_at, revoked_at = excluded.revoked_at,"
      " untold = excluded.untold";
  engine::columns::Bound bound;
  bound.add(workspace);
  bound.add_all(outcome);
  tables.run(sql, bound.args(), {});
}

template <class Change>
void change(engine::Connection& tables, std::string_view workspace, ReleaseOutcome outcome,
            Change&& happened) {
  count(tables, workspace, outcome, Share::taken);
  happened(outcome);
  count(tables, workspace, outcome, Share::added);
  keep(tables, workspace, outcome);
}

ReleaseOutcome outcome_of(engine::Connection& tables, std::string_view workspace,
                          std::string_view release, std::string_view application) {
  auto found = find_outcome(tables, workspace, release);
  if (found) return std::move(*found);
  ReleaseOutcome fresh;
  fresh.release = release;
  fresh.application = application;
  return fresh;
}

}  // namespace

std::optional<Attempt> attempt_of(const ReleaseOutcome& outcome) {
  const bool failed_first =
      outcome.failed_at && (!outcome.certified_at || *outcome.failed_at < *outcome.certified_at);
  const auto first = failed_first ? outcome.failed_at : outcome.certified_at;
  if (outcome.untold || !first) return std::nullopt;
  return Attempt{*first, !failed_first};
}

std::vector<engine::Table> outcome_tables() {
  return {{"release_outcome", engine::TableClass::projection,
           "CREATE TABLE IF NOT EXISTS release_outcome (workspace TEXT NOT NULL, " +
               engine::columns::definitions<ReleaseOutcome>() +
               ", PRIMARY KEY (workspace, release));"
               "CREATE INDEX IF NOT EXISTS release_outcome_revoked ON release_outcome"
               " (workspace, application, revoked_at);",
           "workspace, release"},
          {"release_outcome_day", engine::TableClass::projection,
           "CREATE TABLE IF NOT EXISTS release_outcome_day (workspace TEXT NOT NULL,"
           " application TEXT NOT NULL, day BIGINT NOT NULL, certified BIGINT NOT NULL,"
           " refused BIGINT NOT NULL, revoked BIGINT NOT NULL, attempted BIGINT NOT NULL,"
           " passed_at_once BIGINT NOT NULL, PRIMARY KEY (workspace, application, day));",
           "workspace, application, day"}};
}

std::optional<ReleaseOutcome> find_outcome(engine::Connection& tables, std::string_view workspace,
                                           std::string_view release) {
  static const std::string sql = "SELECT " + engine::columns::names<ReleaseOutcome>() +
                                 " FROM release_outcome WHERE workspace = $1 AND release = $2";
  std::optional<ReleaseOutcome> found;
  tables.query(
      sql, [&](const engine::Row& row) { found = engine::columns::read<ReleaseOutcome>(row); },
      workspace, release);
  return found;
}

OutcomeCounts share_since(const ReleaseOutcome& outcome, std::int64_t first_day) {
  OutcomeCounts sum;
  for (const auto& [day, counts] : shares_of(outcome)) {
    if (day < first_day) continue;
    sum.certified += counts.certified;
    sum.refused += counts.refused;
    sum.revoked += counts.revoked;
    sum.attempted += counts.attempted;
    sum.passed_at_once += counts.passed_at_once;
  }
  return sum;
}

OutcomeCounts counts_since(engine::Connection& tables, std::string_view workspace,
                           std::string_view application, std::int64_t first_day) {
  OutcomeCounts sum;
  tables.query(
      "SELECT coalesce(sum(certified), 0), coalesce(sum(refused), 0), coalesce(sum(revoked), 0),"
      " coalesce(sum(attempted), 0), coalesce(sum(passed_at_once), 0) FROM release_outcome_day"
      " WHERE workspace = $1 AND application = $2 AND day >= $3",
      [&](const engine::Row& row) {
        sum = {row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)};
      },
      workspace, application, first_day);
  return sum;
}

std::int64_t day_of(Instant at) { return floor_div(at.us, day_us); }

void fold_certified(engine::Connection& tables, const engine::Recorded& recorded,
                    std::string_view release, std::string_view application) {
  change(tables, recorded.workspace, outcome_of(tables, recorded.workspace, release, application),
         [&](ReleaseOutcome& outcome) {
           if (!outcome.certified_at) outcome.certified_at = recorded.at;
         });
}

void fold_refusal(engine::Connection& tables, const engine::Recorded& recorded,
                  std::string_view release, std::string_view application, Grounds grounds) {
  change(tables, recorded.workspace, outcome_of(tables, recorded.workspace, release, application),
         [&](ReleaseOutcome& outcome) {
           if (grounds == Grounds::failed && !outcome.failed_at) outcome.failed_at = recorded.at;
           outcome.untold |= grounds == Grounds::untold;
         });
}

void fold_revocation(engine::Connection& tables, const engine::Recorded& recorded,
                     std::string_view release) {
  auto outcome = find_outcome(tables, recorded.workspace, release);
  if (!outcome) return;  // nothing of it was ever certified
  change(tables, recorded.workspace, std::move(*outcome), [&](ReleaseOutcome& revoked) {
    revoked.revoked_at = std::max(revoked.revoked_at, std::optional(recorded.at));
  });
}

}  // namespace holdpoint::certification
