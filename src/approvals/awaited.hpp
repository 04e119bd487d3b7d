// Whom a request waits for: the stages that lack a signature now, and who may give it. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "approvals/decide.hpp"

namespace holdpoint::approvals {

/// By index into the demands: reached, and short of somebody.
std::vector<std::size_t> waiting_stages(const Request& request, const Situation& situation);

/// Who may sign one of these stages and has not, themselves or through a delegate; and the
/// delegates. Sorted and distinct.
std::vector<std::string> awaited(const Request& request, const Situation& situation,
                                 std::span<const std::size_t> stages);

}  // namespace holdpoint::approvals
