// holdpoint work create, list, show, change, link, unlink, linked, close: what was asked for, what
// is wrong, and what it hangs together with.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/incident_text.hpp"
#include "cli/listing.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {
namespace {

const std::vector<std::string> kTypes{"requirement", "story",           "task",     "bug",
                                      "risk",        "service_request", "deviation"};
const std::vector<std::string> kStates{"open",      "accepted", "in_progress",
                                       "in_review", "done",     "rejected"};
const std::vector<std::string> kPriorities{"low", "medium", "high", "critical"};

struct WorkOptions {
  std::string item;  // of `create`: the type
  std::string title;
  std::string key;
  std::string state;
  std::string priority;
  std::string owner;
  std::vector<std::string> applications;
  std::vector<std::string> fields;
  std::string system;
  std::string external_key;
  std::string url;
  std::string description;
  std::string note;
};

struct ListOptions {
  std::string type;
  std::string state;
  std::string owner;
  std::string system;
  std::string key;
  std::string cursor;
  int limit = 50;
};

struct LinkOptions {
  std::string item;
  std::string relation;
  std::string to;
};

struct LinkedOptions {
  std::string item;
  int depth = 3;
};

struct CloseOptions {
  std::string item;
  std::string as = "done";
  std::string reason;
};

std::string line_of(std::string_view label, const std::string& text) {
  if (text.empty()) return "";
  std::string padded(label);
  padded.resize(14, ' ');
  return "  " + padded + printable(text) + "\n";
}

std::string words_of(const json::object& holder, std::string_view list) {
  return names_text(holder, list, "");
}

std::string fields_text(const json::object& item) {
  std::string text;
  if (const json::object* fields = object_at(item, "fields")) {
    for (const auto& field : *fields) {
      const std::string name(view(field.key()));
      text += line_of("field", name + "=" + shown_at(*fields, name));
    }
  }
  return text;
}

std::string links_text(const json::object& story) {
  std::string text;
  const json::array* links = array_at(story, "links");
  if (links == nullptr) return text;
  for (const json::value& entry : *links) {
    const auto* link = entry.if_object();
    if (link == nullptr) continue;
    const std::string other = shown_at(*link, "kind") + " " + shown_at(*link, "name") +
                              (shown_at(*link, "kind") == "planned_release" ? " (not opened)" : "");
    text += truth_at(*link, "out") == true
                ? line_of("link", shown_at(*link, "relation") + " " + other)
                : line_of("link", other + " " + shown_at(*link, "relation") + " this");
  }
  return text;
}

std::string notes_text(const json::object& story) {
  std::string text;
  const json::array* notes = array_at(story, "notes");
  if (notes == nullptr) return text;
  for (const json::value& entry : *notes) {
    const auto* note = entry.if_object();
    if (note == nullptr) continue;
    text += line_of("note", instant_at(*note, "at") + " by " + shown_at(*note, "author_name"));
    text += indented(printable(text_at(*note, "text").value_or("(erased)")), 4);
  }
  return text;
}

Exit show_answer(const Answer& answer, Session& session) {
  const json::object& story = answer.document;
  const json::object* item = object_at(story, "item");
  if (item == nullptr || !text_at(*item, "name")) {
    return session.fail(malformed("The answer holds no work item.", "work-items").error());
  }
  if (session.format() == Format::json) {
    session.print_json(answer);
    return Exit::yes;
  }
  const auto named = [&](const std::string& member) {
    const std::string name = shown_at(story, member + "_name");
    return name.empty() ? shown_at(*item, member) : name;
  };
  std::string outside = shown_at(*item, "external_system") + " " + shown_at(*item, "external_key");
  if (outside == " ") outside.clear();
  session.out() << printable(shown_at(*item, "name")) << "  " << printable(shown_at(*item, "type"))
                << "  " << session.paint(printable(shown_at(*item, "state")), Tone::strong) << "  "
                << printable(shown_at(*item, "title")) << '\n'
                << line_of("id", shown_at(*item, "id"))
                << line_of("priority", shown_at(*item, "priority"))
                << line_of("owner", named("owner")) << line_of("asked by", named("requested_by"))
                << line_of("applications", words_of(*item, "applications"))
                << line_of("outside", outside) << line_of("at", shown_at(*item, "external_url"))
                << fields_text(*item) << line_of("can become", words_of(story, "next_states"))
                << links_text(story);
  if (const auto cut = integer_at(story, "links_cut").value_or(0); cut > 0) {
    session.note(std::to_string(cut) + " more links are not listed.");
  }
  const std::string description = shown_at(story, "description");
  if (!description.empty()) session.out() << indented(printable(description), 2);
  session.out() << notes_text(story);
  return Exit::yes;
}

Exit shown(const Tried<Answer>& answer, Session& session) {
  return answer ? show_answer(*answer, session) : session.fail(answer.error());
}

void add(json::object& body, const char* member, const std::string& value) {
  if (!value.empty()) body[member] = value;
}

/// What create and change say alike; the failure of a field that is none.
Tried<json::object> stated(const WorkOptions& options) {
  json::object body;
  add(body, "title", options.title);
  add(body, "priority", options.priority);
  add(body, "owner", options.owner);
  add(body, "external_system", options.system);
  add(body, "external_key", options.external_key);
  add(body, "external_url", options.url);
  add(body, "description", options.description);
  if (!options.applications.empty()) {
    body["applications"] = json::array(options.applications.begin(), options.applications.end());
  }
  json::object fields;
  for (const std::string& field : options.fields) {
    const auto equals = field.find('=');
    if (equals == std::string::npos || equals == 0) {
      return wrong_use("A field has a name and a value.", "--field " + field,
                       "Write --field NAME=VALUE; an empty value takes the field away.");
    }
    fields[field.substr(0, equals)] = field.substr(equals + 1);
  }
  if (!fields.empty()) body["fields"] = std::move(fields);
  return body;
}

Exit create(const WorkOptions& options, Session& session) {
  auto body = stated(options);
  if (!body) return session.fail(body.error());
  (*body)["type"] = options.item;
  add(*body, "key", options.key);
  return shown(session.post(session.in_workspace({"work-items"}), *body), session);
}

Exit change(const WorkOptions& options, Session& session) {
  auto body = stated(options);
  if (!body) return session.fail(body.error());
  add(*body, "state", options.state);
  add(*body, "note", options.note);
  return shown(session.post(session.in_workspace({"work-items", options.item, "changes"}), *body),
               session);
}

Exit list(const ListOptions& options, Session& session) {
  return list_rows(
      session,
      session.in_workspace({"work-items"}) + query_of({{"type", options.type},
                                                       {"state", options.state},
                                                       {"owner", options.owner},
                                                       {"external_system", options.system},
                                                       {"external_key", options.key},
                                                       {"limit", std::to_string(options.limit)},
                                                       {"cursor", options.cursor}}),
      {"KEY", "TYPE", "STATE", "PRIORITY", "TITLE"}, "No work item.\n",
      [&](const json::object& item) -> std::vector<Cell> {
        return {{shown_at(item, "name")},
                {shown_at(item, "type")},
                {shown_at(item, "state")},
                {shown_at(item, "priority")},
                {shown_at(item, "title")}};
      });
}

Exit link(const LinkOptions& options, const std::vector<std::string>& path, Session& session) {
  std::vector<std::string> segments{"work-items", options.item};
  segments.insert(segments.end(), path.begin(), path.end());
  return shown(session.post(session.in_workspace(segments),
                            json::object{{"relation", options.relation}, {"to", options.to}}),
               session);
}

Exit linked(const LinkedOptions& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"work-items", options.item, "linked"}) +
                                  query_of({{"depth", std::to_string(options.depth)}}));
  if (!answer) return session.fail(answer.error());
  const json::array* things = array_at(answer->document, "things");
  if (things == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET linked").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"LINKS", "KIND", "NAME", "ID"});
  for (const json::value& entry : *things) {
    const auto* thing = entry.if_object();
    if (thing == nullptr) continue;
    table.add({{std::to_string(integer_at(*thing, "distance").value_or(0))},
               {shown_at(*thing, "kind")},
               {shown_at(*thing, "name")},
               {shown_at(*thing, "id")}});
  }
  session.out() << table.text(session.colour());
  const auto cut = integer_at(answer->document, "things_cut").value_or(0);
  const auto beyond = integer_at(answer->document, "not_followed").value_or(0);
  if (cut > 0) session.note(std::to_string(cut) + " more were met and are not listed.");
  if (beyond > 0) session.note(std::to_string(beyond) + " of these have more links.");
  return Exit::yes;
}

std::vector<Parameter> stated_parameters(const std::shared_ptr<WorkOptions>& o) {
  return {
      {"--priority", "PRIORITY", "How urgent it is (medium)", &o->priority, Presence::optional,
       kPriorities},
      {"--owner", "WHO", "Who sees to it: mail address or id", &o->owner},
      {"--application", "NAME", "An application that it concerns; repeatable", &o->applications},
      {"--field", "NAME=VALUE", "A field of your own; repeatable", &o->fields},
      {"--system", "NAME", "The system that has it too, such as jira", &o->system},
      {"--external-key", "KEY", "Its key there", &o->external_key},
      {"--url", "ADDRESS", "Where it is to be seen there", &o->url},
      {"--description", "TEXT", "What is known; kept sealed", &o->description}};
}

Command link_command(std::string name, std::string summary, std::vector<std::string> path) {
  const auto o = std::make_shared<LinkOptions>();
  return {std::move(name),
          std::move(summary),
          {{"item", "ITEM", "Its key or id", &o->item, Presence::required},
           {"relation", "RELATION", "implements, fixes, delivers, caused_by, relates_to …",
            &o->relation, Presence::required},
           {"to", "THING", "A key, an id, APP@VERSION, or KIND:NAME such as commit:SHA", &o->to,
            Presence::required}},
          [o, path = std::move(path)](Session& session) { return link(*o, path, session); }};
}

}  // namespace

Command work_create_command() {
  const auto o = std::make_shared<WorkOptions>();
  Command command{
      "work create",
      "Create a requirement, story, task, bug, risk, service request or deviation",
      {{"type", "TYPE", "What it is", &o->item, Presence::required, kTypes},
       {"--title", "TEXT", "One line, without names of people", &o->title, Presence::required},
       {"--key", "KEY", "How people call it (the next number)", &o->key}},
      [o](Session& session) { return create(*o, session); }};
  for (auto& parameter : stated_parameters(o)) command.parameters.push_back(std::move(parameter));
  return command;
}

Command work_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"work list",
          "List work items by key",
          {{"--type", "TYPE", "Only those of this type", &o->type, Presence::optional, kTypes},
           {"--state", "STATE", "Only those in this state", &o->state, Presence::optional, kStates},
           {"--owner", "PERSON", "Only those of this person, by id", &o->owner},
           {"--system", "NAME", "Only those of this other system", &o->system},
           {"--external-key", "KEY", "Only the one of this key there", &o->key},
           {"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command work_show_command() {
  const auto item = std::make_shared<std::string>();
  return {"work show",
          "Show a work item with its links and notes",
          {{"item", "ITEM", "Its key or id", item.get(), Presence::required}},
          [item](Session& session) {
            return shown(session.get(session.in_workspace({"work-items", *item})), session);
          }};
}

Command work_change_command() {
  const auto o = std::make_shared<WorkOptions>();
  Command command{"work change",
                  "Change a work item, or take it a step further",
                  {{"item", "ITEM", "Its key or id", &o->item, Presence::required},
                   {"--title", "TEXT", "One line, without names of people", &o->title},
                   {"--state", "STATE", "The step to take", &o->state, Presence::optional, kStates},
                   {"--note", "TEXT", "What there is to say; kept sealed", &o->note}},
                  [o](Session& session) { return change(*o, session); }};
  for (auto& parameter : stated_parameters(o)) command.parameters.push_back(std::move(parameter));
  return command;
}

Command work_link_command() {
  return link_command("work link", "Link a work item to another thing", {"links"});
}

Command work_unlink_command() {
  return link_command("work unlink", "Take a link away", {"links", "removal"});
}

Command work_linked_command() {
  const auto o = std::make_shared<LinkedOptions>();
  return {"work linked",
          "Show what hangs together with a work item",
          {{"item", "ITEM", "Its key or id", &o->item, Presence::required},
           {"--depth", "COUNT", "How many links far, 1 to 20 (3)", &o->depth}},
          [o](Session& session) { return linked(*o, session); }};
}

Command work_close_command() {
  const auto o = std::make_shared<CloseOptions>();
  return {
      "work close",
      "Close a work item, with the reason",
      {{"item", "ITEM", "Its key or id", &o->item, Presence::required},
       {"--as", "STATE", "How it ends (done)", &o->as, Presence::optional, {"done", "rejected"}},
       {"--reason", "TEXT", "What ends it; kept sealed", &o->reason, Presence::required}},
      [o](Session& session) {
        return shown(session.post(session.in_workspace({"work-items", o->item, "closure"}),
                                  json::object{{"state", o->as}, {"reason", o->reason}}),
                     session);
      }};
}

}  // namespace holdpoint::cli
