// See triggering.hpp.
#include "policy/triggering.hpp"

#include "base/assert.hpp"
#include "policy/rule_run.hpp"

namespace holdpoint::policy {

Triggering triggered(const CompiledCriteria& policy, const json::object& facts) {
  const CompiledCriteria::Programs& programs = policy.programs();
  const CriteriaDocument& document = programs.document;
  HP_ASSERT(document.kind == Kind::rollback_policy, "PO-9: only a RollbackPolicy is triggered");
  Triggering out;
  if (document.mode != Mode::enforce) return out;
  auto part = from_json<RollbackPart>(document.part);
  HP_ASSERT(part.has_value(), "PO-10: the part of a compiled document was read before");
  out.terms = std::move(*part);
  cel::Session session(facts, cel::Limits{});
  if (programs.match) {
    const cel::Evaluation match = run(*programs.match, session);
    if (match.is_false()) return out;
    if (!match.is_true()) out.untold = "whether " + document.name + " applies cannot be told";
  }
  out.applies = true;
  if (!out.untold.empty()) return out;
  for (std::size_t i = 0; i < out.terms.triggers.size(); ++i) {
    const RollbackTrigger& trigger = out.terms.triggers[i];
    HP_ASSERT(programs.conditions[i].has_value(), "PO-11: every trigger has a condition");
    const cel::Evaluation when = run(*programs.conditions[i], session);
    if (when.is_true()) {
      out.fired.push_back({trigger.name, trigger.when});
    } else if (!when.is_false()) {
      out.unknown.push_back(trigger.name);
    }
  }
  return out;
}

}  // namespace holdpoint::policy
