// See change_queries.hpp.
#include "changes/edge/change_queries.hpp"

#include <algorithm>

#include "catalog/edge/configuration_queries.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::changes {
namespace {

using engine::columns::Sequenced;

const std::string& select() {
  static const std::string sql = "SELECT " + engine::columns::names<Change>() +
                                 ", seq FROM change_request WHERE workspace = $1";
  return sql;
}

const std::string& select_overrides() {
  static const std::string sql = "SELECT " + engine::columns::names<FreezeOverride>() +
                                 ", seq FROM freeze_override WHERE workspace = $1";
  return sql;
}

template <class T>
std::optional<T> first_of(std::vector<T> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

/// A column of JSON that holds the text somewhere: a few too many, which are read and left.
std::string pattern_of(std::string_view text) {
  std::string pattern = "%";
  append_json_string(pattern, text);
  return pattern + "%";
}

std::string month_of(Instant at) { return at.text().substr(0, 7); }

}  // namespace

std::optional<Change> find_change(engine::Connection& tables, std::string_view workspace,
                                  std::string_view id) {
  return first_of(engine::columns::all<Change>(tables, select() + " AND id = $2", workspace, id));
}

std::vector<Sequenced<Change>> list_changes(engine::Connection& tables, std::string_view workspace,
                                            const ChangeFilter& filter) {
  std::vector<Sequenced<Change>> rows;
  const std::string application = filter.application ? pattern_of(*filter.application) : "";
  tables.query(
      select() +
          " AND seq < $2 AND ($3 = '' OR state = $3) AND ($4 = '' OR change_type = $4)"
          " AND ($5 = '' OR applications LIKE $5) ORDER BY seq DESC LIMIT $6",
      [&](const engine::Row& row) { rows.push_back(engine::columns::read_sequenced<Change>(row)); },
      workspace, filter.before,
      filter.state ? std::string(describe::enum_text(*filter.state)) : std::string(),
      filter.type ? std::string(describe::enum_text(*filter.type)) : std::string(), application,
      static_cast<std::int64_t>(filter.limit));
  return rows;
}

std::vector<Change> open_changes(engine::Connection& tables, std::string_view workspace,
                                 const TimeWindow& window) {
  return engine::columns::all<Change>(
      tables,
      select() +
          " AND state IN ('submitted', 'implementing') AND starts_at < $2 AND"
          " ends_at > $3 ORDER BY seq LIMIT $4",
      workspace, window.until, window.from, static_cast<std::int64_t>(open_changes_max));
}

namespace {

std::vector<Change> changes_of(engine::Connection& tables, std::string_view workspace,
                               std::string_view release, const Place& place) {
  auto found = engine::columns::all<Change>(
      tables,
      select() +
          " AND state IN ('submitted', 'implementing') AND releases LIKE $2 ORDER BY seq DESC"
          " LIMIT $3",
      workspace, pattern_of(release), static_cast<std::int64_t>(open_changes_max));
  std::erase_if(found, [&](const Change& change) {
    const auto& linked = change.content.releases;
    return !touches(change.content, place) ||
           std::ranges::find(linked, release, &LinkedRelease::id) == linked.end();
  });
  return found;
}

}  // namespace

std::optional<Change> governing_change(engine::Connection& tables, std::string_view workspace,
                                       std::string_view release, const Place& place) {
  auto found = changes_of(tables, workspace, release, place);
  std::erase_if(found, [&](const Change& change) { return was_used(change, place); });
  return first_of(std::move(found));
}

std::vector<Change> begun_changes(engine::Connection& tables, std::string_view workspace,
                                  std::string_view release, const Place& place) {
  auto found = changes_of(tables, workspace, release, place);
  std::erase_if(found, [&](const Change& change) { return !was_used(change, place); });
  return found;
}

std::optional<Change> change_used_by(engine::Connection& tables, std::string_view workspace,
                                     std::string_view use) {
  auto found = engine::columns::all<Change>(
      tables, select() + " AND uses LIKE $2 ORDER BY seq DESC LIMIT $3", workspace, pattern_of(use),
      static_cast<std::int64_t>(open_changes_max));
  std::erase_if(found, [&](const Change& change) {
    return std::ranges::find(change.uses, use, &Use::use) == change.uses.end();
  });
  return first_of(std::move(found));
}

std::vector<Change> open_reviews(engine::Connection& tables, std::string_view workspace) {
  return engine::columns::all<Change>(tables,
                                      select() +
                                          " AND review_due IS NOT NULL AND reviewed_at IS NULL"
                                          " ORDER BY review_due, seq LIMIT $2",
                                      workspace, static_cast<std::int64_t>(open_changes_max));
}

Overdue overdue_reviews(engine::Connection& tables, std::string_view workspace,
                        const std::vector<std::string>& applications, Instant now) {
  Overdue overdue;
  for (const Change& change : open_reviews(tables, workspace)) {
    if (now < *change.review_due) break;
    const bool concerns = std::ranges::any_of(applications, [&](const std::string& name) {
      return std::ranges::find(change.content.applications, name) !=
             change.content.applications.end();
    });
    if (concerns) overdue.push_back(change.id.text());
  }
  return overdue;
}

std::vector<EmergencyCount> count_emergencies(engine::Connection& tables,
                                              std::string_view workspace, const TimeWindow& among) {
  std::map<std::pair<std::string, std::string>, EmergencyCount> counts;
  tables.query(
      "SELECT applications, change_type, submitted_at FROM change_request WHERE workspace = $1"
      " AND submitted_at >= $2 AND submitted_at < $3",
      [&](const engine::Row& row) {
        const auto names = from_json_text<std::vector<std::string>>(row.text(0));
        if (!names) engine::columns::damaged(row, 0);
        const std::string month = month_of(Instant{row.integer(2)});
        for (const std::string& name : *names) {
          EmergencyCount& count = counts[{month, name}];
          count.application = name;
          count.month = month;
          ++count.changes;
          if (row.text(1) == describe::enum_text(ChangeType::emergency)) ++count.emergencies;
        }
      },
      workspace, among.from, among.until);
  std::vector<EmergencyCount> rows;
  for (auto& [key, count] : counts) {
    constexpr std::int64_t whole_bp = 10'000;
    count.share_bp = count.emergencies * whole_bp / count.changes;
    rows.push_back(std::move(count));
  }
  return rows;
}

std::vector<Instant> emergencies_of(engine::Connection& tables, std::string_view workspace,
                                    std::string_view path, Instant after,
                                    std::string_view without) {
  std::vector<Instant> submitted;
  tables.query(
      "SELECT id, content, submitted_at FROM change_request WHERE workspace = $1"
      " AND change_type = 'emergency' AND submitted_at > $2 AND content LIKE $3",
      [&](const engine::Row& row) {
        const auto content = from_json_text<ChangeContent>(row.text(1));
        if (!content) engine::columns::damaged(row, 1);
        if (row.text(0) == without || !content->path || content->path->name != path) return;
        submitted.push_back(Instant{row.integer(2)});
      },
      workspace, after, pattern_of(path));
  return submitted;
}

void add_limit(engine::Connection& tables, std::string_view workspace, const Change& change,
               Submitting& facts) {
  if (!change.content.path) return;
  const std::string& name = change.content.path->name;
  const auto path = EmergencyPaths::find(tables, workspace, name);
  if (!path || !path->record.at_most) return;
  facts.limit = path->record.at_most;
  facts.earlier = emergencies_of(tables, workspace, name,
                                 facts.now - Duration{facts.limit->within_us}, change.id.text());
}

std::vector<LimitReport> report_limits(engine::Connection& tables, std::string_view workspace,
                                       Instant now) {
  std::vector<LimitReport> rows;
  for (const auto& path : paths_in_force(tables, workspace)) {
    const auto& limit = path.record.at_most;
    if (!limit) continue;
    const Duration within{limit->within_us};
    const auto standing =
        standing_of(*limit, emergencies_of(tables, workspace, path.record.name, now - within), now);
    rows.push_back({path.record.name, limit->count, duration_text(within), standing.count,
                    standing.since, standing.next_at});
  }
  return rows;
}

RiskScale scale_in_force(engine::Connection& tables, std::string_view workspace) {
  const auto stored = RiskTables::list(tables, workspace, "", 1, {{"state", "active"}});
  if (stored.empty()) return built_in_scale();
  return scale_of(stored.front().record, stored.front().revision);
}

bool are_documents_in_force(engine::Connection& tables, std::string_view workspace,
                            const ChangeContent& content) {
  const auto holds = [](const auto& stored, const PinnedDocument& pinned) {
    return stored && stored->record.state == RecordState::active &&
           stored->revision == pinned.revision;
  };
  if (content.pattern &&
      !holds(ChangeTemplates::find(tables, workspace, content.pattern->name), *content.pattern)) {
    return false;
  }
  return !content.path ||
         holds(EmergencyPaths::find(tables, workspace, content.path->name), *content.path);
}

std::vector<InForce<EmergencyPath>> paths_in_force(engine::Connection& tables,
                                                   std::string_view workspace) {
  std::vector<InForce<EmergencyPath>> paths;
  for (auto& stored :
       EmergencyPaths::list(tables, workspace, "", open_changes_max, {{"state", "active"}})) {
    paths.push_back({std::move(stored.record), stored.revision});
  }
  return paths;
}

std::optional<SignedChange> signed_form(engine::Connection& tables, std::string_view workspace,
                                        const Change& change) {
  SignedChange out;
  out.id = change.id.text();
  out.revision = change.revision;
  out.texts_entry = change.texts_entry;
  out.content = change.content;
  for (const std::string& name : change.content.environments) {
    const auto environment = catalog::Environments::find(tables, workspace, name);
    if (!environment) return std::nullopt;
    out.environment_ids[name] = environment->record.id.text();
  }
  for (const LinkedRelease& linked : change.content.releases) {
    const auto release = releases::find_release(tables, workspace, linked.id);
    if (!release) return std::nullopt;
    for (const std::string& name : change.content.environments) {
      const auto present =
          catalog::current_configuration(tables, workspace, release->application, name);
      if (present) out.configurations[release->application + "/" + name] = *present;
    }
  }
  return out;
}

std::optional<FreezeOverride> find_override(engine::Connection& tables, std::string_view workspace,
                                            std::string_view id) {
  return first_of(engine::columns::all<FreezeOverride>(tables, select_overrides() + " AND id = $2",
                                                       workspace, id));
}

std::vector<FreezeOverride> unexpired_overrides(engine::Connection& tables,
                                                std::string_view workspace, const Place& place,
                                                Instant now) {
  return engine::columns::all<FreezeOverride>(tables,
                                              select_overrides() +
                                                  " AND application = $2 AND environment = $3 AND"
                                                  " expires_at > $4 ORDER BY seq DESC"
                                                  " LIMIT $5",
                                              workspace, place.application, place.environment, now,
                                              static_cast<std::int64_t>(open_changes_max));
}

std::vector<Sequenced<FreezeOverride>> list_overrides(engine::Connection& tables,
                                                      std::string_view workspace,
                                                      std::int64_t before, std::size_t limit) {
  std::vector<Sequenced<FreezeOverride>> rows;
  tables.query(
      select_overrides() + " AND seq < $2 ORDER BY seq DESC LIMIT $3",
      [&](const engine::Row& row) {
        rows.push_back(engine::columns::read_sequenced<FreezeOverride>(row));
      },
      workspace, before, static_cast<std::int64_t>(limit));
  return rows;
}

}  // namespace holdpoint::changes
