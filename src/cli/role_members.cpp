// holdpoint role members: who can act in a role now, why, and who stands in for whom.
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/moment.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string role;
  std::string at;
};

/// "named, team payments, ● on call".
std::string grounds_of(const json::object& member) {
  std::string text;
  const auto add = [&](const std::string& ground) { text += (text.empty() ? "" : ", ") + ground; };
  const json::array* teams = array_at(member, "teams");
  const json::array* through = array_at(member, "through");
  if (through == nullptr) return text;
  for (const json::value& each : *through) {
    const std::string source = each.is_string() ? std::string(view(each.get_string())) : "";
    if (source == "team" && teams != nullptr) {
      for (const json::value& team : *teams) {
        if (team.is_string()) add("team " + std::string(view(team.get_string())));
      }
    } else {
      add(source == "on_call" ? "● on call" : source);
    }
  }
  return text;
}

Exit members(const Options& options, Session& session) {
  std::string at;
  if (!options.at.empty()) {
    const auto moment = moment_ahead(options.at, "--at", session);
    if (!moment) return session.fail(moment.error());
    at = moment->text();
  }
  const auto answer = session.get(session.in_workspace({"roles", options.role, "members"}) +
                                  query_of({{"at", at}}));
  if (!answer) return session.fail(answer.error());
  const json::array* filled = array_at(answer->document, "members");
  const json::array* stand_ins = array_at(answer->document, "stand_ins");
  if (filled == nullptr || stand_ins == nullptr) {
    return session.fail(malformed("The answer names nobody.", "GET members").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"PERSON", "ID", "BECAUSE"});
  for (const json::value& entry : *filled) {
    if (const auto* member = entry.if_object(); member != nullptr) {
      table.add(
          {{shown_at(*member, "name")}, {shown_at(*member, "person")}, {grounds_of(*member)}});
    }
  }
  for (const json::value& entry : *stand_ins) {
    if (const auto* one = entry.if_object(); one != nullptr) {
      table.add({{shown_at(*one, "name")},
                 {shown_at(*one, "person")},
                 {"stands in for " + shown_at(*one, "stands_in_for_name") + " until before " +
                  instant_at(*one, "until")}});
    }
  }
  session.out() << (table.empty() ? "Nobody can act in this role.\n"
                                  : table.text(session.colour()));
  return Exit::yes;
}

}  // namespace

Command role_members_command() {
  const auto o = std::make_shared<Options>();
  return {"role members",
          "Show who can act in a role, and why",
          {{"name", "NAME", "The role, built in or your own", &o->role, Presence::required},
           {"--at", "TIME", "At this instant, day, or 2d from now (now)", &o->at}},
          [o](Session& session) { return members(*o, session); }};
}

}  // namespace holdpoint::cli
