// See columns.hpp.
#include "engine/columns.hpp"

namespace holdpoint::engine::columns {

std::string placeholders(std::size_t count) {
  std::string out;
  for (std::size_t i = 1; i <= count; ++i) out += (i == 1 ? "$" : ", $") + std::to_string(i);
  return out;
}

}  // namespace holdpoint::engine::columns
