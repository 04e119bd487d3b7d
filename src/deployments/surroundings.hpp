// What happens around a release, in the environment it is to go to: an incident that somebody
// commands there closes the gate, whatever the release itself has shown (B10), and so does a
// configuration that is not the one the certification was given for (A9).
#pragma once

#include <vector>

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {

/// One reason for each major incident that affects the application in the environment, and one when
/// its configuration drifted since the certification that the environment requires.
void add_surroundings(const GateQuestion& question, const GateFacts& facts,
                      std::vector<Reason>& reasons);

}  // namespace holdpoint::deployments
