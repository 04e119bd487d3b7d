// The documents of identity that `apply` takes: teams and approval roles.
#pragma once

#include <vector>

#include "engine/edge/apply.hpp"

namespace holdpoint::identity {

/// Teams come first, so that roles can name those of the same text.
std::vector<engine::edge::Applier> appliers();

}  // namespace holdpoint::identity
