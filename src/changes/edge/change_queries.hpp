// The read model of changes, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/edge/catalog_queries.hpp"
#include "changes/decide.hpp"
#include "changes/freeze_overrides.hpp"
#include "engine/columns.hpp"
#include "engine/records.hpp"

namespace holdpoint::changes {

using ChangeTemplates = engine::Records<ChangeTemplate>;
using EmergencyPaths = engine::Records<EmergencyPath>;
using RiskTables = engine::Records<RiskTable>;

/// Every question about windows looks at the open changes that could matter.
inline constexpr std::size_t open_changes_max = 1'000;

std::optional<Change> find_change(engine::Connection& tables, std::string_view workspace,
                                  std::string_view id);

struct ChangeFilter {
  std::optional<State> state;
  std::optional<ChangeType> type;
  std::optional<std::string> application;
  std::int64_t before = INT64_MAX;  // the entry that created the last one seen
  std::size_t limit = 50;
};
/// Newest first.
std::vector<engine::columns::Sequenced<Change>> list_changes(engine::Connection& tables,
                                                             std::string_view workspace,
                                                             const ChangeFilter& filter);

/// Submitted or begun, with a window that overlaps this one; at most open_changes_max.
std::vector<Change> open_changes(engine::Connection& tables, std::string_view workspace,
                                 const TimeWindow& window);

/// The change that governs the release in that place: of those that are open and bring it out, the
/// newest that was not used there yet. Nobody names it, so that nobody can name another one.
std::optional<Change> governing_change(engine::Connection& tables, std::string_view workspace,
                                       std::string_view release, const Place& place);

/// Those that were begun there for the release and are open, the newest first.
std::vector<Change> begun_changes(engine::Connection& tables, std::string_view workspace,
                                  std::string_view release, const Place& place);

/// The change that was begun somewhere by such a use: "deployment dpl_…".
std::optional<Change> change_used_by(engine::Connection& tables, std::string_view workspace,
                                     std::string_view use);

/// Emergencies of one of the applications that nobody looked back at in time, by change.
Overdue overdue_reviews(engine::Connection& tables, std::string_view workspace,
                        const std::vector<std::string>& applications, Instant now);
/// Emergencies that people have to look back at, the first due first.
std::vector<Change> open_reviews(engine::Connection& tables, std::string_view workspace);

/// How many changes of each type were submitted.
struct EmergencyCount {
  std::string application;
  std::string month;  // "2026-11", in UTC
  std::int64_t emergencies = 0;
  std::int64_t changes = 0;
  std::int64_t share_bp = 0;  // emergencies of all changes
};
HP_DESCRIBE(EmergencyCount, application, month, emergencies, changes, share_bp)
/// By month and application, of changes submitted in the window.
std::vector<EmergencyCount> count_emergencies(engine::Connection& tables,
                                              std::string_view workspace, const TimeWindow& among);

/// When emergencies of the way were submitted, whatever became of them, after that time and without
/// that change. One that was submitted again counts once, by the last time.
std::vector<Instant> emergencies_of(engine::Connection& tables, std::string_view workspace,
                                    std::string_view path, Instant after,
                                    std::string_view without = "");
/// Of an emergency: what the limit of its way is, and what counts beside it.
void add_limit(engine::Connection& tables, std::string_view workspace, const Change& change,
               Submitting& facts);
/// How the limit of a way that is in force stands.
struct LimitReport {
  std::string path;
  std::int64_t limit = 0;
  std::string within;  // "7d"
  std::int64_t emergencies = 0;
  std::optional<Instant> since;
  std::optional<Instant> next_at;  // when the limit is reached
};
HP_DESCRIBE(LimitReport, path, limit, within, emergencies, since, next_at)
std::vector<LimitReport> report_limits(engine::Connection& tables, std::string_view workspace,
                                       Instant now);

/// The scale in force.
RiskScale scale_in_force(engine::Connection& tables, std::string_view workspace);
/// Whether the documents that the change rests on are in force as they were when it was written.
bool are_documents_in_force(engine::Connection& tables, std::string_view workspace,
                            const ChangeContent& content);
/// Every way that is not retired.
std::vector<InForce<EmergencyPath>> paths_in_force(engine::Connection& tables,
                                                   std::string_view workspace);

/// The change as it is signed now; nullopt when a place is gone.
std::optional<SignedChange> signed_form(engine::Connection& tables, std::string_view workspace,
                                        const Change& change);

std::optional<FreezeOverride> find_override(engine::Connection& tables, std::string_view workspace,
                                            std::string_view id);
/// Not over, used or not, for that place, the newest first.
std::vector<FreezeOverride> unexpired_overrides(engine::Connection& tables,
                                                std::string_view workspace, const Place& place,
                                                Instant now);
/// Newest first.
std::vector<engine::columns::Sequenced<FreezeOverride>> list_overrides(engine::Connection& tables,
                                                                       std::string_view workspace,
                                                                       std::int64_t before,
                                                                       std::size_t limit);

}  // namespace holdpoint::changes
