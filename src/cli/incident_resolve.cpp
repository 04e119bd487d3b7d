// holdpoint incident resolve: it is over, and what it paused goes on.
#include <memory>

#include "cli/commands.hpp"
#include "cli/incident_text.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string incident;
  std::string reason;
};

Exit resolve(const Options& options, Session& session) {
  const auto answer =
      session.post(session.in_workspace({"incidents", options.incident, "resolution"}),
                   json::object{{"reason", options.reason}});
  if (!answer) return session.fail(answer.error());
  return show_incident(*answer, session);
}

}  // namespace

Command incident_resolve_command() {
  const auto o = std::make_shared<Options>();
  return {"incident resolve",
          "Resolve an incident",
          {{"incident", "INCIDENT", "Its id", &o->incident, Presence::required},
           {"--reason", "TEXT", "What ended it", &o->reason, Presence::required}},
          [o](Session& session) { return resolve(*o, session); }};
}

}  // namespace holdpoint::cli
