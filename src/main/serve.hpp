// The commands that run the server in this process.
#pragma once

#include "cli/cli.hpp"

namespace holdpoint::main {

/// Runs until SIGINT or SIGTERM; 0 after an orderly stop, 3 when it could not start.
int serve(const cli::ServeOptions& options);
/// Creates the first workspace and administrator; harmless when they exist.
int init(const cli::InitOptions& options);
/// Prints {"openapi.json": …, "facts.json": …, "events.json": …}.
int print_schemas();

}  // namespace holdpoint::main
