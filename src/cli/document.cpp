// holdpoint document create, change, add, submit, review, list, show, overdue: runbooks, procedures
// and backout plans, with versions that are approved and looked at again in time.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/local_file.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {
namespace {

const std::vector<std::string> kKinds{"runbook", "procedure", "backout_plan", "other"};

struct DocumentOptions {
  std::string name;
  std::string title;
  std::string kind;
  std::string owner;
  std::string state;
  int review_days = 0;
};

struct AddOptions {
  std::string name;
  std::string file;
  std::string media_type;
};

struct ReasonOptions {
  std::string name;
  std::string reason;
};

struct ListOptions {
  std::string state;
  std::string kind;
  std::string cursor;
  int limit = 50;
};

std::string line_of(std::string_view label, const std::string& text) {
  if (text.empty()) return "";
  std::string padded(label);
  padded.resize(14, ' ');
  return "  " + padded + printable(text) + "\n";
}

/// In force is what is approved, or needs no approval, and nothing else.
std::string approval_text(const std::string& approval) {
  if (approval == "granted") return "✓ approved";
  if (approval == "not_needed") return "no approval needed";
  if (approval == "pending") return "… approval pending";
  if (approval == "missing") return "✗ not approved";
  return "? approval not known";
}

std::string versions_text(const json::object& document) {
  std::string text;
  const json::array* versions = array_at(document, "versions");
  if (versions == nullptr) return text;
  for (const json::value& entry : *versions) {
    const auto* one = entry.if_object();
    const json::object* version = one == nullptr ? nullptr : object_at(*one, "version");
    if (version == nullptr) continue;
    text +=
        line_of("version " + std::to_string(integer_at(*version, "version").value_or(0)),
                approval_text(shown_at(*one, "approval")) + ", " +
                    instant_at(*version, "added_at") + " by " + shown_at(*one, "added_by_name"));
    text += line_of("", shown_at(*version, "digest"));
    text += line_of("", shown_at(*one, "request"));
  }
  return text;
}

Exit show_answer(const Tried<Answer>& answer, Session& session) {
  if (!answer) return session.fail(answer.error());
  const json::object& view = answer->document;
  const json::object* document = object_at(view, "document");
  if (document == nullptr || !text_at(*document, "name")) {
    return session.fail(malformed("The answer holds no document.", "documents").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  const auto number = [&](std::string_view member) {
    const auto value = integer_at(view, member);
    return value ? std::to_string(*value) : std::string("none");
  };
  const std::string owner = shown_at(view, "owner_name");
  session.out() << printable(shown_at(*document, "name")) << "  "
                << printable(shown_at(*document, "document_kind")) << "  "
                << printable(shown_at(*document, "state")) << "  "
                << printable(shown_at(*document, "title")) << '\n'
                << line_of("id", shown_at(*document, "id"))
                << line_of("owner", owner.empty() ? shown_at(*document, "owner") : owner)
                << line_of("latest", number("latest"))
                << line_of("review due",
                           instant_at(view, "review_due") +
                               (truth_at(view, "overdue") == true ? " (overdue)" : ""));
  if (array_at(view, "versions") != nullptr && !array_at(view, "versions")->empty()) {
    session.out() << line_of("in force", number("in_force")) << versions_text(view);
  }
  if (const json::object* review = object_at(view, "review")) {
    session.out() << line_of("reviewed",
                             instant_at(*review, "at") + " by " + shown_at(*review, "by_name"))
                  << line_of("", shown_at(*review, "reason"));
  }
  return Exit::yes;
}

Exit show(const std::string& name, Session& session) {
  return show_answer(session.get(session.in_workspace({"documents", name})), session);
}

json::object body_of(const DocumentOptions& options) {
  json::object body;
  const auto add = [&](const char* member, const std::string& value) {
    if (!value.empty()) body[member] = value;
  };
  add("title", options.title);
  add("document_kind", options.kind);
  add("owner", options.owner);
  add("state", options.state);
  if (options.review_days != 0) body["review_days"] = options.review_days;
  return body;
}

Exit create(const DocumentOptions& options, Session& session) {
  json::object body = body_of(options);
  body["name"] = options.name;
  return show_answer(session.post(session.in_workspace({"documents"}), body), session);
}

Exit change(const DocumentOptions& options, Session& session) {
  return show_answer(
      session.post(session.in_workspace({"documents", options.name, "changes"}), body_of(options)),
      session);
}

Exit add(const AddOptions& options, Session& session) {
  const auto hashed = hash_file(options.file);
  if (!hashed) return session.fail(hashed.error());
  const auto answer = session.upload(session.in_workspace({"documents", options.name, "versions"}) +
                                         query_of({{"media_type", options.media_type}}),
                                     options.file, [](std::uint64_t) {});
  return show_answer(answer, session);
}

/// Asks for the approval of the latest version.
Exit submit(const ReasonOptions& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"documents", options.name}));
  if (!answer) return session.fail(answer.error());
  const json::object* document = object_at(answer->document, "document");
  const std::string id = document == nullptr ? "" : shown_at(*document, "id");
  const auto latest = integer_at(answer->document, "latest");
  if (id.empty()) {
    return session.fail(malformed("The answer holds no document.", "GET documents").error());
  }
  if (!latest) {
    return session.fail(wrong_use("The document has no version to approve.", options.name,
                                  "holdpoint document add " + options.name + " FILE")
                            .error());
  }
  const auto asked = session.post(session.in_workspace({"approvals"}),
                                  json::object{{"kind", "document"},
                                               {"id", id + "/" + std::to_string(*latest)},
                                               {"reason", options.reason},
                                               {"fields", json::object{}}});
  if (!asked) return session.fail(asked.error());
  const auto request = text_at(asked->document, "id");
  if (!request) return session.fail(malformed("The answer names none.", "POST approvals").error());
  if (session.format() == Format::json) {
    session.print_json(*asked);
  } else {
    session.out() << "Asked for: " << printable(*request) << '\n';
  }
  return Exit::yes;
}

Exit review(const ReasonOptions& options, Session& session) {
  return show_answer(session.post(session.in_workspace({"documents", options.name, "reviews"}),
                                  json::object{{"reason", options.reason}}),
                     session);
}

Exit list(const ListOptions& options, Session& session) {
  return list_rows(
      session,
      session.in_workspace({"documents"}) + query_of({{"state", options.state},
                                                      {"document_kind", options.kind},
                                                      {"limit", std::to_string(options.limit)},
                                                      {"cursor", options.cursor}}),
      {"NAME", "KIND", "STATE", "TITLE"}, "No document.\n",
      [](const json::object& document) -> std::vector<Cell> {
        return {{shown_at(document, "name")},
                {shown_at(document, "document_kind")},
                {shown_at(document, "state")},
                {shown_at(document, "title")}};
      });
}

/// 1 when one is overdue.
Exit overdue(Session& session) {
  const auto answer = session.get(session.in_workspace({"overdue-documents"}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET overdue-documents").error());
  }
  const Exit exit = items->empty() ? Exit::yes : Exit::no;
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return exit;
  }
  Table table({"NAME", "DUE", "TITLE"});
  for (const json::value& entry : *items) {
    const auto* document = entry.if_object();
    if (document == nullptr) continue;
    const std::string due = instant_at(*document, "due");
    table.add({{shown_at(*document, "name")},
               {due.empty() ? "no version" : due},
               {shown_at(*document, "title")}});
  }
  session.out() << (table.empty() ? "Nothing is overdue.\n" : table.text(session.colour()));
  return exit;
}

std::vector<Parameter> stated_parameters(const std::shared_ptr<DocumentOptions>& o) {
  return {{"--owner", "WHO", "Who answers for it: mail address or id", &o->owner},
          {"--review-days", "COUNT", "How often it is looked at, 1 to 1095 days (365)",
           &o->review_days}};
}

Command reasoned(std::string name, std::string summary, std::string what,
                 Exit (*act)(const ReasonOptions&, Session&)) {
  const auto o = std::make_shared<ReasonOptions>();
  return {std::move(name),
          std::move(summary),
          {{"document", "DOCUMENT", "Its name or id", &o->name, Presence::required},
           {"--reason", "TEXT", std::move(what), &o->reason, Presence::required}},
          [o, act](Session& session) { return act(*o, session); }};
}

}  // namespace

Command document_create_command() {
  const auto o = std::make_shared<DocumentOptions>();
  Command command{
      "document create",
      "Create a controlled document, without a version yet",
      {{"name", "NAME", "How it is called", &o->name, Presence::required},
       {"--kind", "KIND", "What it is", &o->kind, Presence::required, kKinds},
       {"--title", "TEXT", "One line, without names of people", &o->title, Presence::required}},
      [o](Session& session) { return create(*o, session); }};
  for (auto& parameter : stated_parameters(o)) command.parameters.push_back(std::move(parameter));
  return command;
}

Command document_change_command() {
  const auto o = std::make_shared<DocumentOptions>();
  Command command{"document change",
                  "Change what is said of a document, or take it out of use",
                  {{"document", "DOCUMENT", "Its name or id", &o->name, Presence::required},
                   {"--kind", "KIND", "What it is", &o->kind, Presence::optional, kKinds},
                   {"--title", "TEXT", "One line, without names of people", &o->title},
                   {"--state",
                    "STATE",
                    "Whether it is in use",
                    &o->state,
                    Presence::optional,
                    {"active", "retired"}}},
                  [o](Session& session) { return change(*o, session); }};
  for (auto& parameter : stated_parameters(o)) command.parameters.push_back(std::move(parameter));
  return command;
}

Command document_add_command() {
  const auto o = std::make_shared<AddOptions>();
  return {"document add",
          "Add a version of a document",
          {{"document", "DOCUMENT", "Its name or id", &o->name, Presence::required},
           {"file", "FILE", "The version", &o->file, Presence::required, {}, ValueKind::path},
           {"--media-type", "TYPE", "What the file is (application/octet-stream)", &o->media_type}},
          [o](Session& session) { return add(*o, session); }};
}

Command document_submit_command() {
  return reasoned("document submit", "Ask for the approval of the latest version",
                  "Why it is to be approved", submit);
}

Command document_review_command() {
  return reasoned("document review", "Say that the latest version was looked at and stands",
                  "What was found; kept sealed", review);
}

Command document_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"document list",
          "List controlled documents by name",
          {{"--kind", "KIND", "Only those of this kind", &o->kind, Presence::optional, kKinds},
           {"--state",
            "STATE",
            "Only those in this state",
            &o->state,
            Presence::optional,
            {"active", "retired"}},
           {"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command document_show_command() {
  const auto name = std::make_shared<std::string>();
  return {"document show",
          "Show a document with its versions",
          {{"document", "DOCUMENT", "Its name or id", name.get(), Presence::required}},
          [name](Session& session) { return show(*name, session); }};
}

Command document_overdue_command() {
  return {"document overdue",
          "List documents that have to be looked at, or have no version",
          {},
          [](Session& session) { return overdue(session); }};
}

}  // namespace holdpoint::cli
