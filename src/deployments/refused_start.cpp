// See refused_start.hpp.
#include "deployments/refused_start.hpp"

#include <algorithm>
#include <array>

namespace holdpoint::deployments {
namespace {

constexpr std::string_view kClosed = "gate_not_open";

}  // namespace

bool is_kept(const Refusal& refusal) {
  constexpr std::array codes{kClosed, std::string_view("approver_deploys"),
                             std::string_view("newer_release_started"),
                             std::string_view("nobody_answers")};
  return std::ranges::find(codes, refusal.code) != codes.end();
}

DeploymentRefused refused_start(const GateQuestion& question, const std::string& release,
                                const GateVerdict& gate, const Refusal& refusal) {
  DeploymentRefused out;
  out.application = question.application;
  out.version = question.version;
  out.release = release;
  out.environment = question.environment;
  out.artifact = question.artifact;
  out.code = refusal.code;
  out.decision = gate.decision;
  for (const Reason& reason : gate.reasons) {
    RefusedBecause because{reason.code, reason.criteria, reason.criterion, reason.result};
    // Two freezes, or two incidents, are one reason here.
    if (std::ranges::find(out.reasons, because) != out.reasons.end()) continue;
    if (out.reasons.size() == refused_reasons_max) {
      ++out.reasons_omitted;
    } else {
      out.reasons.push_back(std::move(because));
    }
  }
  return out;
}

bool is_known(const DeploymentRefused& refused, std::span<const RefusedStart> earlier) {
  if (earlier.size() >= refused_kinds_max) return true;
  return std::ranges::any_of(earlier, [&](const RefusedStart& one) {
    return one.code == refused.code && one.decision == refused.decision &&
           one.reasons == refused.reasons && one.reasons_omitted == refused.reasons_omitted;
  });
}

bool is_hindered(const DeploymentRefused& refused) {
  // Policies are judged last, so what else closes the gate is among the reasons that are named.
  return refused.code != kClosed ||
         std::ranges::any_of(refused.reasons, [](const RefusedBecause& because) {
           return because.code != ReasonCode::gate_policy_failed;
         });
}

}  // namespace holdpoint::deployments
