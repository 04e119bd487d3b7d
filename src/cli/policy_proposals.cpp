// holdpoint policy proposals: the changes of policies that wait for people, or were decided.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/policy_text.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string state = "open";
  std::string cursor;
};

Exit list(const Options& options, Session& session) {
  return list_rows(session,
                   session.in_workspace({"policy-proposals"}) +
                       query_of({{"state", options.state == "all" ? "" : options.state},
                                 {"cursor", options.cursor}}),
                   {"PROPOSAL", "STATE", "PROPOSED", "APPROVALS", "CHANGES"}, "No proposal.\n",
                   [&](const json::object& proposal) -> std::vector<Cell> {
                     const json::array* approvals = array_at(proposal, "approvals");
                     return {{shown_at(proposal, "id")},
                             {shown_at(proposal, "state")},
                             {instant_at(proposal, "proposed_at")},
                             {approvals == nullptr ? "?" : std::to_string(approvals->size())},
                             {policy_changes_text(proposal)}};
                   });
}

}  // namespace

Command policy_proposals_command() {
  const auto o = std::make_shared<Options>();
  return {"policy proposals",
          "List changes of policies that wait for approval",
          {{"--state",
            "STATE",
            "Only those in this state (open)",
            &o->state,
            Presence::optional,
            {"open", "activated", "rejected", "overtaken", "all"}},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

}  // namespace holdpoint::cli
