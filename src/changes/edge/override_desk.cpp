// Asking for overrides of freezes, finding the one that is approved, and using it up.
#include "changes/edge/changes_edge.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::changes {
namespace {

ledger::Subject subject_of(const OverrideId& id) { return {std::string(override_kind), id.text()}; }

template <class Records>
bool is_in_use(engine::Unit& unit, const std::string& name) {
  const auto stored = Records::find(unit.tables(), unit.workspace(), name);
  return stored && stored->record.state == RecordState::active;
}

}  // namespace

engine::Outcome ChangeDesk::ask_override(engine::Unit& unit, const StatedOverride& stated) const {
  auto& tables = unit.tables();
  KnownOverride known;
  known.now = unit.now();
  known.has_application = is_in_use<catalog::Applications>(unit, stated.application);
  known.has_environment = is_in_use<catalog::Environments>(unit, stated.environment);
  if (stated.version) {
    const auto release = releases::find_release(tables, unit.workspace(),
                                                stated.application + "@" + *stated.version);
    if (release) {
      known.release = LinkedRelease{release->name(), release->id.text(), release->contents_digest};
    }
  }
  std::optional<Change> change;
  if (stated.change) change = find_change(tables, unit.workspace(), *stated.change);
  known.change = change ? &*change : nullptr;
  if (stated.hours >= 1 && stated.hours <= override_hours_max) {
    known.freezes =
        catalog::freezes_within(catalog::freezes_in_force(tables, unit.workspace()),
                                {stated.application, stated.environment},
                                {unit.now(), unit.now() + Duration::hours(stated.hours)});
  }
  const auto event = ask(stated, unit.new_id<OverrideId>(), known);
  if (!event) return std::unexpected(event.error());
  unit.record(subject_of(event->id), *event, {{"/reason", unit.actor().id, stated.reason}});
  std::map<std::string, std::string> fields{{"reason", "stated with " + event->id.text()}};
  if (stated.incident) fields["incident"] = *stated.incident;
  auto request = needs_.open(unit, override_kind, event->id.text(), "", fields);
  if (!request) return std::unexpected(std::move(request).error());
  return engine::edge::answer(
      OverrideView{*find_override(tables, unit.workspace(), event->id.text()), "pending",
                   std::move(*request), ""},
      201);
}

std::optional<FreezeLift> ChangeDesk::lift(const Snapshot& at, const Place& place,
                                           std::string_view release,
                                           std::string_view change) const {
  for (const FreezeOverride& one : unexpired_overrides(at.tables, at.workspace, place, at.now)) {
    const bool is_for_release = one.release && one.release->id == release;
    const bool is_for_change = one.change && *one.change == change && !change.empty();
    if (!is_for_release && !is_for_change) continue;
    if (one.used_for && !needs_.has_failed(at.tables, at.workspace, *one.used_for)) continue;
    const auto standing = needs_.standing(at, override_kind, one.id.text());
    // What nobody governs is not approved: an override without a policy stays closed.
    if (standing.state != approvals::Standing::State::granted) continue;
    return FreezeLift{one.id.text(), one.freezes};
  }
  return std::nullopt;
}

Decided<void> ChangeDesk::use_lift(engine::Unit& unit, const std::string& id,
                                   const std::string& use) const {
  const auto one = find_override(unit.tables(), unit.workspace(), id);
  if (!one) return refuse(override_not_found(id));
  auto approval = needs_.consume(unit, override_kind, id, use);
  if (!approval) return std::unexpected(std::move(approval).error());
  unit.record(subject_of(one->id),
              FreezeOverrideUsed{one->id, use, one->freezes, std::move(*approval)});
  return {};
}

OverrideView ChangeDesk::view(const Snapshot& at, const FreezeOverride& one) const {
  OverrideView view{one, "", "", ""};
  if (one.used_for) {
    view.phase = "used";
    return view;
  }
  if (!is_live(one, at.now)) {
    view.phase = "over";
    return view;
  }
  const auto standing = needs_.standing(at, override_kind, one.id.text());
  view.phase = approval_view(standing).state;
  view.request = standing.request.value_or("");
  view.detail = standing.detail;
  return view;
}

}  // namespace holdpoint::changes
