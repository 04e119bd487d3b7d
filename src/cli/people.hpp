// People by name: the record knows them by id, an answer holds their names beside it.
#pragma once

#include <string>

#include "base/json.hpp"

namespace holdpoint::cli {

/// "Ben (per_…)", by the `names` that the answer holds; the id alone when it holds none.
std::string named(const json::object& answer, const std::string& id);
/// A sentence with each id that `names` knows said as above.
std::string with_names(const json::object& answer, std::string sentence);

}  // namespace holdpoint::cli
