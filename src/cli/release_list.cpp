// holdpoint release list.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string application;
  std::string cursor;
  int limit = 50;
};

Cell certification_cell(const json::object& release) {
  const json::object* certification = object_at(release, "certification");
  if (certification == nullptr) return {"–", Tone::faint};
  return certification_word(shown_at(*certification, "state")).cell();
}

Exit list(const Options& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"releases"}) +
                                  query_of({{"application", options.application},
                                            {"limit", std::to_string(options.limit)},
                                            {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET releases").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"RELEASE", "READINESS", "CERTIFICATION", "CREATED"});
  for (const json::value& entry : *items) {
    const auto* release = entry.if_object();
    if (release == nullptr) continue;
    table.add({{shown_at(*release, "ref")},
               readiness_word(shown_at(*release, "readiness")).cell(),
               certification_cell(*release),
               {instant_at(*release, "created_at")}});
  }
  session.out() << (table.empty() ? "No release yet.\n" : table.text(session.colour()));
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
}

}  // namespace

Command release_list_command() {
  const auto o = std::make_shared<Options>();
  return {"release list",
          "List releases, newest first",
          {{"--application", "NAME", "Only of this application", &o->application},
           {"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

}  // namespace holdpoint::cli
