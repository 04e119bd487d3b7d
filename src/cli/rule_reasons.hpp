// What a judgement says of a rule that is no pass, as lines for people: the conditions with have
// and need, the elements of lists that fail or were left out of a count, and who does what about
// it.
#pragma once

#include <string>

#include "base/json.hpp"

namespace holdpoint::cli {

/// Whether the rule asks for somebody to act.
bool needs_action(const json::object& rule);

/// Conditions, elements that fail, elements that do not count, and missing facts.
std::string reasons_text(const json::object& rule, std::size_t indent);

/// The remedy with the changes of facts that were proved. Without one, that the owner of `document`
/// is to be asked: a no is never without a next step.
std::string remedy_text(const json::object& rule, const json::object& document, std::size_t indent);
std::string owner_text(const json::object& document, std::size_t indent);

/// `step` is what the server says of it. `remedy` may be null; it tells what `step` leaves out.
std::string step_text(const json::object& step, const json::object* remedy, std::size_t indent);

/// What all remedies of a document that does not pass come to, and when it opens by itself; "" when
/// there is nothing to say.
std::string together_words(const json::object& document);
/// The same as a line of its own.
std::string together_text(const json::object& document, std::size_t indent);
std::string together_text(const json::object& document, std::size_t indent);

}  // namespace holdpoint::cli
