// holdpoint rollback list, show, propose, drill, confirm, decline, executed, clear, rules: taking a
// deployment back by a decision that says why, on what measurements, to which version, by whom.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct ListOptions {
  std::string state;
  std::string origin;
  std::string application;
  std::string environment;
  std::string cursor;
  int limit = 50;
};

struct ActOptions {
  std::string id;
  std::string rule;
  std::string version;
  std::string reason;
  std::vector<std::string> follow_ups;
  bool failed = false;
  bool unmeasured = false;
};

std::string texts(const json::object& object, std::string_view name) {
  std::string out;
  if (const json::array* all = array_at(object, name)) {
    for (const json::value& one : *all) {
      if (one.is_string()) {
        out += (out.empty() ? "" : ", ") + printable(view(one.get_string()));
      }
    }
  }
  return out;
}

std::string measured_text(const json::object& one) {
  std::string text = printable(shown_at(one, "name"));
  auto value = integer_at(one, "value");
  if (!value) value = integer_at(one, "measured");
  auto limit = integer_at(one, "limit");
  if (!limit) limit = integer_at(one, "allowed");
  if (value) text += " " + std::to_string(*value);
  if (limit) text += ", limit " + std::to_string(*limit);
  const auto healthy = truth_at(one, "healthy");
  text += healthy ? (*healthy ? ": healthy" : ": unhealthy") : ": not known";
  return text + " (" + printable(shown_at(one, "source")) + ")";
}

void add_measured(const json::array* all, const std::string& title, std::string& text) {
  if (all == nullptr || all->empty()) return;
  text += indented(title, 2);
  for (const json::value& one : *all) {
    if (const auto* value = one.if_object()) text += indented(measured_text(*value), 4);
  }
}

std::string heading_of(const json::object& one) {
  std::string state = printable(shown_at(one, "state"));
  if (!shown_at(one, "overdue_at").empty()) state += ", overdue";
  if (shown_at(one, "origin") == "drill") state += ", a drill";
  std::string target = "nothing yet";
  if (const auto* to = object_at(one, "target")) target = printable(shown_at(*to, "version"));
  return printable(shown_at(one, "id")) + "  " + state + "\n" +
         indented(printable(shown_at(one, "application")) + "@" +
                      printable(shown_at(one, "version")) + " in " +
                      printable(shown_at(one, "environment")) + " goes back to " + target +
                      ", due " + instant_at(one, "due"),
                  2);
}

std::string text_of(const json::object& view, const json::object& one) {
  std::string text = heading_of(one);
  const auto line = [&](const std::string& label, const std::string& value) {
    if (!value.empty()) text += indented(label + printable(value), 2);
  };
  line("because      ", shown_at(one, "because"));
  line("held         ", shown_at(one, "held_because"));
  line("reason       ", shown_at(view, "reason"));
  line("plan         ", shown_at(one, "plan"));
  line("deployment   ", shown_at(one, "deployment"));
  line("certified by ", shown_at(one, "certification"));
  if (const auto* trigger = object_at(one, "trigger")) {
    line("rule         ", shown_at(*trigger, "policy"));
    line("condition    ", texts(*trigger, "conditions"));
    line("alerts       ", texts(*trigger, "alerts"));
    line("incidents    ", texts(*trigger, "incidents"));
    add_measured(array_at(*trigger, "values"), "measured then", text);
  }
  line("proposed by  ", shown_at(view, "proposed_by_name"));
  const bool by_rule = shown_at(one, "decider") == "rule";
  line("authorised   ", by_rule ? "by the rule" : shown_at(view, "decided_by_name"));
  line("             ", shown_at(view, "decision_reason"));
  line("handed to    ", shown_at(one, "executor"));
  line("reported by  ", shown_at(view, "executed_by_name"));
  line("             ", shown_at(view, "execution_reason"));
  line("follow-ups   ", texts(one, "follow_ups"));
  add_measured(array_at(view, "health_after"), "measured since it took effect", text);
  line("ended by     ", shown_at(view, "ended_by_name"));
  line("             ", shown_at(view, "ending_reason"));
  return text;
}

Exit show(const std::string& id, Session& session) {
  const auto answer = session.get(session.in_workspace({"rollbacks", id}));
  if (!answer) return session.fail(answer.error());
  const auto* one = object_at(answer->document, "rollback");
  if (one == nullptr) {
    return session.fail(malformed("The answer holds no rollback.", "GET rollbacks").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << text_of(answer->document, *one);
  }
  return Exit::yes;
}

Exit list(const ListOptions& options, Session& session) {
  return list_lines(
      session,
      session.in_workspace({"rollbacks"}) + query_of({{"state", options.state},
                                                      {"origin", options.origin},
                                                      {"application", options.application},
                                                      {"environment", options.environment},
                                                      {"limit", std::to_string(options.limit)},
                                                      {"cursor", options.cursor}}),
      "No rollback.\n", [](const json::object& view) {
        const auto* one = object_at(view, "rollback");
        return one == nullptr ? "" : heading_of(*one);
      });
}

/// Exit 1 when a rule was not tried as it is now: nobody knows that it works.
Exit rules(int days, Session& session) {
  const auto answer = session.get(session.in_workspace({"rollbacks", "rules"}) +
                                  query_of({{"days", std::to_string(days)}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET rollbacks/rules").error());
  }
  Exit exit = Exit::yes;
  Table table({"RULE", "MODE", "CARRIED OUT", "DUE", "LAST TRIED", "TESTED"});
  for (const json::value& entry : *items) {
    const auto* rule = entry.if_object();
    if (rule == nullptr) continue;
    const auto* terms = object_at(*rule, "terms");
    const auto* trial = object_at(*rule, "last_trial");
    const bool tested = truth_at(*rule, "tested") == true;
    if (!tested) exit = Exit::no;
    table.add({{printable(shown_at(*rule, "name"))},
               {printable(shown_at(*rule, "mode"))},
               {terms == nullptr ? "cannot be read" : printable(shown_at(*terms, "execution"))},
               {terms == nullptr ? "" : printable(shown_at(*terms, "due"))},
               {trial == nullptr ? "never" : instant_at(*trial, "at")},
               {tested ? "✓ yes" : "✗ " + printable(shown_at(*rule, "untested_because")),
                tested ? Tone::good : Tone::bad}});
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << (table.empty() ? "No rule.\n" : table.text(session.colour()));
  }
  return exit;
}

/// Posts, and shows what became of it.
Exit moved(const std::vector<std::string>& path, const json::object& body, Session& session) {
  const auto answer = session.post(session.in_workspace(path), body);
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  const auto id = text_at(answer->document, "id");
  if (!id) return session.fail(malformed("The answer names none.", "POST rollbacks").error());
  return show(*id, session);
}

void add_text(json::object& body, const char* name, const std::string& text) {
  if (!text.empty()) body[name] = text;
}

void add_follow_ups(json::object& body, const std::vector<std::string>& all) {
  if (all.empty()) return;
  json::array list;
  for (const std::string& one : all) list.emplace_back(one);
  body["follow_ups"] = std::move(list);
}

Exit clear(const ActOptions& o, Session& session) {
  json::object body{{"reason", o.reason}};
  if (o.unmeasured) body["unmeasured"] = true;
  add_follow_ups(body, o.follow_ups);
  if (!o.id.starts_with("dpl_")) return moved({"rollbacks", o.id, "clearance"}, body, session);
  const auto answer = session.post(session.in_workspace({"deployments", o.id, "clearance"}), body);
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << printable(shown_at(answer->document, "deployment")) << "  cleared\n";
  }
  return Exit::yes;
}

Parameter version_option(std::string& target) {
  return {"--to", "VERSION", "The version to go back to (what the rule says)", &target};
}

}  // namespace

Command rollback_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"rollback list",
          "List rollbacks, the newest first",
          {{"--state",
            "STATE",
            "Only those in this state",
            &o->state,
            Presence::optional,
            {"proposed", "confirmed", "executing", "executed", "failed", "declined", "cleared"}},
           {"--origin",
            "ORIGIN",
            "Only those that came about so",
            &o->origin,
            Presence::optional,
            {"rule", "person", "drill"}},
           {"--app", "APPLICATION", "Only those of this application", &o->application},
           {"--env", "ENVIRONMENT", "Only those in this environment", &o->environment},
           {"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command rollback_show_command() {
  const auto id = std::make_shared<std::string>();
  return {"rollback show",
          "Show a rollback: why, what was measured, the plan, and how it went",
          {{"id", "ID", "The rollback's id", id.get(), Presence::required}},
          [id](Session& session) { return show(*id, session); }};
}

Command rollback_propose_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"rollback propose",
          "Propose to take a deployment back; somebody else confirms it",
          {{"deployment", "DEPLOYMENT", "The deployment's id", &o->id, Presence::required},
           {"--reason", "TEXT", "Why; kept sealed", &o->reason, Presence::required},
           version_option(o->version)},
          [o](Session& session) {
            json::object body{{"deployment", o->id}, {"reason", o->reason}};
            add_text(body, "version", o->version);
            return moved({"rollbacks"}, body, session);
          }};
}

Command rollback_drill_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"rollback drill",
          "Try a rule where nobody is hurt; begins at once, and is evidence",
          {{"deployment", "DEPLOYMENT", "The deployment's id", &o->id, Presence::required},
           {"--rule", "NAME", "The RollbackPolicy that is tried", &o->rule, Presence::required},
           {"--reason", "TEXT", "Why; kept sealed", &o->reason, Presence::required},
           version_option(o->version)},
          [o](Session& session) {
            json::object body{{"deployment", o->id}, {"policy", o->rule}, {"reason", o->reason}};
            add_text(body, "version", o->version);
            return moved({"rollbacks", "drills"}, body, session);
          }};
}

Command rollback_confirm_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"rollback confirm",
          "Confirm a rollback, and have it carried out",
          {{"id", "ID", "The rollback's id", &o->id, Presence::required},
           version_option(o->version),
           {"--reason", "TEXT", "Why; kept sealed", &o->reason}},
          [o](Session& session) {
            json::object body;
            add_text(body, "version", o->version);
            add_text(body, "reason", o->reason);
            return moved({"rollbacks", o->id, "confirmation"}, body, session);
          }};
}

Command rollback_decline_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"rollback decline",
          "Leave the deployment where it is",
          {{"id", "ID", "The rollback's id", &o->id, Presence::required},
           {"--reason", "TEXT", "Why; kept sealed", &o->reason, Presence::required}},
          [o](Session& session) {
            return moved({"rollbacks", o->id, "decline"}, {{"reason", o->reason}}, session);
          }};
}

Command rollback_executed_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"rollback executed",
          "Say that a rollback was carried out, or failed",
          {{"id", "ID", "The rollback's id", &o->id, Presence::required},
           {"--failed", "", "It could not be carried out", &o->failed},
           {"--reason", "TEXT", "What there is to say; kept sealed", &o->reason},
           {"--follow-up", "TEXT", "What has to be done next: a ticket, a link", &o->follow_ups}},
          [o](Session& session) {
            json::object body{{"outcome", o->failed ? "failed" : "succeeded"}};
            add_text(body, "reason", o->reason);
            add_follow_ups(body, o->follow_ups);
            return moved({"rollbacks", o->id, "execution"}, body, session);
          }};
}

Command rollback_clear_command() {
  const auto o = std::make_shared<ActOptions>();
  return {"rollback clear",
          "End the watch over a rollback, or over a deployment that somebody else made",
          {{"id", "ID", "The id of a rollback or deployment", &o->id, Presence::required},
           {"--reason", "TEXT", "What was looked at; kept sealed", &o->reason, Presence::required},
           {"--unmeasured", "", "Nothing was measured, and you looked yourself", &o->unmeasured},
           {"--follow-up", "TEXT", "What has to be done next: a ticket, a link", &o->follow_ups}},
          [o](Session& session) { return clear(*o, session); }};
}

Command rollback_rules_command() {
  const auto days = std::make_shared<int>(90);
  return {"rollback rules",
          "Show the rules in force, and whether each was tried",
          {{"--days", "DAYS", "How long a trial counts (90)", days.get()}},
          [days](Session& session) { return rules(*days, session); }};
}

}  // namespace holdpoint::cli
