// The read model of waivers, for this capability's edge and those of higher tiers: certification
// judges with those in force, and the gate knows when the first of them is over.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/columns.hpp"
#include "engine/sql.hpp"
#include "policy/subject_facts.hpp"
#include "waivers/waivers.hpp"

namespace holdpoint::waivers {

std::optional<Waiver> find_waiver(engine::Connection& tables, std::string_view workspace,
                                  std::string_view id);

/// Neither ended nor, by what is recorded, over: of the release by its id, and of its application.
std::vector<Waiver> open_waivers(engine::Connection& tables, std::string_view workspace,
                                 std::string_view application, std::string_view release);

/// Those of them that are in force at that instant, as certification judges with them, by id.
std::vector<policy::WaiverFacts> waivers_in_force(engine::Connection& tables,
                                                  std::string_view workspace,
                                                  std::string_view application,
                                                  std::string_view release, Instant at);

/// Whether a judgement of then may rest on a waiver: one that is in force by what is recorded, or
/// that ended since.
bool may_be_waived(engine::Connection& tables, std::string_view workspace,
                   std::string_view application, std::string_view release, Instant judged_at);

struct WaiverFilter {
  std::optional<State> state;
  std::optional<std::string> application;
  std::int64_t before = INT64_MAX;  // the entry that asked for the last one seen
  std::size_t limit = 50;
};
/// Newest first.
std::vector<engine::columns::Sequenced<Waiver>> list_waivers(engine::Connection& tables,
                                                             std::string_view workspace,
                                                             const WaiverFilter& filter);

}  // namespace holdpoint::waivers
