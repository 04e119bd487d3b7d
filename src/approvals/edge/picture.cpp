// See picture.hpp.
#include "approvals/edge/picture.hpp"

#include <algorithm>

#include "approvals/edge/approval_queries.hpp"
#include "approvals/edge/policy_editor_queries.hpp"
#include "identity/edge/delegation_queries.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/role_queries.hpp"
#include "incidents/edge/incident_queries.hpp"

namespace holdpoint::approvals {
namespace {

void sort_distinct(std::vector<std::string>& people) {
  std::ranges::sort(people);
  const auto [first, last] = std::ranges::unique(people);
  people.erase(first, last);
}

std::vector<std::string> both(const std::vector<std::string>& some,
                              const std::vector<std::string>& others) {
  std::vector<std::string> out = some;
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

}  // namespace

Place place_of(engine::Unit& unit) {
  return {unit.tables(), unit.objects(), unit.workspace(), unit.now()};
}

std::vector<IncidentPlace> places_of(const Request& request,
                                     const std::optional<SubjectContent>& content) {
  std::vector<IncidentPlace> places;
  if (content) {
    const auto add = [&](const policy::ApprovalFacts& facts) {
      if (!facts.environment) return;
      places.push_back({facts.application.name, facts.environment->name});
    };
    add(content->facts);
    for (const policy::ApprovalFacts& place : content->places) add(place);
  }
  if (places.empty() && request.environment) {
    places.push_back({request.application.value_or(""), *request.environment});
  }
  return places;
}

const std::vector<std::string>& Gatherer::holders(const std::string& role, Instant at) {
  const auto [row, is_new] = holders_.try_emplace({role, at.us});
  if (is_new) {
    for (const identity::PersonId& id :
         identity::people_of_role(place_.tables, place_.workspace, role, at)) {
      row->second.push_back(id.text());
    }
  }
  return row->second;
}

std::vector<std::string> Gatherer::people_of(const std::vector<std::string>& roles,
                                             const std::vector<std::string>& people, Instant at) {
  std::vector<std::string> out;
  for (const std::string& role : roles) {
    const auto& of_role = holders(role, at);
    out.insert(out.end(), of_role.begin(), of_role.end());
  }
  for (const std::string& person : people) {
    if (identity::is_active_person(place_.tables, person)) out.push_back(person);
  }
  sort_distinct(out);
  return out;
}

Result<std::optional<SubjectContent>> Gatherer::content_of(const Request& request) {
  const auto from = std::ranges::find(sources_, request.subject.kind, &SubjectSource::kind);
  if (from == sources_.end()) return std::nullopt;
  return from->read(place_.tables, place_.objects, place_.workspace, request.subject.id,
                    place_.now);
}

bool Gatherer::has_use_failed(const Request& request) const {
  if (request.state != State::consumed || request.retries == 0 || !request.used_for) return false;
  const auto from = std::ranges::find(sources_, request.subject.kind, &SubjectSource::kind);
  return from != sources_.end() && from->has_failed &&
         from->has_failed(place_.tables, place_.workspace, *request.used_for);
}

const std::vector<incidents::Incident>& Gatherer::open_major() {
  if (!incidents_) {
    incidents_ = incidents::open_incidents(place_.tables, place_.workspace);
    std::erase_if(*incidents_, [](const incidents::Incident& one) {
      return !incidents::is_major(one.severity);
    });
  }
  return *incidents_;
}

std::vector<incidents::Incident> Gatherer::major_incidents(
    const std::vector<IncidentPlace>& places) {
  std::vector<incidents::Incident> out;
  for (const incidents::Incident& one : open_major()) {
    const bool is_near = std::ranges::any_of(places, [&](const IncidentPlace& place) {
      return incidents::is_affected(one, place.application, place.environment);
    });
    if (is_near) out.push_back(one);
  }
  return out;
}

std::vector<incidents::Incident> Gatherer::pausing(const Request& request) {
  if (open_major().empty()) return {};
  const auto content = content_of(request);
  if (!content) return request.environment ? major_incidents(places_of(request, {})) : open_major();
  if (*content && (**content).in_emergency) return {};
  return major_incidents(places_of(request, *content));
}

void Gatherer::add_askers(const Request& request, Situation& out) {
  const auto add = [&](const Asker& asker, Part part) {
    const auto people =
        identity::owner_of_actor(place_.tables, place_.workspace, asker.kind, asker.id);
    for (const identity::PersonId& person : people) {
      out.involved.push_back({person.text(), part});
    }
    // Nobody to answer for who asked: it cannot be told who has to be left out.
    if (people.empty()) out.unknown_people.push_back(asker.id);
  };
  add({request.requested_by_kind, request.requested_by}, Part::requester);
  // To let somebody else ask once more is no way to approve what one asked for.
  const auto earlier = earlier_askers(place_.tables, place_.workspace, request);
  for (const Asker& asker : earlier) add(asker, Part::earlier_requester);
  if (earlier.size() > earlier_askers_max) {
    out.unknown_people.push_back("one of more than " + std::to_string(earlier_askers_max) +
                                 " who asked for it before");
  }
}

void Gatherer::add_content(const SubjectContent& content, Situation& out) {
  out.present = content.digest;
  out.involved.insert(out.involved.end(), content.involved.begin(), content.involved.end());
  out.unknown_people.insert(out.unknown_people.end(), content.unknown_people.begin(),
                            content.unknown_people.end());
  out.warnings = content.warnings;
}

void Gatherer::add_backups(const Request& request, Situation& out) {
  for (const FiredEscalation& fired : request.fired) {
    const Escalation* level = level_of(request, fired);
    if (level == nullptr || fired.people.empty()) continue;
    // Who was on call when it fired, and holds what put them there still.
    const auto roles = both(level->roles, level->approval_roles);
    add_reached(request, fired, people_of(roles, level->people, fired.at), out);
  }
}

void Gatherer::add_stand_ins(Situation& out) {
  if (!stand_ins_) {
    stand_ins_.emplace();
    for (const identity::Delegation& one :
         identity::delegations_at(place_.tables, place_.workspace, place_.now)) {
      StandIn stand_in{one.delegator.text(), one.delegate.text(), one.starts_at, one.ends_at,
                       one.roles};
      // Nobody lends a role that they do not fill themselves.
      std::erase_if(stand_in.approval_roles, [&](const std::string& role) {
        return !std::ranges::binary_search(
            identity::people_of_role(place_.tables, place_.workspace, role, place_.now),
            one.delegator);
      });
      if (one.roles.empty() || !stand_in.approval_roles.empty()) {
        stand_ins_->push_back(std::move(stand_in));
      }
    }
  }
  out.stand_ins = *stand_ins_;
}

Result<Picture> Gatherer::of(const Request& request) {
  Picture picture;
  Situation& out = picture.situation;
  out.now = place_.now;
  for (const Demand& demand : request.demands) {
    out.holders.push_back(
        people_of(both(demand.roles, demand.approval_roles), demand.people, place_.now));
  }
  add_askers(request, out);
  add_policy_editors(place_.tables, place_.workspace, request, out);
  HP_TRY(picture.content, content_of(request));
  if (picture.content) add_content(*picture.content, out);
  out.use_failed = has_use_failed(request);
  add_backups(request, out);
  add_stand_ins(out);
  const bool in_emergency = picture.content && picture.content->in_emergency;
  if (!in_emergency && !open_major().empty()) {
    for (const incidents::Incident& one : major_incidents(places_of(request, picture.content))) {
      out.paused_by.push_back(one.id.text() + " " + one.title);
    }
  }
  return picture;
}

}  // namespace holdpoint::approvals
