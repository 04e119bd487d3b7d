// Writing, submitting, using and closing changes. Everything a decision rests on is read inside the
// same transaction.
#include <algorithm>

#include "approvals/edge/approval_queries.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "changes/edge/changes_edge.hpp"
#include "changes/refusals.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/role_queries.hpp"
#include "incidents/edge/incident_queries.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::changes {
namespace {

ledger::Subject subject_of(const ChangeId& id) { return {std::string(change_kind), id.text()}; }

Snapshot snapshot_of(engine::Unit& unit) {
  return {unit.tables(), unit.objects(), unit.workspace(), unit.now()};
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    throw engine::StoreFailed(engine::StoreFailure::outside, std::move(result).error());
  }
  return std::move(*result);
}

/// Of the names, those whose record is in use. A list over its bound is refused unread.
template <class Records>
std::set<std::string> in_use(engine::Unit& unit, const std::vector<std::string>& names,
                             std::size_t most) {
  std::set<std::string> known;
  if (names.size() > most) return known;
  for (const std::string& name : names) {
    const auto stored = Records::find(unit.tables(), unit.workspace(), name);
    if (stored && stored->record.state == RecordState::active) known.insert(name);
  }
  return known;
}

bool has_role(engine::Unit& unit, const std::vector<std::string>& roles) {
  if (unit.actor().kind != "person") return false;
  return std::ranges::any_of(roles, [&](const std::string& role) {
    const auto people = identity::people_of_role(unit.tables(), unit.workspace(), role, unit.now());
    return std::ranges::any_of(
        people, [&](const identity::PersonId& person) { return person.text() == unit.actor().id; });
  });
}

std::vector<engine::Personal> sealed(const engine::Unit& unit,
                                     const std::vector<SealedText>& texts) {
  std::vector<engine::Personal> personal;
  for (const SealedText& text : texts) {
    personal.push_back(
        {"/" + std::string(describe::enum_text(text.field)), unit.actor().id, text.value});
  }
  return personal;
}

/// Whether somebody who answers for the last change of the template answers for this request too,
/// or it cannot be told that nobody does.
bool is_by_template_owner(engine::Unit& unit, const Change& change) {
  if (!change.content.pattern) return false;
  const auto stored =
      ChangeTemplates::find(unit.tables(), unit.workspace(), change.content.pattern->name);
  if (!stored) return true;
  const auto events = unit.stream({std::string(ChangeTemplate::kind), stored->record.id.text()});
  if (events.empty()) return true;
  const auto people = [&](std::string_view kind, std::string_view id) {
    return identity::owner_of_actor(unit.tables(), unit.workspace(), kind, id);
  };
  const ledger::Actor& writer = events.back().actor;
  const auto writers = people(writer.kind, writer.id);
  if (writers.empty()) return true;
  const auto is_writer = [&](const identity::PersonId& person) {
    return std::ranges::find(writers, person) != writers.end();
  };
  std::vector<std::string> askers = change.editors;
  askers.push_back(unit.actor().id);
  return std::ranges::any_of(askers, [&](const std::string& asker) {
    const auto owners = people(asker.starts_with("per_") ? "person" : "service_account", asker);
    return owners.empty() || std::ranges::any_of(owners, is_writer);
  });
}

/// Whether the person answers for what the actor did, or it cannot be told that they do not.
bool may_be_behind(engine::Unit& unit, const std::string& actor, const std::string& person) {
  const auto owners =
      identity::owner_of_actor(unit.tables(), unit.workspace(),
                               actor.starts_with("per_") ? "person" : "service_account", actor);
  return owners.empty() || std::ranges::any_of(owners, [&](const identity::PersonId& owner) {
           return owner.text() == person;
         });
}

/// Whether a person answers for what the unit's actor does. Who looks back at an emergency took no
/// part in it: when nobody can tell who did, nobody could look back.
bool has_owner(engine::Unit& unit) {
  return !identity::owner_of_actor(unit.tables(), unit.workspace(), unit.actor().kind,
                                   unit.actor().id)
              .empty();
}

/// Whether an approval of the change that still counts is by the person, or in their place.
bool has_approved(engine::Unit& unit, const Change& change, const std::string& person) {
  const auto request =
      approvals::latest_request(unit.tables(), unit.workspace(), change_kind, change.id.text());
  if (!request || !approvals::is_open(request->state)) return false;
  return std::ranges::any_of(request->votes, [&](const approvals::Vote& vote) {
    return vote.choice == approvals::Choice::approve &&
           (vote.person == person || vote.seat == person);
  });
}

std::string phase_of(const Change& change, const approvals::Standing& standing) {
  using Standing = approvals::Standing::State;
  const bool is_ready =
      standing.state == Standing::granted ||
      (standing.state == Standing::not_needed && change.content.type == ChangeType::standard);
  if (change.state == State::submitted && is_ready) return "scheduled";
  return std::string(describe::enum_text(change.state));
}

std::string quorum_text(const approvals::Quorum& quorum) {
  switch (quorum.kind) {
    case approvals::QuorumKind::minimum: return std::to_string(quorum.value);
    case approvals::QuorumKind::majority: return "majority";
    case approvals::QuorumKind::percent: return std::to_string(quorum.value) + "%";
    case approvals::QuorumKind::all: return "all";
  }
  return "all";
}

NeedView need_view(const approvals::Demand& demand) {
  NeedView view{demand.policy, demand.stage, demand.roles, quorum_text(demand.quorum)};
  const auto add = [&](const std::vector<std::string>& names) {
    view.roles.insert(view.roles.end(), names.begin(), names.end());
  };
  add(demand.approval_roles);
  add(demand.people);
  return view;
}

/// The change of that id, or what to refuse with.
Decided<Change> wanted(engine::Unit& unit, std::string_view id) {
  auto change = find_change(unit.tables(), unit.workspace(), id);
  if (!change) return refuse(change_not_found(id));
  return std::move(*change);
}

}  // namespace

ApprovalView approval_view(const approvals::Standing& standing) {
  using Way = approvals::Standing::State;
  ApprovalView view{"", standing.request, standing.detail, standing.may_sign};
  switch (standing.state) {
    case Way::not_needed: view.state = "not_needed"; break;
    case Way::untold: view.state = "untold"; break;
    case Way::missing: view.state = "missing"; break;
    case Way::pending: view.state = "pending"; break;
    case Way::granted: view.state = "granted"; break;
  }
  return view;
}

Decided<Drafted> ChangeDesk::drafted(engine::Unit& unit, const StatedChange& stated) const {
  auto& tables = unit.tables();
  Known known;
  known.now = unit.now();
  known.scale = scale_in_force(tables, unit.workspace());
  std::vector<std::string> applications = stated.applications;
  std::vector<std::string> environments = stated.environments;
  if (stated.pattern) {
    const auto found = ChangeTemplates::find(tables, unit.workspace(), *stated.pattern);
    if (found && found->record.state == RecordState::active) {
      known.pattern = InForce<ChangeTemplate>{found->record, found->revision};
      if (applications.empty()) applications = found->record.applications;
      if (environments.empty()) environments = found->record.environments;
    }
  }
  known.applications = in_use<catalog::Applications>(unit, applications, applications_max);
  known.environments = in_use<catalog::Environments>(unit, environments, environments_max);
  for (std::size_t i = 0; i < stated.releases.size() && i < releases_max; ++i) {
    const auto release = releases::find_release(tables, unit.workspace(), stated.releases[i]);
    if (!release) continue;
    known.releases[stated.releases[i]] = {release->name(), release->id.text(),
                                          release->contents_digest};
  }
  if (stated.type == ChangeType::emergency) {
    for (auto& path : paths_in_force(tables, unit.workspace())) {
      if (has_role(unit, path.record.declarers)) known.paths.push_back(std::move(path));
    }
  }
  return draft(stated, known);
}

engine::Outcome ChangeDesk::create(engine::Unit& unit, const StatedChange& stated) const {
  auto written = drafted(unit, stated);
  if (!written) return std::unexpected(std::move(written).error());
  const ChangeCreated event{unit.new_id<ChangeId>(), std::move(written->content)};
  unit.record(subject_of(event.id), event, sealed(unit, written->texts));
  return shown(unit, event.id, 201);
}

engine::Outcome ChangeDesk::edit(engine::Unit& unit, std::string_view id,
                                 const StatedChange& stated) const {
  const auto change = wanted(unit, id);
  if (!change) return std::unexpected(change.error());
  if (auto refusal = why_not_edit(*change)) return refuse(std::move(*refusal));
  auto written = drafted(unit, stated);
  if (!written) return std::unexpected(std::move(written).error());
  unit.record(subject_of(change->id),
              ChangeEdited{change->id, change->revision + 1, std::move(written->content)},
              sealed(unit, written->texts));
  return shown(unit, change->id, 200);
}

engine::Outcome ChangeDesk::submit(engine::Unit& unit, std::string_view id,
                                   const std::string& reason) const {
  const auto change = wanted(unit, id);
  if (!change) return std::unexpected(change.error());
  auto& tables = unit.tables();
  Submitting facts;
  facts.now = unit.now();
  facts.overdue =
      overdue_reviews(tables, unit.workspace(), change->content.applications, unit.now());
  facts.documents_in_force = are_documents_in_force(tables, unit.workspace(), change->content);
  facts.is_by_template_owner = is_by_template_owner(unit, *change);
  facts.has_owner = has_owner(unit);
  add_limit(tables, unit.workspace(), *change, facts);
  const auto event = changes::submit(*change, facts);
  if (!event) return std::unexpected(event.error());
  unit.record(subject_of(change->id), *event);
  // A standard change was approved with its template, unless a policy wants more.
  const auto standing = needs_.standing(snapshot_of(unit), change_kind, id);
  const bool is_pre_approved = change->content.type == ChangeType::standard &&
                               standing.state == approvals::Standing::State::not_needed;
  if (!is_pre_approved) {
    auto request = needs_.open(unit, change_kind, id, reason, fields_of(*change));
    if (!request) return std::unexpected(std::move(request).error());
  }
  return shown(unit, change->id, 200);
}

engine::Outcome ChangeDesk::reopen(engine::Unit& unit, std::string_view id,
                                   const std::string& reason) const {
  const auto change = wanted(unit, id);
  if (!change) return std::unexpected(change.error());
  const auto event = changes::reopen(*change, reason);
  if (!event) return std::unexpected(event.error());
  unit.record(subject_of(change->id), *event);
  needs_.settle(unit, change_kind, id);
  return shown(unit, change->id, 200);
}

engine::Outcome ChangeDesk::cancel(engine::Unit& unit, std::string_view id,
                                   const std::string& reason) const {
  const auto change = wanted(unit, id);
  if (!change) return std::unexpected(change.error());
  const auto event = changes::cancel(*change, reason);
  if (!event) return std::unexpected(event.error());
  unit.record(subject_of(change->id), *event);
  needs_.settle(unit, change_kind, id);
  return shown(unit, change->id, 200);
}

engine::Outcome ChangeDesk::close(engine::Unit& unit, std::string_view id, Ending ending,
                                  const std::string& note) const {
  const auto change = wanted(unit, id);
  if (!change) return std::unexpected(change.error());
  const auto event = changes::close(*change, ending, note);
  if (!event) return std::unexpected(event.error());
  unit.record(subject_of(change->id), *event);
  return shown(unit, change->id, 200);
}

std::vector<Refusal> ChangeDesk::in_the_way(const Snapshot& at, const Change& change,
                                            const Place& place) const {
  Using facts;
  facts.now = at.now;
  const auto form = signed_form(at.tables, at.workspace, change);
  if (!form) return {place_not_touched(change, place)};
  facts.present = digest_of(*form);
  facts.approval = needs_.standing(at, change_kind, change.id.text());
  facts.overdue = overdue_reviews(at.tables, at.workspace, change.content.applications, at.now);
  facts.documents_in_force = are_documents_in_force(at.tables, at.workspace, change.content);
  const Use* last = last_use(change, place);
  facts.last_use_failed = last != nullptr && needs_.has_failed(at.tables, at.workspace, last->use);
  return obstacles(change, place, facts);
}

std::optional<Change> ChangeDesk::tried_again(const Snapshot& at, std::string_view release,
                                              const Place& place) const {
  for (Change& change : begun_changes(at.tables, at.workspace, release, place)) {
    if (in_the_way(at, change, place).empty()) return std::move(change);
  }
  return std::nullopt;
}

std::optional<Governing> ChangeDesk::governing(const Snapshot& at, std::string_view release,
                                               const Place& place) const {
  auto change = governing_change(at.tables, at.workspace, release, place);
  if (!change) change = tried_again(at, release, place);
  if (!change) return std::nullopt;
  Governing out{change->id.text(), change->content.type, change->content.window,
                in_the_way(at, *change, place)};
  out.risk = change->content.risk.risk;
  out.state = change->state;
  out.overdue_review =
      !overdue_reviews(at.tables, at.workspace, change->content.applications, at.now).empty();
  return out;
}

std::optional<Refusal> ChangeDesk::why_not_user(
    engine::Unit& unit, const std::optional<std::string>& change,
    const std::optional<std::string>& freeze_override) const {
  if (freeze_override) {
    if (auto refusal = needs_.why_not_user(unit, override_kind, *freeze_override)) return refusal;
  }
  const auto found = change ? find_change(unit.tables(), unit.workspace(), *change) : std::nullopt;
  if (!found) return std::nullopt;
  if (found->content.type == ChangeType::emergency && !has_owner(unit)) {
    return nobody_answers(*found);
  }
  return needs_.why_not_user(unit, change_kind, *change);
}

Decided<void> ChangeDesk::use(engine::Unit& unit, std::string_view id, const Place& place,
                              const std::string& use) const {
  const auto change = wanted(unit, id);
  if (!change) return std::unexpected(change.error());
  const Snapshot at = snapshot_of(unit);
  auto refusals = in_the_way(at, *change, place);
  if (!refusals.empty()) return refuse(std::move(refusals.front()));
  // Asked for each place: at the second its approval is used up already.
  if (auto refusal = why_not_user(unit, change->id.text(), std::nullopt)) {
    return refuse(std::move(*refusal));
  }
  ChangeUsed event = changes::use(*change, place, use, unit.now());
  const bool has_approval =
      needs_.standing(at, change_kind, id).state == approvals::Standing::State::granted;
  const bool is_used_up = change->state == State::implementing && !was_used(*change, place);
  if (!is_used_up && has_approval) {
    auto approval = needs_.consume(unit, change_kind, id, use);
    if (!approval) return std::unexpected(std::move(approval).error());
    event.approval = std::move(*approval);
  }
  unit.record(subject_of(change->id), event);
  if (event.review_due) unit.set_timer(kReviewTimer, change->id.text(), *event.review_due);
  return {};
}

engine::Outcome ChangeDesk::start(engine::Unit& unit, std::string_view id,
                                  const Place& place) const {
  const auto change = wanted(unit, id);
  if (!change) return std::unexpected(change.error());
  const bool is_deployed =
      std::ranges::any_of(change->content.releases, [&](const LinkedRelease& release) {
        return release.name.starts_with(place.application + "@");
      });
  if (is_deployed) {
    return refuse(started_by_deployment(place));
  }
  const auto freezes =
      catalog::freezes_at(catalog::freezes_in_force(unit.tables(), unit.workspace()),
                          {place.application, place.environment}, unit.now());
  if (!freezes.empty()) {
    const auto lift = this->lift(snapshot_of(unit), place, "", id);
    if (!lift || !lifts(*lift, freezes)) return refuse(frozen(place, freezes));
    if (auto used = use_lift(unit, lift->id, "change " + std::string(id)); !used) {
      return std::unexpected(std::move(used).error());
    }
  }
  if (change->content.type != ChangeType::emergency) {
    for (const auto& incident : incidents::open_incidents(unit.tables(), unit.workspace())) {
      if (!incidents::is_major(incident.severity)) continue;
      if (incidents::is_affected(incident, place.application, place.environment)) {
        return refuse(incident_open(incident.id.text(), incident.title));
      }
    }
  }
  if (auto used = use(unit, id, place, "by hand"); !used) {
    return std::unexpected(std::move(used).error());
  }
  return shown(unit, change->id, 200);
}

engine::Outcome ChangeDesk::refused(engine::Unit& unit, const Change& change, EmergencyAct act,
                                    const Refusal& refusal) {
  if (!is_evidence(refusal.code)) return std::unexpected(refusal);
  // The first of each kind; more of them prove nothing new.
  const bool is_known = std::ranges::any_of(change.refused_acts, [&](const RefusedAct& one) {
    return one.act == act && one.actor == unit.actor().id && one.code == refusal.code;
  });
  if (is_known || change.refused_acts.size() >= refused_acts_max) return std::unexpected(refusal);
  unit.record(subject_of(change.id), EmergencyActRefused{change.id, act, refusal.code});
  return engine::edge::problem_answer(refusal);
}

engine::Outcome ChangeDesk::endorse(engine::Unit& unit, std::string_view id, const Digest& shown,
                                    const std::string& reason) const {
  const auto change = wanted(unit, id);
  if (!change) return std::unexpected(change.error());
  const auto content =
      must(content_of(unit.tables(), unit.objects(), unit.workspace(), *change, unit.now()));
  if (!content) return refuse(document_changed(*change));
  Reviewer by{unit.actor().kind, unit.actor().id};
  // Who endorsed it before may do so again, as it is now.
  by.has_part = !content->unknown_people.empty() ||
                std::ranges::any_of(content->involved, [&](const approvals::Involved& one) {
                  return one.person == by.person && one.part != approvals::Part::endorser;
                });
  by.has_approved = has_approved(unit, *change, by.person);
  if (change->content.path) {
    const auto path =
        EmergencyPaths::find(unit.tables(), unit.workspace(), change->content.path->name);
    by.is_endorser =
        path && path->record.state == RecordState::active && has_role(unit, path->record.endorsers);
  }
  const auto event = changes::endorse(*change, by, shown, content->digest, reason);
  if (!event) return refused(unit, *change, EmergencyAct::endorsement, event.error());
  unit.record(subject_of(change->id), *event);
  return this->shown(unit, change->id, 200);
}

engine::Outcome ChangeDesk::review(engine::Unit& unit, std::string_view id,
                                   const std::string& findings) const {
  const auto change = wanted(unit, id);
  if (!change) return std::unexpected(change.error());
  Reviewer by{unit.actor().kind, unit.actor().id};
  const auto is_behind = [&](const std::string& actor) {
    return may_be_behind(unit, actor, by.person);
  };
  by.has_part = is_behind(change->created_by) || std::ranges::any_of(change->editors, is_behind);
  by.has_endorsed = std::ranges::any_of(change->endorsers, is_behind);
  by.carried_out =
      std::ranges::any_of(change->uses, [&](const Use& use) { return is_behind(use.by); });
  const auto event = changes::review(*change, by, unit.now(), findings);
  if (!event) return refused(unit, *change, EmergencyAct::review, event.error());
  unit.record(subject_of(change->id), *event, {{"/findings", unit.actor().id, findings}});
  unit.cancel_timer(kReviewTimer, change->id.text());
  return shown(unit, change->id, 200);
}

void ChangeDesk::foresee(const Snapshot& at, const Change& change, ChangeView& view) const {
  const auto content = must(content_of(at.tables, at.objects, at.workspace, change, at.now));
  if (!content) return;
  view.digest = content->digest;
  view.warnings = content->warnings;
  if (change.state != State::draft) return;
  const auto fields = fields_of(change);
  const auto foreseen = needs_.foresee(at, *content, fields);
  if (!foreseen) {
    view.untold = foreseen.error().sentence;
    return;
  }
  for (const approvals::Demand& demand : foreseen->demands) {
    view.needs.push_back(need_view(demand));
  }
  for (const std::string& field : foreseen->required_fields) {
    if (!fields.contains(field)) view.missing_fields.push_back(field);
  }
  if (view.needs.empty() && change.content.type != ChangeType::standard) {
    view.untold = "No approval policy in force says who approves it, so it cannot be submitted.";
  }
}

ChangeView ChangeDesk::view(const Snapshot& at, const Change& change) const {
  ChangeView view;
  view.change = change;
  view.planned = window_text(change.content.window, change.content.zone);
  view.phase = describe::enum_text(change.state);
  if (change.state == State::draft || is_open(change.state)) {
    foresee(at, change, view);
    view.conflicts = conflicts_of(at.tables, at.workspace, change);
  }
  if (is_open(change.state)) {
    const auto standing = needs_.standing(at, change_kind, change.id.text());
    view.approval = approval_view(standing);
    view.phase = phase_of(change, standing);
  }
  return view;
}

engine::Outcome ChangeDesk::shown(engine::Unit& unit, const ChangeId& id, int status) const {
  return engine::edge::answer(
      view(snapshot_of(unit), *find_change(unit.tables(), unit.workspace(), id.text())), status);
}

}  // namespace holdpoint::changes
