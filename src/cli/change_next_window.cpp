// holdpoint change next-window: the next time that is long enough, without a freeze and without
// another change.
#include "cli/next_window.hpp"

namespace holdpoint::cli {

Command change_next_window_command() {
  return next_window_command(
      {.name = "change next-window",
       .summary = "Find the next time without a freeze and without another change",
       .where = "Where it is to be changed",
       .resource = "change-window",
       .free_of = "a freeze or another change"});
}

}  // namespace holdpoint::cli
