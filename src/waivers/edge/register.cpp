// Asking for waivers, bringing them into force and ending them, inside a unit of work.
#include "approvals/edge/approval_queries.hpp"
#include "releases/edge/release_queries.hpp"
#include "waivers/edge/waivers_edge.hpp"

namespace holdpoint::waivers {
namespace {

using engine::must;

ledger::Subject subject_of(const WaiverId& id) { return {"waiver", id.text()}; }

}  // namespace

engine::Outcome Register::request(engine::Unit& unit, const RequestWaiver& command) const {
  auto& tables = unit.tables();
  const auto release = releases::find_release(tables, unit.workspace(), command.release);
  if (!release) return refuse(releases::release_not_found(command.release));
  const auto open_now = [&] {
    return open_waivers(tables, unit.workspace(), release->application, release->id.text());
  };
  end_unapproved(unit, open_now(), command);
  Requesting facts{
      .id = unit.new_id<WaiverId>(),
      .now = unit.now(),
      .application = release->application,
      .release = release->id.text(),
      .version = release->version,
      .standing = must(needs_.standing(tables, unit.objects(), unit.workspace(), release->id.text(),
                                       command.criteria, command.rule)),
      .owner = needs_.person(unit, command.owner),
      .open = open_now()};
  const auto newest = needs_.newest_judged(tables, unit.workspace(), release->application);
  if (newest && *newest != facts.release) {
    facts.standing_in_newest = must(needs_.standing(tables, unit.objects(), unit.workspace(),
                                                    *newest, command.criteria, command.rule));
    if (facts.standing && facts.standing->violations) {
      facts.looked_for_in_newest =
          must(needs_.looked_for(tables, unit.objects(), unit.workspace(), facts.release, *newest,
                                 *facts.standing->violations));
    }
  }
  const auto requested = waivers::request(command, facts);
  if (!requested) return refuse(requested.error());
  unit.record(subject_of(requested->id), *requested,
              {{std::string(engine::reason_path), unit.actor().id, command.reason}});
  const auto waiver = find_waiver(tables, unit.workspace(), requested->id.text());
  auto approval = needs_.ask(unit, *waiver);
  if (!approval) return std::unexpected(std::move(approval).error());
  unit.set_timer(kExpiryTimer, requested->id.text(), command.until);
  return engine::edge::answer(WaiverMoved{requested->id, State::requested, std::move(*approval)},
                              201);
}

void Register::end_unapproved(engine::Unit& unit, const std::vector<Waiver>& open,
                              const RequestWaiver& command) const {
  for (const Waiver& one : open) {
    const bool is_same_rule = one.criteria == command.criteria && one.rule == command.rule;
    if (one.state != State::requested || !is_same_rule) continue;
    // One that lacks nobody any more is not over: it was asked for already.
    const auto approval =
        needs_.approval(unit.tables(), unit.objects(), unit.workspace(), one.id.text(), unit.now());
    if (approval.state != approvals::Standing::State::missing) continue;
    needs_.settle(unit, one.id.text());
    const auto request =
        approvals::latest_request(unit.tables(), unit.workspace(), subject_kind, one.id.text());
    if (!request || request->state == approvals::State::consumed) {
      end(unit, one, State::withdrawn, "nobody is asked for its approval any more");
    } else {
      approval_moved(unit, request->id.text());
    }
  }
}

void Register::end(engine::Unit& unit, const WaiverEnded& ended, const std::string& reason) {
  unit.record(subject_of(ended.id), ended,
              {{std::string(engine::reason_path), unit.actor().id, reason}});
  unit.cancel_timer(kExpiryTimer, ended.id.text());
}

void Register::end(engine::Unit& unit, const Waiver& waiver, State state, std::string because) {
  unit.record(subject_of(waiver.id), WaiverEnded{waiver.id, state, std::move(because)});
  unit.cancel_timer(kExpiryTimer, waiver.id.text());
}

engine::Outcome Register::withdraw(engine::Unit& unit, std::string_view id,
                                   const std::string& reason) const {
  const auto waiver = find_waiver(unit.tables(), unit.workspace(), id);
  if (!waiver) return refuse(waiver_not_found(id));
  const auto ended = waivers::withdraw(*waiver, {unit.actor().kind, unit.actor().id}, reason);
  if (!ended) return refuse(ended.error());
  end(unit, *ended, reason);
  const auto request =
      approvals::latest_request(unit.tables(), unit.workspace(), subject_kind, waiver->id.text());
  if (request && approvals::is_open(request->state)) {
    auto withdrawn = needs_.withdraw(unit, request->id.text());
    if (!withdrawn) return withdrawn;
  }
  return engine::edge::answer(WaiverMoved{waiver->id, ended->state, std::nullopt});
}

engine::Outcome Register::revoke(engine::Unit& unit, std::string_view id,
                                 const std::string& reason) const {
  const auto waiver = find_waiver(unit.tables(), unit.workspace(), id);
  if (!waiver) return refuse(waiver_not_found(id));
  const auto ended = waivers::revoke(*waiver, reason);
  if (!ended) return refuse(ended.error());
  end(unit, *ended, reason);
  return engine::edge::answer(WaiverMoved{waiver->id, ended->state, std::nullopt});
}

Result<Presence> Register::presence(engine::Connection& tables, engine::ObjectStore& objects,
                                    std::string_view workspace, const Waiver& waiver) const {
  HP_TRY(const auto standing,
         needs_.standing(tables, objects, workspace, waiver.release, waiver.criteria, waiver.rule));
  return presence_of(standing, waiver.violation);
}

void Register::approval_moved(engine::Unit& unit, std::string_view request_id) const {
  auto& tables = unit.tables();
  const auto request = approvals::find_request(tables, unit.workspace(), request_id);
  if (!request || request->subject.kind != subject_kind) return;
  const auto waiver = find_waiver(tables, unit.workspace(), request->subject.id);
  if (!waiver || waiver->state != State::requested) return;
  switch (request->state) {
    case approvals::State::pending:
    case approvals::State::superseded:
    case approvals::State::consumed: return;
    case approvals::State::rejected:
      return end(unit, *waiver, State::rejected, "whoever was to approve it did not");
    case approvals::State::expired:
      return end(unit, *waiver, State::expired, "nobody decided in time");
    case approvals::State::withdrawn:
    case approvals::State::revoked:
      return end(unit, *waiver, State::withdrawn, "the request for its approval was withdrawn");
    case approvals::State::invalidated:
      return end(unit, *waiver, State::moot, "the violation is gone");
    case approvals::State::granted: break;
  }
  if (waiver->expires_at <= unit.now()) {
    return end(unit, *waiver, State::expired, "it was approved when its time was over");
  }
  if (must(presence(tables, unit.objects(), unit.workspace(), *waiver)) != Presence::there) {
    return end(unit, *waiver, State::moot, "it was approved when the violation was gone");
  }
  const auto used = needs_.consume(unit, waiver->id);
  if (!used) return end(unit, *waiver, State::rejected, used.error().sentence);
  unit.record(subject_of(waiver->id), WaiverGranted{waiver->id, *used});
}

void Register::expire(engine::Unit& unit, std::string_view id) const {
  const auto waiver = find_waiver(unit.tables(), unit.workspace(), id);
  if (!waiver || !is_open(waiver->state) || unit.now() < waiver->expires_at) return;
  end(unit, *waiver, State::expired, "its time is over");
}

}  // namespace holdpoint::waivers
