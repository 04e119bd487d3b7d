// The read model of incidents, for this capability's edge and those of higher tiers: approvals
// pause by it, and the gate closes by it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/columns.hpp"
#include "engine/sql.hpp"
#include "incidents/incidents.hpp"

namespace holdpoint::incidents {

/// The oldest first; at most open_incidents_max.
std::vector<Incident> open_incidents(engine::Connection& tables, std::string_view workspace);
std::size_t count_open_incidents(engine::Connection& tables, std::string_view workspace);

std::optional<Incident> find_incident(engine::Connection& tables, std::string_view workspace,
                                      std::string_view id);

/// When the last major incident was declared that names the application, or names none and so
/// affects all.
std::optional<Instant> last_major_incident(engine::Connection& tables, std::string_view workspace,
                                           std::string_view application);

struct IncidentFilter {
  std::optional<State> state;
  std::int64_t before = INT64_MAX;  // the entry that declared the last one seen
  std::size_t limit = 50;
};
/// Newest first.
std::vector<engine::columns::Sequenced<Incident>> list_incidents(engine::Connection& tables,
                                                                 std::string_view workspace,
                                                                 const IncidentFilter& filter);

}  // namespace holdpoint::incidents
