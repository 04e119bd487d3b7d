// See sighting.hpp.
#include "rollback/sighting.hpp"

#include "base/text.hpp"

namespace holdpoint::rollback {
namespace {

Unauthorised because_of(const Running& facts) {
  if (!facts.release) return Unauthorised::unknown_artifact;
  return facts.was_deployed ? Unauthorised::not_current : Unauthorised::never_deployed;
}

std::unexpected<Refusal> invalid(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_sighting", "The report is not as expected."};
  refusal.issues = std::move(issues);
  return refuse(std::move(refusal));
}

}  // namespace

Decided<std::optional<DeploymentUnauthorised>> see(const ReportRunning& command, SightingId id,
                                                   const Running& facts) {
  if (!is_stated(command.source, sighting_source_bytes_max)) {
    return invalid({{"/source", "expected 1 to 200 bytes: what saw it", 0}});
  }
  if (facts.is_current) return std::nullopt;
  if (facts.last && (!facts.last->acknowledged_at || !facts.moved_since)) return std::nullopt;
  if (facts.open >= open_sightings_max) {
    Refusal refusal{RefusalKind::exhausted, "too_many_sightings",
                    std::to_string(open_sightings_max) +
                        " unauthorised deployments wait for an answer; answer for some."};
    refusal.next.push_back(
        {"person with deployments.verify", "answer for them", "holdpoint deployment unauthorised"});
    return refuse(std::move(refusal));
  }
  return DeploymentUnauthorised{.id = std::move(id),
                                .application = command.application,
                                .environment = command.environment,
                                .artifact = command.artifact,
                                .source = command.source,
                                .because = because_of(facts),
                                .release = facts.release,
                                .version = facts.version};
}

Decided<UnauthorisedAcknowledged> acknowledge(const Sighting& sighting, std::string_view actor_kind,
                                              std::string_view reason) {
  if (sighting.acknowledged_at) {
    return refuse(RefusalKind::conflict, "acknowledged_already",
                  "Somebody answered for " + sighting.id.text() + " already.");
  }
  if (actor_kind != "person") {
    return refuse(RefusalKind::forbidden, "not_a_person",
                  "A person answers for what runs unauthorised, not an account of a program.");
  }
  if (!is_stated(reason, sighting_reason_bytes_max)) {
    return invalid({{"/reason", "expected 1 to 2000 bytes", 0}});
  }
  return UnauthorisedAcknowledged{sighting.id};
}

Refusal sighting_not_found(std::string_view id) {
  Refusal refusal{RefusalKind::not_found, "sighting_not_found",
                  "There is no unauthorised deployment " + std::string(id) + " on record."};
  refusal.next.push_back({"you", "look for it in the list", "holdpoint deployment unauthorised"});
  return refusal;
}

}  // namespace holdpoint::rollback
