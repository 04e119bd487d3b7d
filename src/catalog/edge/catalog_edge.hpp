// The catalog's faces: its module for the engine, its appliers and its routes.
#pragma once

#include "catalog/catalog.hpp"
#include "engine/edge/apply.hpp"
#include "engine/records.hpp"

namespace holdpoint::catalog {

using Applications = engine::Records<Application>;
using Environments = engine::Records<Environment>;

std::vector<engine::Module> modules();
std::vector<engine::edge::Applier> appliers();
std::vector<http::Route> routes(engine::Engine& engine);

}  // namespace holdpoint::catalog
