// holdpoint policy proposals: the changes of policies that wait for people, or were decided.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/policy_text.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string state = "open";
  std::string cursor;
};

Exit list(const Options& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"policy-proposals"}) +
                                  query_of({{"state", options.state == "all" ? "" : options.state},
                                            {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET policy-proposals").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"PROPOSAL", "STATE", "PROPOSED", "APPROVALS", "CHANGES"});
  for (const json::value& entry : *items) {
    const auto* proposal = entry.if_object();
    if (proposal == nullptr) continue;
    const json::array* approvals = array_at(*proposal, "approvals");
    table.add({{shown_at(*proposal, "id")},
               {shown_at(*proposal, "state")},
               {instant_at(*proposal, "proposed_at")},
               {approvals == nullptr ? "?" : std::to_string(approvals->size())},
               {policy_changes_text(*proposal)}});
  }
  session.out() << (table.empty() ? "No proposal.\n" : table.text(session.colour()));
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
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
