// The forms for lists of functions whose names strings have too: indexOf, lastIndexOf, reverse.
#pragma once

#include "policy/cel/functions.hpp"

namespace holdpoint::policy::cel {

// In each, the first argument MUST be a list.
Value first_index(const Call& call);
Value last_index(const Call& call);
Value reversed_list(const Call& call);

}  // namespace holdpoint::policy::cel
