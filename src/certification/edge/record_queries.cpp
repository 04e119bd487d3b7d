// See record_queries.hpp.
#include "certification/edge/record_queries.hpp"

#include <algorithm>

#include "catalog/edge/catalog_queries.hpp"
#include "certification/edge/outcomes.hpp"
#include "engine/columns.hpp"
#include "incidents/edge/incident_queries.hpp"

namespace holdpoint::certification {
namespace {

constexpr std::int64_t whole_bp = 10'000;

std::optional<Instant> last_revocation(engine::Connection& tables, std::string_view workspace,
                                       std::string_view application, std::string_view but) {
  const auto at = tables.integer(
      "SELECT revoked_at FROM release_outcome WHERE workspace = $1 AND application = $2"
      " AND revoked_at IS NOT NULL AND release <> $3 ORDER BY revoked_at DESC LIMIT 1",
      workspace, application, but);
  return at ? std::optional(Instant{*at}) : std::nullopt;
}

}  // namespace

policy::TeamRecord team_record(engine::Connection& tables, std::string_view workspace,
                               const catalog::Application& application, std::string_view release,
                               const CountDeployments& count_deployments, Instant now) {
  const std::int64_t first_day = day_of(now - Duration::days(policy::TeamRecord::days));
  policy::TeamRecord record;
  std::int64_t attempted = 0;
  std::int64_t passed_at_once = 0;
  std::optional<Instant> revoked_at;
  std::optional<Instant> incident_at;
  DeploymentCounts deployed;
  const auto add = [&](const OutcomeCounts& counts, std::int64_t sign) {
    record.certified += sign * counts.certified;
    record.refused += sign * counts.refused;
    record.revoked += sign * counts.revoked;
    attempted += sign * counts.attempted;
    passed_at_once += sign * counts.passed_at_once;
  };
  const auto own = find_outcome(tables, workspace, release);
  for (const std::string& name : catalog::applications_of(tables, workspace, application.owners)) {
    add(counts_since(tables, workspace, name, first_day), 1);
    if (own && own->application == name) add(share_since(*own, first_day), -1);
    revoked_at = std::max(revoked_at, last_revocation(tables, workspace, name, release));
    incident_at = std::max(incident_at, incidents::last_major_incident(tables, workspace, name));
    const DeploymentCounts counts = count_deployments(tables, workspace, name, first_day);
    deployed.ended += counts.ended;
    deployed.failed += counts.failed;
  }
  if (attempted > 0) record.first_attempt_pass_bp = passed_at_once * whole_bp / attempted;
  if (revoked_at) record.days_since_revocation = (now - *revoked_at).us / day_us;
  if (incident_at) record.days_since_incident = (now - *incident_at).us / day_us;
  record.deployments = deployed.ended;
  record.failed_deployments = deployed.failed;
  if (deployed.ended > 0) record.change_failure_bp = deployed.failed * whole_bp / deployed.ended;
  return record;
}

std::vector<FirstAttempt> first_attempts(engine::Connection& tables, std::string_view workspace,
                                         Instant from, Instant until, std::size_t limit) {
  std::vector<FirstAttempt> attempts;
  static const std::string sql =
      "SELECT " + engine::columns::names<ReleaseOutcome>() +
      " FROM release_outcome WHERE workspace = $1 AND untold = 0"
      " AND ((certified_at >= $2 AND certified_at < $3) OR (failed_at >= $2 AND failed_at < $3))"
      " ORDER BY release LIMIT $4";
  tables.query(
      sql,
      [&](const engine::Row& row) {
        auto outcome = engine::columns::read<ReleaseOutcome>(row);
        const auto attempt = attempt_of(outcome);
        if (!attempt || attempt->at < from || attempt->at >= until) return;
        attempts.push_back({std::move(outcome.release), std::move(outcome.application), attempt->at,
                            attempt->passed});
      },
      workspace, from, until, static_cast<std::int64_t>(limit));
  return attempts;
}

}  // namespace holdpoint::certification
