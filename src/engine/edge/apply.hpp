// `apply`: documents from a repository become records, all or nothing, and applying them again
// changes nothing. Each capability that has documents gives an applier; the route is one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "engine/edge/api.hpp"

namespace holdpoint::engine::edge {

inline constexpr std::size_t apply_bytes_max = 4U << 20;

enum class ApplyAction : std::uint8_t { created, changed, unchanged };
HP_DESCRIBE_ENUM(ApplyAction, created, changed, unchanged)

struct ApplyChange {
  std::string kind;
  std::string name;
  ApplyAction action{};
  std::optional<std::string> id;
  std::optional<std::string> digest;
  std::optional<std::string> mode_before;  // of documents that have a mode, where it was another
  std::optional<std::string> mode_after;
  std::optional<std::int64_t> revision;  // the one that the change came into force with
  std::optional<std::string> proposal;   // the one that the change waits in, in force not yet
};
HP_DESCRIBE(ApplyChange, kind, name, action, id, digest, mode_before, mode_after, revision,
            proposal)

struct ApplyPlan {
  bool dry_run = false;
  std::vector<ApplyChange> changes;
};
HP_DESCRIBE(ApplyPlan, dry_run, changes)

/// One document, as parsed and as written.
struct ApplyDocument {
  const YamlDocument* parsed = nullptr;
  std::string_view text;  // of this document alone
  int first_line = 1;     // of that text within the whole
};

/// A refusal and which of the documents it is about.
struct ApplyRefusal {
  std::size_t document = 0;
  Refusal refusal;
};
/// One change for each of the documents, in their order.
using Applied = std::expected<std::vector<ApplyChange>, ApplyRefusal>;

/// What is left to do inside the unit of work.
using ApplyWork = std::function<Applied(Unit&)>;

struct Applier {
  std::vector<std::string> kinds;  // of the documents: "Application"
  std::string permission;          // needed for them: "catalog.write"
  /// Takes all documents of its kinds at once, so that they can come into force together. It runs
  /// before the unit, where it holds nobody up, and may use nothing but the documents, which
  /// outlive the work that it gives.
  std::function<ApplyWork(std::vector<ApplyDocument>)> prepare;
};

/// Whether the body is of a type that documents come in. JSON is YAML, and so is a text without a
/// type.
bool holds_documents(const http::Request& request);

/// An applier whose documents have nothing to do with each other.
Applier one_by_one(std::string kind, std::string permission,
                   std::function<Decided<ApplyChange>(Unit&, const ApplyDocument&)> apply);

/// POST /api/v1/{workspace}/apply. Documents are applied in the order of the appliers.
std::vector<http::Route> apply_routes(Engine& engine, std::vector<Applier> appliers);

/// Create, change or leave the record of that name; `Records` is engine::Records<T>. Without a
/// state the record stays in the one it has.
template <class Records, class T>
Decided<ApplyChange> apply_record(Unit& unit, std::string kind, T record,
                                  std::optional<decltype(T::state)> state) {
  ApplyChange change{.kind = std::move(kind), .name = record.name, .action = ApplyAction::created};
  auto present = Records::find(unit.tables(), unit.workspace(), record.name);
  if (state) {
    record.state = *state;
  } else if (present) {
    record.state = present->record.state;
  }
  if (!present) {
    auto created = Records::create(unit, std::move(record));
    if (!created) return std::unexpected(std::move(created).error());
    change.id = created->record.id.text();
    return change;
  }
  record.id = present->record.id;
  auto changed = Records::change(unit, record, std::nullopt);
  if (!changed) return std::unexpected(std::move(changed).error());
  change.id = changed->record.id.text();
  change.action =
      changed->revision == present->revision ? ApplyAction::unchanged : ApplyAction::changed;
  return change;
}

}  // namespace holdpoint::engine::edge
