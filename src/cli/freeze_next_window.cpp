// holdpoint freeze next-window: the next stretch of time that is long enough and without a freeze.
#include "cli/next_window.hpp"

namespace holdpoint::cli {

Command freeze_next_window_command() {
  return next_window_command({.name = "freeze next-window",
                              .summary = "Find the next time without a freeze",
                              .where = "Where it is to be deployed",
                              .resource = "free-window",
                              .free_of = "a freeze"});
}

}  // namespace holdpoint::cli
