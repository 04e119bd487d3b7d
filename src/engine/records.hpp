// Record capabilities from a description. A record is a described struct with an id, a unique name
// and a state with allowed transitions; from that follow its commands (create, change, close,
// link), its events with the full after-image, its table, listing and filters. A new kind of record
// is one header and a transition table.
//
//   struct Application {
//     static constexpr std::string_view kind = "application";
//     static constexpr int record_version = 1;
//     static constexpr std::string_view created_event = "application.created";
//     static constexpr std::string_view changed_event = "application.changed";
//     static constexpr Transition<RecordState> transitions[] = {…};
//     ApplicationId id; std::string name; RecordState state; …
//   };
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/record.hpp"
#include "engine/columns.hpp"
#include "engine/unit.hpp"

namespace holdpoint::engine {

template <class T>
concept Record = describe::Struct<T> && requires(T record) {
  { T::kind } -> std::convertible_to<std::string_view>;
  { T::record_version } -> std::convertible_to<int>;
  { record.id.text() } -> std::convertible_to<std::string_view>;
  { record.name } -> std::convertible_to<std::string>;
  record.state;
  T::transitions[0].from;
};

template <class T>
struct RecordCreated {
  static constexpr std::string_view event_type = T::created_event;
  static constexpr int event_version = T::record_version;
  T record;
  HP_DESCRIBE_MEMBERS(RecordCreated, record)
};

template <class T>
struct RecordChanged {
  static constexpr std::string_view event_type = T::changed_event;
  static constexpr int event_version = T::record_version;
  std::int64_t revision = 0;
  T record;
  HP_DESCRIBE_MEMBERS(RecordChanged, revision, record)
};

/// A record as it stands: `revision` counts its changes from 1 and is its ETag.
template <Record T>
struct Stored {
  T record;
  std::int64_t revision = 0;
  Instant created_at;
  Instant changed_at;
};

struct ColumnEquals {
  std::string column;  // MUST be a member of the record
  std::string value;
};

template <Record T>
class Records {
 public:
  using IdType = decltype(T::id);

  static Module module() {
    Module module{.name = std::string(T::kind)};
    module.tables.push_back(
        {std::string(T::kind), TableClass::projection,
         "CREATE TABLE IF NOT EXISTS " + std::string(T::kind) +
             " (workspace TEXT NOT NULL, revision BIGINT NOT NULL, created_at BIGINT NOT NULL,"
             " changed_at BIGINT NOT NULL, " +
             columns::definitions<T>() + ", PRIMARY KEY (workspace, id));" +
             "CREATE UNIQUE INDEX IF NOT EXISTS " + std::string(T::kind) + "_name ON " +
             std::string(T::kind) + " (workspace, name);",
         "workspace, id"});
    module.events.push_back(event<RecordCreated<T>>(
        [](Connection& tables, const Recorded& recorded, const RecordCreated<T>& created) {
          write(tables, recorded, created.record, 1, recorded.at);
        }));
    module.events.push_back(event<RecordChanged<T>>(
        [](Connection& tables, const Recorded& recorded, const RecordChanged<T>& changed) {
          const auto before = get(tables, recorded.workspace, changed.record.id);
          if (!before) {
            throw StoreFailed(StoreFailure::corrupt,
                              Fault{FaultKind::corrupt, "event " + recorded.type,
                                    "it changes a record that was never created"});
          }
          write(tables, recorded, changed.record, changed.revision, before->created_at);
        }));
    return module;
  }

  static std::optional<Stored<T>> get(Connection& tables, std::string_view workspace,
                                      const IdType& id) {
    return one(tables, select() + " WHERE workspace = $1 AND id = $2", workspace, id.text());
  }

  static std::optional<Stored<T>> find(Connection& tables, std::string_view workspace,
                                       std::string_view name) {
    return one(tables, select() + " WHERE workspace = $1 AND name = $2", workspace, name);
  }

  /// Ordered by name, after the name given; at most `limit`.
  static std::vector<Stored<T>> list(Connection& tables, std::string_view workspace,
                                     std::string_view after, std::size_t limit,
                                     const std::vector<ColumnEquals>& filter = {}) {
    std::string sql = select() + " WHERE workspace = $1 AND name > $2";
    std::vector<Arg> args{arg(workspace), arg(after), arg(static_cast<std::int64_t>(limit))};
    for (const ColumnEquals& equals : filter) {
      args.push_back(arg(equals.value));
      sql += " AND " + equals.column + " = $" + std::to_string(args.size());
    }
    sql += " ORDER BY name LIMIT $3";
    std::vector<Stored<T>> found;
    tables.run(sql, args, [&](const Row& row) { found.push_back(read(row)); });
    return found;
  }

  /// Gives the record an id. Refuses a name that is taken.
  static Decided<Stored<T>> create(Unit& unit, T record) {
    if (find(unit.tables(), unit.workspace(), record.name)) {
      return refuse(RefusalKind::conflict, std::string(T::kind) + "_exists",
                    "There is already a " + std::string(T::kind) + " named " + record.name + ".");
    }
    record.id = unit.new_id<IdType>();
    unit.record({std::string(T::kind), record.id.text()}, RecordCreated<T>{record});
    return Stored<T>{record, 1, unit.now(), unit.now()};
  }

  /// Replaces the record of that id. Refuses a revision that is not the present one, a state that
  /// cannot follow, and another name that is taken. An equal record is no event.
  static Decided<Stored<T>> change(Unit& unit, const T& record,
                                   std::optional<std::int64_t> revision) {
    auto stored = get(unit.tables(), unit.workspace(), record.id);
    if (!stored) return not_found(record.id.text());
    if (revision && *revision != stored->revision) {
      return refuse(RefusalKind::precondition, "revision_changed",
                    "The " + std::string(T::kind) + " was changed meanwhile: read it again.");
    }
    if (to_json_text(stored->record) == to_json_text(record)) return std::move(*stored);
    if (stored->record.state != record.state && !may_follow(stored->record.state, record.state)) {
      return refuse(RefusalKind::conflict, "transition_not_allowed",
                    "A " + std::string(T::kind) + " that is " +
                        std::string(describe::enum_text(stored->record.state)) + " cannot become " +
                        std::string(describe::enum_text(record.state)) + ".");
    }
    if (stored->record.name != record.name && find(unit.tables(), unit.workspace(), record.name)) {
      return refuse(RefusalKind::conflict, std::string(T::kind) + "_exists",
                    "There is already a " + std::string(T::kind) + " named " + record.name + ".");
    }
    const RecordChanged<T> changed{stored->revision + 1, record};
    unit.record({std::string(T::kind), record.id.text()}, changed);
    return Stored<T>{record, changed.revision, stored->created_at, unit.now()};
  }

  /// Moves the record to its last state.
  template <class State>
  static Decided<Stored<T>> close(Unit& unit, const IdType& id, State closed) {
    auto stored = get(unit.tables(), unit.workspace(), id);
    if (!stored) return not_found(id.text());
    stored->record.state = closed;
    return change(unit, stored->record, stored->revision);
  }

  static std::unexpected<Refusal> not_found(std::string_view what) {
    return refuse(
        RefusalKind::not_found, std::string(T::kind) + "_not_found",
        "There is no " + std::string(T::kind) + " " + std::string(what) + " in this workspace.");
  }

 private:
  template <class State>
  static bool may_follow(State from, State to) {
    return std::ranges::any_of(T::transitions, [&](const auto& transition) {
      return transition.from == from && transition.to == to;
    });
  }

  static const std::string& select() {
    static const std::string sql = "SELECT revision, created_at, changed_at, " +
                                   columns::names<T>() + " FROM " + std::string(T::kind);
    return sql;
  }

  static Stored<T> read(const Row& row) {
    return Stored<T>{columns::read<T>(row, 3), row.integer(0), Instant{row.integer(1)},
                     Instant{row.integer(2)}};
  }

  static std::optional<Stored<T>> one(Connection& tables, const std::string& sql,
                                      std::string_view first, std::string_view second) {
    std::optional<Stored<T>> found;
    tables.query(sql, [&](const Row& row) { found = read(row); }, first, second);
    return found;
  }

  static void write(Connection& tables, const Recorded& recorded, const T& record,
                    std::int64_t revision, Instant created_at) {
    static const std::string sql =
        "INSERT INTO " + std::string(T::kind) + " (workspace, revision, created_at, changed_at, " +
        columns::names<T>() + ") VALUES (" + columns::placeholders(4 + columns::count<T>) +
        ") ON CONFLICT (workspace, id) DO UPDATE SET " + assignments();
    columns::Bound bound;
    bound.add(recorded.workspace);
    bound.add(revision);
    bound.add(created_at);
    bound.add(recorded.at);
    bound.add_all(record);
    tables.run(sql, bound.args(), {});
  }

  static std::string assignments() {
    std::string out = "revision = excluded.revision, changed_at = excluded.changed_at";
    columns::each_column<T>([&](std::string_view name, const char*) {
      if (name == "id") return;
      out += ", " + std::string(name) + " = excluded." + std::string(name);
    });
    return out;
  }
};

}  // namespace holdpoint::engine
