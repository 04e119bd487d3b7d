// holdpoint release list.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
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
  return list_rows(
      session,
      session.in_workspace({"releases"}) + query_of({{"application", options.application},
                                                     {"limit", std::to_string(options.limit)},
                                                     {"cursor", options.cursor}}),
      {"RELEASE", "READINESS", "CERTIFICATION", "CREATED"}, "No release yet.\n",
      [&](const json::object& release) -> std::vector<Cell> {
        return {{shown_at(release, "ref")},
                readiness_word(shown_at(release, "readiness")).cell(),
                certification_cell(release),
                {instant_at(release, "created_at")}};
      });
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
