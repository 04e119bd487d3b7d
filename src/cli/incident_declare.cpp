// holdpoint incident declare: something is wrong, and what it affects is paused while it is major.
#include <memory>

#include "cli/commands.hpp"
#include "cli/incident_text.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string title;
  std::string severity;
  std::vector<std::string> environments;
  std::vector<std::string> applications;
  std::string description;
  std::string commander;
};

json::array texts(const std::vector<std::string>& from) {
  return json::array(from.begin(), from.end());
}

Exit declare(const Options& options, Session& session) {
  json::object command{{"title", options.title},
                       {"severity", options.severity},
                       {"environments", texts(options.environments)},
                       {"applications", texts(options.applications)}};
  if (!options.description.empty()) command["description"] = options.description;
  if (!options.commander.empty()) command["commander"] = options.commander;
  const auto answer = session.post(session.in_workspace({"incidents"}), command);
  if (!answer) return session.fail(answer.error());
  return show_incident(*answer, session);
}

}  // namespace

Command incident_declare_command() {
  const auto o = std::make_shared<Options>();
  return {"incident declare",
          "Declare an incident",
          {{"--title", "TEXT", "One line, without names of people", &o->title, Presence::required},
           {"--severity",
            "SEVERITY",
            "sev1 and sev2 pause what is affected",
            &o->severity,
            Presence::required,
            {"sev1", "sev2", "sev3", "sev4"}},
           {"--env", "ENVIRONMENT", "An affected environment; repeatable", &o->environments,
            Presence::required},
           {"--application", "NAME", "Affects only this application; repeatable", &o->applications},
           {"--description", "TEXT", "What is known; kept sealed", &o->description},
           {"--commander", "PERSON", "Id of the person who commands (you)", &o->commander}},
          [o](Session& session) { return declare(*o, session); }};
}

}  // namespace holdpoint::cli
