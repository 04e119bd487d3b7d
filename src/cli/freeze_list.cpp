// holdpoint freeze list: when nothing may be deployed, and where.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/freeze_text.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string cursor;
  bool all = false;
};

Exit list(const Options& options, Session& session) {
  const auto answer =
      session.get(session.in_workspace({"freezes"}) +
                  query_of({{"state", options.all ? "" : "active"}, {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET freezes").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"NAME", "STATE", "HOLDS FOR", "WHEN"});
  for (const json::value& entry : *items) {
    const auto* freeze = entry.if_object();
    if (freeze == nullptr) continue;
    table.add({{shown_at(*freeze, "name")},
               {shown_at(*freeze, "state")},
               {freeze_scope_text(*freeze)},
               {freeze_time_text(*freeze)}});
  }
  session.out() << (table.empty() ? "No freeze.\n" : table.text(session.colour()));
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
}

}  // namespace

Command freeze_list_command() {
  const auto o = std::make_shared<Options>();
  return {"freeze list",
          "List the freezes, by name",
          {{"--all", "", "Retired ones too", &o->all},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

}  // namespace holdpoint::cli
