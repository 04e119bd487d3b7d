// See gate_text.hpp.
#include "cli/gate_text.hpp"

#include <algorithm>

#include "cli/explanation.hpp"
#include "cli/failure.hpp"
#include "cli/fields.hpp"
#include "cli/people.hpp"
#include "cli/rule_reasons.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

/// The rule of the gate's policies that the reason is about: the reason is a sentence, the rule has
/// the elements. Null when it is about anything else.
const json::object* rule_of(const json::object& document, const json::object& reason) {
  const json::array* policies = array_at(document, "policies");
  if (policies == nullptr || shown_at(reason, "code") != "gate_policy_failed") return nullptr;
  for (const json::value& entry : *policies) {
    const auto* policy = entry.if_object();
    if (policy == nullptr || shown_at(*policy, "name") != shown_at(reason, "criteria")) continue;
    const json::array* rules = array_at(*policy, "rules");
    if (rules == nullptr) continue;
    for (const json::value& rule : *rules) {
      if (rule.is_object() && shown_at(rule.get_object(), "id") == shown_at(reason, "criterion")) {
        return &rule.get_object();
      }
    }
  }
  return nullptr;
}

/// The server's next steps, with what the rule's remedy tells besides.
std::string steps_text(const json::object& document, const json::object& reason,
                       const json::object* rule) {
  const json::object* remedy = rule == nullptr ? nullptr : object_at(*rule, "remedy");
  const json::array* next = array_at(reason, "next");
  std::string out;
  if (next != nullptr) {
    for (const json::value& step : *next) {
      if (!step.is_object()) continue;
      json::object shown = step.get_object();
      shown["actor"] = with_names(document, shown_at(shown, "actor"));
      out += step_text(shown, remedy, 4);
    }
  }
  const std::string policy = shown_at(reason, "criteria");
  return out.empty() && !policy.empty() ? owner_text({{"name", policy}}, 4) : out;
}

std::string reason_text(const json::object& document, const json::object& reason) {
  std::string sentence = shown_at(reason, "sentence");
  for (const char* name : {"criterion", "criteria"}) {
    if (const std::string part = shown_at(reason, name); !part.empty()) {
      sentence = part + ": " + sentence;
    }
  }
  if (const std::string code = shown_at(reason, "code"); !code.empty()) {
    sentence += " (" + code + ")";
  }
  std::string out = marked("•", sentence, 2);
  const json::object* rule = rule_of(document, reason);
  if (rule != nullptr) {
    out += reasons_text(*rule, 4);
  } else if (const std::string detail = shown_at(reason, "detail"); !detail.empty()) {
    out += indented(with_names(document, detail), 4);
  }
  if (const std::string opens = opening_text(reason, "unblocks_at"); !opens.empty()) {
    out += indented(opens, 4);
  }
  return out + steps_text(document, reason, rule);
}

/// A policy on trial that does not pass, with the rules that do not: whether it would have closed
/// the gate, had it been enforced.
std::string trial_text(const json::object& policy, Colour colour) {
  const bool would_close = truth_at(policy, "would_flip") == true;
  const bool has_failed =
      truth_at(policy, "applicable") != false && truth_at(policy, "passed") == false;
  if (!would_close && !has_failed) return "";
  std::string out =
      indented(shown_at(policy, "name") + " (" + shown_at(policy, "mode") + " only) would have " +
                   (would_close ? "closed the gate" : "kept the gate closed too"),
               2);
  const json::array* rules = array_at(policy, "rules");
  if (rules == nullptr) return out;
  for (const json::value& rule : *rules) {
    if (rule.is_object() && needs_action(rule.get_object())) {
      out += rule_explanation(rule.get_object(), policy, colour);
    }
  }
  return out + together_text(policy, 2);
}

/// What there is to say of the gate's policies besides the reasons: what all remedies of one come
/// to, and what those on trial say.
std::string policies_text(const json::object& document, Colour colour) {
  const json::array* policies = array_at(document, "policies");
  if (policies == nullptr) return "";
  std::string out;
  for (const json::value& entry : *policies) {
    const auto* policy = entry.if_object();
    if (policy == nullptr) continue;
    if (shown_at(*policy, "mode") != "enforce") {
      out += trial_text(*policy, colour);
    } else if (const std::string words = together_words(*policy); !words.empty()) {
      out += indented(shown_at(*policy, "name") + ": " + words, 2);
    }
  }
  return out;
}

/// Of a refused certification the gate's answer holds the reasons, but not the elements of lists.
bool is_refused(const json::object& document) {
  return std::ranges::any_of(*array_at(document, "reasons"), [](const json::value& reason) {
    return reason.is_object() && shown_at(reason.get_object(), "code") == "certification_refused";
  });
}

}  // namespace

std::string gate_text(const std::string& release, const std::string& environment,
                      const json::object& document, Colour colour) {
  const StatusWord word = decision_word(shown_at(document, "decision"));
  std::string out = paint(word.text(), word.tone, colour) + "  " +
                    paint(printable(release), Tone::strong, colour) + " → " +
                    printable(environment);
  if (const std::string until = instant_at(document, "valid_until"); !until.empty()) {
    out += "  valid until " + printable(until);
  }
  if (const std::string opens = opening_text(document, "opens_at"); !opens.empty()) {
    out += "  " + printable(opens);
  }
  out += '\n';
  for (const json::value& entry : *array_at(document, "reasons")) {
    if (const auto* reason = entry.if_object(); reason != nullptr) {
      out += reason_text(document, *reason);
    }
  }
  if (is_refused(document)) {
    out += "  In full: holdpoint policy explain " + printable(release) + '\n';
  }
  return out + policies_text(document, colour);
}

}  // namespace holdpoint::cli
