// Access reviews inside a unit of work: starting one, answering its lines, removing what is not
// confirmed, and closing it.
#pragma once

#include <string>
#include <string_view>

#include "engine/unit.hpp"
#include "identity/access_review.hpp"

namespace holdpoint::identity {

inline constexpr std::string_view kReviewTimer = "identity.access_review";

engine::Outcome start_review(engine::Unit& unit, const StartAccessReview& command);
engine::Outcome answer_lines(engine::Unit& unit, std::string_view id, const AnswerLines& command,
                             LineAnswer answer);
engine::Outcome close_review(engine::Unit& unit, std::string_view id);
/// The timer of a review that is due: states what nobody answered, and closes.
void close_due_review(engine::Unit& unit, const std::string& id);

}  // namespace holdpoint::identity
