// The engine's own tables, and how a declared schema is brought into a database.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/module.hpp"

namespace holdpoint::engine {

/// Ledger and operational tables that the engine itself owns.
std::vector<Table> engine_tables();

/// Every declared table: the engine's and those of the modules.
std::vector<Table> all_tables(std::span<const Module> modules);

/// Creates what is missing. Throws StoreFailed.
void create_tables(Connection& connection, std::span<const Table> tables);

}  // namespace holdpoint::engine
