// holdpoint deployment start, finish, verify, list: deployments that pass the gate, use up their
// approval, and are looked at by somebody else.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/gate.hpp"
#include "cli/session.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct StartOptions {
  GateOptions gate;
  std::string reason;
  bool rollback = false;
};

struct FinishOptions {
  std::string id;
  std::string outcome;
  std::string note;
};

struct ListOptions {
  std::string application;
  std::string environment;
  std::string cursor;
  int limit = 50;
  bool refused = false;
};

std::string release_and_place(const json::object& one) {
  return printable(shown_at(one, "application")) + "@" + printable(shown_at(one, "version")) +
         " to " + printable(shown_at(one, "environment"));
}

void show(const json::object& deployment, Session& session) {
  std::string text = printable(shown_at(deployment, "id")) + "  " + release_and_place(deployment) +
                     ": " + printable(shown_at(deployment, "state")) + "\n";
  const auto line = [&](std::string_view name, const std::string& title) {
    const std::string value = shown_at(deployment, name);
    if (!value.empty()) text += indented(title + " " + printable(value), 2);
  };
  line("certification", "certification");
  line("approval", "approval");
  line("verified_by", "verified by");
  if (const auto attempt = integer_at(deployment, "attempt").value_or(1); attempt > 1) {
    text += indented("attempt " + std::to_string(attempt) + " with that approval", 2);
  }
  if (object_at(deployment, "rollback") != nullptr) {
    const std::string reason = shown_at(deployment, "rollback_reason");
    text += indented("rollback" + (reason.empty() ? "" : ": " + printable(reason)), 2);
  }
  line("note", "note:");
  line("implicated_by", "failed by incident");
  session.out() << text;
}

/// "approval_missing", "gate_policy_failed complete/one (fail)".
std::string because_text(const json::object& because) {
  std::string text = printable(shown_at(because, "code"));
  const std::string criteria = shown_at(because, "criteria");
  const std::string criterion = shown_at(because, "criterion");
  const std::string result = shown_at(because, "result");
  if (!criteria.empty()) text += " " + printable(criteria);
  if (!criterion.empty()) text += "/" + printable(criterion);
  if (!result.empty()) text += " (" + printable(result) + ")";
  return text;
}

void show_refused(const json::object& start, Session& session) {
  std::string text = printable(shown_at(start, "id")) + "  " + release_and_place(start) +
                     ": refused, " + printable(shown_at(start, "code")) + "\n";
  text += indented("by " + printable(shown_at(start, "actor")) + ", " + instant_at(start, "at"), 2);
  if (const json::array* reasons = array_at(start, "reasons")) {
    for (const json::value& reason : *reasons) {
      if (const auto* one = reason.if_object()) text += indented(because_text(*one), 2);
    }
  }
  if (const auto omitted = integer_at(start, "reasons_omitted").value_or(0); omitted > 0) {
    text += indented("and " + std::to_string(omitted) + " more", 2);
  }
  session.out() << text;
}

Exit shown(const Tried<Answer>& answer, Session& session) {
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    show(answer->document, session);
  }
  return Exit::yes;
}

Exit start(const StartOptions& options, Session& session) {
  if (options.rollback == options.reason.empty()) {
    return session.fail(
        wrong_use("A rollback is started with its reason; --rollback and --reason go together.",
                  options.rollback ? "--reason" : "--rollback",
                  "holdpoint deployment start APP@VERSION --env ENVIRONMENT --rollback "
                  "--reason REASON")
            .error());
  }
  const auto question = gate_question(options.gate);
  if (!question) return session.fail(question.error());
  json::object wanted{{"application", question->application},
                      {"version", question->version},
                      {"environment", question->environment}};
  if (!question->artifact.empty()) wanted["artifact"] = question->artifact;
  if (options.rollback) wanted["rollback"] = json::object{{"reason", options.reason}};
  return shown(session.post(session.in_workspace({"deployments"}), wanted), session);
}

Exit finish(const FinishOptions& options, Session& session) {
  json::object body{{"outcome", options.outcome}};
  if (!options.note.empty()) body["note"] = options.note;
  return shown(session.post(session.in_workspace({"deployments", options.id, "finish"}), body),
               session);
}

Exit verify(const FinishOptions& options, Session& session) {
  json::object body;
  if (!options.note.empty()) body["note"] = options.note;
  return shown(
      session.post(session.in_workspace({"deployments", options.id, "verification"}), body),
      session);
}

Exit list(const ListOptions& options, Session& session) {
  const auto path = options.refused ? session.in_workspace({"deployments", "refused"})
                                    : session.in_workspace({"deployments"});
  const auto answer = session.get(path + query_of({{"application", options.application},
                                                   {"environment", options.environment},
                                                   {"limit", std::to_string(options.limit)},
                                                   {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET deployments").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  if (items->empty()) {
    session.out() << (options.refused ? "No start was refused.\n" : "No deployment.\n");
  }
  for (const json::value& item : *items) {
    const auto* one = item.if_object();
    if (one != nullptr) (options.refused ? show_refused : show)(*one, session);
  }
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
}

}  // namespace

Command deployment_start_command() {
  const auto o = std::make_shared<StartOptions>();
  auto parameters = gate_parameters(o->gate);
  parameters.push_back(
      {"--rollback", "", "Go back past a newer release that was started there", &o->rollback});
  parameters.push_back({"--reason", "TEXT", "Why it goes back; on the record", &o->reason});
  return {"deployment start", "Start a deployment through the gate; uses up the approval",
          std::move(parameters), [o](Session& session) { return start(*o, session); }};
}

Command deployment_finish_command() {
  const auto o = std::make_shared<FinishOptions>();
  return {"deployment finish",
          "Say how a deployment ended",
          {{"id", "ID", "The deployment's id", &o->id, Presence::required},
           {"--outcome",
            "OUTCOME",
            "How it ended",
            &o->outcome,
            Presence::required,
            {"succeeded", "failed", "cancelled"}},
           {"--note", "TEXT", "What there is to say about it", &o->note}},
          [o](Session& session) { return finish(*o, session); }};
}

Command deployment_verify_command() {
  const auto o = std::make_shared<FinishOptions>();
  return {"deployment verify",
          "Verify a deployment that somebody else made",
          {{"id", "ID", "The deployment's id", &o->id, Presence::required},
           {"--note", "TEXT", "What was looked at", &o->note}},
          [o](Session& session) { return verify(*o, session); }};
}

Command deployment_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"deployment list",
          "List deployments, the newest first",
          {{"--app", "APPLICATION", "Only those of this application", &o->application},
           {"--env", "ENVIRONMENT", "Only those to this environment", &o->environment},
           {"--refused", "", "The starts that were refused instead", &o->refused},
           {"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

}  // namespace holdpoint::cli
