// Versions of policies that are or were in force, named as NAME@REVISION, taken from the server as
// they were written.
#pragma once

#include <string>
#include <vector>

#include "cli/declarations.hpp"

namespace holdpoint::cli {

/// Whether the argument names a version on the server: no file is called so, and it has an `@`.
bool names_version(const std::string& argument);

/// NAME@REVISION, NAME@now for what is in force, or @REVISION for every policy of that revision.
Tried<std::vector<Declaration>> versions_of(const std::string& argument, Session& session);

}  // namespace holdpoint::cli
