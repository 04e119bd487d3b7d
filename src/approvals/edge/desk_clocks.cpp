// What time and incidents do to requests: they expire, deferred approvals begin to count, levels of
// escalation fire, while an incident is open the clocks stand still (B8, B10), and now and then it
// is looked whether enough people are left who may sign.
#include <algorithm>

#include "approvals/awaited.hpp"
#include "approvals/edge/approvals_edge.hpp"
#include "approvals/refusals.hpp"
#include "approvals/stranding.hpp"
#include "base/assert.hpp"
#include "base/zones.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "identity/edge/role_queries.hpp"

namespace holdpoint::approvals {
namespace {

using engine::must;

/// The calendars of the catalog that are in use, each worked out once.
class Calendars {
 public:
  explicit Calendars(const Place& place) : place_(place) {}

  const KnownCalendar* named(const std::string& name) {
    const auto [row, is_new] = known_.try_emplace(name);
    if (is_new) {
      const auto stored = catalog::Calendars::find(place_.tables, place_.workspace, name);
      const bool is_in_use = stored && stored->record.state == RecordState::active;
      if (is_in_use) row->second = known(stored->record);
    }
    return row->second ? &*row->second : nullptr;
  }

 private:
  static std::optional<KnownCalendar> known(const catalog::Calendar& record) {
    auto calendar = catalog::business_calendar(record);
    if (!calendar) return std::nullopt;
    return KnownCalendar{std::move(*calendar),
                         {record.name, sha256(to_json_text(record)), zones_version()}};
  }

  const Place& place_;
  std::map<std::string, std::optional<KnownCalendar>> known_;
};

EscalationKind kind_of(policy::EscalationTo to) {
  switch (to) {
    case policy::EscalationTo::reminder: return EscalationKind::reminder;
    case policy::EscalationTo::backup: return EscalationKind::backup;
    case policy::EscalationTo::manager: return EscalationKind::manager;
  }
  return EscalationKind::reminder;
}

Duration after_of(const policy::EscalationLevel& level, const policy::ApprovalFacts& facts) {
  std::string text = level.after;
  if (!facts.application.name.empty()) {
    const auto own = level.afterByCriticality.find(
        std::string(describe::enum_text(facts.application.criticality)));
    if (own != level.afterByCriticality.end()) text = own->second;
  }
  const auto duration = parse_duration(text);
  HP_ASSERT(duration.has_value(), "AP-2: a level in force has a duration that can be read");
  return *duration;
}

/// Of several places, as soon as the first of them says.
Duration after_of(const policy::EscalationLevel& level, const SubjectContent& subject) {
  Duration after = after_of(level, subject.facts);
  for (const policy::ApprovalFacts& place : subject.places) {
    after = std::min(after, after_of(level, place));
  }
  return after;
}

/// Who answers for the policies: the team that owns each, or else the administrators.
std::vector<std::string> owners_of(const Request& request, const Place& place, Gatherer& gatherer) {
  constexpr std::string_view team = "team:";
  std::vector<std::string> ids;
  for (const std::string& owner : request.owners) {
    if (!owner.starts_with(team)) continue;
    const auto found =
        identity::Teams::find(place.tables, place.workspace, owner.substr(team.size()));
    if (!found || found->record.state != RecordState::active) continue;
    for (const identity::PersonId& member : found->record.members) ids.push_back(member.text());
  }
  std::vector<std::string> people = gatherer.people_of({}, ids, place.now);
  if (people.empty()) people = gatherer.people_of({"administrator"}, {}, place.now);
  return people;
}

}  // namespace

Decided<std::vector<Escalation>> Desk::levels_from(const Place& place, const Demanded& demanded,
                                                   const SubjectContent& subject) const {
  Calendars calendars(place);
  std::vector<Escalation> out;
  for (const StatedLevel& stated : demanded.levels) {
    const policy::EscalationLevel& level = stated.level;
    const KnownCalendar* known = nullptr;
    if (level.calendar) {
      known = calendars.named(*level.calendar);
      if (known == nullptr) return refuse(calendar_unknown(stated.policy, *level.calendar));
    }
    const auto due = due_after(place.now, after_of(level, subject),
                               known == nullptr ? nullptr : &known->calendar);
    // Working time that never comes: nobody waits for that long.
    if (!due) return refuse(calendar_unknown(stated.policy, level.calendar.value_or("")));
    out.push_back({stated.policy, level.name, kind_of(level.to), *due, level.calendar, level.roles,
                   level.approvalRoles, level.people, level.stages,
                   known == nullptr ? std::nullopt : std::optional(known->as_used)});
  }
  return out;
}

std::vector<std::string> Desk::reached_by(const Request& request, const Escalation& level,
                                          const Situation& situation, Gatherer& gatherer) const {
  if (level.kind == EscalationKind::reminder) {
    auto stages = waiting_stages(request, situation);
    std::erase_if(stages, [&](std::size_t i) { return request.demands[i].policy != level.policy; });
    return awaited(request, situation, stages);
  }
  std::vector<std::string> roles = level.roles;
  roles.insert(roles.end(), level.approval_roles.begin(), level.approval_roles.end());
  auto people = gatherer.people_of(roles, level.people, situation.now);
  std::erase_if(people,
                [&](const std::string& one) { return part_of(situation, one).has_value(); });
  return people;
}

void Desk::escalate_by_time(engine::Unit& unit, std::string_view id) const {
  auto found = find_request(unit.tables(), unit.workspace(), id);
  if (!found || found->state != State::pending || !found->stopped_by.empty()) return;
  Request request = std::move(*found);
  const Place place = place_of(unit);
  Gatherer gatherer(place, sources_);
  Picture picture = must(gatherer.of(request));
  if (!settle(request, picture.situation).empty()) {
    settle_by_time(unit, id);
    return;
  }
  const auto carry = [&](const ApprovalEscalated& event) {
    request = record(unit, request, {event});
    picture = must(gatherer.of(request));
    if (!telling_.tell || event.people.empty()) return;
    News news = news_of_escalation(request, event);
    for (const std::size_t stage : waiting_stages(request, picture.situation)) {
      // Those in whose place somebody signs may be away.
      for (std::string& one : stand_ins_of(request, picture.situation, stage, event.people)) {
        const bool is_told = std::ranges::find(news.people, one) != news.people.end();
        if (!is_told) news.people.push_back(std::move(one));
      }
    }
    telling_.tell(unit, std::move(news));
  };
  while (const auto level = level_to_fire(request, unit.now())) {
    carry(fire(request, *level,
               reached_by(request, request.escalation[*level], picture.situation, gatherer),
               unit.now()));
  }
  if (must_tell_owners(request)) {
    carry(fire_for_owners(request, owners_of(request, place, gatherer), unit.now()));
  }
  look_for_signers(unit, std::move(request), picture.situation, gatherer);
}

Request Desk::look_for_signers(engine::Unit& unit, Request request, const Situation& situation,
                               Gatherer& gatherer) const {
  if (!look_every_) return request;
  const Events events = approvals::look_for_signers(request, situation);
  if (events.empty()) return request;
  Request after = record(unit, request, events);
  if (!telling_.tell || !telling_.take_back) return after;
  if (!after.stranded_since) {
    telling_.take_back(unit, about_stranding(after.id));
    return after;
  }
  std::vector<std::string> people = gatherer.people_of({"administrator"}, {}, unit.now());
  for (const Involved& one : situation.involved) {
    const bool is_told = std::ranges::find(people, one.person) != people.end();
    if (one.part == Part::requester && !is_told) people.push_back(one.person);
  }
  if (!people.empty()) telling_.tell(unit, news_of_stranding(after, std::move(people)));
  return after;
}

void Desk::look_by_time(engine::Unit& unit, std::string_view id) const {
  auto request = find_request(unit.tables(), unit.workspace(), id);
  if (!look_every_ || !request || request->state != State::pending) return;
  const Place place = place_of(unit);
  Gatherer gatherer(place, sources_);
  const Picture picture = must(gatherer.of(*request));
  unit.set_timer(kSignersTimer, request->id.text(), unit.now() + *look_every_);
  // A level that is due may add people, and looks by itself. What has ended or lacks nobody is said
  // by whoever touches it next.
  const bool escalates = request->stopped_by.empty() && level_to_fire(*request, unit.now());
  if (escalates || !settle(*request, picture.situation).empty()) return;
  look_for_signers(unit, std::move(*request), picture.situation, gatherer);
}

void Desk::settle_by_time(engine::Unit& unit, std::string_view id) const {
  const auto request = find_request(unit.tables(), unit.workspace(), id);
  if (!request || !is_open(request->state)) return;
  const Place place = place_of(unit);
  const Picture picture = must(Gatherer(place, sources_).of(*request));
  const Events events = settle(*request, picture.situation);
  if (!events.empty()) {
    tell(unit, &*request, record(unit, *request, events), picture.situation);
    return;
  }
  // A deferred approval that did not suffice: the next one may.
  const auto next = next_effective(*request, unit.now());
  if (request->state == State::pending && next) {
    unit.set_timer(kEffectiveTimer, request->id.text(), *next);
  }
}

Request Desk::follow_incidents(engine::Unit& unit, Request request, Gatherer& gatherer) const {
  std::vector<std::string> ids;
  for (const auto& incident : gatherer.pausing(request)) {
    ids.push_back(incident.id.text());
  }
  const Place place = place_of(unit);
  Calendars calendars(place);
  const auto due = [&](Instant pause) {
    return due_after_pause(request.escalation, pause, unit.now(),
                           [&](const std::string& name) { return calendars.named(name); });
  };
  const Events events = pause_by(request, ids, unit.now(), due);
  if (events.empty()) return request;
  const Request after = record(unit, request, events);
  if (!after.stopped_by.empty()) return after;
  settle_by_time(unit, after.id.text());
  return *find_request(unit.tables(), unit.workspace(), after.id.text());
}

void Desk::follow_incidents(engine::Unit& unit) const {
  const Place place = place_of(unit);
  Gatherer gatherer(place, sources_);
  for (Request& request : pending_requests(unit.tables(), unit.workspace())) {
    follow_incidents(unit, std::move(request), gatherer);
  }
}

}  // namespace holdpoint::approvals
