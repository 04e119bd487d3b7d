// How it is shown that rules end otherwise than before: each with both results, and why.
#pragma once

#include <string>
#include <vector>

#include "cli/table.hpp"
#include "policy/backtest.hpp"

namespace holdpoint::cli {

/// "✓ passed → ✗ failed"
std::string change_text(bool passed_before, bool passed_after, Colour colour);

std::string rule_differences_text(const std::vector<policy::RuleDifference>& rules,
                                  std::size_t indent, Colour colour);

}  // namespace holdpoint::cli
