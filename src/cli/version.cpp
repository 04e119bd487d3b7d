// holdpoint version.
#include <ostream>

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {

Command version_command() {
  return {"version", "Print the version of this program", {}, [](Session& session) {
            if (session.format() == Format::json) {
              session.out() << "{\"version\":\"" << program_version << "\"}\n";
            } else {
              session.out() << "holdpoint " << program_version << '\n';
            }
            return Exit::yes;
          }};
}

}  // namespace holdpoint::cli
