// See surroundings.hpp.
#include "deployments/surroundings.hpp"

namespace holdpoint::deployments {
namespace {

Reason incident_open(const incidents::Incident& incident) {
  const std::string id = incident.id.text();
  return Reason{.code = ReasonCode::incident_open,
                .sentence = "An incident is open here: " + incident.title + " (" +
                            std::string(describe::enum_text(incident.severity)) + ", " + id + ").",
                .next = {{"commander of the incident", "resolve it, or lower its severity",
                          "holdpoint incident resolve " + id + " --reason REASON"},
                         {"release manager", "have an emergency change approved", ""}}};
}

}  // namespace

void add_surroundings(const GateQuestion& question, const GateFacts& facts,
                      std::vector<Reason>& reasons) {
  for (const incidents::Incident& incident : facts.incidents) {
    const bool closes =
        incidents::is_major(incident.severity) &&
        incidents::is_affected(incident, question.application, question.environment);
    if (closes) reasons.push_back(incident_open(incident));
  }
}

}  // namespace holdpoint::deployments
