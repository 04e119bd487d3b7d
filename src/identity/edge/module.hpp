// What identity gives the engine.
#pragma once

#include <memory>

#include "engine/module.hpp"
#include "identity/edge/access_trail.hpp"

namespace holdpoint::identity {

/// The trail is the one that Access and IdentityEdge count into.
engine::Module module(std::shared_ptr<AccessTrail> trail);

}  // namespace holdpoint::identity
