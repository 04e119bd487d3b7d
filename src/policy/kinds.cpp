// See kinds.hpp.
#include "policy/kinds.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::array kKinds{
    KindRow{Kind::certification_criteria, "CertificationCriteria", "certification_criteria",
            "a release that is to be certified", Effect::acted_on},
    KindRow{Kind::gate_policy, "GatePolicy", "gate_policy",
            "a deployment that is asked for at a gate", Effect::acted_on},
    KindRow{Kind::approval_policy, "ApprovalPolicy", "approval_policy",
            "what has to be approved, by whom, in which order", Effect::acted_on},
    KindRow{Kind::sla_policy, "SlaPolicy", "sla_policy", "how long something may take",
            Effect::kept},
    KindRow{Kind::rollback_policy, "RollbackPolicy", "rollback_policy",
            "a deployment that may have to be taken back", Effect::acted_on},
    KindRow{Kind::automation_policy, "AutomationPolicy", "automation_policy",
            "what follows by itself from an event", Effect::kept},
    KindRow{Kind::agent_policy, "AgentPolicy", "agent_policy", "what an AI agent may change",
            Effect::kept},
    KindRow{Kind::retention_policy, "RetentionPolicy", "retention_policy",
            "how long a record is kept", Effect::kept},
    KindRow{Kind::policy_activation, "PolicyActivation", "policy_activation",
            "a change of the policies themselves", Effect::acted_on},
};

}  // namespace

std::span<const KindRow> kinds() { return kKinds; }

const KindRow& row_of(Kind kind) {
  const auto* found = std::ranges::find(kKinds, kind, &KindRow::kind);
  HP_ASSERT(found != kKinds.end(), "PO-2: every kind has a row");
  return *found;
}

std::string_view kind_name(Kind kind) { return row_of(kind).name; }

std::optional<Kind> kind_named(std::string_view name) {
  const auto* found = std::ranges::find(kKinds, name, &KindRow::name);
  return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

std::string kind_choices() {
  std::string out;
  for (const KindRow& row : kKinds) out += (out.empty() ? "" : ", ") + std::string(row.name);
  return out;
}

}  // namespace holdpoint::policy
