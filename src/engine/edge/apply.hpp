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
};
HP_DESCRIBE(ApplyChange, kind, name, action, id, digest)

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

struct Applier {
  std::string kind;        // of the document: "Application"
  std::string permission;  // needed for it: "catalog.write"
  std::function<Decided<ApplyChange>(Unit&, const ApplyDocument&)> apply;
};

/// POST /api/v1/{workspace}/apply. Documents are applied in the order of the appliers' kinds.
std::vector<http::Route> apply_routes(Engine& engine, std::vector<Applier> appliers);

/// Create, change or leave the record of that name; `Records` is engine::Records<T>.
template <class Records, class T>
Decided<ApplyChange> apply_record(Unit& unit, std::string kind, T record) {
  ApplyChange change{std::move(kind), record.name, ApplyAction::created, std::nullopt,
                     std::nullopt};
  auto present = Records::find(unit.tables(), unit.workspace(), record.name);
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
