// The tables of identity and how its events are folded into the derivable ones.
#pragma once

#include <vector>

#include "engine/module.hpp"

namespace holdpoint::identity {

std::vector<engine::Table> tables();
std::vector<engine::EventType> event_types();

}  // namespace holdpoint::identity
