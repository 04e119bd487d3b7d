// See explanation.hpp.
#include "cli/explanation.hpp"

#include "cli/failure.hpp"
#include "cli/fields.hpp"
#include "cli/verdicts.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::size_t body_indent = 6;
constexpr std::size_t item_indent = 8;

/// A paragraph with a dot before its first line.
std::string item(const std::string& text, std::size_t indent) {
  std::string lines = indented(text, indent);
  lines.replace(indent - 2, 1, "•");
  return lines;
}

std::string condition(const json::object& blame) {
  const std::string relation = shown_at(blame, "relation");
  const std::string need = shown_at(blame, "need");
  return shown_at(blame, "expression") + " is " + shown_at(blame, "have") + ", needs " + relation +
         (need.empty() ? "" : " " + need);
}

std::string value_text(const json::value& value) {
  return value.is_string() ? std::string(view(value.get_string())) : json::serialize(value);
}

/// "approvals[2] (id a1, state open)"
std::string element_name(const json::object& element) {
  std::string out = shown_at(element, "path");
  const json::object* keys = object_at(element, "keys");
  if (keys == nullptr || keys->empty()) return out;
  std::string inside;
  for (const auto& key : *keys) {
    inside += (inside.empty() ? "" : ", ") + std::string(key.key()) + " " + value_text(key.value());
  }
  return out + " (" + inside + ")";
}

std::string elements_text(const json::object& rule) {
  const json::array* elements = array_at(rule, "elements");
  std::string out;
  if (elements == nullptr) return out;
  for (const json::value& entry : *elements) {
    const auto* element = entry.if_object();
    if (element == nullptr) continue;
    std::string words;
    if (const json::array* blame = array_at(*element, "blame"); blame != nullptr) {
      for (const json::value& one : *blame) {
        if (one.is_object()) words += (words.empty() ? "" : "; ") + condition(one.get_object());
      }
    }
    out += item(element_name(*element) + (words.empty() ? "" : ": " + words), item_indent + 2);
  }
  return out;
}

std::string conditions_text(const json::object& rule) {
  const json::array* blame = array_at(rule, "blame");
  std::string out;
  if (blame != nullptr) {
    for (const json::value& one : *blame) {
      if (one.is_object()) out += item(condition(one.get_object()), item_indent);
    }
  }
  const std::string detail = shown_at(rule, "detail");
  // An error or a missing fact is told by the sentence, conditions by themselves.
  const bool is_false = shown_at(rule, "result") == "fail";
  if ((out.empty() || !is_false) && !detail.empty()) out = indented(detail, body_indent) + out;
  return out + elements_text(rule);
}

std::string missing_text(const json::object& rule) {
  const json::array* missing = array_at(rule, "missing");
  std::string text;
  if (missing == nullptr) return text;
  for (const json::value& entry : *missing) {
    if (entry.is_string()) text += (text.empty() ? "Missing: " : ", ") + value_text(entry);
  }
  return text.empty() ? "" : indented(text, body_indent);
}

std::string remedy_text(const json::object& rule) {
  const json::object* remedy = object_at(rule, "remedy");
  if (remedy == nullptr) return "";
  return next_text({step_of(shown_at(*remedy, "by"), shown_at(*remedy, "action"), *remedy)},
                   body_indent);
}

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

std::string rule_text(const json::object& rule, Colour colour) {
  const std::string result = shown_at(rule, "result");
  const StatusWord word = rule_word(result);
  std::string id = shown_at(rule, "rule_id");
  if (id.empty()) id = shown_at(rule, "id");
  std::string out = "  " + paint(word.text(), word.tone, colour) + "  " +
                    paint(printable(id), Tone::strong, colour);
  if (const std::string place = place_text(rule); !place.empty()) {
    out += "  " + paint("(" + printable(place) + ")", Tone::faint, colour);
  }
  out += '\n' + indented(shown_at(rule, "message"), body_indent);
  if (result == "pass" || result == "not_applicable") return out;
  out += conditions_text(rule) + missing_text(rule);
  if (const std::string opens = opening_text(rule, "unblocks_at"); !opens.empty()) {
    out += indented(opens, body_indent);
  }
  return out + remedy_text(rule);
}

}  // namespace

std::string explanation_text(const json::array& criteria, Colour colour) {
  std::string out;
  for (const json::value& entry : criteria) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    out += criteria_title(*one, colour);
    const json::array* rules = array_at(*one, "rules");
    if (rules == nullptr) continue;
    for (const json::value& rule : *rules) {
      if (rule.is_object()) out += rule_text(rule.get_object(), colour);
    }
  }
  return out;
}

}  // namespace holdpoint::cli
