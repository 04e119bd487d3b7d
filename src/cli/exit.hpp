// The four answers a command can give to the program that called it. They are law: a pipeline
// decides by them, so a question that was not answered is never a yes.
#pragma once

#include <algorithm>

namespace holdpoint::cli {

enum class Exit : int {
  yes = 0,        // done, open, certified, verified
  no = 1,         // gate closed, certification refused, evidence not usable; a rule says no:
                  // approval missing, not among those who may decide, in conflict with what is
  wrong_use = 2,  // bad arguments, an unreadable file, a name that is not known, malformed
  unknown = 3,    // could not find out: server away, not signed in, not permitted, no sense in it
};

/// Of several results the one that says least: unknown over wrong use over no over yes.
constexpr Exit worst(Exit a, Exit b) { return static_cast<int>(a) >= static_cast<int>(b) ? a : b; }

}  // namespace holdpoint::cli
