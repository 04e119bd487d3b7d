// Which triggers of a rollback policy fire over the facts of one deployment. A trigger that cannot
// be told fires nothing and is named: that nothing was measured is neither a failure nor a success.
#pragma once

#include <string>
#include <vector>

#include "policy/document.hpp"

namespace holdpoint::policy {

/// A trigger whose condition holds.
struct FiredTrigger {
  std::string name;
  std::string condition;  // as written
};

/// One policy over the facts of one deployment.
struct Triggering {
  /// False when the policy's match is false or it is not enforced.
  bool applies = false;
  /// Why it cannot be told whether it applies; "" when it can. It does then, and fires nothing.
  std::string untold;
  std::vector<FiredTrigger> fired;
  std::vector<std::string> unknown;  // triggers that cannot be told
  RollbackPart terms;
};

/// MUST be given a document of kind RollbackPolicy. Its rules, if it has any, are judged by
/// evaluate().
Triggering triggered(const CompiledCriteria& policy, const json::object& facts);

}  // namespace holdpoint::policy
