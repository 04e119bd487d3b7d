// holdpoint freeze list: when nothing may be deployed, and where.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/freeze_text.hpp"
#include "cli/listing.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string cursor;
  bool all = false;
};

Exit list(const Options& options, Session& session) {
  return list_rows(
      session,
      session.in_workspace({"freezes"}) +
          query_of({{"state", options.all ? "" : "active"}, {"cursor", options.cursor}}),
      {"NAME", "STATE", "HOLDS FOR", "WHEN"}, "No freeze.\n",
      [&](const json::object& freeze) -> std::vector<Cell> {
        return {{shown_at(freeze, "name")},
                {shown_at(freeze, "state")},
                {freeze_scope_text(freeze)},
                {freeze_time_text(freeze)}};
      });
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
