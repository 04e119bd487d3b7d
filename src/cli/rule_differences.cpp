// See rule_differences.hpp.
#include "cli/rule_differences.hpp"

#include "cli/fields.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::string_view arrow = " → ";

std::string shown(const StatusWord& word, Colour colour) {
  return paint(word.text(), word.tone, colour);
}

bool is_fine(const std::optional<policy::RuleOutcome>& outcome) {
  return !outcome || policy::is_fine(outcome->result);
}

std::string result_text(const std::optional<policy::RuleOutcome>& outcome, Colour colour) {
  if (!outcome) return paint("– not there", Tone::faint, colour);
  std::string text = shown(rule_word(policy::result_name(outcome->result)), colour);
  // What does not block is said, since it reads like something that does.
  if (!is_fine(outcome) && outcome->mode != policy::Mode::enforce) {
    text += " (" + std::string(policy::mode_name(outcome->mode)) + " only)";
  }
  return text;
}

std::string reason_text(const policy::RuleOutcome& outcome, std::size_t indent) {
  std::string out = indented(outcome.message, indent);
  if (!outcome.detail.empty()) out += indented(outcome.detail, indent);
  return out;
}

}  // namespace

std::string change_text(bool passed_before, bool passed_after, Colour colour) {
  const auto word = [&](bool passed) { return shown(rule_word(passed ? "pass" : "fail"), colour); };
  if (passed_before == passed_after) return word(passed_after) + " as before";
  return word(passed_before) + std::string(arrow) + word(passed_after);
}

std::string rule_differences_text(const std::vector<policy::RuleDifference>& rules,
                                  std::size_t indent, Colour colour) {
  std::string out;
  for (const policy::RuleDifference& rule : rules) {
    out += std::string(indent, ' ') + printable(rule.document + "/" + rule.rule) + "  " +
           result_text(rule.before, colour) + std::string(arrow) + result_text(rule.after, colour) +
           '\n';
    // The reason is that of the side that stands in the way; of both, the new one.
    if (!is_fine(rule.after)) {
      out += reason_text(*rule.after, indent + 4);
    } else if (!is_fine(rule.before)) {
      out += reason_text(*rule.before, indent + 4);
    }
  }
  return out;
}

}  // namespace holdpoint::cli
