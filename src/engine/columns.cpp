// See columns.hpp.
#include "engine/columns.hpp"

namespace holdpoint::engine::columns {

void damaged(const Row& row, int column) {
  throw StoreFailed(
      StoreFailure::damaged,
      Fault{FaultKind::corrupt, "column " + std::string(row.column_name(column)),
            "it does not hold what was written there; `holdpoint audit verify` finds what else"});
}

std::string placeholders(std::size_t count) {
  std::string out;
  for (std::size_t i = 1; i <= count; ++i) out += (i == 1 ? "$" : ", $") + std::to_string(i);
  return out;
}

}  // namespace holdpoint::engine::columns
