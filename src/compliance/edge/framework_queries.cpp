// See framework_queries.hpp.
#include "compliance/edge/framework_queries.hpp"

namespace holdpoint::compliance {

std::vector<Framework> frameworks_here(engine::Connection& tables, std::string_view workspace) {
  std::vector<Framework> records;
  for (auto& one : Frameworks::list(tables, workspace, "", frameworks_per_workspace_max)) {
    records.push_back(std::move(one.record));
  }
  return frameworks_of(records);
}

}  // namespace holdpoint::compliance
