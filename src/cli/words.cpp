// The table of words.
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

constexpr StatusWord not_evaluated{"not evaluated", "?", Tone::attention};

}  // namespace

std::string StatusWord::text() const { return std::string(symbol) + " " + std::string(word); }

StatusWord rule_word(std::string_view result) {
  if (result == "pass" || result == "passed") return {"passed", "✓", Tone::good};
  if (result == "fail" || result == "failed") return {"failed", "✗", Tone::bad};
  if (result == "waived") return {"waived", "~", Tone::attention};
  if (result == "unknown" || result == "waiting") return {"waiting", "…", Tone::attention};
  if (result == "stale") return {"stale", "↻", Tone::attention};
  if (result == "not_applicable") return {"not applicable", "–", Tone::faint};
  return not_evaluated;
}

StatusWord readiness_word(std::string_view readiness) {
  if (readiness == "ready") return {"ready", "✓", Tone::good};
  if (readiness == "needs_attention") return {"needs attention", "!", Tone::attention};
  if (readiness == "blocked") return {"blocked", "✗", Tone::bad};
  if (readiness == "shipped") return {"shipped", "✓", Tone::good};
  if (readiness == "not_started") return {"not started", "–", Tone::faint};
  return not_evaluated;
}

StatusWord evidence_word(std::string_view status) {
  if (status == "complete") return {"complete", "✓", Tone::good};
  if (status == "failed_to_run") return {"failed to run", "✗", Tone::bad};
  if (status == "unparsed") return {"unparsed", "✗", Tone::bad};
  return not_evaluated;
}

StatusWord decision_word(std::string_view decision) {
  if (decision == "open") return {"open", "✓", Tone::good};
  if (decision == "closed") return {"closed", "✗", Tone::bad};
  return {"unknown", "?", Tone::attention};
}

StatusWord certification_word(std::string_view state) {
  if (state == "certified") return {"certified", "✓", Tone::good};
  if (state == "refused") return {"refused", "✗", Tone::bad};
  if (state == "superseded") return {"stale", "↻", Tone::attention};
  if (state == "revoked") return {"revoked", "✗", Tone::bad};
  return not_evaluated;
}

StatusWord delegation_word(std::string_view state) {
  if (state == "planned") return {"planned", "…", Tone::attention};
  if (state == "in_force") return {"in force", "✓", Tone::good};
  if (state == "over") return {"over", "–", Tone::faint};
  if (state == "revoked") return {"revoked", "✗", Tone::bad};
  return not_evaluated;
}

StatusWord disposition_word(std::string_view disposition) {
  if (disposition == "open") return {"open", "…", Tone::attention};
  if (disposition == "confirmed") return {"confirmed", "✗", Tone::bad};
  if (disposition == "false_positive") return {"false positive", "–", Tone::faint};
  if (disposition == "accepted_risk") return {"accepted risk", "~", Tone::attention};
  if (disposition == "fixed") return {"fixed", "–", Tone::faint};
  if (disposition == "duplicate") return {"duplicate", "–", Tone::faint};
  return not_evaluated;
}

StatusWord waiver_word(std::string_view state) {
  if (state == "requested") return {"requested", "…", Tone::attention};
  if (state == "in_force") return {"in force", "~", Tone::attention};
  if (state == "expired") return {"expired", "–", Tone::faint};
  if (state == "withdrawn") return {"withdrawn", "–", Tone::faint};
  if (state == "moot") return {"moot", "–", Tone::faint};
  if (state == "rejected") return {"rejected", "✗", Tone::bad};
  if (state == "revoked") return {"revoked", "✗", Tone::bad};
  return not_evaluated;
}

StatusWord control_word(std::string_view status) {
  if (status == "satisfied") return {"satisfied", "✓", Tone::good};
  if (status == "at_risk") return {"at risk", "!", Tone::attention};
  if (status == "failing") return {"failing", "✗", Tone::bad};
  if (status == "not_applicable") return {"not applicable", "–", Tone::faint};
  return {"no evidence", "?", Tone::attention};
}

StatusWord proof_word(std::string_view status) {
  if (status == "satisfied") return rule_word("passed");
  if (status == "at_risk") return rule_word("waiting");
  if (status == "failing") return rule_word("failed");
  if (status == "not_applicable") return rule_word("not_applicable");
  return not_evaluated;
}

std::string counted(std::int64_t count, std::string_view thing) {
  return std::to_string(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
}

}  // namespace holdpoint::cli
