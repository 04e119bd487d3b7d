// The read model of work items, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/records.hpp"
#include "workitems/workitems.hpp"

namespace holdpoint::workitems {

using WorkItems = engine::Records<WorkItem>;

/// By `wit_…` or by its key.
std::optional<engine::Stored<WorkItem>> find_work_item(engine::Connection& tables,
                                                       std::string_view workspace,
                                                       std::string_view reference);

/// The first free key of the type; nullopt when none is found near the count of its items.
std::optional<std::string> next_key(engine::Connection& tables, std::string_view workspace,
                                    Type type);

/// A text that was sealed: where, and for whom.
struct TextEntry {
  std::int64_t seq = 0;
  std::string author;
  Instant at;
};
std::optional<TextEntry> last_description(engine::Connection& tables, std::string_view workspace,
                                          const WorkItemId& id);
/// The newest first.
std::vector<TextEntry> last_notes(engine::Connection& tables, std::string_view workspace,
                                  const WorkItemId& id, std::size_t limit);

/// Whether a link goes to that thing from a work item that is not closed, and that is something to
/// do or to know: what only asks for the thing, a requirement, looks after nothing.
bool has_open_follow_up(engine::Connection& tables, std::string_view workspace,
                        std::string_view kind, std::string_view id);

}  // namespace holdpoint::workitems
