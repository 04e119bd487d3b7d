// Deciding on requests, using them and showing how they stand. Everything a decision rests on is
// read inside the same transaction.
#include <algorithm>

#include "approvals/awaited.hpp"
#include "approvals/edge/approvals_edge.hpp"
#include "approvals/refusals.hpp"
#include "engine/outbox.hpp"
#include "identity/edge/person_queries.hpp"

namespace holdpoint::approvals {
namespace {

using engine::must;

Actor actor_of(const engine::Unit& unit) { return {unit.actor().kind, unit.actor().id}; }

ledger::Subject subject_of(const Request& request) { return {"approval", request.id.text()}; }

/// The event that a person's reason stands beside.
bool takes_reason(const Event& event) {
  if (const auto* ended = std::get_if<ApprovalEnded>(&event)) {
    return ended->state == State::withdrawn;
  }
  return std::holds_alternative<ApprovalSigned>(event) ||
         std::holds_alternative<SignatureWithdrawn>(event);
}

bool is_quiet(State state) {
  return state == State::withdrawn || state == State::superseded || state == State::consumed;
}

}  // namespace

void set_timers(engine::Unit& unit, const Request& request, std::optional<Duration> look_every) {
  const std::string id = request.id.text();
  const auto set = [&](std::string_view kind, std::optional<Instant> due) {
    if (due) {
      unit.set_timer(kind, id, *due);
    } else {
      unit.cancel_timer(kind, id);
    }
  };
  const bool is_running = request.state == State::pending && request.stopped_by.empty();
  std::optional<Instant> expiry;
  if (request.state == State::granted) expiry = request.valid_until;
  if (is_running) expiry = request.terms.pending_until;
  set(kExpiryTimer, expiry);
  set(kEffectiveTimer, is_running ? next_effective(request, unit.now()) : std::nullopt);
  set(kEscalationTimer, is_running ? next_level_due(request) : std::nullopt);
  // People leave while clocks stand still too.
  const bool is_looked_at = request.state == State::pending && look_every;
  set(kSignersTimer, is_looked_at ? std::optional(unit.now() + *look_every) : std::nullopt);
}

Desk::Desk(std::shared_ptr<policy::CriteriaLibrary> library, std::vector<SubjectSource> sources,
           Telling telling, std::optional<Duration> look_every)
    : library_(std::move(library)),
      sources_(std::move(sources)),
      telling_(std::move(telling)),
      look_every_(look_every) {}

const SubjectSource* Desk::source(std::string_view kind) const {
  const auto found = std::ranges::find(sources_, kind, &SubjectSource::kind);
  return found == sources_.end() ? nullptr : &*found;
}

Result<std::vector<policy::CompiledCriteria>> Desk::policies(const Place& place,
                                                             const SubjectSource& source) const {
  std::vector<policy::CompiledCriteria> compiled;
  for (const policy::Policy& one :
       policy::policies_in_force(place.tables, place.workspace, policy::Kind::approval_policy)) {
    HP_TRY(policy::CompiledCriteria ready, library_->compiled(one, place.objects));
    if (is_asked(source, ready)) compiled.push_back(std::move(ready));
  }
  return compiled;
}

Request Desk::record(engine::Unit& unit, const Request& request, const Events& events,
                     const std::string& reason) const {
  if (events.empty()) return request;
  for (const Event& event : events) {
    std::vector<engine::Personal> sealed;
    if (!reason.empty() && takes_reason(event)) sealed = {{"/reason", unit.actor().id, reason}};
    std::visit([&](const auto& body) { unit.record(subject_of(request), body, std::move(sealed)); },
               event);
  }
  Request after = *find_request(unit.tables(), unit.workspace(), request.id.text());
  set_timers(unit, after, look_every_);
  return after;
}

void Desk::tell(engine::Unit& unit, const Request* before, const Request& after,
                const Situation& situation) const {
  if (!telling_.tell || !telling_.take_back) return;
  const std::string about = about_asking(after.id);
  if (after.state != State::pending) {
    telling_.take_back(unit, about);
    if (before != nullptr && before->stranded_since) {
      telling_.take_back(unit, about_stranding(after.id));
    }
    if (is_quiet(after.state) || (before != nullptr && before->state == after.state)) return;
    std::vector<std::string> askers;
    for (const Involved& one : situation.involved) {
      if (one.part == Part::requester) askers.push_back(one.person);
    }
    if (!askers.empty()) telling_.tell(unit, news_of_outcome(after, std::move(askers)));
    return;
  }
  const auto waiting = waiting_stages(after, situation);
  std::vector<std::size_t> fresh = waiting;
  std::vector<std::string> unread;
  if (before != nullptr) {
    const auto was = waiting_stages(*before, situation);
    std::erase_if(fresh, [&](std::size_t i) { return std::ranges::find(was, i) != was.end(); });
    unread = engine::waiting_recipients(unit.tables(), unit.workspace(), about);
    telling_.take_back(unit, about);
    if (before->state == State::granted) telling_.take_back(unit, about_outcome(after.id));
  }
  std::vector<std::string> people = awaited(after, situation, fresh);
  for (const std::string& person : awaited(after, situation, waiting)) {
    // Who was not reached yet hears of it as it is now.
    const bool is_unread = std::ranges::find(unread, person) != unread.end();
    if (is_unread && std::ranges::find(people, person) == people.end()) people.push_back(person);
  }
  if (people.empty()) return;
  std::vector<std::string> names;
  for (const std::size_t stage : waiting) {
    const std::string& name = after.demands[stage].stage;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  telling_.tell(unit, news_of_stages(after, names, std::move(people)));
}

std::optional<engine::Outcome> Desk::settled(engine::Unit& unit, const Request& request,
                                             const Picture& picture) const {
  const Events events = settle(request, picture.situation);
  if (events.empty() || !std::holds_alternative<ApprovalEnded>(events.front())) {
    return std::nullopt;
  }
  const Request now = record(unit, request, events);
  tell(unit, &request, now, picture.situation);
  keep_attempt(unit, now, "request_ended");
  return engine::edge::problem_answer(request_ended(now));
}

bool Desk::keep_attempt(engine::Unit& unit, const Request& request, const std::string& code) {
  if (!is_evidence(code)) return false;
  const auto attempts = attempts_of(unit.tables(), unit.workspace(), request.id.text());
  const bool is_known = std::ranges::any_of(attempts, [&](const Attempt& one) {
    return one.person == unit.actor().id && one.code == code;
  });
  if (!is_known) unit.record(subject_of(request), SignatureRefused{request.id, code});
  return !is_known;
}

engine::Outcome Desk::refused(engine::Unit& unit, const Request& request, const Picture& picture,
                              const Refusal& refusal) const {
  // A request that lacks nobody any more is granted by itself when somebody touches it. What was
  // asked goes first, so that no rejection is passed over.
  const Events due = settle(request, picture.situation);
  if (!due.empty()) {
    const Request now = record(unit, request, due);
    tell(unit, &request, now, picture.situation);
  }
  const bool is_kept = keep_attempt(unit, request, refusal.code) || !due.empty();
  if (is_kept) return engine::edge::problem_answer(refusal);
  return std::unexpected(refusal);
}

engine::Outcome Desk::sign(engine::Unit& unit, std::string_view id, const Sign& command) const {
  const auto found = find_request(unit.tables(), unit.workspace(), id);
  if (!found) return refuse(request_not_found(id));
  const Place place = place_of(unit);
  Gatherer gatherer(place, sources_);
  const Picture picture = must(gatherer.of(*found));
  if (auto over = settled(unit, *found, picture)) return std::move(*over);
  // What has become an emergency meanwhile does not wait for the end of an incident any more.
  const Request request = follow_incidents(unit, *found, gatherer);
  if (request.state != found->state) {
    keep_attempt(unit, request, "request_ended");
    return engine::edge::problem_answer(request_ended(request));
  }
  auto events = approvals::sign(request, picture.situation, actor_of(unit), command);
  if (!events) return refused(unit, request, picture, events.error());
  Request after = record(unit, request, *events, command.reason);
  tell(unit, &request, after, picture.situation);
  after = look_for_signers(unit, std::move(after), picture.situation, gatherer);
  return engine::edge::answer(view_of(place, after, picture));
}

engine::Outcome Desk::withdraw_signature(engine::Unit& unit, std::string_view id,
                                         const std::string& reason) const {
  const auto request = find_request(unit.tables(), unit.workspace(), id);
  if (!request) return refuse(request_not_found(id));
  const Place place = place_of(unit);
  Gatherer gatherer(place, sources_);
  const Picture picture = must(gatherer.of(*request));
  if (auto over = settled(unit, *request, picture)) return std::move(*over);
  const auto events =
      approvals::withdraw_signature(*request, picture.situation, actor_of(unit), reason);
  if (!events) return refused(unit, *request, picture, events.error());
  // What waits again, waits for the end of an incident too.
  Request after = record(unit, *request, *events, reason);
  tell(unit, &*request, after, picture.situation);
  after = look_for_signers(unit, std::move(after), picture.situation, gatherer);
  after = follow_incidents(unit, std::move(after), gatherer);
  return engine::edge::answer(view_of(place, after, picture));
}

engine::Outcome Desk::withdraw(engine::Unit& unit, std::string_view id,
                               const std::string& reason) const {
  const auto request = find_request(unit.tables(), unit.workspace(), id);
  if (!request) return refuse(request_not_found(id));
  const auto events = approvals::withdraw(*request, actor_of(unit), reason);
  if (!events) return std::unexpected(events.error());
  const Place place = place_of(unit);
  const Picture picture = must(Gatherer(place, sources_).of(*request));
  const Request after = record(unit, *request, *events, reason);
  tell(unit, &*request, after, picture.situation);
  return engine::edge::answer(view_of(place, after, picture));
}

engine::Outcome Desk::report_friction(engine::Unit& unit, std::string_view id,
                                      const ReportFriction& command) const {
  const auto request = find_request(unit.tables(), unit.workspace(), id);
  if (!request) return refuse(request_not_found(id));
  const Place place = place_of(unit);
  const Picture picture = must(Gatherer(place, sources_).of(*request));
  FrictionFilter filter;
  filter.request = request->id.text();
  auto said = approvals::report_friction(*request, picture.situation, actor_of(unit), command,
                                         friction_reports(unit.tables(), unit.workspace(), filter));
  if (!said) return std::unexpected(said.error());
  said->id = unit.new_id<FrictionId>();
  std::vector<engine::Personal> sealed;
  if (command.note) sealed = {{"/note", unit.actor().id, *command.note}};
  unit.record(subject_of(*request), *said, std::move(sealed));
  return engine::edge::answer(*said, 201);
}

Decided<RequestId> Desk::consume(engine::Unit& unit, std::string_view kind, std::string_view id,
                                 const std::string& use) const {
  const auto request = latest_request(unit.tables(), unit.workspace(), kind, id);
  const SubjectSource* from = source(kind);
  if (!request || from == nullptr) return refuse(not_granted());
  const Place place = place_of(unit);
  const Picture picture = must(Gatherer(place, sources_).of(*request));
  auto events = approvals::consume(*request, picture.situation, use);
  if (!events) return std::unexpected(std::move(events).error());
  if (auto refusal = must(why_not_suffices(place, *request, picture))) {
    return refuse(std::move(*refusal));
  }
  if (auto refusal = why_not_user(unit, kind, id)) return refuse(std::move(*refusal));
  const Request after = record(unit, *request, *events);
  tell(unit, &*request, after, picture.situation);
  return request->id;
}

std::optional<Refusal> Desk::why_not_user(engine::Unit& unit, std::string_view kind,
                                          std::string_view id) const {
  const auto request = latest_request(unit.tables(), unit.workspace(), kind, id);
  const SubjectSource* from = source(kind);
  if (!request || from == nullptr || from->users == Users::anybody) return std::nullopt;
  // What ended otherwise speaks for nothing, so nobody is kept from anything by it.
  if (!is_open(request->state) && request->state != State::consumed) return std::nullopt;
  for (const identity::PersonId& person : identity::owner_of_actor(
           unit.tables(), unit.workspace(), unit.actor().kind, unit.actor().id)) {
    const bool has_signed = std::ranges::any_of(request->votes, [&](const Vote& vote) {
      return vote.choice == Choice::approve &&
             (vote.person == person.text() || vote.seat == person.text());
    });
    if (has_signed) return approver_deploys();
  }
  return std::nullopt;
}

Result<RequestView> Desk::view(const Place& place, const Request& request) const {
  HP_TRY(const Picture picture, Gatherer(place, sources_).of(request));
  return view_of(place, request, picture);
}

void Desk::settle_subject(engine::Unit& unit, std::string_view kind, std::string_view id) const {
  const auto request = latest_request(unit.tables(), unit.workspace(), kind, id);
  if (request) settle_by_time(unit, request->id.text());
}

RequestView Desk::view_of(const Place& place, const Request& request, const Picture& picture) {
  const Situation& situation = picture.situation;
  RequestView out;
  out.present = situation.present;
  const Eligible people = eligible(situation);
  const Tally tally = tally_of(request, situation, standing_votes(request, situation));
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
  out.refused_attempts = attempts_of(place.tables, place.workspace, request.id.text());
  out.warnings = situation.warnings;
  out.request = request;
  return out;
}

}  // namespace holdpoint::approvals
