// See change_reasons.hpp.
#include "deployments/change_reasons.hpp"

namespace holdpoint::deployments {
namespace {

Reason change_missing(const GateQuestion& question) {
  const std::string release = question.application + "@" + question.version;
  return {.code = ReasonCode::change_missing,
          .sentence = "Nothing goes to " + question.environment +
                      " without a change request, and none is open for " + release + " there.",
          .next = {{"release manager", "write a change request for it and submit it",
                    "holdpoint change create --application " + question.application + " --env " +
                        question.environment + " --release " + release}}};
}

Reason not_ready(const changes::Governing& change, const Refusal& obstacle) {
  Reason reason{
      .code = ReasonCode::change_not_ready, .sentence = obstacle.sentence, .detail = obstacle.code};
  if (obstacle.code == "window_ahead") reason.unblocks_at = change.window.from;
  for (const NextStep& next : obstacle.next) {
    reason.next.push_back({next.actor, next.action, next.command});
  }
  return reason;
}

}  // namespace

void add_change(const GateQuestion& question, const GateFacts& facts, GateVerdict& verdict) {
  const bool is_demanded = facts.environment.requires_change.value_or(false);
  if (!facts.change) {
    if (is_demanded) verdict.reasons.push_back(change_missing(question));
    return;
  }
  const changes::Governing& change = *facts.change;
  if (change.obstacles.empty()) {
    verdict.change = change.change;
    return;
  }
  if (!is_demanded && change.type != changes::ChangeType::emergency) return;
  for (const Refusal& obstacle : change.obstacles) {
    verdict.reasons.push_back(not_ready(change, obstacle));
  }
}

}  // namespace holdpoint::deployments
