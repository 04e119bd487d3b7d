// How a subject stands with the approval that policies ask for, as its gate wants to know it.
#include <algorithm>

#include "approvals/edge/approvals_edge.hpp"
#include "approvals/edge/policy_editor_queries.hpp"
#include "approvals/refusals.hpp"

namespace holdpoint::approvals {
namespace {

/// "technical 1 of 2, board 0 of 1", and who may still sign.
void describe_stages(const RequestView& view, Standing& standing) {
  for (const StageView& stage : view.stages) {
    if (stage.satisfied) continue;
    standing.detail += (standing.detail.empty() ? "" : ", ") + stage.stage + " " +
                       std::to_string(stage.have) + " of " + std::to_string(stage.need);
    if (!stage.reached) continue;
    for (const std::string& person : stage.may_sign) {
      const bool is_there = std::ranges::find(standing.may_sign, person) != standing.may_sign.end();
      const bool has_signed = std::ranges::find(stage.signers, person) != stage.signers.end();
      if (!is_there && !has_signed) standing.may_sign.push_back(person);
    }
  }
  if (!view.unknown_people.empty()) {
    standing.detail += "; somebody with a part in it is not known here";
  }
  if (!view.paused_by.empty()) standing.detail += "; paused by an incident";
}

/// Open, or used and good for another use after a failure.
bool is_usable(const Request& request) {
  return is_open(request.state) || (request.state == State::consumed && request.retries > 0);
}

/// What the policies in force ask of a request that lacks nobody, and who has to sign for it again.
struct Lacking {
  Refusal refusal;
  std::vector<std::string> sign_again;
};

/// What stands without those who are kept from signing by a longer time than it was asked for with.
std::optional<Lacking> lacking_editors(const Place& place, const Request& request,
                                       const Situation& situation, const Demanded& wanted) {
  if (wanted.exclude_editors_us <= request.exclude_editors_us.value_or(0)) return std::nullopt;
  Request longer = request;
  longer.policies = wanted.policies;
  longer.exclude_editors_us = wanted.exclude_editors_us;
  Situation without = situation;
  add_policy_editors(place.tables, place.workspace, longer, without);
  const bool holds = without.unknown_people.empty() &&
                     tally_of(longer, without, standing_votes(longer, without)).granted;
  if (holds) return std::nullopt;
  const Outgrown over{{"signatures of people who did not change the policy within " +
                       duration_text(Duration{wanted.exclude_editors_us}) + " before the request"},
                      {}};
  return Lacking{terms_changed(request, over), {}};
}

std::optional<Lacking> lacking(const Place& place, const Request& request,
                               const Situation& situation, const Demanded& wanted) {
  if (!covers(request, wanted.demands)) return Lacking{demands_changed(), {}};
  const bool is_another_use = request.state == State::consumed;
  if (is_another_use && request.uses > wanted.retries) return Lacking{no_retry_left(request), {}};
  auto over = outgrown(request, situation, wanted.terms);
  if (!over) return lacking_editors(place, request, situation, wanted);
  // Nobody signs again for what was used, or for what time has run out.
  if (is_another_use || has_run_out(request, situation.now)) over->sign_again.clear();
  return Lacking{terms_changed(request, *over), std::move(over->sign_again)};
}

std::string ending_of(const Request& request) {
  return "the request " + request.id.text() + " is " +
         std::string(describe::enum_text(request.state)) +
         (request.ended_because ? ": " + *request.ended_because : "");
}

}  // namespace

Result<std::optional<Refusal>> Desk::why_not_suffices(const Place& place, const Request& request,
                                                      const Picture& picture) const {
  const SubjectSource* from = source(request.subject.kind);
  if (from == nullptr || !picture.content) return demands_changed();
  HP_TRY(const auto in_force, policies(place, *from));
  SubjectContent content = *picture.content;
  state(content, request.fields, place.now);
  const auto wanted = demanded(in_force, content, place.now);
  if (!wanted) return demands_changed();
  if (wanted->demands.empty()) return std::nullopt;
  auto lacks = lacking(place, request, picture.situation, *wanted);
  return lacks ? std::optional(std::move(lacks->refusal)) : std::nullopt;
}

bool Desk::is_demanded(const Place& place, std::string_view kind, SubjectContent content) const {
  const SubjectSource* from = source(kind);
  if (from == nullptr) return true;
  const auto in_force = policies(place, *from);
  if (!in_force) return true;
  state(content, content.facts.fields, place.now);
  const auto wanted = demanded(*in_force, content, place.now);
  return !wanted || !wanted->demands.empty();
}

namespace {

/// How an open request stands, with the same people and content that a decision would rest on.
void stand(const Place& place, const Request& request, const Picture& picture,
           const Demanded& wanted, Standing& standing) {
  for (const Event& event : settle(request, picture.situation)) {
    if (const auto* end = std::get_if<ApprovalEnded>(&event)) {
      standing.detail =
          "the request " + request.id.text() + " does not hold any more: " + end->because;
      return;
    }
  }
  if (!covers(request, wanted.demands)) {
    standing.detail = demands_changed().sentence;
    return;
  }
  const auto use = approvals::consume(request, picture.situation, "");
  if (use) {
    if (auto lacks = lacking(place, request, picture.situation, wanted)) {
      standing.detail = std::move(lacks->refusal.sentence);
      standing.sign_again = std::move(lacks->sign_again);
      return;
    }
    standing.state = Standing::State::granted;
    return;
  }
  if (request.state != State::pending) {
    standing.detail = use.error().sentence;
    return;
  }
  standing.state = Standing::State::pending;
  standing.due = request.terms.pending_until;
  describe_stages(Desk::view_of(place, request, picture), standing);
}

}  // namespace

Standing Desk::standing(engine::Connection& tables, engine::ObjectStore& objects,
                        std::string_view workspace, std::string_view kind, std::string_view id,
                        Instant now) const {
  Standing standing;
  const Place place{tables, objects, workspace, now};
  const SubjectSource* from = source(kind);
  if (from == nullptr) return standing;
  const auto in_force = policies(place, *from);
  if (!in_force) return standing;
  const auto is_enforced = [](const policy::CompiledCriteria& one) {
    return one.document().mode == policy::Mode::enforce;
  };
  standing.lasts = std::ranges::none_of(*in_force, [&](const policy::CompiledCriteria& one) {
    return is_enforced(one) && policy::mentions(one.document(), "now");
  });
  if (std::ranges::none_of(*in_force, is_enforced)) {
    standing.state = Standing::State::not_needed;
    return standing;
  }
  const auto request = latest_request(tables, workspace, kind, id);
  Picture picture;
  if (request && is_usable(*request)) {
    auto gathered = Gatherer(place, sources_).of(*request);
    if (!gathered) return standing;
    picture = std::move(*gathered);
  } else {
    auto content = from->read(tables, objects, workspace, id, now);
    if (!content) return standing;
    picture.content = std::move(*content);
  }
  if (!picture.content) return standing;
  SubjectContent& content = *picture.content;
  state(content, request ? request->fields : content.facts.fields, now);
  const auto wanted = demanded(*in_force, content, now);
  if (!wanted) {
    standing.detail = wanted.error().sentence;
    return standing;
  }
  if (wanted->demands.empty()) {
    standing.state = Standing::State::not_needed;
    return standing;
  }
  standing.lasts = false;  // approvals expire, and people come and go
  standing.state = Standing::State::missing;
  if (!request) {
    standing.detail = "nobody asked for it";
    return standing;
  }
  standing.request = request->id.text();
  if (!is_usable(*request)) {
    standing.detail = ending_of(*request);
    return standing;
  }
  stand(place, *request, picture, *wanted, standing);
  return standing;
}

}  // namespace holdpoint::approvals
