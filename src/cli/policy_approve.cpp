// holdpoint policy approve: agrees to a change that somebody else proposed; the last agreement that
// is needed brings it into force.
#include <memory>

#include "cli/commands.hpp"
#include "cli/policy_text.hpp"

namespace holdpoint::cli {
namespace {

Exit approve(const std::string& proposal, Session& session) {
  const auto answer = session.post(session.in_workspace({"policy-proposals", proposal, "approval"}),
                                   json::object());
  if (!answer) return session.fail(answer.error());
  return show_proposal(*answer, session);
}

}  // namespace

Command policy_approve_command() {
  const auto proposal = std::make_shared<std::string>();
  return {"policy approve",
          "Approve a change of policies that somebody else proposed",
          {{"proposal", "PROPOSAL", "Its id", proposal.get(), Presence::required}},
          [proposal](Session& session) { return approve(*proposal, session); }};
}

}  // namespace holdpoint::cli
