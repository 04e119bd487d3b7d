// holdpoint application, environment, freeze and calendar retire: takes something out of use. Its
// history stays, and a document that states `state: active` brings it back.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

Exit retire(const std::string& plural, const std::string& name, Session& session) {
  const auto answer =
      session.post(session.in_workspace({plural, name, "retirement"}), json::object{});
  if (!answer) return session.fail(answer.error());
  if (shown_at(answer->document, "state") != "retired") {
    return session.fail(malformed("The answer does not say retired.", "POST " + plural).error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << "Retired " << printable(shown_at(answer->document, "name")) << ".\n";
  }
  return Exit::yes;
}

Command retire_command(std::string name, std::string help, const std::string& plural) {
  const auto what = std::make_shared<std::string>();
  return {std::move(name),
          std::move(help),
          {{"name", "NAME", "Its name", what.get(), Presence::required}},
          [what, plural](Session& session) { return retire(plural, *what, session); }};
}

}  // namespace

Command application_retire_command() {
  return retire_command("application retire", "Take no new release of an application",
                        "applications");
}

Command environment_retire_command() {
  return retire_command("environment retire", "Close an environment to every release",
                        "environments");
}

Command freeze_retire_command() {
  return retire_command("freeze retire", "End a freeze, also before its time", "freezes");
}

Command calendar_retire_command() {
  return retire_command("calendar retire", "Let nothing new reckon by a calendar", "calendars");
}

}  // namespace holdpoint::cli
