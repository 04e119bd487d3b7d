// holdpoint incident list.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/incident_text.hpp"
#include "cli/listing.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string state = "open";
  std::string cursor;
};

Exit list(const Options& options, Session& session) {
  return list_rows(session,
                   session.in_workspace({"incidents"}) +
                       query_of({{"state", options.state == "all" ? "" : options.state},
                                 {"cursor", options.cursor}}),
                   {"INCIDENT", "SEVERITY", "STATE", "DECLARED", "TITLE"}, "No incident.\n",
                   [&](const json::object& incident) -> std::vector<Cell> {
                     return {{shown_at(incident, "id")},
                             severity_cell(incident),
                             {shown_at(incident, "state")},
                             {instant_at(incident, "declared_at")},
                             {shown_at(incident, "title")}};
                   });
}

}  // namespace

Command incident_list_command() {
  const auto o = std::make_shared<Options>();
  return {"incident list",
          "List incidents, newest first",
          {{"--state",
            "STATE",
            "Only those in this state (open)",
            &o->state,
            Presence::optional,
            {"open", "resolved", "all"}},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

}  // namespace holdpoint::cli
