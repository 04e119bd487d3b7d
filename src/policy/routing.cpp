// See routing.hpp.
#include "policy/routing.hpp"

#include "base/assert.hpp"
#include "policy/rule_run.hpp"

namespace holdpoint::policy {
namespace {

std::string why_untold(const std::string& what, const cel::Evaluation& evaluation) {
  std::string out = "whether " + what + " applies cannot be told";
  if (!evaluation.message.empty()) return out + ": " + evaluation.message;
  for (std::size_t i = 0; i < evaluation.unknown_paths.size(); ++i) {
    out += (i == 0 ? ": the facts lack " : ", ") + evaluation.unknown_paths[i];
  }
  return out;
}

}  // namespace

Routing route(const CompiledCriteria& policy, const json::object& facts) {
  return route(policy, facts, policy.document().mode);
}

Routing route(const CompiledCriteria& policy, const json::object& facts, Mode mode) {
  const CompiledCriteria::Programs& programs = policy.programs();
  const CriteriaDocument& document = programs.document;
  HP_ASSERT(document.kind == Kind::approval_policy, "PO-7: only an ApprovalPolicy routes");
  Routing out;
  if (mode != Mode::enforce) return out;
  cel::Session session(facts, cel::Limits{});
  if (programs.match) {
    const cel::Evaluation match = run(*programs.match, session);
    if (match.is_false()) return out;
    if (!match.is_true()) out.untold = why_untold(document.name, match);
  }
  out.applies = true;
  auto part = from_json<ApprovalPart>(document.part);
  HP_ASSERT(part.has_value(), "PO-8: the part of a compiled document was read before");
  for (std::size_t i = 0; i < part->routes.size() && out.untold.empty(); ++i) {
    if (programs.conditions[i]) {
      const cel::Evaluation when = run(*programs.conditions[i], session);
      if (when.is_false()) continue;
      if (!when.is_true()) {
        out.untold = why_untold("the route " + part->routes[i].name + " of " + document.name, when);
        break;
      }
    }
    out.routes.push_back(std::move(part->routes[i]));
  }
  part->routes.clear();
  out.terms = std::move(*part);
  return out;
}

}  // namespace holdpoint::policy
