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
                         {"a declared person", "declare an emergency change that ends it",
                          "holdpoint emergency declare"}}};
}

/// Enough of a digest to tell two apart; the whole ones stand in the command.
std::string short_text(const Digest& digest) { return digest.text().substr(0, 19); }

Reason configuration_changed(const GateQuestion& question,
                             const catalog::ConfigurationDrift& drift) {
  return Reason{
      .code = ReasonCode::configuration_changed,
      .sentence =
          "The configuration of " + question.environment + " changed since the release was judged.",
      .detail = "certified for " + short_text(drift.before) + ", present is " +
                short_text(drift.present) + " of " + drift.recorded_at.text(),
      .next = {{"release manager", "see what changed, and put it back if it should not have",
                "holdpoint configuration diff " + drift.before.text() + " " + drift.present.text() +
                    " --env " + question.environment},
               {"release manager", "certify the release again for it",
                "holdpoint certify " + question.application + "@" + question.version}}};
}

}  // namespace

void add_surroundings(const GateQuestion& question, const GateFacts& facts,
                      std::vector<Reason>& reasons) {
  // What is there to end an incident does not wait for its end.
  const bool is_emergency = facts.change && facts.change->type == changes::ChangeType::emergency &&
                            facts.change->obstacles.empty();
  for (const incidents::Incident& incident : facts.incidents) {
    const bool closes =
        !is_emergency && incidents::is_major(incident.severity) &&
        incidents::is_affected(incident, question.application, question.environment);
    if (closes) reasons.push_back(incident_open(incident));
  }
  if (facts.drift && facts.environment.requires_certification) {
    reasons.push_back(configuration_changed(question, *facts.drift));
  }
}

}  // namespace holdpoint::deployments
