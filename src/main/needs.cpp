// See needs.hpp.
#include "main/needs.hpp"

#include <algorithm>

#include "approvals/edge/lower_sources.hpp"
#include "certification/edge/certification_edge.hpp"
#include "deployments/edge/promotion_source.hpp"
#include "deployments/promotion.hpp"
#include "identity/access_review.hpp"
#include "identity/directory.hpp"
#include "identity/edge/people.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/queries.hpp"
#include "main/access_review_subject.hpp"
#include "main/document_subject.hpp"
#include "notifications/edge/notifications_edge.hpp"

namespace holdpoint::main {
namespace {

using approvals::Desk;
using approvals::SubjectSource;

/// What people are told: by approvals and by rollbacks in the same words.
template <class News>
notifications::Notice notice_of(engine::Unit& unit, const News& news) {
  notifications::Notice notice;
  notice.topic = news.topic;
  notice.subject = news.subject;
  notice.people = news.people;
  notice.sentence = news.sentence;
  notice.due = news.due;
  notice.command = news.command;
  notice.about = news.about;
  notice.application = news.application;
  notice.actor = notifications::Actor{unit.actor().kind, unit.actor().id};
  return notice;
}

/// The id of the request as text, or why there is none.
Decided<std::string> id_of(const Decided<approvals::RequestId>& request) {
  if (!request) return std::unexpected(request.error());
  return request->text();
}

approvals::Place place_of(const changes::Snapshot& at) {
  return {at.tables, at.objects, at.workspace, at.now};
}

/// The order as the tool receives it: what it acts by stands in the details.
notifications::Notice notice_of(engine::Unit& unit, const rollback::ExecutionOrder& order) {
  notifications::Notice notice;
  notice.topic = "rollback.order";
  notice.subject = "Deploy " + order.application + "@" + order.target.version + " to " +
                   order.environment + " in place of " + order.from_version;
  notice.sentence = std::string(order.is_drill ? "A drill of a rollback" : "A rollback") +
                    " was decided. Carry it out, and say how it ended.";
  notice.due = order.due;
  notice.command = "holdpoint rollback executed " + order.rollback.text();
  notice.about = "rollback_order/" + order.rollback.text();
  notice.application = order.application;
  notice.actor = notifications::Actor{unit.actor().kind, unit.actor().id};
  notice.details = {
      {"rollback", order.rollback.text()},        {"application", order.application},
      {"environment", order.environment},         {"from_version", order.from_version},
      {"version", order.target.version},          {"release", order.target.release},
      {"attempt", std::to_string(order.attempt)}, {"drill", order.is_drill ? "true" : "false"}};
  if (order.target.certification) {
    notice.details->emplace("certification", *order.target.certification);
  }
  return notice;
}

/// Whether the change that was begun by such a use failed in one of its places, where it was begun
/// last. Which place is tried again, the change itself asks.
bool has_change_failed(engine::Connection& tables, std::string_view workspace,
                       std::string_view use) {
  const auto change = changes::change_used_by(tables, workspace, use);
  return change &&
         std::ranges::any_of(changes::places_of(change->content), [&](const changes::Place& place) {
           const changes::Use* last = changes::last_use(*change, place);
           return last != nullptr && deployments::has_use_failed(tables, workspace, last->use);
         });
}

changes::Snapshot of_changes(const deployments::Snapshot& at) {
  return {at.tables, at.objects, at.workspace, at.now};
}

}  // namespace

std::string state_name(approvals::Standing::State state) {
  switch (state) {
    case approvals::Standing::State::not_needed: return "not_needed";
    case approvals::Standing::State::untold: return "untold";
    case approvals::Standing::State::missing: return "missing";
    case approvals::Standing::State::pending: return "pending";
    case approvals::Standing::State::granted: return "granted";
  }
  return "untold";
}

approvals::Telling telling() {
  return {[](engine::Unit& unit, const approvals::News& news) {
            notifications::notify(unit, notice_of(unit, news));
          },
          [](engine::Unit& unit, std::string_view about) { notifications::withdraw(unit, about); }};
}

std::vector<SubjectSource> subject_sources(const std::shared_ptr<waivers::Register>& waivers) {
  std::vector<SubjectSource> sources;
  sources.push_back({std::string(identity::access_review_kind), access_review_content});
  sources.push_back(document_source());
  sources.push_back({.kind = std::string(deployments::promotion_kind),
                     .read = deployments::promotion_content,
                     .has_failed = deployments::has_use_failed});
  sources.push_back({.kind = std::string(changes::change_kind),
                     .read = changes::change_content,
                     .has_failed = has_change_failed});
  sources.push_back({.kind = std::string(changes::override_kind),
                     .read = changes::override_content,
                     .has_failed = deployments::has_use_failed});
  sources.push_back(approvals::proposal_source());
  sources.push_back(approvals::configuration_source());
  sources.push_back({std::string(waivers::subject_kind),
                     [waivers](engine::Connection& tables, engine::ObjectStore& objects,
                               std::string_view workspace, std::string_view id, Instant now) {
                       return waivers->content(tables, objects, workspace, id, now);
                     }});
  return sources;
}

policy::ActivationNeeds activation_needs(const std::shared_ptr<Desk>& desk) {
  policy::ActivationNeeds needs;
  needs.is_demanded = [desk](engine::Unit& unit, const policy::Proposal& proposal) {
    const approvals::Place place = approvals::place_of(unit);
    return desk->is_demanded(
        place, approvals::proposal_kind,
        approvals::content_of(place.tables, place.workspace, proposal, place.now));
  };
  needs.use = [desk](engine::Unit& unit, const policy::Proposal& proposal) {
    const std::string id = proposal.id.text();
    const auto standing = desk->standing(unit.tables(), unit.objects(), unit.workspace(),
                                         approvals::proposal_kind, id, unit.now());
    if (standing.state == approvals::Standing::State::not_needed) return true;
    if (standing.state != approvals::Standing::State::granted) return false;
    return desk->consume(unit, approvals::proposal_kind, id, "policy proposal " + id).has_value();
  };
  needs.standing = [desk](engine::Connection& tables, engine::ObjectStore& objects,
                          std::string_view workspace, const policy::Proposal& proposal,
                          Instant now) -> std::optional<policy::DemandedApproval> {
    const auto standing = desk->standing(tables, objects, workspace, approvals::proposal_kind,
                                         proposal.id.text(), now);
    if (standing.state == approvals::Standing::State::not_needed) return std::nullopt;
    return policy::DemandedApproval{state_name(standing.state), standing.request, standing.detail};
  };
  return needs;
}

waivers::WaiverNeeds waiver_needs(const std::shared_ptr<Desk>& desk,
                                  const std::unique_ptr<engine::Engine>& engine) {
  waivers::WaiverNeeds needs;
  needs.standing = [](engine::Connection& tables, engine::ObjectStore& objects,
                      std::string_view workspace, std::string_view release,
                      std::string_view criteria, std::string_view rule) {
    return certification::rule_standing(tables, objects, workspace, release, criteria, rule);
  };
  needs.newest_judged = [](engine::Connection& tables, std::string_view workspace,
                           std::string_view application) {
    return certification::newest_judged_release(tables, workspace, application);
  };
  needs.looked_for = [](engine::Connection& tables, engine::ObjectStore& objects,
                        std::string_view workspace, std::string_view release,
                        std::string_view other, const std::vector<policy::Violation>& violations) {
    return certification::looked_for(tables, objects, workspace, release, other, violations);
  };
  needs.person = [](engine::Unit& unit, std::string_view reference) {
    const auto person = identity::find_person_named(unit, reference);
    const bool is_active = person && identity::is_active_person(unit.tables(), person->text());
    return is_active ? std::optional(person->text()) : std::nullopt;
  };
  needs.ask = [&desk](engine::Unit& unit, const waivers::Waiver& waiver) {
    return id_of(desk->open(unit, {std::string(waivers::subject_kind),
                                   waiver.id.text(),
                                   "waiver " + waiver.id.text() + " says why",
                                   {{"criteria", waiver.criteria},
                                    {"rule", waiver.rule},
                                    {"scope", std::string(describe::enum_text(waiver.scope))},
                                    {"violation", waiver.violation},
                                    {"owner", waiver.owner},
                                    {"until", waiver.expires_at.text()}}}));
  };
  needs.consume = [&desk](engine::Unit& unit, const waivers::WaiverId& id) {
    return id_of(desk->consume(unit, waivers::subject_kind, id.text(), "waiver " + id.text()));
  };
  needs.approval = [&desk](engine::Connection& tables, engine::ObjectStore& objects,
                           std::string_view workspace, std::string_view waiver, Instant now) {
    return desk->standing(tables, objects, workspace, waivers::subject_kind, waiver, now);
  };
  needs.settle = [&desk](engine::Unit& unit, std::string_view waiver) {
    desk->settle_subject(unit, waivers::subject_kind, waiver);
  };
  needs.withdraw = [&desk](engine::Unit& unit, std::string_view request) {
    return desk->withdraw(unit, request, "the waiver was withdrawn");
  };
  needs.display_name = [&engine](engine::Connection& tables, std::string_view workspace,
                                 const ledger::Actor& actor) {
    return identity::display_name(*engine, tables, workspace, actor.kind, actor.id);
  };
  return needs;
}

changes::ChangeNeeds needs_of_changes(const std::shared_ptr<Desk>& desk) {
  changes::ChangeNeeds needs;
  needs.standing = [desk](const changes::Snapshot& at, std::string_view kind, std::string_view id) {
    return desk->standing(at.tables, at.objects, at.workspace, kind, id, at.now);
  };
  needs.foresee =
      [desk](const changes::Snapshot& at, const approvals::SubjectContent& subject,
             const std::map<std::string, std::string>& fields) -> Decided<changes::Foreseen> {
    auto demanded = desk->foresee(place_of(at), changes::change_kind, subject, fields);
    if (!demanded) return std::unexpected(std::move(demanded).error());
    return changes::Foreseen{std::move(demanded->demands), std::move(demanded->required_fields)};
  };
  needs.open = [desk](engine::Unit& unit, std::string_view kind, std::string_view id,
                      const std::string& reason, const std::map<std::string, std::string>& fields) {
    return id_of(desk->open(unit, {std::string(kind), std::string(id), reason, fields}));
  };
  needs.consume = [desk](engine::Unit& unit, std::string_view kind, std::string_view id,
                         const std::string& use) {
    return id_of(desk->consume(unit, kind, id, use));
  };
  needs.why_not_user = [desk](engine::Unit& unit, std::string_view kind, std::string_view id) {
    return desk->why_not_user(unit, kind, id);
  };
  needs.has_failed = deployments::has_use_failed;
  needs.settle = [desk](engine::Unit& unit, std::string_view kind, std::string_view id) {
    desk->settle_subject(unit, kind, id);
  };
  return needs;
}

deployments::ApprovalNeeds approval_needs(const std::shared_ptr<Desk>& desk) {
  deployments::ApprovalNeeds needs;
  needs.standing = [desk](const deployments::Snapshot& at, std::string_view id) {
    return desk->standing(at.tables, at.objects, at.workspace, deployments::promotion_kind, id,
                          at.now);
  };
  needs.consume = [desk](engine::Unit& unit, std::string_view id,
                         const std::string& use) -> Decided<deployments::UsedApproval> {
    auto request = desk->consume(unit, deployments::promotion_kind, id, use);
    if (!request) return std::unexpected(std::move(request).error());
    const auto used = approvals::find_request(unit.tables(), unit.workspace(), request->text());
    return deployments::UsedApproval{request->text(), used->uses};
  };
  return needs;
}

rollback::RollbackNeeds rollback_needs(const std::unique_ptr<engine::Engine>& engine) {
  rollback::RollbackNeeds needs;
  needs.tell = [](engine::Unit& unit, const rollback::News& news) {
    notifications::notify(unit, notice_of(unit, news));
  };
  needs.take_back = [](engine::Unit& unit, std::string_view about) {
    notifications::withdraw(unit, about);
  };
  needs.hand_over = [](engine::Unit& unit,
                       const rollback::ExecutionOrder& order) -> std::optional<std::string> {
    const auto endpoint =
        notifications::Endpoints::find(unit.tables(), unit.workspace(), order.webhook);
    if (!endpoint || endpoint->record.state != RecordState::active) return std::nullopt;
    return unit.deliver({std::string(describe::enum_text(notifications::Way::webhook)),
                         order.webhook, "rollback.order", "rollback_order/" + order.rollback.text(),
                         to_json_text(notice_of(unit, order))});
  };
  needs.display_name = [&engine](engine::Connection& tables, std::string_view workspace,
                                 const ledger::Actor& actor) {
    return identity::display_name(*engine, tables, workspace, actor.kind, actor.id);
  };
  return needs;
}

deployments::ChangeNeeds change_needs(const std::shared_ptr<const changes::ChangeDesk>& changes) {
  deployments::ChangeNeeds needs;
  needs.governing = [changes](const deployments::Snapshot& at, std::string_view release,
                              const changes::Place& place) {
    return changes->governing(of_changes(at), release, place);
  };
  needs.use = [changes](engine::Unit& unit, const std::string& id, const changes::Place& place,
                        const std::string& use) { return changes->use(unit, id, place, use); };
  needs.lift = [changes](const deployments::Snapshot& at, const changes::Place& place,
                         std::string_view release) {
    return changes->lift(of_changes(at), place, release, "");
  };
  needs.why_not_user = [changes](engine::Unit& unit, const std::optional<std::string>& change,
                                 const std::optional<std::string>& freeze_override) {
    return changes->why_not_user(unit, change, freeze_override);
  };
  needs.use_lift = [changes](engine::Unit& unit, const std::string& id, const std::string& use) {
    return changes->use_lift(unit, id, use);
  };
  return needs;
}

}  // namespace holdpoint::main
