// holdpoint change create, edit, submit, reopen, start, close, cancel, show, list: change requests
// from a draft to their end.
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/change_text.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/incident_text.hpp"
#include "cli/stated_change.hpp"

namespace holdpoint::cli {
namespace {

struct ActOptions {
  std::string id;
  std::string text;
  std::string ending;
};

struct PlaceOptions {
  std::string id;
  std::string application;
  std::string environment;
};

struct EditOptions {
  std::string id;
  StatedChange stated;
};

struct ListOptions {
  std::string state;
  std::string type;
  std::string application;
  std::string cursor;
};

Exit shown(const Tried<Answer>& answer, Session& session) {
  return answer ? show_change(*answer, session) : session.fail(answer.error());
}

Exit create(const StatedChange& stated, Session& session) {
  const auto body = stated_change(stated);
  if (!body) return session.fail(body.error());
  return shown(session.post(session.in_workspace({"changes"}), *body), session);
}

Exit edit(const EditOptions& options, Session& session) {
  const auto body = stated_change(options.stated);
  if (!body) return session.fail(body.error());
  return shown(session.post(session.in_workspace({"changes", options.id, "content"}), *body),
               session);
}

/// POST …/{what} with a reason, when there is one.
Exit act(const std::string& what, const ActOptions& options, Session& session) {
  json::object body;
  if (!options.text.empty()) body["reason"] = options.text;
  return shown(session.post(session.in_workspace({"changes", options.id, what}), body), session);
}

Exit close(const ActOptions& options, Session& session) {
  json::object body{{"ending", options.ending}};
  if (!options.text.empty()) body["note"] = options.text;
  return shown(session.post(session.in_workspace({"changes", options.id, "closing"}), body),
               session);
}

Exit start(const PlaceOptions& options, Session& session) {
  return shown(session.post(session.in_workspace({"changes", options.id, "start"}),
                            json::object{{"application", options.application},
                                         {"environment", options.environment}}),
               session);
}

Exit list(const ListOptions& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"changes"}) +
                                  query_of({{"state", options.state},
                                            {"type", options.type},
                                            {"application", options.application},
                                            {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET changes").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"CHANGE", "TYPE", "STATE", "FROM", "APPLICATIONS", "TITLE"});
  for (const json::value& entry : *items) {
    const auto* change = entry.if_object();
    const auto* content = change != nullptr ? object_at(*change, "content") : nullptr;
    const auto* window = content != nullptr ? object_at(*content, "window") : nullptr;
    if (window == nullptr) continue;
    table.add({{shown_at(*change, "id")},
               {shown_at(*content, "type")},
               {shown_at(*change, "state")},
               {instant_at(*window, "from")},
               {names_text(*content, "applications", "none")},
               {shown_at(*content, "title")}});
  }
  session.out() << (table.empty() ? "No change.\n" : table.text(session.colour()));
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
}

Parameter id_parameter(std::string& id) {
  return {"change", "CHANGE", "Its id", &id, Presence::required};
}

}  // namespace

Command change_create_command() {
  const auto o = std::make_shared<StatedChange>();
  return {"change create", "Write a change request, and see what it will need",
          change_parameters(*o), [o](Session& session) { return create(*o, session); }};
}

Command change_edit_command() {
  const auto o = std::make_shared<EditOptions>();
  std::vector<Parameter> parameters = change_parameters(o->stated);
  parameters.insert(parameters.begin(), id_parameter(o->id));
  return {"change edit", "Write a draft anew; what is not said is gone", std::move(parameters),
          [o](Session& session) { return edit(*o, session); }};
}

Command change_submit_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"change submit",
          "Submit a draft and ask for its approval",
          {id_parameter(o->id), {"--reason", "TEXT", "Why; shown to those who decide", &o->text}},
          [o](Session& session) { return act("submission", *o, session); }};
}

Command change_reopen_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"change reopen",
          "Make a change a draft again; what was approved of it is void",
          {id_parameter(o->id), {"--reason", "TEXT", "Why", &o->text, Presence::required}},
          [o](Session& session) { return act("reopening", *o, session); }};
}

Command change_cancel_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"change cancel",
          "Cancel a change that has not begun",
          {id_parameter(o->id), {"--reason", "TEXT", "Why", &o->text, Presence::required}},
          [o](Session& session) { return act("cancellation", *o, session); }};
}

Command change_close_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"change close",
          "Say how a change ended",
          {id_parameter(o->id),
           {"--as",
            "ENDING",
            "How it ended",
            &o->ending,
            Presence::required,
            {"successful", "unsuccessful"}},
           {"--note", "TEXT", "What there is to say about it", &o->text}},
          [o](Session& session) { return close(*o, session); }};
}

Command change_start_command() {
  const auto o = std::make_shared<PlaceOptions>();
  return {"change start",
          "Begin in one place what no deployment carries out",
          {id_parameter(o->id),
           {"--application", "NAME", "The application", &o->application, Presence::required},
           {"--env", "ENVIRONMENT", "The environment", &o->environment, Presence::required}},
          [o](Session& session) { return start(*o, session); }};
}

Command change_show_command() {
  const auto id = std::make_shared<std::string>();
  return {"change show",
          "Show a change, what it waits for and what is in its way",
          {id_parameter(*id)},
          [id](Session& session) {
            return shown(session.get(session.in_workspace({"changes", *id})), session);
          }};
}

Command change_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"change list",
          "List changes, the newest first",
          {{"--state",
            "STATE",
            "Only those in this state",
            &o->state,
            Presence::optional,
            {"draft", "submitted", "implementing", "closed", "cancelled", "rejected"}},
           {"--type",
            "TYPE",
            "Only those of this type",
            &o->type,
            Presence::optional,
            {"standard", "normal", "emergency"}},
           {"--application", "NAME", "Only those of this application", &o->application},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

}  // namespace holdpoint::cli
