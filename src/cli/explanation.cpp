// See explanation.hpp.
#include "cli/explanation.hpp"

#include "cli/failure.hpp"
#include "cli/fields.hpp"
#include "cli/rule_reasons.hpp"
#include "cli/verdicts.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::size_t body_indent = 6;

std::string place_text(const json::object& rule) {
  std::string text;
  if (const std::string evidence = shown_at(rule, "evidence"); !evidence.empty()) {
    text = "evidence: " + evidence;
  }
  if (const auto line = integer_at(rule, "line"); line && *line > 0) {
    text += (text.empty() ? "" : "; ") + std::string("line ") + std::to_string(*line);
  }
  return text;
}

}  // namespace

std::string rule_explanation(const json::object& rule, const json::object& document,
                             Colour colour) {
  const StatusWord word = rule_word(shown_at(rule, "result"));
  std::string id = shown_at(rule, "rule_id");
  if (id.empty()) id = shown_at(rule, "id");
  std::string out = "  " + paint(word.text(), word.tone, colour) + "  " +
                    paint(printable(id), Tone::strong, colour);
  if (const std::string place = place_text(rule); !place.empty()) {
    out += "  " + paint("(" + printable(place) + ")", Tone::faint, colour);
  }
  out += '\n' + indented(shown_at(rule, "message"), body_indent);
  if (!needs_action(rule)) return out;
  out += reasons_text(rule, body_indent);
  if (const std::string opens = opening_text(rule, "unblocks_at"); !opens.empty()) {
    out += indented(opens, body_indent);
  }
  return out + remedy_text(rule, document, body_indent);
}

std::string explanation_text(const json::array& criteria, Colour colour) {
  std::string out;
  for (const json::value& entry : criteria) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    out += criteria_title(*one, colour);
    const json::array* rules = array_at(*one, "rules");
    if (rules == nullptr) continue;
    for (const json::value& rule : *rules) {
      if (rule.is_object()) out += rule_explanation(rule.get_object(), *one, colour);
    }
    out += together_text(*one, 2);
  }
  return out;
}

}  // namespace holdpoint::cli
