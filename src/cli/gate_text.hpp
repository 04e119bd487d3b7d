// The answer of a gate as a person reads it: every reason with the elements of lists it is about
// and who does what, what the remedies come to, and what policies on trial would have done.
#pragma once

#include <string>

#include "base/json.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {

/// `document` MUST hold a decision and reasons, as ask_gate() makes sure.
std::string gate_text(const std::string& release, const std::string& environment,
                      const json::object& document, Colour colour);

}  // namespace holdpoint::cli
