// holdpoint policy rollback: puts the policies of an earlier revision in force again, as a new
// revision, or proposes to where that needs approval.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

Exit roll_back(const std::string& revision, Session& session) {
  const auto answer = session.post(session.in_workspace({"policy-revisions", revision, "rollback"}),
                                   json::object());
  if (!answer) return session.fail(answer.error());
  const auto activated = integer_at(answer->document, "revision");
  const auto proposal = text_at(answer->document, "proposal");
  if (!activated && !proposal) {
    return session.fail(
        malformed("The answer holds neither a revision nor a proposal.", "POST rollback").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  if (activated) {
    session.out() << "The policies of revision " << printable(revision)
                  << " are in force again, as revision " << *activated << ".\n";
  } else {
    session.out() << "Not in force yet: proposal " << printable(*proposal)
                  << " waits for approval.\n";
  }
  return Exit::yes;
}

}  // namespace

Command policy_rollback_command() {
  const auto revision = std::make_shared<std::string>();
  return {"policy rollback",
          "Put the policies of an earlier revision in force again",
          {{"revision", "REVISION", "Its number", revision.get(), Presence::required}},
          [revision](Session& session) { return roll_back(*revision, session); }};
}

}  // namespace holdpoint::cli
