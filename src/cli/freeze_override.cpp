// holdpoint freeze override, overrides: letting one thing through the freezes, once, when somebody
// else approves.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/incident_text.hpp"
#include "cli/release_ref.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string release;
  std::string change;
  std::string application;
  std::string environment;
  std::string reason;
  std::string incident;
  int hours = 4;
};

Tried<json::object> body_of(const Options& options) {
  json::object body{
      {"environment", options.environment}, {"reason", options.reason}, {"hours", options.hours}};
  if (!options.incident.empty()) body["incident"] = options.incident;
  if (options.release.empty() == options.change.empty()) {
    return wrong_use("An override is of one thing.", "--release",
                     "Name either a release by --release APP@VERSION, or a change by --change and "
                     "--application.");
  }
  if (!options.release.empty()) {
    HP_TRY(const ReleaseName name, parse_release_name(options.release));
    body["application"] = name.application;
    body["version"] = name.version;
    return body;
  }
  body["application"] = options.application;
  body["change"] = options.change;
  return body;
}

void add_row(const json::object& view, Table& table) {
  const json::object* one = object_at(view, "freeze_override");
  if (one == nullptr) return;
  const json::object* release = object_at(*one, "release");
  table.add({{shown_at(*one, "id")},
             {shown_at(view, "phase")},
             {release != nullptr ? shown_at(*release, "name") : shown_at(*one, "change")},
             {shown_at(*one, "environment")},
             {instant_at(*one, "expires_at")},
             {names_text(*one, "freezes", "none")},
             {shown_at(view, "request")}});
}

const std::vector<std::string> kHeads{"OVERRIDE", "STATE",   "FOR",     "ENVIRONMENT",
                                      "UNTIL",    "FREEZES", "APPROVAL"};

Exit ask(const Options& options, Session& session) {
  const auto body = body_of(options);
  if (!body) return session.fail(body.error());
  const auto answer = session.post(session.in_workspace({"freeze-overrides"}), *body);
  if (!answer) return session.fail(answer.error());
  if (object_at(answer->document, "freeze_override") == nullptr) {
    return session.fail(malformed("The answer holds none.", "POST freeze-overrides").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table(kHeads);
  add_row(answer->document, table);
  session.out() << table.text(session.colour());
  return Exit::yes;
}

Exit list(const std::string& cursor, Session& session) {
  const auto answer =
      session.get(session.in_workspace({"freeze-overrides"}) + query_of({{"cursor", cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET freeze-overrides").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table(kHeads);
  for (const json::value& item : *items) {
    if (const auto* view = item.if_object()) add_row(*view, table);
  }
  session.out() << (table.empty() ? "No override.\n" : table.text(session.colour()));
  if (const auto next = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *next);
  }
  return Exit::yes;
}

}  // namespace

Command freeze_override_command() {
  const auto o = std::make_shared<Options>();
  return {"freeze override",
          "Ask to let one thing through the freezes once; somebody else approves it",
          {{"--release", "APP@VERSION", "The release to let through", &o->release},
           {"--change", "CHANGE", "Or the change, by its id", &o->change},
           {"--application", "NAME", "Of the change", &o->application},
           {"--env", "ENVIRONMENT", "Where", &o->environment, Presence::required},
           {"--hours", "COUNT", "How long it may be used, 1 to 24 (4)", &o->hours},
           {"--incident", "ID", "The incident that it is for", &o->incident},
           {"--reason", "TEXT", "Why it cannot wait; kept sealed", &o->reason, Presence::required}},
          [o](Session& session) { return ask(*o, session); }};
}

Command freeze_overrides_command() {
  const auto cursor = std::make_shared<std::string>();
  return {"freeze overrides",
          "List the overrides of freezes, the newest first",
          {{"--cursor", "CURSOR", "Continue a list where it ended", cursor.get()}},
          [cursor](Session& session) { return list(*cursor, session); }};
}

}  // namespace holdpoint::cli
