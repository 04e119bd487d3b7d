// Why the gate is closed by change requests: none is open for the release there, or the one that
// governs it may not begin now (B11, B12).
#pragma once

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {

/// Asks for a change where the environment demands one, and of an emergency always: what went the
/// short way is used as such, and looked back at. Says which change a deployment uses.
void add_change(const GateQuestion& question, const GateFacts& facts, GateVerdict& verdict);

}  // namespace holdpoint::deployments
