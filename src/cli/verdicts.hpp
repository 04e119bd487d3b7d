// How a judgement is shown: every criterion with its word, and for what did not pass the message,
// the reason, the remedy and who can act.
#pragma once

#include <string>

#include "base/json.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {

enum class Detail : std::uint8_t { short_list, with_remedies };

/// False for a document that does not apply, and for one that applies and none of whose rules do:
/// nothing was asked, so nothing was passed.
bool is_asked_for(const json::object& criteria);

/// "✗ failed  baseline", of one document in the list of a judgement.
std::string criteria_title(const json::object& criteria, Colour colour);

/// `criteria` is the list of a certification's answer.
std::string criteria_text(const json::array& criteria, Detail detail, Colour colour);

/// When time alone opens it, and what kept the judgement from being made at all, such as that no
/// criteria apply.
std::string obstacles_text(const json::object& certification);

/// Whether a later judgement or newer evidence took the place of this one.
bool is_superseded(const json::object& certification);

}  // namespace holdpoint::cli
