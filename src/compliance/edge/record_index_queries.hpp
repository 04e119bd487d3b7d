// The read model of the index of records, for this capability's edge and those of higher tiers.
// A page looks at so many rows and no more, so that it is quick however rare what is looked for is:
// it may hold fewer items than were asked for, and says where the next one goes on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compliance/search.hpp"
#include "engine/columns.hpp"
#include "engine/module.hpp"
#include "engine/sql.hpp"

namespace holdpoint::compliance {

/// Rows that one page looks at.
inline constexpr std::size_t rows_looked_at_max = 10'000;
inline constexpr std::size_t reviewers_max = 50;

engine::Table record_index_table();
/// Folds every event into the index.
void fold_index(engine::Connection& tables, const engine::Recorded& recorded);

/// Where a page goes on: after the row of that entry and part.
struct IndexPlace {
  std::int64_t seq = INT64_MAX;
  std::int64_t part = 0;

  [[nodiscard]] std::string text() const;
  static std::optional<IndexPlace> parse(std::string_view text);
};

struct IndexPage {
  std::vector<IndexedRecord> records;  // the newest first; one for each entry
  std::optional<IndexPlace> next;      // absent: there are no more
};
IndexPage search_index(engine::Connection& tables, std::string_view workspace, const Wanted& wanted,
                       IndexPlace after, std::size_t limit,
                       std::size_t looked_at_max = rows_looked_at_max);

/// Who signed for the release, by id, each once; at most reviewers_max.
std::vector<std::string> reviewers_of(engine::Connection& tables, std::string_view workspace,
                                      std::string_view release);

}  // namespace holdpoint::compliance
