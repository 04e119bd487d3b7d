// See access_reviews.hpp.
#include "identity/edge/access_reviews.hpp"

#include <algorithm>

#include "engine/edge/api.hpp"
#include "identity/edge/access_review_queries.hpp"
#include "identity/edge/delegation_queries.hpp"
#include "identity/edge/queries.hpp"
#include "identity/edge/role_queries.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

namespace api = engine::edge;
using engine::must;

ledger::Subject subject_of(const AccessReviewId& id) { return {"access_review", id.text()}; }

ObjectRef keep(engine::Unit& unit, std::string_view bytes) {
  return ObjectRef{must(unit.objects().put(bytes)).digest};
}

template <class T>
std::optional<Refusal> refusal_of(const Decided<T>& decided) {
  if (decided) return std::nullopt;
  return decided.error();
}

/// What is gone already needs no removal.
std::optional<Refusal> remove_assignment(engine::Unit& unit, const RightLine& line) {
  auto& tables = unit.tables();
  const auto assignment = find_assignment(tables, unit.workspace(), line.source);
  if (!assignment) return std::nullopt;
  if (auto needed = why_needed(line, administrators_of(tables, unit.workspace()))) return needed;
  const auto ended =
      decide_unassignment(assignment, unit.workspace(), server_administrators(tables));
  if (!ended) return ended.error();
  unit.record({std::string(describe::enum_text(ended->actor_kind)), ended->actor_id}, *ended);
  return std::nullopt;
}

std::optional<Refusal> remove_member(engine::Unit& unit, const RightLine& line) {
  const auto id = TeamId::parse(line.source);
  auto team = id ? Teams::get(unit.tables(), unit.workspace(), *id) : std::nullopt;
  if (!team) return std::nullopt;
  const auto gone = std::erase_if(
      team->record.members, [&](const PersonId& person) { return person.text() == line.person; });
  if (gone == 0) return std::nullopt;
  return refusal_of(Teams::change(unit, team->record, team->revision));
}

/// Takes the person out of every turn. A rota without anybody in it would be a gap that nobody
/// sees.
bool leaves_rota(Rota& rota, const std::string& person) {
  const auto is_person = [&](const PersonId& one) { return one.text() == person; };
  for (RotaLayer& layer : rota.layers) {
    std::erase_if(layer.people, is_person);
    if (layer.people.empty()) return false;
  }
  std::erase_if(rota.overrides, [&](const RotaOverride& one) { return is_person(one.person); });
  return true;
}

std::optional<Refusal> remove_from_role(engine::Unit& unit, const RightLine& line) {
  const auto id = ApprovalRoleId::parse(line.source);
  auto role = id ? ApprovalRoles::get(unit.tables(), unit.workspace(), *id) : std::nullopt;
  if (!role) return std::nullopt;
  const ApprovalRole before = role->record;
  if (line.kind == RightKind::named) {
    std::erase_if(role->record.people,
                  [&](const PersonId& person) { return person.text() == line.person; });
  } else if (role->record.rota && !leaves_rota(*role->record.rota, line.person)) {
    return right_not_removable(line, "nobody would be left in a layer of the rota.");
  }
  if (to_json_text(before) == to_json_text(role->record)) return std::nullopt;
  return refusal_of(ApprovalRoles::change(unit, role->record, role->revision));
}

std::optional<Refusal> remove_delegation(engine::Unit& unit, const RightLine& line) {
  const auto delegation = find_delegation(unit.tables(), unit.workspace(), line.source);
  const bool is_live = delegation && !delegation->revoked_at && unit.now() < delegation->ends_at;
  if (!is_live) return std::nullopt;
  unit.record({"delegation", line.source},
              DelegationRevoked{delegation->id, delegation->delegator, delegation->delegate});
  return std::nullopt;
}

std::optional<Refusal> remove(engine::Unit& unit, const RightLine& line) {
  switch (line.kind) {
    case RightKind::role: return remove_assignment(unit, line);
    case RightKind::team_member: return remove_member(unit, line);
    case RightKind::named:
    case RightKind::on_call: return remove_from_role(unit, line);
    case RightKind::delegation: return remove_delegation(unit, line);
  }
  return std::nullopt;
}

void close(engine::Unit& unit, const AccessReview& review, const RightsSnapshot& snapshot) {
  const Answers answers = answers_of(unit.tables(), unit.workspace(), review.id.text());
  ReviewRecord record{.id = review.id,
                      .title = review.title,
                      .started_by = review.started_by,
                      .started_at = {review.started_at},
                      .closed_at = {unit.now()},
                      .lines = snapshot.lines,
                      .answers = {}};
  AccessReviewClosed closed{.id = review.id};
  for (const auto& [line, answer] : answers) {
    record.answers.push_back(answer);
    const bool is_removed =
        answer.answer == LineAnswer::removed || answer.answer == LineAnswer::overdue_removed;
    if (is_removed) ++closed.removed;
    if (answer.answer == LineAnswer::confirmed) ++closed.confirmed;
    if (is_overdue(answer.answer)) ++closed.unanswered;
  }
  closed.record = keep(unit, to_json_text(record));
  unit.record(subject_of(review.id), closed);
  unit.cancel_timer(kReviewTimer, review.id.text());
}

engine::Outcome shown(engine::Unit& unit, const AccessReviewId& id, int status = 200) {
  return api::answer(*find_access_review(unit.tables(), unit.workspace(), id.text()), status);
}

}  // namespace

engine::Outcome start_review(engine::Unit& unit, const StartAccessReview& command) {
  auto& tables = unit.tables();
  const RightsSnapshot snapshot{1, approval_rights(tables, unit.workspace(), unit.now())};
  const auto why_not = why_not_start(
      command, unit.now(), count_open_reviews(tables, unit.workspace()), snapshot.lines.size());
  if (why_not) return refuse(*why_not);
  const AccessReviewStarted started{.id = unit.new_id<AccessReviewId>(),
                                    .title = command.title,
                                    .snapshot = keep(unit, to_json_text(snapshot)),
                                    .lines = static_cast<std::int64_t>(snapshot.lines.size()),
                                    .due = {command.due},
                                    .unanswered = command.unanswered.value_or(Unanswered::keep)};
  unit.record(subject_of(started.id), started);
  unit.set_timer(kReviewTimer, started.id.text(), command.due);
  return shown(unit, started.id, 201);
}

engine::Outcome answer_lines(engine::Unit& unit, std::string_view id, const AnswerLines& command,
                             LineAnswer answer) {
  const auto review = find_access_review(unit.tables(), unit.workspace(), id);
  if (!review) return refuse(access_review_not_found(id));
  const auto lines = answerable(*review, must(snapshot_of(unit.objects(), *review)),
                                answers_of(unit.tables(), unit.workspace(), id),
                                {unit.actor().kind, unit.actor().id}, command, answer, unit.now());
  if (!lines) return refuse(lines.error());
  AccessLinesAnswered answered{.id = review->id, .lines = {}, .answer = answer};
  for (const RightLine& line : *lines) {
    if (answer == LineAnswer::removed) {
      if (auto refusal = remove(unit, line)) return refuse(std::move(*refusal));
    }
    answered.lines.push_back(line.line);
  }
  std::vector<engine::Personal> personal;
  if (command.reason) {
    personal.push_back({std::string(engine::reason_path), unit.actor().id, *command.reason});
  }
  unit.record(subject_of(review->id), answered, std::move(personal));
  return shown(unit, review->id);
}

engine::Outcome close_review(engine::Unit& unit, std::string_view id) {
  const auto review = find_access_review(unit.tables(), unit.workspace(), id);
  if (!review) return refuse(access_review_not_found(id));
  if (const auto why_not =
          why_not_close(*review, answers_of(unit.tables(), unit.workspace(), id))) {
    return refuse(*why_not);
  }
  close(unit, *review, must(snapshot_of(unit.objects(), *review)));
  return shown(unit, review->id);
}

void close_due_review(engine::Unit& unit, const std::string& id) {
  const auto review = find_access_review(unit.tables(), unit.workspace(), id);
  if (!review || review->closed_at || unit.now() < review->due) return;
  const RightsSnapshot snapshot = must(snapshot_of(unit.objects(), *review));
  const Answers answers = answers_of(unit.tables(), unit.workspace(), id);
  AccessLinesAnswered kept{.id = review->id, .lines = {}, .answer = LineAnswer::overdue_kept};
  AccessLinesAnswered removed{.id = review->id, .lines = {}, .answer = LineAnswer::overdue_removed};
  AccessLinesAnswered needed{.id = review->id, .lines = {}, .answer = LineAnswer::overdue_needed};
  for (const RightLine& line : snapshot.lines) {
    if (answers.contains(line.line)) continue;
    if (review->unanswered == Unanswered::keep) {
      kept.lines.push_back(line.line);
      continue;
    }
    // What cannot be removed is stated as kept: the record never says more than what happened.
    const auto refusal = remove(unit, line);
    const bool is_needed = refusal && refusal->code == "last_administrator";
    (is_needed ? needed : refusal ? kept : removed).lines.push_back(line.line);
  }
  for (const AccessLinesAnswered& one : {kept, removed, needed}) {
    if (!one.lines.empty()) unit.record(subject_of(review->id), one);
  }
  close(unit, *review, snapshot);
}

}  // namespace holdpoint::identity
