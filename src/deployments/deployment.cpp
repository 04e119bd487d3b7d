// See deployment.hpp.
#include "deployments/deployment.hpp"

#include <algorithm>

namespace holdpoint::deployments {
namespace {

std::string name_of(const Deployment& deployment) {
  return deployment.application + "@" + deployment.version + " to " + deployment.environment;
}

Refusal deployment_running(const Deployment& running) {
  Refusal refusal{
      RefusalKind::conflict, "deployment_running",
      "A deployment of " + name_of(running) + " runs already: " + running.id.text() + "."};
  refusal.next.push_back(
      {"whoever runs it", "say how it ended", "holdpoint deployment finish " + running.id.text()});
  return refusal;
}

/// Whether what is asked for is what runs: a second trigger of it, which tries nothing new.
bool is_running(const GateQuestion& question, const Deployment& running) {
  return running.application == question.application && running.version == question.version &&
         running.environment == question.environment &&
         (!question.artifact || question.artifact == running.artifact);
}

Refusal note_too_long() {
  Refusal refusal{RefusalKind::invalid, "note_too_long", "The note is too long."};
  refusal.issues.push_back({"/note", "expected at most 2000 bytes", 0});
  return refusal;
}

}  // namespace

DeploymentStarted upcast(const DeploymentStartedV1& old) {
  return {.id = old.id,
          .application = old.application,
          .version = old.version,
          .release = old.release,
          .environment = old.environment,
          .artifact = old.artifact,
          .certification = old.certification,
          .approval = old.approval,
          .configuration = old.configuration,
          .gate = std::nullopt,
          .release_entry = std::nullopt,
          .attempt = std::nullopt,
          .rollback = std::nullopt};
}

DeploymentStarted upcast(const DeploymentStartedV2& old) {
  return {.id = old.id,
          .application = old.application,
          .version = old.version,
          .release = old.release,
          .environment = old.environment,
          .artifact = old.artifact,
          .certification = old.certification,
          .approval = old.approval,
          .configuration = old.configuration,
          .gate = old.gate,
          .release_entry = std::nullopt,
          .attempt = std::nullopt,
          .rollback = std::nullopt};
}

std::optional<Refusal> why_not_start(const GateQuestion& question, const GateVerdict& gate,
                                     const std::optional<Deployment>& running) {
  // What it was let through by is used up by now, so the gate has nothing to say of it.
  if (running && is_running(question, *running)) return deployment_running(*running);
  if (gate.decision != Decision::open) {
    Refusal refusal{RefusalKind::conflict, "gate_not_open",
                    "The gate of " + question.environment + " is not open for " +
                        question.application + "@" + question.version + "."};
    refusal.parameters["decision"] = describe::enum_text(gate.decision);
    for (const Reason& reason : gate.reasons) {
      refusal.issues.push_back({"/" + std::string(describe::enum_text(reason.code)),
                                reason.sentence + (reason.detail ? " " + *reason.detail : ""), 0});
      for (const Next& next : reason.next) {
        refusal.next.push_back({next.actor, next.action, next.command});
      }
    }
    return refusal;
  }
  if (running) return deployment_running(*running);
  return std::nullopt;
}

Decided<DeploymentFinished> finish(const Deployment& deployment, DeploymentOutcome outcome,
                                   std::string note) {
  if (deployment.state != DeploymentState::running) {
    return refuse(RefusalKind::conflict, "deployment_finished",
                  "The deployment of " + name_of(deployment) + " has ended already: " +
                      std::string(describe::enum_text(deployment.state)) + ".");
  }
  if (note.size() > note_bytes_max) return refuse(note_too_long());
  return DeploymentFinished{deployment.id, outcome, std::move(note)};
}

Decided<DeploymentVerified> verify(const Deployment& deployment, const Verifier& verifier,
                                   std::span<const std::string> deployers, std::string note) {
  if (verifier.kind != "person" || verifier.id.empty()) {
    return refuse(RefusalKind::forbidden, "verifier_not_a_person",
                  "A deployment is verified by a person, not by an account of a program.");
  }
  // Nobody to answer for who deployed it: it cannot be told who has to be left out.
  if (deployers.empty()) {
    return refuse(RefusalKind::conflict, "deployer_unknown",
                  "Who deployed this is not known, so nobody can verify it.");
  }
  if (std::ranges::find(deployers, verifier.id) != deployers.end()) {
    Refusal refusal{RefusalKind::forbidden, "own_deployment",
                    "You deployed this, so somebody else has to verify it."};
    refusal.next.push_back({"another person", "look at it and verify it",
                            "holdpoint deployment verify " + deployment.id.text()});
    return refuse(std::move(refusal));
  }
  if (deployment.state != DeploymentState::succeeded) {
    return refuse(RefusalKind::conflict, "deployment_not_succeeded",
                  "Only a deployment that succeeded is verified; this one is " +
                      std::string(describe::enum_text(deployment.state)) + ".");
  }
  if (deployment.verified_by) {
    return refuse(RefusalKind::conflict, "verified_already",
                  "This deployment was verified already.");
  }
  if (note.size() > note_bytes_max) return refuse(note_too_long());
  return DeploymentVerified{deployment.id, std::move(note)};
}

std::optional<DeploymentImplicated> implicate(const Deployment& deployment,
                                              const incidents::Incident& incident) {
  const auto names = [](const std::vector<std::string>& list, const std::string& name) {
    return std::ranges::find(list, name) != list.end();
  };
  if (!incidents::is_major(incident.severity) || deployment.implicated_by ||
      deployment.state == DeploymentState::cancelled ||
      !names(incident.applications, deployment.application) ||
      !names(incident.environments, deployment.environment) ||
      incident.declared_at < deployment.started_at) {
    return std::nullopt;
  }
  if (deployment.finished_at &&
      incident.declared_at - *deployment.finished_at >= implication_window) {
    return std::nullopt;
  }
  return DeploymentImplicated{deployment.id, incident.id.text()};
}

Refusal deployment_not_found(std::string_view id) {
  return {RefusalKind::not_found, "deployment_not_found",
          "There is no deployment " + std::string(id) + " in this workspace."};
}

}  // namespace holdpoint::deployments
