// The refusals of incidents: a closed set of codes, each with its next actor.
#include "incidents/incidents.hpp"

namespace holdpoint::incidents {

Refusal incident_not_found(std::string_view id) {
  Refusal refusal{RefusalKind::not_found, "incident_not_found",
                  "There is no incident " + std::string(id) + " in this workspace."};
  refusal.next.push_back({"you", "look for it in the list", "holdpoint incident list --state all"});
  return refusal;
}

Refusal incident_resolved(const Incident& incident) {
  Refusal refusal{RefusalKind::conflict, "incident_resolved",
                  "The incident " + incident.id.text() + " is resolved and stays so."};
  refusal.next.push_back({"person with incidents.declare", "declare it anew when it is back",
                          "holdpoint incident declare --title TITLE --severity SEVERITY --env "
                          "ENVIRONMENT"});
  return refusal;
}

Refusal invalid_incident(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_incident", "The incident is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

Refusal too_many_open_incidents() {
  Refusal refusal{RefusalKind::exhausted, "too_many_open_incidents",
                  std::to_string(open_incidents_max) +
                      " incidents are open; resolve some of them, or name more environments in "
                      "one."};
  refusal.next.push_back(
      {"person with incidents.declare", "resolve what is over", "holdpoint incident list"});
  return refusal;
}

}  // namespace holdpoint::incidents
