// The top of the program: read the command line, open the session, run the command. The one net
// under everything: whatever is thrown ends as "could not find out".
#include <exception>
#include <ostream>

#include "cli/arguments.hpp"
#include "cli/cli.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

Exit run_command(int argc, const char* const* argv, World& world) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  GlobalOptions options;
  const std::vector<Command> commands = all_commands(world);
  const auto command = parse_arguments(arguments, commands, global_parameters(options));
  if (!command) {
    const Printout& printout = command.error();
    (printout.exit == Exit::yes ? world.streams.out : world.streams.err) << printout.text;
    return printout.exit;
  }
  std::vector<const Command*> all;
  for (const Command& each : commands) all.push_back(&each);
  auto session = Session::open(world, options, all);
  if (!session) {
    world.streams.err << failure_text(session.error());
    return session.error().exit;
  }
  const Exit exit = (*command)->run(*session);
  session->end_progress();
  world.streams.out.flush();
  // A result that could not be written was not given.
  return world.streams.out.good() ? exit : worst(exit, Exit::unknown);
}

}  // namespace

int run(int argc, const char* const* argv, World& world) {
  try {
    return static_cast<int>(run_command(argc, argv, world));
  } catch (const std::exception&) {
    // The text of an exception may quote what it choked on, which may be a secret.
    world.streams.err << "error: the program failed inside itself; nothing was decided\n"
                      << "  → you: Run it again; if it stays, report the command you ran.\n";
    return static_cast<int>(Exit::unknown);
  }
}

}  // namespace holdpoint::cli
