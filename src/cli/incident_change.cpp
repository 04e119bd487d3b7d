// holdpoint incident change: another severity, another extent, or another commander.
#include <memory>

#include "cli/commands.hpp"
#include "cli/incident_text.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string incident;
  std::string reason;
  std::string severity;
  std::vector<std::string> environments;
  std::vector<std::string> applications;
  bool all_applications = false;
  std::string commander;
};

Exit change(const Options& options, Session& session) {
  if (options.all_applications && !options.applications.empty()) {
    return session.fail(wrong_use("Two things are said of the applications.", "--all-applications",
                                  "Name applications, or say that all are affected.")
                            .error());
  }
  json::object command{{"reason", options.reason}};
  const auto add = [&](const char* name, const std::vector<std::string>& names) {
    command[name] = json::array(names.begin(), names.end());
  };
  if (!options.severity.empty()) command["severity"] = options.severity;
  if (!options.environments.empty()) add("environments", options.environments);
  if (options.all_applications || !options.applications.empty()) {
    add("applications", options.applications);
  }
  if (!options.commander.empty()) command["commander"] = options.commander;
  const auto answer =
      session.post(session.in_workspace({"incidents", options.incident, "changes"}), command);
  if (!answer) return session.fail(answer.error());
  return show_incident(*answer, session);
}

}  // namespace

Command incident_change_command() {
  const auto o = std::make_shared<Options>();
  return {"incident change",
          "Change the severity, what is affected, or who commands",
          {{"incident", "INCIDENT", "Its id", &o->incident, Presence::required},
           {"--reason", "TEXT", "Why it changes", &o->reason, Presence::required},
           {"--severity",
            "SEVERITY",
            "sev1 and sev2 pause what is affected",
            &o->severity,
            Presence::optional,
            {"sev1", "sev2", "sev3", "sev4"}},
           {"--env", "ENVIRONMENT", "All affected environments; repeatable", &o->environments},
           {"--application", "NAME", "All affected applications; repeatable", &o->applications},
           {"--all-applications", "", "Every application is affected", &o->all_applications},
           {"--commander", "PERSON", "Id of the person who commands now", &o->commander}},
          [o](Session& session) { return change(*o, session); }};
}

}  // namespace holdpoint::cli
