// The catalog's faces: its module for the engine, its appliers and its routes.
#pragma once

#include "catalog/edge/catalog_queries.hpp"
#include "engine/edge/apply.hpp"

namespace holdpoint::catalog {

std::vector<engine::Module> modules();
std::vector<engine::edge::Applier> appliers();
std::vector<http::Route> routes(engine::Engine& engine);

}  // namespace holdpoint::catalog
