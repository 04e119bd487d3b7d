// See catalog_queries.hpp.
#include "catalog/edge/catalog_queries.hpp"

#include <algorithm>

namespace holdpoint::catalog {

std::set<std::string> applications_of(engine::Connection& tables, std::string_view workspace,
                                      const std::vector<std::string>& owners) {
  std::set<std::string> names;
  for (const std::string& owner : owners) {
    // The column holds a list as JSON: the pattern finds a few too many, which are read and left.
    std::string pattern = "%";
    append_json_string(pattern, owner);
    pattern += "%";
    tables.query(
        "SELECT name, owners FROM application WHERE workspace = $1 AND owners LIKE $2",
        [&](const engine::Row& row) {
          const auto listed = from_json_text<std::vector<std::string>>(row.text(1));
          if (listed && std::ranges::find(*listed, owner) != listed->end()) {
            names.emplace(row.text(0));
          }
        },
        workspace, pattern);
  }
  return names;
}

std::vector<Freeze> freezes_in_force(engine::Connection& tables, std::string_view workspace) {
  constexpr std::size_t rows_max = 200;
  std::vector<Freeze> found;
  // All of them, however many: one that was left out would not hold.
  while (true) {
    const std::string after = found.empty() ? "" : found.back().name;
    auto rows = Freezes::list(tables, workspace, after, rows_max, {{"state", "active"}});
    for (auto& row : rows) found.push_back(std::move(row.record));
    if (rows.size() < rows_max) return found;
  }
}

}  // namespace holdpoint::catalog
