// holdpoint policy reject: turns a proposed change of policies down, with a reason.
#include <memory>

#include "cli/commands.hpp"
#include "cli/policy_text.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string proposal;
  std::string reason;
};

Exit reject(const Options& options, Session& session) {
  const auto answer =
      session.post(session.in_workspace({"policy-proposals", options.proposal, "rejection"}),
                   json::object{{"reason", options.reason}});
  if (!answer) return session.fail(answer.error());
  return show_proposal(*answer, session);
}

}  // namespace

Command policy_reject_command() {
  const auto o = std::make_shared<Options>();
  return {"policy reject",
          "Reject a proposed change of policies",
          {{"proposal", "PROPOSAL", "Its id", &o->proposal, Presence::required},
           {"--reason", "TEXT", "Why it does not come into force", &o->reason, Presence::required}},
          [o](Session& session) { return reject(*o, session); }};
}

}  // namespace holdpoint::cli
