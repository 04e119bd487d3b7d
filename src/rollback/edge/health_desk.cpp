// What was measured, and alerts, taken inside a unit of work: recorded first, then judged.
#include "catalog/edge/catalog_queries.hpp"
#include "incidents/edge/incident_queries.hpp"
#include "rollback/edge/rollback_edge.hpp"

namespace holdpoint::rollback {
namespace {

/// The rollback that took effect for the deployment, if one did.
std::optional<Decision> in_effect(engine::Unit& unit, std::string_view deployment) {
  for (auto& one : rollbacks_of(unit.tables(), unit.workspace(), deployment)) {
    if (one.state == State::executed || one.state == State::cleared) return std::move(one);
  }
  return std::nullopt;
}

using Place = std::pair<std::string, std::string>;

/// The application and environment that an alert names, when both are in the catalog.
std::optional<Place> place_of(engine::Unit& unit, const PlacedAlert& placed) {
  if (!placed.application || !placed.environment) return std::nullopt;
  if (!catalog::Applications::find(unit.tables(), unit.workspace(), *placed.application) ||
      !catalog::Environments::find(unit.tables(), unit.workspace(), *placed.environment)) {
    return std::nullopt;
  }
  return Place{*placed.application, *placed.environment};
}

}  // namespace

engine::Outcome Desk::take_health(engine::Unit& unit, std::string_view deployment,
                                  const ReportHealth& command) const {
  const auto found = deployments::find_deployment(unit.tables(), unit.workspace(), deployment);
  if (!found) return refuse(deployments::deployment_not_found(deployment));
  HealthReported facts{found->id.text(), found->application, found->environment, {}, {}};
  if (const auto rollback = in_effect(unit, deployment)) facts.after = rollback->id;
  std::vector<std::string> kept;
  for (const HealthValue& one : health_values(unit.tables(), unit.workspace(), deployment)) {
    kept.push_back(one.name + "\n" + one.source);
  }
  const auto event = report(command, std::move(facts), kept);
  if (!event) return std::unexpected(event.error());
  unit.record({"deployment", found->id.text()}, *event);
  HealthTaken taken{found->id.text(), event->after, {}};
  taken.judged = judge(unit, found->application, found->environment);
  return engine::edge::answer(taken);
}

engine::Outcome Desk::take_alerts(engine::Unit& unit, const AlertBatch& batch) const {
  AlertsTaken taken;
  taken.omitted = batch.omitted;
  std::set<Place> places;
  for (const PlacedAlert& placed : batch.alerts) {
    AlertReceived event = received(unit.new_id<AlertId>(), batch.system, placed.alert);
    const auto known =
        find_alert(unit.tables(), unit.workspace(), event.fingerprint, event.starts_at);
    if (known) {
      // Resolved stays so: what comes late of one that ended says nothing new.
      if (known->status == event.status || known->status == AlertStatus::resolved) {
        ++taken.known;
        continue;
      }
      event.id = known->id;
    }
    const auto place = place_of(unit, placed);
    if (place) {
      event.application = place->first;
      event.environment = place->second;
      if (event.status == AlertStatus::firing) places.insert(*place);
    } else {
      ++taken.unplaced;
    }
    unit.record({"alert", event.id.text()}, event);
    ++taken.recorded;
  }
  for (const auto& [application, environment] : places) {
    taken.judged.push_back(judge(unit, application, environment));
  }
  return engine::edge::answer(taken);
}

void Desk::incident_moved(engine::Unit& unit, std::string_view id) const {
  const auto incident = incidents::find_incident(unit.tables(), unit.workspace(), id);
  if (!incident || incident->state != incidents::State::open) return;
  // One that affects all of them names none, and so does not tell whose change it was.
  for (const std::string& application : incident->applications) {
    for (const std::string& environment : incident->environments) {
      judge(unit, application, environment);
    }
  }
}

void Desk::deployment_ended(engine::Unit& unit, std::string_view id) const {
  const auto found = deployments::find_deployment(unit.tables(), unit.workspace(), id);
  if (found) judge(unit, found->application, found->environment);
}

engine::Outcome Desk::clear_watch(engine::Unit& unit, std::string_view deployment,
                                  const ClearRollback& command) const {
  const auto found = deployments::find_deployment(unit.tables(), unit.workspace(), deployment);
  if (!found) return refuse(deployments::deployment_not_found(deployment));
  WatchFacts facts;
  facts.actor_kind = unit.actor().kind;
  facts.actor = unit.actor().id;
  facts.deployers = deployments::deployers_of(unit.tables(), unit.workspace(), *found);
  if (const auto known = known_of(unit, *found)) {
    facts.values = known->values;
    facts.firing = known->firing;
  }
  for (auto& one : rollbacks_of(unit.tables(), unit.workspace(), deployment)) {
    if (one.state == State::declined) continue;
    facts.rollback = std::move(one);
    break;
  }
  if (const auto ended = ended_watch(unit.tables(), unit.workspace(), deployment)) {
    facts.ended = ended->how;
  }
  facts.is_over = found->state == deployments::DeploymentState::succeeded;
  const auto event = rollback::clear_watch(
      {found->id.text(), found->application, found->environment, {}, false}, command, facts);
  if (!event) return std::unexpected(event.error());
  unit.record({"deployment", found->id.text()}, *event,
              {{std::string(engine::reason_path), unit.actor().id, command.reason}});
  return engine::edge::answer(*ended_watch(unit.tables(), unit.workspace(), deployment));
}

}  // namespace holdpoint::rollback
