// See stranding.hpp.
#include "approvals/stranding.hpp"

#include <algorithm>

namespace holdpoint::approvals {

Events look_for_signers(const Request& request, const Situation& situation) {
  if (request.state != State::pending) return {};
  const Tally tally = tally_of(request, situation, standing_votes(request, situation));
  if (tally.satisfiable == !request.stranded_since) return {};
  if (tally.satisfiable) return {ApprovalUnstranded{request.id}};
  ApprovalStranded event{request.id, {}};
  for (std::size_t i = 0; i < tally.stages.size(); ++i) {
    if (tally.stages[i].satisfiable) continue;
    const std::string& stage = request.demands[i].stage;
    const bool is_named = std::ranges::find(event.stages, stage) != event.stages.end();
    if (!is_named) event.stages.push_back(stage);
  }
  return {std::move(event)};
}

}  // namespace holdpoint::approvals
