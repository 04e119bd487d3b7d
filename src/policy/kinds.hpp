// The kinds of policy documents. They share one vocabulary (match, variables, rules, tests) and
// differ in the facts they judge and in what else stands in their spec.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdpoint::policy {

enum class Kind : std::uint8_t {
  certification_criteria,
  gate_policy,
  approval_policy,
  sla_policy,
  rollback_policy,
  automation_policy,
  agent_policy,
  retention_policy,
  policy_activation,
};

/// Whether the program acts on documents of a kind, or checks them and keeps them in force for
/// people to read. A kept kind decides nothing.
enum class Effect : std::uint8_t { acted_on, kept };

struct KindRow {
  Kind kind{};
  std::string_view name;    // as written in `kind`
  std::string_view schema;  // name of its published schemas: "gate_policy"
  std::string_view judges;  // "a deployment that is asked for at a gate"
  Effect effect{};
};

std::span<const KindRow> kinds();
const KindRow& row_of(Kind kind);
std::string_view kind_name(Kind kind);
std::optional<Kind> kind_named(std::string_view name);
/// "CertificationCriteria, GatePolicy, …"
std::string kind_choices();

}  // namespace holdpoint::policy
