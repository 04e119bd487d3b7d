// holdpoint whoami: who the server takes us for, and what that one may do where.
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

std::string joined(const json::object& object, std::string_view name) {
  const json::array* list = array_at(object, name);
  std::string text;
  if (list == nullptr) return text;
  for (const json::value& entry : *list) {
    if (!entry.is_string()) continue;
    text += (text.empty() ? "" : ", ") + std::string(view(entry.get_string()));
  }
  return text;
}

Exit whoami(Session& session) {
  const auto answer = session.get("/whoami");
  if (!answer) return session.fail(answer.error());
  const json::object* actor = object_at(answer->document, "actor");
  if (actor == nullptr) {
    return session.fail(malformed("The answer names nobody.", "GET /whoami").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  session.out() << printable(shown_at(answer->document, "name")) << " ("
                << printable(shown_at(*actor, "kind")) << " " << printable(shown_at(*actor, "id"))
                << ") at " << session.server() << '\n';
  if (const json::object* token = object_at(answer->document, "token"); token != nullptr) {
    session.out() << "token " << printable(shown_at(*token, "id")) << ", expires "
                  << printable(instant_at(*token, "expires_at")) << '\n';
  }
  const json::array* workspaces = array_at(answer->document, "workspaces");
  if (workspaces == nullptr || workspaces->empty()) {
    session.out() << "No role in any workspace.\n";
    return Exit::yes;
  }
  Table table({"WORKSPACE", "ROLES", "PERMISSIONS"});
  for (const json::value& entry : *workspaces) {
    if (const auto* workspace = entry.if_object(); workspace != nullptr) {
      table.add({{shown_at(*workspace, "name")},
                 {joined(*workspace, "roles")},
                 {joined(*workspace, "permissions")}});
    }
  }
  session.out() << table.text(session.colour());
  return Exit::yes;
}

}  // namespace

Command whoami_command() {
  return {"whoami", "Show who you are to the server and what you may do", {}, whoami};
}

}  // namespace holdpoint::cli
