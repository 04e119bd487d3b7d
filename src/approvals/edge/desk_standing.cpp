// How a subject stands with the approval that policies ask for, as its gate wants to know it.
#include <algorithm>

#include "approvals/edge/approvals_edge.hpp"
#include "policy/routing.hpp"

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

std::optional<bool> Desk::is_governed(engine::Connection& tables, engine::ObjectStore& objects,
                                      std::string_view workspace, std::string_view kind,
                                      std::string_view id, Instant now) const {
  const SubjectSource* from = source(kind);
  if (from == nullptr) return std::nullopt;
  const auto in_force = policies(tables, objects, workspace);
  if (!in_force) return std::nullopt;
  if (in_force->empty()) return false;
  auto content = from->read(tables, objects, workspace, id, now);
  if (!content || !*content) return std::nullopt;
  (**content).facts.now = {now};
  const json::value document = to_json((**content).facts);
  bool is_governed = false;
  for (const policy::CompiledCriteria& one : *in_force) {
    const policy::Routing routing = policy::route(one, document.get_object());
    if (!routing.applies) continue;
    if (!routing.untold.empty()) return std::nullopt;
    is_governed |= !routing.routes.empty();
  }
  return is_governed;
}

Standing Desk::standing(engine::Connection& tables, engine::ObjectStore& objects,
                        std::string_view workspace, std::string_view kind, std::string_view id,
                        Instant now) const {
  Standing standing;
  const auto governed = is_governed(tables, objects, workspace, kind, id, now);
  if (!governed) return standing;
  standing.state = *governed ? Standing::State::missing : Standing::State::not_needed;
  if (!*governed) return standing;
  const auto request = latest_request(tables, workspace, kind, id);
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
