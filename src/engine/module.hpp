// What a capability gives the engine: its tables with their class, the events it records and how
// each is folded into its tables, what it reacts to, and its timers. The engine runs them; it knows
// no capability.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/object_ref.hpp"
#include "base/refusal.hpp"
#include "engine/ports.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::engine {

class Unit;

/// The server-wide log: sign-ins, people, workspaces.
inline constexpr std::string_view kSystemWorkspace = "system";

/// Every table is declared as one of these; an undeclared table fails a test.
enum class TableClass : std::uint8_t {
  ledger,       // events, tree, sealed values: the source of truth
  projection,   // derivable: dropped and refolded at will
  operational,  // bounded life, never a source of truth: outbox, timers, sessions, idempotency
  secret,       // keys and password hashes
};

struct Table {
  std::string name;
  TableClass table_class{};
  std::string ddl;  // CREATE TABLE and CREATE INDEX statements; `workspace` is the first key column
  std::string key;  // the columns that order its rows: "workspace, id"
};

/// An event as it stands in the ledger, on its way to the folds.
struct Recorded {
  std::string workspace;
  std::uint64_t seq = 0;
  std::string id;
  Instant at;
  std::string type;
  int version = 1;
  ledger::Subject subject;
  ledger::Actor actor;
  std::optional<std::string> cause;
  std::string root;
  int depth = 0;
  std::string body;  // canonical JSON
};

/// Decodes a stored envelope. Throws StoreFailed (corrupt) when it is none.
Recorded recorded_of(std::string_view workspace, std::string_view entry);
Recorded recorded_of(std::string_view workspace, ledger::Envelope envelope);

/// Writes one event into the read models. MUST depend on the event and the tables' present rows
/// only, so that folding the ledger again gives the same rows.
using Fold = std::function<void(Connection&, const Recorded&)>;

struct EventType {
  std::string type;
  int version = 1;
  Fold fold;
  std::function<json::object(json::object& components)> schema;
  std::function<std::vector<Digest>(std::string_view body)> object_refs;
};

/// An event body MUST be described and name itself:
///   static constexpr std::string_view event_type = "release.created";
///   static constexpr int event_version = 1;
template <class T>
concept EventBody = describe::Struct<T> && requires {
  { T::event_type } -> std::convertible_to<std::string_view>;
  { T::event_version } -> std::convertible_to<int>;
};

/// Reads back a body that stands in the ledger. Throws StoreFailed (corrupt) when it is none of its
/// type: the audit reads entries that somebody may have changed.
template <EventBody T>
T body_of(std::string_view body) {
  auto value = from_json_text<T>(body);
  if (!value) {
    throw StoreFailed(StoreFailure::corrupt,
                      Fault{FaultKind::corrupt, "event " + std::string(T::event_type),
                            "its body is none of its type"});
  }
  return std::move(*value);
}

template <EventBody T, class F>
  requires std::invocable<F, Connection&, const Recorded&, const T&>
EventType event(F fold) {
  return EventType{std::string(T::event_type), T::event_version,
                   [fold = std::move(fold)](Connection& tables, const Recorded& recorded) {
                     fold(tables, recorded, body_of<T>(recorded.body));
                   },
                   [](json::object& components) { return describe::schema<T>(components); },
                   [](std::string_view body) {
                     std::vector<Digest> refs;
                     collect_object_refs(body_of<T>(body), refs);
                     return refs;
                   }};
}

/// What a command answers with when it is not refused: an HTTP-like status and canonical JSON. The
/// Idempotency-Key of the request gets it again, also where it says no: what is on the record is
/// not put there twice.
struct Answer {
  int status = 200;
  std::string body;
};
using Outcome = Decided<Answer>;

/// Follows events inside the same commit. `key` names what has to be looked at again (a release
/// id); the same key is run once per batch, after all its commands, in a unit of its own.
struct Reaction {
  std::string name;
  std::function<std::optional<std::string>(const Recorded&)> key;
  std::function<void(Unit&, const std::string& key)> run;
};

/// Fires once when due, as a command; the row is gone in the same commit. `key` tells the timers of
/// one kind apart.
struct Timer {
  std::string kind;
  std::function<void(Unit&, const std::string& key)> fire;
};

struct Module {
  std::string name;
  std::vector<Table> tables{};
  std::vector<EventType> events{};
  /// Folds every event, of whatever module, after the fold of its type: for a read model over all
  /// of them. It runs with every write, so it MUST be quick.
  Fold follow{};
  std::vector<Reaction> reactions{};
  std::vector<Timer> timers{};
};

}  // namespace holdpoint::engine
