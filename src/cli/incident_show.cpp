// holdpoint incident show.
#include <memory>

#include "cli/commands.hpp"
#include "cli/incident_text.hpp"

namespace holdpoint::cli {
namespace {

Exit show(const std::string& id, Session& session) {
  const auto answer = session.get(session.in_workspace({"incidents", id}));
  if (!answer) return session.fail(answer.error());
  return show_incident(*answer, session);
}

}  // namespace

Command incident_show_command() {
  const auto id = std::make_shared<std::string>();
  return {"incident show",
          "Show an incident",
          {{"incident", "INCIDENT", "Its id", id.get(), Presence::required}},
          [id](Session& session) { return show(*id, session); }};
}

}  // namespace holdpoint::cli
