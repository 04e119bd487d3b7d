// The program `holdpoint`: server and command line in one binary.
#include <string_view>

#include "cli/cli.hpp"
#include "deployments/deployments.hpp"
#include "main/serve.hpp"

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "schema") return holdpoint::main::print_schemas();
  const auto transport = holdpoint::cli::http_transport();
  auto world = holdpoint::cli::process_world(
      *transport, {.serve = holdpoint::main::serve, .init = holdpoint::main::init});
  world.facts_schemas = holdpoint::deployments::facts_schemas;
  return holdpoint::cli::run(argc, argv, world);
}
