// See policy_text.hpp.
#include "cli/policy_text.hpp"

#include <ostream>

#include "cli/fields.hpp"
#include "cli/verdicts.hpp"

namespace holdpoint::cli {
namespace {

std::string mode_text(const json::object& change) {
  const std::string before = shown_at(change, "mode_before");
  const std::string after = shown_at(change, "mode_after");
  if (before == after) return " (" + after + ")";
  if (before.empty()) return " (" + after + ")";
  if (after.empty()) return " (was " + before + ")";
  return " (" + before + " → " + after + ")";
}

}  // namespace

std::string policy_changes_text(const json::object& holder) {
  const json::array* changes = array_at(holder, "changes");
  std::string text;
  if (changes == nullptr) return text;
  for (const json::value& entry : *changes) {
    const auto* change = entry.if_object();
    if (change == nullptr) continue;
    text += (text.empty() ? "" : "; ") + shown_at(*change, "change") + " " +
            shown_at(*change, "kind") + " " + shown_at(*change, "name") + mode_text(*change);
  }
  return printable(text);
}

Exit show_proposal(const Answer& answer, Session& session) {
  const json::object* proposal = object_at(answer.document, "proposal");
  const json::array* policies = array_at(answer.document, "policies");
  if (proposal == nullptr || policies == nullptr) {
    return session.fail(malformed("The answer holds no proposal.", "policy-proposals").error());
  }
  if (session.format() == Format::json) {
    session.print_json(answer);
    return Exit::yes;
  }
  const std::string state = shown_at(*proposal, "state");
  session.out() << printable(shown_at(*proposal, "id")) << "  " << printable(state) << "  "
                << policy_changes_text(*proposal) << '\n';
  if (state == "activated") {
    session.out() << "In force as revision "
                  << std::to_string(integer_at(*proposal, "revision").value_or(0)) << ".\n";
  }
  if (state == "open") {
    session.out() << "Not in force yet:\n"
                  << criteria_text(*policies, Detail::with_remedies, session.colour());
    if (const json::object* approval = object_at(answer.document, "approval")) {
      const std::string request = shown_at(*approval, "request");
      session.out() << "Approval: " << printable(shown_at(*approval, "state"))
                    << (request.empty() ? "" : ", " + printable(request)) << ". "
                    << printable(shown_at(*approval, "detail")) << '\n';
      if (request.empty()) {
        session.out() << "  holdpoint approvals request --proposal "
                      << printable(shown_at(*proposal, "id")) << '\n';
      }
    }
  }
  return Exit::yes;
}

}  // namespace holdpoint::cli
