// Requests for approval, routed again by other policies: which stages would be demanded that were
// not, which would not be any more, and where nobody could be asked at all.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "policy/backtest.hpp"

namespace holdpoint::policy {

/// Takes the decision again that a request was opened by: `places` are the facts of each place that
/// the subject touches, and what is demanded for one of them is demanded of the whole. MUST be
/// given documents of kind ApprovalPolicy. The error is a sentence for people, as of replay().
std::expected<Replay, std::string> replay_routing(const PastDecision& decision,
                                                  std::span<const json::object> places,
                                                  const DocumentSets& sets);

}  // namespace holdpoint::policy
