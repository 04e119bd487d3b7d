// How a subject stands with the approval that policies ask for, as its gate wants to know it.
#include <algorithm>

#include "approvals/edge/approvals_edge.hpp"
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

std::string ending_of(const Request& request) {
  return "the request " + request.id.text() + " is " +
         std::string(describe::enum_text(request.state)) +
         (request.ended_because ? ": " + *request.ended_because : "");
}

}  // namespace

Result<bool> Desk::still_suffices(engine::Connection& tables, engine::ObjectStore& objects,
                                  std::string_view workspace, const Request& request,
                                  Instant now) const {
  const SubjectSource* from = source(request.subject.kind);
  if (from == nullptr) return false;
  HP_TRY(const auto in_force, policies(tables, objects, workspace));
  HP_TRY(auto content, from->read(tables, objects, workspace, request.subject.id, now));
  if (!content) return false;
  state(*content, request.fields, now);
  const auto wanted = demanded(in_force, *content, now);
  if (!wanted) return false;
  return covers(request, wanted->demands);
}

Standing Desk::standing(engine::Connection& tables, engine::ObjectStore& objects,
                        std::string_view workspace, std::string_view kind, std::string_view id,
                        Instant now) const {
  Standing standing;
  const SubjectSource* from = source(kind);
  const auto in_force = policies(tables, objects, workspace);
  if (from == nullptr || !in_force) return standing;
  standing.lasts = std::ranges::none_of(*in_force, [](const policy::CompiledCriteria& one) {
    return one.document().mode == policy::Mode::enforce && policy::mentions(one.document(), "now");
  });
  const bool none_enforced =
      std::ranges::none_of(*in_force, [](const policy::CompiledCriteria& one) {
        return one.document().mode == policy::Mode::enforce;
      });
  if (none_enforced) {
    standing.state = Standing::State::not_needed;
    return standing;
  }
  auto content = from->read(tables, objects, workspace, id, now);
  if (!content || !*content) return standing;
  const auto request = latest_request(tables, workspace, kind, id);
  state(**content, request ? request->fields : (**content).facts.fields, now);
  const auto wanted = demanded(*in_force, **content, now);
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
  if (!is_open(request->state)) {
    standing.detail = ending_of(*request);
    return standing;
  }
  const auto situation = this->situation(tables, objects, workspace, *request, now);
  const auto view = this->view(tables, objects, workspace, *request, now);
  if (!situation || !view) {
    standing.state = Standing::State::untold;
    return standing;
  }
  for (const Event& event : settle(*request, *situation)) {
    if (const auto* end = std::get_if<ApprovalEnded>(&event)) {
      standing.detail =
          "the request " + request->id.text() + " does not hold any more: " + end->because;
      return standing;
    }
  }
  if (!covers(*request, wanted->demands)) {
    standing.detail = demands_changed().sentence;
    return standing;
  }
  if (request->state == State::granted) {
    const auto use = approvals::consume(*request, *situation, "");
    if (use) {
      standing.state = Standing::State::granted;
    } else {
      standing.detail = use.error().sentence;
    }
    return standing;
  }
  standing.state = Standing::State::pending;
  standing.due = request->terms.pending_until;
  describe_stages(*view, standing);
  return standing;
}

}  // namespace holdpoint::approvals
