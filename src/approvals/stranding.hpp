// Whether enough people are left who may sign a request that waits: looked at now and then, since
// roles are taken and people leave without a word to the request. Pure.
#pragma once

#include "approvals/decide.hpp"

namespace holdpoint::approvals {

/// What to record when the request came to lack people who may sign it, and when it lacks none any
/// more: once each time. Nothing while it is as it was, or does not wait.
Events look_for_signers(const Request& request, const Situation& situation);

}  // namespace holdpoint::approvals
