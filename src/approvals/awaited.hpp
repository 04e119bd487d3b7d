// Whom a request waits for: the stages that lack a signature now, and who may give it. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "approvals/decide.hpp"

namespace holdpoint::approvals {

/// By index into the demands: reached, and short of somebody.
std::vector<std::size_t> waiting_stages(const Request& request, const Situation& situation);

/// Who may sign the stage in the place of these people now, of whom no decision is there, nor of
/// whoever stands in. Sorted and distinct.
std::vector<std::string> stand_ins_of(const Request& request, const Situation& situation,
                                      std::size_t stage, std::span<const std::string> people);

/// Who may sign one of these stages and has not, themselves or through a delegate; and the
/// delegates. Sorted and distinct.
std::vector<std::string> awaited(const Request& request, const Situation& situation,
                                 std::span<const std::size_t> stages);

}  // namespace holdpoint::approvals
