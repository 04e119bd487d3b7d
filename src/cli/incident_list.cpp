// holdpoint incident list.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/incident_text.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string state = "open";
  std::string cursor;
};

Exit list(const Options& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"incidents"}) +
                                  query_of({{"state", options.state == "all" ? "" : options.state},
                                            {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET incidents").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"INCIDENT", "SEVERITY", "STATE", "DECLARED", "TITLE"});
  for (const json::value& entry : *items) {
    const auto* incident = entry.if_object();
    if (incident == nullptr) continue;
    table.add({{shown_at(*incident, "id")},
               severity_cell(*incident),
               {shown_at(*incident, "state")},
               {instant_at(*incident, "declared_at")},
               {shown_at(*incident, "title")}});
  }
  session.out() << (table.empty() ? "No incident.\n" : table.text(session.colour()));
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
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
