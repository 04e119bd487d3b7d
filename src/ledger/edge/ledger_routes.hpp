// The ledger over HTTP: entries, proofs, checkpoints and the key to check them with.
#pragma once

#include <vector>

#include "engine/edge/api.hpp"

namespace holdpoint::ledger {

std::vector<http::Route> routes(engine::Engine& engine);

}  // namespace holdpoint::ledger
