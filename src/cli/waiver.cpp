// holdpoint waiver request, list, show, withdraw, revoke: an exception for one violation of one
// rule, which somebody else approves and which ends.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/moment.hpp"
#include "cli/release_ref.hpp"
#include "cli/session.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct RequestOptions {
  std::string release;
  std::string criteria;
  std::string rule;
  std::string violation;
  std::string scope;
  std::string owner;
  std::string until;
  std::string reason;
};

struct ListOptions {
  std::string state;
  std::string application;
  std::string cursor;
  int limit = 50;
};

struct EndOptions {
  std::string id;
  std::string reason;
};

std::string heading_of(const json::object& waiver) {
  return printable(shown_at(waiver, "id")) + "  " + waiver_word(shown_at(waiver, "state")).text() +
         "\n" +
         indented(printable(shown_at(waiver, "criteria") + "/" + shown_at(waiver, "rule") + " of " +
                            shown_at(waiver, "application") +
                            (shown_at(waiver, "scope") == "release"
                                 ? "@" + shown_at(waiver, "version")
                                 : ", as seen in " + shown_at(waiver, "version")) +
                            ", until " + instant_at(waiver, "until")),
                  2) +
         indented(printable(shown_at(waiver, "what")), 2);
}

std::string line_of(const json::object& waiver, std::string_view label, std::string_view member) {
  const auto text = text_at(waiver, member);
  return text ? indented(std::string(label) + ": " + printable(*text), 2) : "";
}

std::string text_of(const json::object& waiver) {
  return heading_of(waiver) + line_of(waiver, "violation", "violation") +
         line_of(waiver, "risk owner", "owner_name") +
         line_of(waiver, "asked by", "requested_by_name") + line_of(waiver, "reason", "reason") +
         line_of(waiver, "approval", "approval") + line_of(waiver, "waits for", "waits_for") +
         line_of(waiver, "in force from", "granted_at") +
         line_of(waiver, "takes on from", "extends") + line_of(waiver, "ended", "ended_at") +
         line_of(waiver, "because", "ended_because") +
         line_of(waiver, "in their words", "ending_reason");
}

Exit show(const std::string& id, Session& session) {
  const auto answer = session.get(session.in_workspace({"waivers", id}));
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << text_of(answer->document);
  }
  return Exit::yes;
}

Exit request(const RequestOptions& options, Session& session) {
  const auto release = checked_release_ref(options.release);
  if (!release) return session.fail(release.error());
  const auto until = moment_ahead(options.until, "--until", session);
  if (!until) return session.fail(until.error());
  json::object wanted{{"release", *release},    {"criteria", options.criteria},
                      {"rule", options.rule},   {"owner", options.owner},
                      {"until", until->text()}, {"reason", options.reason}};
  if (!options.violation.empty()) wanted["violation"] = options.violation;
  if (!options.scope.empty()) wanted["scope"] = options.scope;
  const auto answer = session.post(session.in_workspace({"waivers"}), wanted);
  if (!answer) return session.fail(answer.error());
  const auto id = text_at(answer->document, "id");
  if (!id) return session.fail(malformed("The answer names none.", "POST waivers").error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  return show(*id, session);
}

Exit list(const ListOptions& options, Session& session) {
  return list_lines(
      session,
      session.in_workspace({"waivers"}) + query_of({{"state", options.state},
                                                    {"application", options.application},
                                                    {"limit", std::to_string(options.limit)},
                                                    {"cursor", options.cursor}}),
      "No waiver.\n", [&](const json::object& one) { return heading_of(one); });
}

Exit end(const EndOptions& options, const std::string& how, Session& session) {
  const auto answer = session.post(session.in_workspace({"waivers", options.id, how}),
                                   json::object{{"reason", options.reason}});
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  return show(options.id, session);
}

Command ending(std::string name, std::string summary, std::string how) {
  const auto o = std::make_shared<EndOptions>();
  return {std::move(name),
          std::move(summary),
          {{"id", "ID", "The waiver's id", &o->id, Presence::required},
           {"--reason", "TEXT", "Why; kept sealed", &o->reason, Presence::required}},
          [o, how = std::move(how)](Session& session) { return end(*o, how, session); }};
}

}  // namespace

Command waiver_request_command() {
  const auto o = std::make_shared<RequestOptions>();
  return {
      "waiver request",
      "Ask that one violation of one rule does not count, for a time",
      {{"release", "APP@VERSION", "The release that shows the violation", &o->release,
        Presence::required},
       {"--criteria", "NAME", "The criteria", &o->criteria, Presence::required},
       {"--rule", "ID", "The rule that fails", &o->rule, Presence::required},
       {"--violation", "FINGERPRINT", "Which one, when the rule fails on several", &o->violation},
       {"--scope",
        "SCOPE",
        "For this release, or for all of the application (release)",
        &o->scope,
        Presence::optional,
        {"release", "application"}},
       {"--owner", "WHO", "Who owns the risk: mail address or id", &o->owner, Presence::required},
       {"--until", "TIME", "When it is over: an instant, a day, or 30d from now; at most 180d",
        &o->until, Presence::required},
       {"--reason", "TEXT", "Why; kept sealed", &o->reason, Presence::required}},
      [o](Session& session) { return request(*o, session); }};
}

Command waiver_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"waiver list",
          "List waivers, the newest first",
          {{"--state",
            "STATE",
            "Only those in this state",
            &o->state,
            Presence::optional,
            {"requested", "in_force", "expired", "withdrawn", "rejected", "revoked", "moot"}},
           {"--application", "NAME", "Only those of this application", &o->application},
           {"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command waiver_show_command() {
  const auto id = std::make_shared<std::string>();
  return {"waiver show",
          "Show a waiver with its reason",
          {{"id", "ID", "The waiver's id", id.get(), Presence::required}},
          [id](Session& session) { return show(*id, session); }};
}

Command waiver_withdraw_command() {
  return ending("waiver withdraw", "Withdraw your waiver, asked for or in force", "withdrawal");
}

Command waiver_revoke_command() {
  return ending("waiver revoke", "Take a waiver in force back", "revocation");
}

}  // namespace holdpoint::cli
