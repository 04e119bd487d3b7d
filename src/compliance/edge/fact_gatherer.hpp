// Gathers the facts that control status and the answers to auditors are told from, out of the read
// models of every capability below, from one committed snapshot.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compliance/facts.hpp"
#include "engine/engine.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::compliance {

// What is looked at; with more, the facts say that they are cut.
inline constexpr std::size_t deployments_looked_at_max = 5'000;
inline constexpr std::size_t requests_looked_at_max = 5'000;
inline constexpr std::size_t refused_starts_looked_at_max = 200;
inline constexpr std::size_t waivers_looked_at_max = 200;
inline constexpr std::size_t emergencies_looked_at_max = 200;
inline constexpr std::size_t shipped_looked_at_max = 50;
inline constexpr std::size_t incidents_looked_at_max = 1'000;
inline constexpr std::size_t access_reviews_looked_at_max = 5'000;

/// What is asked about. With a release its application alone is looked at, and of the deployments
/// and approvals those of the release.
struct Extent {
  Period period;
  std::optional<std::string> application;
  std::optional<releases::Release> release;
  /// Whether a proof asks how the release stood with single criteria, which is read from an object.
  bool needs_criteria = false;
};

WorkspaceFacts gather_facts(engine::Connection& tables, engine::ObjectStore& objects,
                            std::string_view workspace, const Extent& extent, Instant now);

}  // namespace holdpoint::compliance
