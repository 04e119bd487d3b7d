// Reading the command line: which command, with which values. The only user of CLI11.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "cli/exit.hpp"
#include "cli/syntax.hpp"

namespace holdpoint::cli {

/// What every command understands. Empty means not given.
struct GlobalOptions {
  std::string server;
  std::string token;
  std::string workspace;
  std::string format = "table";
  bool no_color = false;
  bool quiet = false;
};

/// The global options as rows bound to `options`.
std::vector<Parameter> global_parameters(GlobalOptions& options);

/// Text to print instead of running a command: help (exit yes) or what is wrong (wrong_use).
struct Printout {
  Exit exit{};
  std::string text;
};

/// Fills in the targets and gives the command named. `arguments` are without the program's name.
std::expected<const Command*, Printout> parse_arguments(std::span<const std::string> arguments,
                                                        std::span<const Command> commands,
                                                        std::span<const Parameter> globals);

}  // namespace holdpoint::cli
