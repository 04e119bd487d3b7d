// The audit: folds the whole ledger again into empty tables and compares every projection row,
// recomputes the tree, opens what is sealed and re-reads every object. What it finds is a list of
// sentences; an empty list is the proof that the system is what its trail says.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace holdpoint::engine {

struct AuditReport {
  std::uint64_t entries = 0;
  std::uint64_t workspaces = 0;
  std::uint64_t projection_rows = 0;
  std::uint64_t sealed_values = 0;
  std::uint64_t sealed_values_erased = 0;  // their person's key was destroyed; not a finding
  std::uint64_t objects = 0;
  std::uint64_t object_bytes = 0;
  std::vector<std::string> findings;  // at most kFindingsMax, the last one says how many more
};
HP_DESCRIBE(AuditReport, entries, workspaces, projection_rows, sealed_values, sealed_values_erased,
            objects, object_bytes, findings)

inline constexpr std::size_t kFindingsMax = 100;

using AuditProgress = std::function<void(std::string_view step, std::uint64_t done)>;

/// Reads one committed snapshot; `scratch` is an empty store for the second fold.
Result<AuditReport> audit(Engine& engine, Store& scratch, const AuditProgress& progress);

}  // namespace holdpoint::engine
