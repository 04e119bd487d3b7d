// See rule_reasons.hpp.
#include "cli/rule_reasons.hpp"

#include <algorithm>
#include <utility>

#include "cli/failure.hpp"
#include "cli/fields.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

std::string item(const std::string& text, std::size_t indent) { return marked("•", text, indent); }

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

std::string conditions_of(const json::object& element) {
  std::string words;
  const json::array* blame = array_at(element, "blame");
  if (blame == nullptr) return words;
  for (const json::value& one : *blame) {
    if (one.is_object()) words += (words.empty() ? "" : "; ") + condition(one.get_object());
  }
  return words;
}

bool has_path(const json::array* elements, const std::string& path) {
  return elements != nullptr && std::ranges::any_of(*elements, [&](const json::value& entry) {
           return entry.is_object() && shown_at(entry.get_object(), "path") == path;
         });
}

/// What a count left out is among the failing elements too, and is told once, with its reason.
std::string elements_text(const json::object& rule, std::size_t indent) {
  const json::array* excluded = array_at(rule, "excluded");
  std::string out;
  if (const json::array* elements = array_at(rule, "elements"); elements != nullptr) {
    for (const json::value& entry : *elements) {
      const auto* element = entry.if_object();
      if (element == nullptr || has_path(excluded, shown_at(*element, "path"))) continue;
      const std::string words = conditions_of(*element);
      out += item(element_name(*element) + (words.empty() ? "" : ": " + words), indent);
    }
  }
  if (excluded == nullptr) return out;
  for (const json::value& entry : *excluded) {
    const auto* element = entry.if_object();
    if (element == nullptr) continue;
    out += item(element_name(*element) + " " + shown_at(*element, "reason"), indent);
  }
  return out;
}

std::string conditions_text(const json::object& rule, std::size_t indent) {
  const json::array* blame = array_at(rule, "blame");
  std::string out;
  if (blame != nullptr) {
    for (const json::value& one : *blame) {
      if (one.is_object()) out += item(condition(one.get_object()), indent);
    }
  }
  const std::string detail = shown_at(rule, "detail");
  // An error or a missing fact is told by the sentence, conditions by themselves.
  const bool is_false = shown_at(rule, "result") == "fail";
  if ((out.empty() || !is_false) && !detail.empty()) out = indented(detail, indent) + out;
  return out;
}

std::string missing_text(const json::object& rule, std::size_t indent) {
  const json::array* missing = array_at(rule, "missing");
  std::string text;
  if (missing == nullptr) return text;
  for (const json::value& entry : *missing) {
    if (entry.is_string()) text += (text.empty() ? "Missing: " : ", ") + value_text(entry);
  }
  return text.empty() ? "" : indented(text, indent);
}

/// "evidence.tests.failed: 3 → 0", unless the action says so already.
std::string changes_text(const json::object& remedy, const std::string& action,
                         std::size_t indent) {
  const json::array* changes = array_at(remedy, "changes");
  std::string out;
  if (changes == nullptr) return out;
  for (const json::value& entry : *changes) {
    const auto* change = entry.if_object();
    if (change == nullptr) continue;
    const std::string path = shown_at(*change, "path");
    if (action.contains("bring " + path + " ")) continue;
    const std::string from = shown_at(*change, "from");
    out += item(path + (from.empty() ? "" : ": " + from) + " → " + shown_at(*change, "to"), indent);
  }
  return out;
}

std::string action_of(const json::object& step) {
  std::string action = shown_at(step, "action");
  return action.empty() ? shown_at(step, "do") : action;
}

}  // namespace

bool needs_action(const json::object& rule) {
  const std::string_view word = rule_word(shown_at(rule, "result")).word;
  return word != "passed" && word != "not applicable" && word != "waived";
}

std::string reasons_text(const json::object& rule, std::size_t indent) {
  return conditions_text(rule, indent) + elements_text(rule, indent + 2) +
         missing_text(rule, indent);
}

std::string step_text(const json::object& step, const json::object* remedy, std::size_t indent) {
  json::object whole = step;
  if (remedy != nullptr && truth_at(step, "verified") == false) {
    if (const auto because = text_at(*remedy, "unverified_because")) {
      whole["unverified_because"] = *because;
    }
  }
  std::string actor = shown_at(step, "actor");
  if (actor.empty()) actor = shown_at(step, "by");
  const std::string action = action_of(step);
  NextStep next = step_of(std::move(actor), action, whole);
  const std::string command = std::exchange(next.command, "");
  std::string out = next_text({std::move(next)}, indent);
  if (remedy != nullptr) out += changes_text(*remedy, action, indent + 4);
  if (!command.empty()) out += std::string(indent + 4, ' ') + printable(command) + '\n';
  return out;
}

std::string remedy_text(const json::object& rule, const json::object& document,
                        std::size_t indent) {
  const json::object* remedy = object_at(rule, "remedy");
  if (remedy == nullptr) return owner_text(document, indent);
  return step_text(*remedy, remedy, indent);
}

std::string owner_text(const json::object& document, std::size_t indent) {
  const std::string name = shown_at(document, "name");
  const std::string kind = shown_at(document, "kind");
  std::string owner = shown_at(document, "owner");
  if (owner.empty()) owner = "owner of " + name;
  return next_text(
      {{owner, "see to what the rule names (not verified: no remedy is known)",
        kind.empty() ? "holdpoint policy list" : "holdpoint policy show " + kind + " " + name}},
      indent);
}

std::string together_words(const json::object& document) {
  if (truth_at(document, "applicable") == false || truth_at(document, "passed") != false) return "";
  const auto suffice = truth_at(document, "remedies_suffice");
  std::string words;
  if (suffice == true) words = "with all remedies done it passes ✓ verified";
  if (suffice == false) words = "that it passes with all remedies done is not verified";
  const std::string opens = opening_text(document, "unblocks_at");
  if (!opens.empty()) words += (words.empty() ? "" : "; ") + opens;
  return words;
}

std::string together_text(const json::object& document, std::size_t indent) {
  const std::string words = together_words(document);
  return words.empty() ? "" : indented("Together: " + words, indent);
}

}  // namespace holdpoint::cli
