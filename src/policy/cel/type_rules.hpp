// What the checker asks of one type, and the nearest known name to a wrong one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/cel/types.hpp"

namespace holdpoint::policy::cel {

bool is_dyn(const Type& type);
/// Maps, and objects with declared fields.
bool is_map_like(const Type& type);
/// bool, int, uint and string; dyn and what is not known yet may be one.
bool may_be_key(const Type& type);

/// ", did you mean 'x'?" or "".
std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& known);

}  // namespace holdpoint::policy::cel
