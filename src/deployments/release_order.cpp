// See release_order.hpp.
#include "deployments/release_order.hpp"

#include "base/text.hpp"

namespace holdpoint::deployments {
namespace {

bool is_newer(const std::optional<ReleaseThere>& newest, const OrderQuestion& wanted) {
  return newest && newest->entry > wanted.entry;
}

Refusal rollback_reason_needed() {
  Refusal refusal{RefusalKind::invalid, "reason_needed", "A rollback needs a reason."};
  refusal.issues.push_back({"/rollback/reason", "expected 1 to 2000 bytes", 0});
  return refusal;
}

Refusal newer_release_started(const GateQuestion& question, const ReleaseThere& newest) {
  const std::string newer = question.application + "@" + newest.version;
  const std::string older = question.application + "@" + question.version;
  Refusal refusal{RefusalKind::conflict, "newer_release_started",
                  newer + (newest.is_no_later ? " may have been" : " was") + " proposed after " +
                      older + ", and was started in " + question.environment +
                      " already: " + newest.deployment.text() + "."};
  refusal.parameters["newer"] = newer;
  refusal.next.push_back({"whoever deploys", "deploy the newer one, or a release after it", ""});
  refusal.next.push_back({"whoever deploys", "say that it is a rollback, and why",
                          "holdpoint deployment start " + older + " --env " + question.environment +
                              " --rollback --reason REASON"});
  return refusal;
}

}  // namespace

std::optional<Refusal> why_out_of_order(const OrderQuestion& wanted,
                                        const std::optional<ReleaseThere>& newest) {
  if (wanted.rollback) {
    const bool is_reasoned = is_stated(wanted.rollback->reason, rollback_reason_bytes_max);
    return is_reasoned ? std::nullopt : std::optional(rollback_reason_needed());
  }
  if (!is_newer(newest, wanted)) return std::nullopt;
  return newer_release_started(wanted.question, *newest);
}

std::optional<Rollback> rollback_of(const OrderQuestion& wanted,
                                    const std::optional<ReleaseThere>& newest) {
  if (!wanted.rollback) return std::nullopt;
  Rollback rollback;
  if (is_newer(newest, wanted) && !newest->is_no_later) rollback.from = newest->release;
  return rollback;
}

}  // namespace holdpoint::deployments
