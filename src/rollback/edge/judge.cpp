// What is known of a deployment, judged by the rules in force: a rule that fires proposes a
// rollback, and decides where it says so.
#include <algorithm>

#include "catalog/edge/catalog_queries.hpp"
#include "certification/edge/certification_queries.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/role_queries.hpp"
#include "identity/identity.hpp"
#include "incidents/edge/incident_queries.hpp"
#include "rollback/edge/rollback_edge.hpp"

namespace holdpoint::rollback {
namespace {

constexpr std::string_view kRole = "role:";

/// The releases that ran there with success, one of each, the newest first, without this one.
std::vector<Candidate> candidates_of(engine::Unit& unit, const deployments::Deployment& from) {
  std::vector<Candidate> candidates;
  std::set<std::string> seen{from.release};
  deployments::DeploymentFilter filter;
  filter.application = from.application;
  filter.environment = from.environment;
  filter.limit = looked_at_max;
  for (const auto& row : deployments::list_deployments(unit.tables(), unit.workspace(), filter)) {
    const deployments::Deployment& one = row.item;
    if (one.state != deployments::DeploymentState::succeeded || one.started_at > from.started_at) {
      continue;
    }
    if (!seen.insert(one.release).second) continue;
    Candidate candidate;
    candidate.target = {one.id.text(), one.release, one.version, one.certification};
    const auto certification =
        certification::latest_certification(unit.tables(), unit.workspace(), one.release);
    if (certification && certification->state == certification::State::certified) {
      candidate.is_certified = true;
      candidate.target.certification = certification->id.text();
    }
    candidate.was_taken_back = std::ranges::any_of(
        rollbacks_of(unit.tables(), unit.workspace(), one.id.text()), [](const Decision& decision) {
          return decision.state == State::executed || decision.state == State::cleared;
        });
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

std::vector<RollbackExecutor> active_executors(engine::Unit& unit) {
  std::vector<RollbackExecutor> all;
  for (auto& stored :
       Executors::list(unit.tables(), unit.workspace(), "", executors_max, {{"state", "active"}})) {
    all.push_back(std::move(stored.record));
  }
  return all;
}

/// "role:release_manager", "on-call", "per_…".
std::vector<std::string> people_meant(engine::Unit& unit, const std::vector<std::string>& named) {
  std::set<std::string> people;
  for (const std::string& one : named) {
    if (identity::PersonId::parse(one)) {
      if (identity::is_active_person(unit.tables(), one)) people.insert(one);
      continue;
    }
    const std::string role = one.starts_with(kRole) ? one.substr(kRole.size()) : one;
    for (const auto& person :
         identity::people_of_role(unit.tables(), unit.workspace(), role, unit.now())) {
      people.insert(person.text());
    }
  }
  std::vector<std::string> all(people.begin(), people.end());
  if (all.size() > confirmers_max) all.resize(confirmers_max);
  return all;
}

/// A rule that fired.
struct Fired {
  policy::Policy policy;
  Seen seen;
};

std::string name_of(const deployments::Deployment& deployment) {
  return deployment.application + "@" + deployment.version + " in " + deployment.environment;
}

}  // namespace

std::vector<std::string> escalated_people(engine::Unit& unit) {
  std::set<std::string> people;
  for (const std::string_view role : {"administrator", "release_manager"}) {
    for (auto& person : identity::people_with_role(unit.tables(), unit.workspace(), role)) {
      people.insert(std::move(person));
    }
  }
  std::vector<std::string> all(people.begin(), people.end());
  if (all.size() > confirmers_max) all.resize(confirmers_max);
  return all;
}

std::optional<Known> known_of(engine::Unit& unit, const deployments::Deployment& deployment) {
  auto& tables = unit.tables();
  const auto application =
      catalog::Applications::find(tables, unit.workspace(), deployment.application);
  const auto environment =
      catalog::Environments::find(tables, unit.workspace(), deployment.environment);
  if (!application || !environment) return std::nullopt;
  Known known;
  const auto values = health_values(tables, unit.workspace(), deployment.id.text());
  const auto alerts = firing_alerts(tables, unit.workspace(), deployment.application,
                                    deployment.environment, deployment.started_at);
  for (const HealthValue& one : values) known.values.push_back(measured_of(one));
  for (const Alert& one : alerts) {
    known.alerts.push_back(one.id.text());
    known.firing.push_back(one.name);
  }
  // What was wrong before is not put down to what was deployed since, which may be what mends it.
  for (const auto& one : incidents::open_incidents(tables, unit.workspace())) {
    // One that names no application is put down to none.
    const bool is_new = one.declared_at >= deployment.started_at && !one.applications.empty();
    if (is_new && incidents::is_affected(one, deployment.application, deployment.environment)) {
      known.incidents.push_back(one.id.text());
    }
  }
  policy::RollbackFacts& facts = known.facts;
  const catalog::Application& app = application->record;
  const catalog::Environment& env = environment->record;
  facts.now = {unit.now()};
  facts.application = {app.name, app.criticality, app.data_classes, app.owners};
  facts.environment = {env.name, env.environment_kind, env.position, env.requires_certification};
  facts.deployment = {deployment.version,
                      {deployment.started_at},
                      std::string(describe::enum_text(deployment.state))};
  facts.health = health_facts(values, alerts, static_cast<std::int64_t>(known.incidents.size()));
  return known;
}

Rule Desk::rule_of(engine::Unit& unit, const policy::Policy& policy,
                   policy::RollbackPart terms) const {
  auto people = people_meant(unit, terms.confirmedBy);
  // Nobody fills what it names, or it decides by itself and may not: those who are told anyway.
  if (people.empty()) people = escalated_people(unit);
  return {policy.name, policy.digest, std::move(terms), std::move(people)};
}

Proposing Desk::proposing(engine::Unit& unit, const deployments::Deployment& deployment) const {
  Proposing facts;
  facts.id = unit.new_id<RollbackId>();
  facts.now = unit.now();
  facts.subject = {deployment.id.text(), deployment.application, deployment.environment,
                   deployment.release,   deployment.version,     deployment.certification};
  facts.candidates = candidates_of(unit, deployment);
  const auto executors = active_executors(unit);
  if (const auto* executor =
          executor_for(executors, deployment.application, deployment.environment)) {
    facts.executor = executor->name;
  }
  facts.automatic_today = automatic_since(unit.tables(), unit.workspace(), deployment.application,
                                          deployment.environment, unit.now() - Duration::days(1));
  return facts;
}

std::optional<Rule> Desk::rule_for(engine::Unit& unit,
                                   const deployments::Deployment& deployment) const {
  const auto known = known_of(unit, deployment);
  if (!known) return std::nullopt;
  const json::value facts = to_json(known->facts);
  std::optional<Rule> found;
  for (const policy::Policy& policy :
       policy::policies_in_force(unit.tables(), unit.workspace(), policy::Kind::rollback_policy)) {
    const auto compiled = library_->compiled(policy, unit.objects());
    if (!compiled) continue;
    auto triggering = policy::triggered(*compiled, facts.as_object());
    if (!triggering.applies || !triggering.untold.empty()) continue;
    const bool names_people = !triggering.terms.confirmedBy.empty();
    if (found && !names_people) continue;
    found = rule_of(unit, policy, std::move(triggering.terms));
    if (names_people) return found;
    // It decides by itself; what is asked for by hand is confirmed by whoever may decide.
    found->confirmers.clear();
  }
  return found;
}

Judged Desk::judge(engine::Unit& unit, const std::string& application,
                   const std::string& environment) const {
  Judged out{application, environment, std::nullopt, {}, {}};
  const auto policies =
      policy::policies_in_force(unit.tables(), unit.workspace(), policy::Kind::rollback_policy);
  if (policies.empty()) return out;
  const auto deployment =
      deployments::newest_deployment(unit.tables(), unit.workspace(), application, environment);
  if (!deployment) return out;
  const auto earlier = rollbacks_of(unit.tables(), unit.workspace(), deployment->id.text());
  const auto known = known_of(unit, *deployment);
  if (!known) return out;
  const json::value facts = to_json(known->facts);
  std::optional<Fired> chosen;
  for (const policy::Policy& policy : policies) {
    const auto compiled = library_->compiled(policy, unit.objects());
    if (!compiled) {
      out.unreadable.push_back(policy.name);
      continue;
    }
    auto triggering = policy::triggered(*compiled, facts.as_object());
    if (!triggering.untold.empty()) out.unknown.push_back(policy.name);
    for (const std::string& trigger : triggering.unknown) {
      out.unknown.push_back(policy.name + "/" + trigger);
    }
    if (triggering.fired.empty() || is_answered(earlier, triggering, policy.name, unit.now())) {
      continue;
    }
    // Of several the first that decides by itself, then the first.
    const bool is_automatic = triggering.terms.execution == policy::RollbackExecution::automatic;
    const bool has_automatic =
        chosen && chosen->seen.triggering.terms.execution == policy::RollbackExecution::automatic;
    if (chosen && (has_automatic || !is_automatic)) continue;
    Fired fired{policy,
                {std::move(triggering), known->values, known->alerts, known->incidents, ""}};
    if (policy::blocks(policy::evaluate(*compiled, facts.as_object()))) {
      fired.seen.not_let = "the rules of " + policy.name + " do not pass";
    }
    chosen = std::move(fired);
  }
  if (!chosen) return out;
  Proposing proposing = this->proposing(unit, *deployment);
  proposing.rule = rule_of(unit, chosen->policy, chosen->seen.triggering.terms);
  const RollbackProposed event = by_rule(chosen->seen, proposing);
  record_proposed(unit, event, {});
  out.rollback = event.id.text();
  if (is_decided(event)) {
    record_confirmed(unit, confirmed_by_rule(event, unit.now()), {});
    needs_.tell(unit,
                {.topic = "rollback.decided_by_rule",
                 .subject = "Rolled back by rule: " + name_of(*deployment),
                 .people = proposing.rule->confirmers,
                 .sentence = "A rollback was decided, since " + event.because + ". " + event.plan,
                 .due = event.due,
                 .command = "holdpoint rollback show " + event.id.text(),
                 .about = "rollback/" + event.id.text(),
                 .application = event.application});
  }
  return out;
}

}  // namespace holdpoint::rollback
