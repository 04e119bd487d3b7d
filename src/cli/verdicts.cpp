// The criteria of a certification as text.
#include "cli/verdicts.hpp"

#include <algorithm>

#include "cli/failure.hpp"
#include "cli/fields.hpp"
#include "cli/rule_reasons.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

std::string title_of(const json::object& criteria) {
  std::string title = shown_at(criteria, "name");
  const std::string mode = shown_at(criteria, "mode");
  // Only enforced criteria decide; the others are shown for information.
  if (mode.empty() || mode == "enforce") return title;
  title += " (" + mode + " only";
  if (truth_at(criteria, "would_flip") == true) title += ", would have changed the decision";
  return title + ")";
}

/// Wide enough for "– not applicable" and a gap.
constexpr std::size_t result_columns = 18;

StatusWord whole_word(const json::object& criteria) {
  if (!is_asked_for(criteria)) return rule_word("not_applicable");
  if (truth_at(criteria, "waived") == true) return rule_word("waived");
  if (truth_at(criteria, "passed") == true) return rule_word("pass");
  if (truth_at(criteria, "passed") == false) return rule_word("fail");
  return rule_word("");
}

std::string missing_text(const json::object& rule) {
  const json::array* missing = array_at(rule, "missing");
  if (missing == nullptr || missing->empty()) return "";
  std::string text;
  for (const json::value& entry : *missing) {
    if (!entry.is_string()) continue;
    text += (text.empty() ? "missing: " : ", ") + std::string(view(entry.get_string()));
  }
  return text;
}

/// Each with the name that a waiver takes, or the waiver that covers it.
std::string violations_text(const json::object& rule) {
  const json::array* violations = array_at(rule, "violations");
  std::string out;
  if (violations == nullptr) return out;
  for (const json::value& entry : *violations) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    const std::string waiver = shown_at(*one, "waiver");
    out += indented("violation " + shown_at(*one, "fingerprint") +
                        (waiver.empty() ? "" : ", waived by " + waiver) + ": " +
                        shown_at(*one, "what"),
                    6);
  }
  return out;
}

std::string rule_text(const json::object& rule, const json::object& document, Detail detail,
                      Colour colour) {
  const StatusWord word = rule_word(shown_at(rule, "result"));
  std::string id = shown_at(rule, "rule_id");
  if (id.empty()) id = shown_at(rule, "id");
  std::string out = "  " + paint(word.text(), word.tone, colour);
  out += std::string(result_columns - width_of(word.text()), ' ');
  out += printable(id) + '\n';
  if (!needs_action(rule)) return out + violations_text(rule);
  for (const std::string& line : {shown_at(rule, "message"), shown_at(rule, "detail")}) {
    if (!line.empty()) out += indented(line, 6);
  }
  if (const std::string missing = missing_text(rule); !missing.empty()) {
    out += indented(missing, 6);
  }
  if (const std::string opens = opening_text(rule, "unblocks_at"); !opens.empty()) {
    out += indented(opens, 6);
  }
  out += violations_text(rule);
  if (detail == Detail::with_remedies) out += remedy_text(rule, document, 6);
  return out;
}

}  // namespace

bool is_asked_for(const json::object& criteria) {
  if (truth_at(criteria, "applicable") == false) return false;
  const json::array* rules = array_at(criteria, "rules");
  if (truth_at(criteria, "passed") != true || rules == nullptr) return true;
  return !std::ranges::all_of(*rules, [](const json::value& rule) {
    return rule.is_object() && shown_at(rule.get_object(), "result") == "not_applicable";
  });
}

std::string criteria_title(const json::object& criteria, Colour colour) {
  const StatusWord word = whole_word(criteria);
  return paint(word.text(), word.tone, colour) + "  " +
         paint(printable(title_of(criteria)), Tone::strong, colour) + '\n';
}

std::string criteria_text(const json::array& criteria, Detail detail, Colour colour) {
  std::string out;
  for (const json::value& entry : criteria) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    out += criteria_title(*one, colour);
    const json::array* rules = array_at(*one, "rules");
    if (rules == nullptr) continue;
    for (const json::value& rule : *rules) {
      if (const auto* row = rule.if_object(); row != nullptr) {
        out += rule_text(*row, *one, detail, colour);
      }
    }
    if (detail == Detail::with_remedies) out += together_text(*one, 2);
  }
  return out;
}

std::string obstacles_text(const json::object& certification) {
  const json::array* obstacles = array_at(certification, "obstacles");
  const std::string opens = opening_text(certification, "unblocks_at");
  std::string out = opens.empty() ? "" : indented(opens, 2);
  if (obstacles == nullptr) return out;
  for (const json::value& obstacle : *obstacles) {
    if (obstacle.is_string()) out += indented("✗ " + std::string(view(obstacle.get_string())), 2);
  }
  return out;
}

bool is_superseded(const json::object& certification) {
  return truth_at(certification, "superseded") == true ||
         text_at(certification, "superseded_by").has_value();
}

}  // namespace holdpoint::cli
