// Why the gate is closed by approvals: what is missing, who may decide, and by when (B1, F3).
#pragma once

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {

/// One reason unless the approval is granted or not needed. What cannot be told is never open.
void add_approval(const GateQuestion& question, const GateFacts& facts, GateVerdict& verdict);

}  // namespace holdpoint::deployments
