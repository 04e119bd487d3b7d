// Projections follow their declaration: a program that declares a table differently than the one
// that filled it folds the ledger again, so that an upgrade needs no migration and no table keeps
// the shape of an earlier version.
#pragma once

#include <span>

#include "engine/module.hpp"

namespace holdpoint::engine {

/// Creates what is missing. When the shape of a projection is not the one it was folded in, or one
/// of an earlier version is declared no more, all projections are dropped, also those that only the
/// earlier version declared, and folded again from the ledger, in one transaction. Throws
/// StoreFailed, also when an entry of the ledger does not fold: a server MUST NOT start over tables
/// that say less than its ledger.
void settle_tables(Connection& writer, std::span<const Module> modules, Log& log);

}  // namespace holdpoint::engine
