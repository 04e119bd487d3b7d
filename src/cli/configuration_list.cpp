// holdpoint configuration list: the snapshots of an application in an environment.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string application;
  std::string environment;
  std::string cursor;
};

Exit list(const Options& options, Session& session) {
  const auto answer =
      session.get(session.in_workspace({"environments", options.environment, "configurations"}) +
                  query_of({{"application", options.application}, {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET configurations").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  for (const json::value& entry : *items) {
    const auto* snapshot = entry.if_object();
    if (snapshot == nullptr) continue;
    // The whole digest, because the comparison asks for it.
    session.out() << printable(shown_at(*snapshot, "digest")) << "  "
                  << instant_at(*snapshot, "recorded_at")
                  << (truth_at(*snapshot, "present") == true ? "  present" : "") << "  "
                  << printable(shown_at(*snapshot, "source")) << '\n';
  }
  if (items->empty()) session.out() << "No configuration was recorded.\n";
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
}

}  // namespace

Command configuration_list_command() {
  const auto o = std::make_shared<Options>();
  return {"configuration list",
          "List configurations of an environment, newest first",
          {{"application", "APP", "Name of the application", &o->application, Presence::required},
           {"--env", "ENVIRONMENT", "Which environment", &o->environment, Presence::required},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

}  // namespace holdpoint::cli
