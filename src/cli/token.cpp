// holdpoint token create, list, revoke. A new token is printed once, alone on standard output, so
// that it can be piped into a secret store; nothing else of the program ever prints a token.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct CreateOptions {
  std::string name;
  std::vector<std::string> scopes;
  std::string expires_in = "30d";
  std::string service_account;
};

Exit create(const CreateOptions& options, Session& session) {
  if (!parse_duration(options.expires_in)) {
    return session.fail(wrong_use("`" + options.expires_in + "` is no duration.", "--expires-in",
                                  "Write one such as 30d or 12h.")
                            .error());
  }
  json::object request{{"name", options.name}, {"expires_in", options.expires_in}};
  json::array& scopes = request["scopes"].emplace_array();
  for (const std::string& scope : options.scopes) scopes.emplace_back(scope);
  if (!options.service_account.empty()) request["service_account_id"] = options.service_account;
  const auto answer = session.post(session.in_workspace({"tokens"}), request);
  if (!answer) return session.fail(answer.error());
  const auto token = text_at(answer->document, "token");
  if (!token) return session.fail(malformed("The answer holds no token.", "POST tokens").error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  session.note("Token " + shown_at(answer->document, "id") + ", expires " +
               instant_at(answer->document, "expires_at") +
               ". It is shown this once; keep it in a secret store.");
  session.out() << printable(*token) << '\n';
  return Exit::yes;
}

std::string scopes_of(const json::object& token) {
  std::string text;
  if (const json::array* scopes = array_at(token, "scopes"); scopes != nullptr) {
    for (const json::value& scope : *scopes) {
      if (!scope.is_string()) continue;
      text += (text.empty() ? "" : ", ") + std::string(view(scope.get_string()));
    }
  }
  return text;
}

Exit list(Session& session) {
  const auto answer = session.get(session.in_workspace({"tokens"}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET tokens").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"ID", "NAME", "EXPIRES", "SCOPES"});
  for (const json::value& entry : *items) {
    if (const auto* token = entry.if_object(); token != nullptr) {
      table.add({{shown_at(*token, "id")},
                 {shown_at(*token, "name")},
                 {instant_at(*token, "expires_at")},
                 {scopes_of(*token)}});
    }
  }
  session.out() << (table.empty() ? "No token.\n" : table.text(session.colour()));
  return Exit::yes;
}

Exit revoke(const std::string& id, Session& session) {
  const auto removed = session.remove(session.in_workspace({"tokens", id}));
  if (!removed) return session.fail(removed.error());
  if (session.format() == Format::json) {
    session.out() << "{}\n";
  } else {
    session.out() << "Revoked " << printable(id) << ".\n";
  }
  return Exit::yes;
}

}  // namespace

Command token_create_command() {
  const auto o = std::make_shared<CreateOptions>();
  return {"token create",
          "Make an API token; it is shown once",
          {{"--name", "NAME", "What the token is for", &o->name, Presence::required},
           {"--scope", "PERMISSION", "What it may do, such as evidence.add; repeatable", &o->scopes,
            Presence::required},
           {"--expires-in", "DURATION", "How long it lives (30d)", &o->expires_in},
           {"--service-account", "ID", "For this account instead of you", &o->service_account}},
          [o](Session& session) { return create(*o, session); }};
}

Command token_list_command() {
  return {"token list", "List API tokens, without their secrets", {}, list};
}

Command token_revoke_command() {
  const auto id = std::make_shared<std::string>();
  return {"token revoke",
          "End an API token at once",
          {{"id", "ID", "The token's id", id.get(), Presence::required}},
          [id](Session& session) { return revoke(*id, session); }};
}

}  // namespace holdpoint::cli
