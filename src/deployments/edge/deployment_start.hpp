// Starting a deployment: the gate is asked, what speaks for it is used up, and a start that is
// refused is put on the record, all in the transaction that answers.
#pragma once

#include <optional>
#include <string>

#include "deployments/edge/gate_source.hpp"
#include "deployments/release_order.hpp"
#include "engine/edge/api.hpp"

namespace holdpoint::deployments {

struct StartDeployment {
  std::string application;
  std::string version;
  std::string environment;
  std::optional<Digest> artifact;
  std::optional<RollbackWanted> rollback;  // past a newer release that was started there
};
HP_DESCRIBE(StartDeployment, application, version, environment, artifact, rollback)

/// What closes the gate between the question and the start cannot be: both are one.
engine::Outcome start_deployment(engine::Unit& unit, const GateSource& source,
                                 const StartDeployment& wanted);

}  // namespace holdpoint::deployments
