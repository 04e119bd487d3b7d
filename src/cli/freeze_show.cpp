// holdpoint freeze show: one freeze, with who answers for it and why it is.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/freeze_text.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

Exit show(const std::string& name, Session& session) {
  const auto answer = session.get(session.in_workspace({"freezes", name}));
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  const json::object& freeze = answer->document;
  session.out() << printable(shown_at(freeze, "name")) << " ("
                << printable(shown_at(freeze, "state"))
                << "): " << printable(shown_at(freeze, "title")) << "\n"
                << indented("Holds for " + printable(freeze_scope_text(freeze)), 2)
                << indented("When: " + printable(freeze_time_text(freeze)), 2)
                << indented("Why: " + printable(shown_at(freeze, "reason")), 2)
                << indented("Owner: " + printable(shown_at(freeze, "owner")), 2);
  return Exit::yes;
}

}  // namespace

Command freeze_show_command() {
  const auto name = std::make_shared<std::string>();
  return {"freeze show",
          "Show a freeze",
          {{"name", "NAME", "Its name", name.get(), Presence::required}},
          [name](Session& session) { return show(*name, session); }};
}

}  // namespace holdpoint::cli
