// Deciding on requests, using them and showing how they stand. Everything a decision rests on is
// read inside the same transaction.
#include <algorithm>

#include "approvals/edge/approvals_edge.hpp"
#include "approvals/refusals.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "identity/edge/delegation_queries.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/role_queries.hpp"
#include "incidents/edge/incident_queries.hpp"

namespace holdpoint::approvals {
namespace {

std::vector<std::string> holders_of(engine::Connection& tables, std::string_view workspace,
                                    const Demand& demand, Instant now) {
  std::vector<std::string> people;
  const auto add = [&](const std::vector<identity::PersonId>& ids) {
    for (const identity::PersonId& id : ids) people.push_back(id.text());
  };
  for (const std::string& role : demand.roles) {
    add(identity::people_of_role(tables, workspace, role, now));
  }
  for (const std::string& role : demand.approval_roles) {
    add(identity::people_of_role(tables, workspace, role, now));
  }
  for (const std::string& person : demand.people) {
    if (identity::is_active_person(tables, person)) people.push_back(person);
  }
  std::ranges::sort(people);
  const auto [first, last] = std::ranges::unique(people);
  people.erase(first, last);
  return people;
}

std::vector<std::string> incidents_that_pause(engine::Connection& tables,
                                              std::string_view workspace, const Request& request) {
  std::vector<std::string> names;
  if (!request.environment) return names;
  for (const incidents::Incident& one : incidents::open_incidents(tables, workspace)) {
    if (!incidents::is_major(one.severity)) continue;
    if (!incidents::is_affected(one, request.application.value_or(""), *request.environment)) {
      continue;
    }
    names.push_back(one.id.text() + " " + one.title);
  }
  return names;
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    throw engine::StoreFailed(engine::StoreFailure::outside, std::move(result).error());
  }
  return std::move(*result);
}

Actor actor_of(const engine::Unit& unit) { return {unit.actor().kind, unit.actor().id}; }

ledger::Subject subject_of(const Request& request) { return {"approval", request.id.text()}; }

}  // namespace

Desk::Desk(std::shared_ptr<policy::CriteriaLibrary> library, std::vector<SubjectSource> sources)
    : library_(std::move(library)), sources_(std::move(sources)) {}

const SubjectSource* Desk::source(std::string_view kind) const {
  const auto found = std::ranges::find(sources_, kind, &SubjectSource::kind);
  return found == sources_.end() ? nullptr : &*found;
}

Result<std::vector<policy::CompiledCriteria>> Desk::policies(engine::Connection& tables,
                                                             engine::ObjectStore& objects,
                                                             std::string_view workspace) const {
  std::vector<policy::CompiledCriteria> compiled;
  for (const policy::Policy& one :
       policy::policies_in_force(tables, workspace, policy::Kind::approval_policy)) {
    HP_TRY(policy::CompiledCriteria ready, library_->compiled(one, objects));
    compiled.push_back(std::move(ready));
  }
  return compiled;
}

Result<Situation> Desk::situation(engine::Connection& tables, engine::ObjectStore& objects,
                                  std::string_view workspace, const Request& request,
                                  Instant now) const {
  Situation out;
  out.now = now;
  for (const Demand& demand : request.demands) {
    out.holders.push_back(holders_of(tables, workspace, demand, now));
  }
  const auto askers =
      identity::owner_of_actor(tables, workspace, request.requested_by_kind, request.requested_by);
  for (const identity::PersonId& asker : askers) {
    out.involved.push_back({asker.text(), Part::requester});
  }
  // Nobody to answer for who asked: it cannot be told who has to be left out.
  if (askers.empty()) out.unknown_people.push_back(request.requested_by);
  bool in_emergency = false;
  if (const SubjectSource* from = source(request.subject.kind)) {
    HP_TRY(auto content, from->read(tables, objects, workspace, request.subject.id, now));
    if (content) {
      out.present = content->digest;
      out.involved.insert(out.involved.end(), content->involved.begin(), content->involved.end());
      out.unknown_people.insert(out.unknown_people.end(), content->unknown_people.begin(),
                                content->unknown_people.end());
      out.warnings = std::move(content->warnings);
      in_emergency = content->in_emergency;
    }
  }
  for (const identity::Delegation& one : identity::delegations_at(tables, workspace, now)) {
    out.stand_ins.push_back(
        {one.delegator.text(), one.delegate.text(), one.starts_at, one.ends_at, one.roles});
  }
  if (!in_emergency) out.paused_by = incidents_that_pause(tables, workspace, request);
  return out;
}

void Desk::record(engine::Unit& unit, const Request& request, const Events& events) const {
  for (const Event& event : events) {
    std::visit([&](const auto& body) { unit.record(subject_of(request), body); }, event);
    if (const auto* granted = std::get_if<ApprovalGranted>(&event)) {
      unit.set_timer(kExpiryTimer, request.id.text(), granted->valid_until);
    }
    if (std::holds_alternative<SignatureWithdrawn>(event)) {
      unit.set_timer(kExpiryTimer, request.id.text(), request.terms.pending_until);
    }
    const bool is_over = std::holds_alternative<ApprovalEnded>(event) ||
                         std::holds_alternative<ApprovalConsumed>(event);
    if (is_over) unit.cancel_timer(kExpiryTimer, request.id.text());
  }
}

std::optional<engine::Outcome> Desk::settled(engine::Unit& unit, const Request& request,
                                             const Situation& situation) const {
  const Events events = settle(request, situation);
  if (events.empty()) return std::nullopt;
  record(unit, request, events);
  const auto now = find_request(unit.tables(), unit.workspace(), request.id.text());
  if (now->state == State::granted) {
    return engine::edge::answer(
        must(view(unit.tables(), unit.objects(), unit.workspace(), *now, unit.now())));
  }
  return engine::edge::problem_answer(request_ended(*now));
}

engine::Outcome Desk::sign(engine::Unit& unit, std::string_view id, const Sign& command) const {
  const auto request = find_request(unit.tables(), unit.workspace(), id);
  if (!request) return refuse(request_not_found(id));
  const Situation now =
      must(situation(unit.tables(), unit.objects(), unit.workspace(), *request, unit.now()));
  if (auto over = settled(unit, *request, now)) return std::move(*over);
  auto events = approvals::sign(*request, now, actor_of(unit), command);
  if (!events) {
    const Refusal& refusal = events.error();
    if (!is_evidence(refusal.code)) return std::unexpected(refusal);
    // An attempt that the segregation of duties refused is kept, the first of each kind.
    const auto attempts = attempts_of(unit.tables(), unit.workspace(), id);
    const bool is_known = std::ranges::any_of(attempts, [&](const Attempt& one) {
      return one.person == unit.actor().id && one.code == refusal.code;
    });
    if (is_known) return std::unexpected(refusal);
    unit.record(subject_of(*request), SignatureRefused{request->id, refusal.code});
    return engine::edge::problem_answer(refusal);
  }
  record(unit, *request, *events);
  return engine::edge::answer(
      must(view(unit.tables(), unit.objects(), unit.workspace(),
                *find_request(unit.tables(), unit.workspace(), id), unit.now())));
}

engine::Outcome Desk::withdraw_signature(engine::Unit& unit, std::string_view id,
                                         const std::string& reason) const {
  const auto request = find_request(unit.tables(), unit.workspace(), id);
  if (!request) return refuse(request_not_found(id));
  const Situation now =
      must(situation(unit.tables(), unit.objects(), unit.workspace(), *request, unit.now()));
  if (auto over = settled(unit, *request, now)) return std::move(*over);
  const auto events = approvals::withdraw_signature(*request, now, actor_of(unit), reason);
  if (!events) return std::unexpected(events.error());
  record(unit, *request, *events);
  return engine::edge::answer(
      must(view(unit.tables(), unit.objects(), unit.workspace(),
                *find_request(unit.tables(), unit.workspace(), id), unit.now())));
}

engine::Outcome Desk::withdraw(engine::Unit& unit, std::string_view id,
                               const std::string& reason) const {
  const auto request = find_request(unit.tables(), unit.workspace(), id);
  if (!request) return refuse(request_not_found(id));
  const auto events = approvals::withdraw(*request, actor_of(unit), reason);
  if (!events) return std::unexpected(events.error());
  record(unit, *request, *events);
  return engine::edge::answer(
      must(view(unit.tables(), unit.objects(), unit.workspace(),
                *find_request(unit.tables(), unit.workspace(), id), unit.now())));
}

Decided<RequestId> Desk::consume(engine::Unit& unit, std::string_view kind, std::string_view id,
                                 const std::string& use) const {
  const auto request = latest_request(unit.tables(), unit.workspace(), kind, id);
  if (!request) return refuse(not_granted());
  const Situation now =
      must(situation(unit.tables(), unit.objects(), unit.workspace(), *request, unit.now()));
  auto events = approvals::consume(*request, now, use);
  if (!events) return std::unexpected(std::move(events).error());
  if (!must(
          still_suffices(unit.tables(), unit.objects(), unit.workspace(), *request, unit.now()))) {
    return refuse(demands_changed());
  }
  for (const identity::PersonId& person : identity::owner_of_actor(
           unit.tables(), unit.workspace(), unit.actor().kind, unit.actor().id)) {
    const bool has_signed = std::ranges::any_of(request->votes, [&](const Vote& vote) {
      return vote.choice == Choice::approve &&
             (vote.person == person.text() || vote.seat == person.text());
    });
    if (has_signed) return refuse(approver_deploys());
  }
  record(unit, *request, *events);
  return request->id;
}

void Desk::settle_by_time(engine::Unit& unit, std::string_view id) const {
  const auto request = find_request(unit.tables(), unit.workspace(), id);
  if (!request || !is_open(request->state)) return;
  const Situation now =
      must(situation(unit.tables(), unit.objects(), unit.workspace(), *request, unit.now()));
  record(unit, *request, settle(*request, now));
}

void Desk::settle_subject(engine::Unit& unit, std::string_view kind, std::string_view id) const {
  const auto request = latest_request(unit.tables(), unit.workspace(), kind, id);
  if (request) settle_by_time(unit, request->id.text());
}

Result<RequestView> Desk::view(engine::Connection& tables, engine::ObjectStore& objects,
                               std::string_view workspace, const Request& request,
                               Instant now) const {
  HP_TRY(const Situation situation, this->situation(tables, objects, workspace, request, now));
  RequestView out;
  out.present = situation.present;
  const Eligible people = eligible(situation);
  const Tally tally =
      count(request.demands, people, standing_votes(request, situation), request.terms.rejections);
  for (std::size_t i = 0; i < request.demands.size(); ++i) {
    const Demand& demand = request.demands[i];
    const StageTally& row = tally.stages[i];
    out.stages.push_back({demand.policy, demand.route, demand.stage, demand.capacity, row.need,
                          row.have, row.reached, row.satisfied, row.satisfiable, row.signers,
                          people[i]});
  }
  for (const Involved& one : situation.involved) {
    const bool is_shown = std::ranges::any_of(
        out.excluded, [&](const ExcludedPerson& shown) { return shown.person == one.person; });
    if (!is_shown) out.excluded.push_back({one.person, std::string(words(one.part))});
  }
  out.unknown_people = situation.unknown_people;
  out.paused_by = situation.paused_by;
  out.satisfiable = tally.satisfiable;
  out.refused_attempts = attempts_of(tables, workspace, request.id.text());
  out.warnings = situation.warnings;
  out.request = request;
  return out;
}

}  // namespace holdpoint::approvals
