// See workitem_queries.hpp.
#include "workitems/edge/workitem_queries.hpp"

namespace holdpoint::workitems {
namespace {

constexpr std::int64_t kKeysTriedMax = 1'000;

TextEntry read_entry(const engine::Row& row) {
  return {row.integer(0), std::string(row.text(1)), Instant{row.integer(2)}};
}

}  // namespace

std::optional<engine::Stored<WorkItem>> find_work_item(engine::Connection& tables,
                                                       std::string_view workspace,
                                                       std::string_view reference) {
  if (const auto id = WorkItemId::parse(reference)) return WorkItems::get(tables, workspace, *id);
  return WorkItems::find(tables, workspace, reference);
}

std::optional<std::string> next_key(engine::Connection& tables, std::string_view workspace,
                                    Type type) {
  const std::int64_t count =
      tables
          .integer("SELECT count(*) FROM work_item WHERE workspace = $1 AND type = $2", workspace,
                   describe::enum_text(type))
          .value_or(0);
  for (std::int64_t number = count + 1; number <= count + kKeysTriedMax; ++number) {
    std::string key = std::string(key_prefix(type)) + "-" + std::to_string(number);
    if (!WorkItems::find(tables, workspace, key)) return key;
  }
  return std::nullopt;
}

std::optional<TextEntry> last_description(engine::Connection& tables, std::string_view workspace,
                                          const WorkItemId& id) {
  std::optional<TextEntry> found;
  tables.query(
      "SELECT seq, author, at FROM work_item_text WHERE workspace = $1 AND item = $2"
      " AND purpose = $3 ORDER BY seq DESC LIMIT 1",
      [&](const engine::Row& row) { found = read_entry(row); }, workspace, id,
      describe::enum_text(Purpose::description));
  return found;
}

std::vector<TextEntry> last_notes(engine::Connection& tables, std::string_view workspace,
                                  const WorkItemId& id, std::size_t limit) {
  std::vector<TextEntry> found;
  tables.query(
      "SELECT seq, author, at FROM work_item_text WHERE workspace = $1 AND item = $2"
      " AND purpose = $3 ORDER BY seq DESC LIMIT $4",
      [&](const engine::Row& row) { found.push_back(read_entry(row)); }, workspace, id,
      describe::enum_text(Purpose::note), static_cast<std::int64_t>(limit));
  return found;
}

bool has_open_follow_up(engine::Connection& tables, std::string_view workspace,
                        std::string_view kind, std::string_view id) {
  return tables
      .integer(
          "SELECT 1 FROM record_link l JOIN work_item w"
          " ON w.workspace = l.workspace AND w.id = l.from_id"
          " WHERE l.workspace = $1 AND l.to_kind = $2 AND l.to_id = $3"
          " AND l.from_kind = 'work_item' AND w.type <> 'requirement'"
          " AND w.state NOT IN ('done', 'rejected') LIMIT 1",
          workspace, kind, id)
      .has_value();
}

}  // namespace holdpoint::workitems
