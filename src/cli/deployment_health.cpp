// holdpoint deployment health, report, watched, unauthorised, acknowledge: how deployments do
// afterwards, and what runs that none of them brought.
#include <charconv>
#include <map>
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct HealthOptions {
  std::string id;
  std::vector<std::string> values;
  std::vector<std::string> limits;
  std::vector<std::string> healthy;
  std::vector<std::string> unhealthy;
  std::string source = "command line";
};

struct ReportOptions {
  std::string application;
  std::string environment;
  std::string artifact;
  std::string source;
};

struct ListOptions {
  std::string state;
  std::string cursor;
};

struct Answering {
  std::string id;
  std::string reason;
};

struct Value {
  std::optional<std::int64_t> value;
  std::optional<std::int64_t> limit;
  std::optional<bool> healthy;
};
using Values = std::map<std::string, Value>;

/// NAME=NUMBER into the member; false when it is not of that form.
bool take_number(const std::string& text, std::optional<std::int64_t> Value::* member,
                 Values& values) {
  const auto equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) return false;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + equals + 1, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return false;
  values[text.substr(0, equals)].*member = number;
  return true;
}

Tried<json::array> values_of(const HealthOptions& o) {
  Values values;
  for (const std::string& text : o.values) {
    if (take_number(text, &Value::value, values)) continue;
    return wrong_use("A value is written NAME=NUMBER.", text, "");
  }
  for (const std::string& text : o.limits) {
    if (take_number(text, &Value::limit, values)) continue;
    return wrong_use("A limit is written NAME=NUMBER.", text, "");
  }
  for (const std::string& name : o.healthy) values[name].healthy = true;
  for (const std::string& name : o.unhealthy) values[name].healthy = false;
  json::array all;
  for (const auto& [name, one] : values) {
    auto healthy = one.healthy;
    if (!healthy && one.value && one.limit) healthy = *one.value <= *one.limit;
    if (!healthy) {
      return wrong_use("Whether it is healthy is said by --limit, --healthy or --unhealthy.", name,
                       "");
    }
    json::object measured{{"name", name}, {"healthy", *healthy}, {"source", o.source}};
    if (one.value) measured["value"] = *one.value;
    if (one.limit) measured["limit"] = *one.limit;
    all.push_back(std::move(measured));
  }
  return all;
}

std::string value_text(const json::object& one) {
  std::string text = printable(shown_at(one, "name"));
  if (const auto value = integer_at(one, "measured")) text += " " + std::to_string(*value);
  if (const auto limit = integer_at(one, "allowed")) text += ", limit " + std::to_string(*limit);
  const auto healthy = truth_at(one, "healthy");
  text += healthy ? (*healthy ? ": healthy" : ": unhealthy") : ": not known";
  return text + " (" + printable(shown_at(one, "source")) + ", " + instant_at(one, "reported_at") +
         ")";
}

void show(const json::object& health, Session& session) {
  std::string text = printable(shown_at(health, "deployment")) + "  " +
                     printable(shown_at(health, "application")) + "@" +
                     printable(shown_at(health, "version")) + " in " +
                     printable(shown_at(health, "environment")) + ": " +
                     printable(shown_at(health, "watch")) + "\n";
  if (const json::array* values = array_at(health, "values")) {
    if (values->empty()) text += indented("nothing was measured", 2);
    for (const json::value& one : *values) {
      if (const auto* value = one.if_object()) text += indented(value_text(*value), 2);
    }
  }
  if (const json::array* alerts = array_at(health, "alerts")) {
    for (const json::value& one : *alerts) {
      const auto* alert = one.if_object();
      if (alert == nullptr) continue;
      text += indented("alert " + printable(shown_at(*alert, "name")) + " since " +
                           instant_at(*alert, "starts_at"),
                       2);
    }
  }
  if (const json::array* rollbacks = array_at(health, "rollbacks")) {
    for (const json::value& one : *rollbacks) {
      if (one.is_string()) text += indented("rollback " + printable(view(one.get_string())), 2);
    }
  }
  session.out() << text;
}

Exit health(const HealthOptions& o, Session& session) {
  const auto values = values_of(o);
  if (!values) return session.fail(values.error());
  if (!values->empty()) {
    const auto taken = session.post(session.in_workspace({"deployments", o.id, "health"}),
                                    json::object{{"values", *values}});
    if (!taken) return session.fail(taken.error());
    if (session.format() == Format::json) {
      session.print_json(*taken);
      return Exit::yes;
    }
  }
  const auto answer = session.get(session.in_workspace({"deployments", o.id, "health"}));
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    show(answer->document, session);
  }
  return Exit::yes;
}

/// Exit 1 for what is not authorised.
Exit report(const ReportOptions& o, Session& session) {
  const auto answer = session.post(session.in_workspace({"deployments", "running"}),
                                   json::object{{"application", o.application},
                                                {"environment", o.environment},
                                                {"artifact", o.artifact},
                                                {"source", o.source}});
  if (!answer) return session.fail(answer.error());
  const auto authorised = truth_at(answer->document, "authorised");
  if (!authorised) {
    return session.fail(malformed("The answer does not say.", "POST deployments/running").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << (*authorised
                          ? "authorised\n"
                          : "unauthorised: " +
                                printable(shown_at(answer->document, "unauthorised")) + "\n");
  }
  return *authorised ? Exit::yes : Exit::no;
}

std::string watched_line(const json::object& one) {
  const bool measured = truth_at(one, "measured") == true;
  const auto unhealthy = integer_at(one, "unhealthy").value_or(0);
  return printable(shown_at(one, "deployment")) + "  " + printable(shown_at(one, "application")) +
         "@" + printable(shown_at(one, "version")) + " in " +
         printable(shown_at(one, "environment")) + " since " + instant_at(one, "since") + ": " +
         (measured ? std::to_string(unhealthy) + " unhealthy" : "nothing was measured") + "\n";
}

std::string sighting_line(const json::object& view) {
  const auto* one = object_at(view, "sighting");
  if (one == nullptr) return "";
  std::string text =
      printable(shown_at(*one, "id")) + "  " + printable(shown_at(*one, "application")) +
      (shown_at(*one, "version").empty() ? "" : "@" + shown_at(*one, "version")) + " in " +
      printable(shown_at(*one, "environment")) + ": " + printable(shown_at(*one, "because")) + "\n";
  text += indented(printable(shown_at(*one, "artifact")) + ", seen by " +
                       printable(shown_at(*one, "source")) + ", " + instant_at(*one, "seen_at"),
                   2);
  const std::string who = shown_at(view, "acknowledged_by_name");
  text += indented(who.empty() ? "nobody answered for it yet" : "answered by " + printable(who), 2);
  return text;
}

}  // namespace

Command deployment_health_command() {
  const auto o = std::make_shared<HealthOptions>();
  return {"deployment health",
          "Show how a deployment does, or report what was measured of it",
          {{"id", "ID", "The deployment's id", &o->id, Presence::required},
           {"--value", "NAME=NUMBER", "What was measured", &o->values},
           {"--limit", "NAME=NUMBER", "It is healthy up to this", &o->limits},
           {"--healthy", "NAME", "A check that passed", &o->healthy},
           {"--unhealthy", "NAME", "A check that failed", &o->unhealthy},
           {"--source", "TEXT", "What measured it", &o->source}},
          [o](Session& session) { return health(*o, session); }};
}

Command deployment_report_command() {
  const auto o = std::make_shared<ReportOptions>();
  return {"deployment report",
          "Report which artifact runs in an environment; exit 1 when it is not authorised",
          {{"application", "APP", "The application", &o->application, Presence::required},
           {"--env", "ENVIRONMENT", "Where it runs", &o->environment, Presence::required},
           {"--artifact", "DIGEST", "Of what runs: sha256:…", &o->artifact, Presence::required},
           {"--source", "TEXT", "What saw it", &o->source, Presence::required}},
          [o](Session& session) { return report(*o, session); }};
}

Command deployment_watched_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"deployment watched",
          "List deployments to production that nobody cleared yet",
          {{"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) {
            return list_lines(session,
                              session.in_workspace({"deployments", "watched"}) +
                                  query_of({{"cursor", o->cursor}}),
                              "No deployment is watched.\n", watched_line);
          }};
}

Command deployment_unauthorised_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"deployment unauthorised",
          "List what was seen to run and did not come through the gate",
          {{"--state",
            "STATE",
            "Only those that wait for an answer, or have one",
            &o->state,
            Presence::optional,
            {"open", "acknowledged"}},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) {
            return list_lines(session,
                              session.in_workspace({"deployments", "unauthorised"}) +
                                  query_of({{"state", o->state}, {"cursor", o->cursor}}),
                              "Nothing unauthorised was seen.\n", sighting_line);
          }};
}

Command deployment_acknowledge_command() {
  const auto o = std::make_shared<Answering>();
  return {"deployment acknowledge",
          "Answer for an unauthorised deployment; it stays on record",
          {{"id", "ID", "Its id, una_…", &o->id, Presence::required},
           {"--reason", "TEXT", "How it came there, and what follows; kept sealed", &o->reason,
            Presence::required}},
          [o](Session& session) {
            const auto answer = session.post(
                session.in_workspace({"deployments", "unauthorised", o->id, "acknowledgement"}),
                json::object{{"reason", o->reason}});
            if (!answer) return session.fail(answer.error());
            if (session.format() == Format::json) {
              session.print_json(*answer);
            } else {
              session.out() << o->id << "  acknowledged\n";
            }
            return Exit::yes;
          }};
}

}  // namespace holdpoint::cli
