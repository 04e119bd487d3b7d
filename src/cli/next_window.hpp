// What the commands that look for a free stretch of time share: the question, the answer as text,
// and exit 1 when there is none in the time that was searched.
#pragma once

#include <string>

#include "cli/commands.hpp"

namespace holdpoint::cli {

struct NextWindow {
  const char* name;  // "freeze next-window"
  const char* summary;
  const char* where;     // what the environment is asked for
  const char* resource;  // of the workspace: "free-window"
  const char* free_of;   // "a freeze"
};

Command next_window_command(const NextWindow& kind);

}  // namespace holdpoint::cli
