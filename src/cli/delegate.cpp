// holdpoint delegate, delegate list, delegate revoke: let somebody stand in in approval roles while
// you are away, for a period that ends.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/moment.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct GiveOptions {
  std::string to;
  std::string from;
  std::string until;
  std::string reason;
  std::string delegator;
  std::vector<std::string> roles;
};

struct ListOptions {
  std::string cursor;
  int limit = 50;
};

/// The command is the group of `list` and `revoke` too, so its parser cannot demand options.
std::optional<std::string> missing_option(const GiveOptions& options) {
  if (options.to.empty()) return "--to";
  if (options.until.empty()) return "--until";
  if (options.reason.empty()) return "--reason";
  return std::nullopt;
}

Tried<json::object> request_of(const GiveOptions& options, Session& session) {
  if (const auto missing = missing_option(options)) {
    return wrong_use(*missing + " is required.", *missing, "Run `holdpoint delegate --help`.");
  }
  HP_TRY(const Instant until, moment_ahead(options.until, "--until", session));
  json::object request{
      {"delegate", options.to}, {"until", until.text()}, {"reason", options.reason}};
  if (!options.from.empty()) {
    HP_TRY(const Instant from, moment_ahead(options.from, "--from", session));
    request["from"] = from.text();
  }
  if (!options.delegator.empty()) request["delegator"] = options.delegator;
  json::array& roles = request["roles"].emplace_array();
  for (const std::string& role : options.roles) roles.emplace_back(role);
  return request;
}

Exit give(const GiveOptions& options, Session& session) {
  const auto request = request_of(options, session);
  if (!request) return session.fail(request.error());
  const auto answer = session.post(session.in_workspace({"delegations"}), *request);
  if (!answer) return session.fail(answer.error());
  const auto id = text_at(answer->document, "id");
  if (!id) return session.fail(malformed("The answer names none.", "POST delegations").error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  session.out() << "Delegated from " << instant_at(answer->document, "from") << " until before "
                << instant_at(answer->document, "until") << ": " << printable(*id) << '\n';
  return Exit::yes;
}

std::string roles_of(const json::object& delegation) {
  std::string text;
  if (const json::array* roles = array_at(delegation, "roles"); roles != nullptr) {
    for (const json::value& role : *roles) {
      if (!role.is_string()) continue;
      text += (text.empty() ? "" : ", ") + std::string(view(role.get_string()));
    }
  }
  return text.empty() ? "all" : text;
}

Exit list(const ListOptions& options, Session& session) {
  const auto answer =
      session.get(session.in_workspace({"delegations"}) +
                  query_of({{"limit", std::to_string(options.limit)}, {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET delegations").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  std::string text;
  for (const json::value& entry : *items) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    text += printable(shown_at(*one, "id")) + "  " +
            delegation_word(shown_at(*one, "state")).text() + "\n" +
            indented(printable(shown_at(*one, "delegate_name")) + " for " +
                         printable(shown_at(*one, "delegator_name")) +
                         ", roles: " + printable(roles_of(*one)) + ", from " +
                         instant_at(*one, "from") + " until before " + instant_at(*one, "until"),
                     2);
    if (const auto reason = text_at(*one, "reason")) text += indented(printable(*reason), 2);
  }
  session.out() << (text.empty() ? "No delegation.\n" : text);
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
}

Exit revoke(const std::string& id, Session& session) {
  const auto removed = session.remove(session.in_workspace({"delegations", id}));
  if (!removed) return session.fail(removed.error());
  if (session.format() == Format::json) {
    session.out() << "{}\n";
  } else {
    session.out() << "Revoked " << printable(id) << ".\n";
  }
  return Exit::yes;
}

}  // namespace

Command delegate_command() {
  const auto o = std::make_shared<GiveOptions>();
  return {"delegate",
          "Let somebody stand in for you; list and revoke delegations",
          {{"--to", "WHO", "Mail address or id of who stands in", &o->to},
           {"--from", "TIME", "When it begins: an instant, a day, or 2d from now (now)", &o->from},
           {"--until", "TIME", "When it is over, at most 90 days later", &o->until},
           {"--reason", "TEXT", "Why; kept sealed beside the record", &o->reason},
           {"--role", "NAME", "In this role only; repeatable (all roles)", &o->roles},
           {"--for", "WHO", "In the place of somebody else; needs access.manage", &o->delegator}},
          [o](Session& session) { return give(*o, session); }};
}

Command delegate_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"delegate list",
          "List who stands in for whom, and why",
          {{"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command delegate_revoke_command() {
  const auto id = std::make_shared<std::string>();
  return {"delegate revoke",
          "End a delegation at once, or decline it",
          {{"id", "ID", "The delegation's id", id.get(), Presence::required}},
          [id](Session& session) { return revoke(*id, session); }};
}

}  // namespace holdpoint::cli
