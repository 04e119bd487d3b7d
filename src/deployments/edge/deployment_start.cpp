// See deployment_start.hpp.
#include "deployments/edge/deployment_start.hpp"

#include "base/assert.hpp"
#include "catalog/edge/configuration_queries.hpp"
#include "deployments/edge/deployment_queries.hpp"
#include "deployments/edge/gate_decisions.hpp"
#include "deployments/edge/promotion_source.hpp"
#include "deployments/edge/refused_start_queries.hpp"
#include "deployments/promotion.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::deployments {
namespace {

namespace edge = engine::edge;

ledger::Subject subject_of(const DeploymentId& id) { return {"deployment", id.text()}; }

/// What a start rests on, from the moment it is asked for.
struct Start {
  GateQuestion question;
  Gathered gathered;
  GateVerdict gate;
};

/// An entry holds so much: without what it was judged on it is still known who tried what.
bool fits(DeploymentRefused event, const Gathered& gathered) {
  event.gate = policy::DecisionGrounds{{}, {}, gathered.policies, gathered.policies_digest};
  return to_json_text(event).size() <= refused_start_bytes_max;
}

/// The caller is told the same whether it is recorded or not. Of a release that nobody proposed
/// nothing is kept: a name that is no release is no attempt to deploy one. MUST be asked before
/// anything is recorded.
engine::Outcome refused(engine::Unit& unit, const Start& start, const Refusal& refusal) {
  const GateFacts& facts = start.gathered.facts;
  if (!facts.release_exists || !is_kept(refusal)) return refuse(refusal);
  auto event = refused_start(start.question, facts.release_id, start.gate, refusal);
  const auto earlier = refused_since_start(unit.tables(), unit.workspace(), event, unit.actor().id);
  if (is_known(event, earlier)) return refuse(refusal);
  event.id = unit.new_id<DeploymentId>();
  // Where a policy could not be read, those that were asked are not all that there were.
  if (facts.policies && fits(event, start.gathered)) {
    event.gate = keep_grounds(unit, start.question, start.gathered, start.gate);
  }
  unit.record(subject_of(event.id), event);
  return edge::problem_answer(refusal);
}

/// Where the release stands in the order of releases. It was read a moment ago.
std::int64_t entry_of(engine::Unit& unit, const Start& start) {
  const auto entry =
      releases::release_entry(unit.tables(), unit.workspace(), start.gathered.facts.release_id);
  HP_ASSERT(entry.has_value(), "DP-1: a release that a gate opened for was proposed");
  return *entry;
}

DeploymentStarted started(engine::Unit& unit, const Start& start) {
  const GateQuestion& question = start.question;
  DeploymentStarted event;
  event.id = unit.new_id<DeploymentId>();
  event.application = question.application;
  event.version = question.version;
  event.release = start.gathered.facts.release_id;
  event.environment = question.environment;
  event.artifact = question.artifact;
  event.certification = start.gathered.certification;
  event.configuration = catalog::current_configuration(unit.tables(), unit.workspace(),
                                                       question.application, question.environment);
  return event;
}

/// Uses up the change and the override of freezes that the gate was open by.
Decided<void> use_others(engine::Unit& unit, const GateSource& source, const Start& start,
                         const std::string& use) {
  if (start.gate.freeze_override) {
    auto used = source.changes().use_lift(unit, *start.gate.freeze_override, use);
    if (!used) return std::unexpected(std::move(used).error());
  }
  if (start.gate.change) {
    auto used = source.changes().use(unit, *start.gate.change,
                                     {start.question.application, start.question.environment}, use);
    if (!used) return std::unexpected(std::move(used).error());
  }
  return {};
}

}  // namespace

engine::Outcome start_deployment(engine::Unit& unit, const GateSource& source,
                                 const StartDeployment& wanted) {
  Start start;
  start.question = {wanted.application, wanted.version, wanted.environment, wanted.artifact};
  const Snapshot snapshot{unit.tables(), unit.objects(), unit.workspace(), unit.now()};
  auto gathered = source.gather(snapshot, start.question, Purpose::record);
  if (!gathered) {
    throw engine::StoreFailed(engine::StoreFailure::outside, std::move(gathered).error());
  }
  if (!*gathered) return std::unexpected(gathered->error());
  start.gathered = std::move(**gathered);
  start.gate = decide_gate(start.question, start.gathered.facts);
  const auto running =
      running_deployment(unit.tables(), unit.workspace(), wanted.application, wanted.environment);
  if (const auto refusal = why_not_start(start.question, start.gate, running)) {
    return refused(unit, start, *refusal);
  }
  const OrderQuestion order{start.question, entry_of(unit, start), wanted.rollback};
  const auto newest =
      newest_release_there(unit.tables(), unit.workspace(), wanted.application, wanted.environment);
  if (const auto refusal = why_out_of_order(order, newest)) return refused(unit, start, *refusal);

  // Asked before anything is used up: what is refused is put on the record, and nothing else is.
  if (const auto refusal =
          source.changes().why_not_user(unit, start.gate.change, start.gate.freeze_override)) {
    return refused(unit, start, *refusal);
  }

  DeploymentStarted event = started(unit, start);
  event.release_entry = order.entry;
  event.rollback = rollback_of(order, newest);
  const std::string use = use_of(event.id);
  if (start.gathered.facts.approval.state == approvals::Standing::State::granted) {
    auto used = source.approvals().consume(
        unit, promotion_id(wanted.application, wanted.version, wanted.environment), use);
    if (!used) return refused(unit, start, used.error());
    event.approval = std::move(used->request);
    event.attempt = used->attempt;
  }
  if (auto used = use_others(unit, source, start, use); !used) {
    return std::unexpected(std::move(used).error());
  }
  event.gate = keep_grounds(unit, start.question, start.gathered, start.gate);
  std::vector<engine::Personal> sealed;
  if (wanted.rollback) {
    sealed = {{std::string(engine::reason_path), unit.actor().id, wanted.rollback->reason}};
  }
  unit.record(subject_of(event.id), event, std::move(sealed));
  // Answers of commands are kept for repetitions, so why it goes back is not among what they say.
  return edge::answer(*find_deployment(unit.tables(), unit.workspace(), event.id.text()), 201);
}

}  // namespace holdpoint::deployments
