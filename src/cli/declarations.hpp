// Files with declarations, as they are named on the command line: a file, a directory, or `-` for
// standard input.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"

namespace holdpoint::cli {

/// Of one file.
inline constexpr std::size_t source_bytes_max = 1U << 20;

struct Declaration {
  std::string name;  // of the file, for people
  std::string text;
};

/// The texts, in the order named; of a directory every .yaml, .yml and .json file below it, sorted.
Tried<std::vector<Declaration>> read_declarations(const std::vector<std::string>& files,
                                                  Session& session);

}  // namespace holdpoint::cli
