// What was seen to run, compared with what should, inside a unit of work.
#include <algorithm>

#include "catalog/edge/catalog_queries.hpp"
#include "releases/edge/release_queries.hpp"
#include "rollback/edge/rollback_edge.hpp"

namespace holdpoint::rollback {
namespace {

bool holds(engine::Unit& unit, std::string_view release, const Digest& artifact) {
  const auto found = releases::find_release(unit.tables(), unit.workspace(), release);
  if (!found) return false;
  const auto contents = engine::must(releases::contents_of(unit.objects(), *found));
  return std::ranges::any_of(contents.artifacts,
                             [&](const releases::Artifact& one) { return one.digest == artifact; });
}

std::vector<deployments::Deployment> deployments_there(engine::Unit& unit,
                                                       const ReportRunning& place) {
  deployments::DeploymentFilter filter;
  filter.application = place.application;
  filter.environment = place.environment;
  filter.limit = looked_at_max;
  std::vector<deployments::Deployment> all;
  for (auto& row : deployments::list_deployments(unit.tables(), unit.workspace(), filter)) {
    all.push_back(std::move(row.item));
  }
  return all;
}

/// What should run there: what runs in now, the last that succeeded, or what that was taken back
/// to. While a rollback is under way both its ends do.
std::set<std::string> expected_releases(engine::Unit& unit, const ReportRunning& place,
                                        const std::vector<deployments::Deployment>& there) {
  std::set<std::string> expected;
  const auto rollbacks =
      rollbacks_in_effect(unit.tables(), unit.workspace(), place.application, place.environment);
  for (const deployments::Deployment& one : there) {
    const bool runs_in = one.state == deployments::DeploymentState::running;
    if (!runs_in && one.state != deployments::DeploymentState::succeeded) continue;
    const auto taken_back = std::ranges::find(rollbacks, one.id.text(), &Decision::deployment);
    if (taken_back != rollbacks.end()) expected.insert(taken_back->target->release);
    const bool is_gone = taken_back != rollbacks.end() && (taken_back->state == State::executed ||
                                                           taken_back->state == State::cleared);
    if (!is_gone) expected.insert(one.release);
    if (!runs_in) break;
  }
  return expected;
}

/// The release of the application that the artifact is of: what was deployed there first.
std::optional<releases::Release> release_of(engine::Unit& unit, const ReportRunning& place,
                                            const std::vector<deployments::Deployment>& there) {
  std::set<std::string> seen;
  for (const deployments::Deployment& one : there) {
    if (seen.insert(one.release).second && holds(unit, one.release, place.artifact)) {
      return releases::find_release(unit.tables(), unit.workspace(), one.release);
    }
  }
  releases::ReleaseFilter filter;
  filter.application = place.application;
  filter.limit = looked_at_max;
  for (auto& row : releases::list_releases(unit.tables(), unit.workspace(), filter)) {
    const std::string id = row.item.id.text();
    if (seen.insert(id).second && holds(unit, id, place.artifact)) return std::move(row.item);
  }
  return std::nullopt;
}

Refusal not_in_catalog(std::string_view thing, std::string_view name) {
  return {RefusalKind::not_found, std::string(thing) + "_not_found",
          "There is no " + std::string(thing) + " " + std::string(name) + " in this workspace."};
}

}  // namespace

engine::Outcome Desk::see(engine::Unit& unit, const ReportRunning& command) const {
  auto& tables = unit.tables();
  if (!catalog::Applications::find(tables, unit.workspace(), command.application)) {
    return refuse(not_in_catalog("application", command.application));
  }
  if (!catalog::Environments::find(tables, unit.workspace(), command.environment)) {
    return refuse(not_in_catalog("environment", command.environment));
  }
  const auto there = deployments_there(unit, command);
  const auto release = release_of(unit, command, there);
  Running facts;
  if (release) {
    const std::string id = release->id.text();
    facts.release = id;
    facts.version = release->version;
    facts.was_deployed = std::ranges::any_of(there, [&](const deployments::Deployment& one) {
      return one.release == id && one.state == deployments::DeploymentState::succeeded;
    });
    facts.is_current = expected_releases(unit, command, there).contains(id);
  }
  facts.open = count_open_sightings(tables, unit.workspace());
  facts.last = last_sighting(tables, unit.workspace(), command);
  if (facts.last && facts.last->acknowledged_at && !there.empty()) {
    facts.moved_since = there.front().started_at > *facts.last->acknowledged_at;
  }
  const auto event = rollback::see(command, unit.new_id<SightingId>(), facts);
  if (!event) return std::unexpected(event.error());
  if (!*event) {
    SightingTaken taken{facts.is_current, std::nullopt};
    if (!facts.is_current && facts.last) taken.unauthorised = facts.last->id;
    return engine::edge::answer(taken);
  }
  const DeploymentUnauthorised& seen = **event;
  unit.record({"unauthorised_deployment", seen.id.text()}, seen);
  const std::string what = seen.version ? seen.application + "@" + *seen.version
                                        : "an unknown artifact of " + seen.application;
  needs_.tell(
      unit, {.topic = "deployment.unauthorised_seen",
             .subject = "Unauthorised: " + what + " in " + seen.environment,
             .people = escalated_people(unit),
             .sentence = "In " + seen.environment + " runs " + what + " (" + seen.artifact.text() +
                         "), seen by " + seen.source +
                         ", and no deployment through the gate brought it there. Find out "
                         "who did, and answer for it; it stays on record.",
             .due = std::nullopt,
             .command = "holdpoint deployment acknowledge " + seen.id.text() + " --reason WHY",
             .about = "unauthorised_deployment/" + seen.id.text(),
             .application = seen.application});
  return engine::edge::answer(SightingTaken{false, seen.id}, 201);
}

engine::Outcome Desk::acknowledge(engine::Unit& unit, std::string_view id,
                                  const std::string& reason) const {
  const auto sighting = find_sighting(unit.tables(), unit.workspace(), id);
  if (!sighting) return refuse(sighting_not_found(id));
  const auto event = rollback::acknowledge(*sighting, unit.actor().kind, reason);
  if (!event) return std::unexpected(event.error());
  unit.record({"unauthorised_deployment", sighting->id.text()}, *event,
              {{std::string(engine::reason_path), unit.actor().id, reason}});
  needs_.take_back(unit, "unauthorised_deployment/" + sighting->id.text());
  return engine::edge::answer(SightingTaken{false, sighting->id});
}

}  // namespace holdpoint::rollback
