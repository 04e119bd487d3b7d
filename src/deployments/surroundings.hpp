// What happens around a release, in the environment it is to go to: an incident that somebody
// commands there closes the gate, whatever the release itself has shown (B10).
#pragma once

#include <vector>

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {

/// One reason for each major incident that affects the application in the environment.
void add_surroundings(const GateQuestion& question, const GateFacts& facts,
                      std::vector<Reason>& reasons);

}  // namespace holdpoint::deployments
