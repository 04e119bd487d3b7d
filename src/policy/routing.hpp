// Which routes of approval a request has to walk: those of every policy that applies, all of them.
// What cannot be told is said, and then no request is opened: a route that might apply is not left
// out (B1, B3).
#pragma once

#include <string>
#include <vector>

#include "policy/verdict.hpp"

namespace holdpoint::policy {

/// One policy over the facts of one request.
struct Routing {
  /// False when the policy's match is false or it is not enforced.
  bool applies = false;
  /// Why it cannot be told which routes apply; "" when it can.
  std::string untold;
  std::vector<Route> routes;  // whose condition holds
  ApprovalPart terms;         // of the document, without its routes
};

/// MUST be given a document of kind ApprovalPolicy. Its rules, which have to pass before anybody is
/// asked (B13), are judged by evaluate().
Routing route(const CompiledCriteria& policy, const json::object& facts);
/// The same in another mode than the document's own.
Routing route(const CompiledCriteria& policy, const json::object& facts, Mode mode);

}  // namespace holdpoint::policy
