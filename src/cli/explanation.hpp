// The whole of a judgement as a person reads it: every rule, every condition that does not hold
// with what the facts have and what is needed, the elements of lists it does not hold for, and who
// can do what.
#pragma once

#include <string>

#include "base/json.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {

/// One rule of a document, below its title.
std::string rule_explanation(const json::object& rule, const json::object& document, Colour colour);

/// `criteria` is the list of a judgement, of the server or made here.
std::string explanation_text(const json::array& criteria, Colour colour);

}  // namespace holdpoint::cli
