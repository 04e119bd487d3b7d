// Denied access and failed sign-ins on their way into the ledger: gathered here from all threads
// and recorded by a timer of each workspace, a minute after the first.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "engine/engine.hpp"
#include "identity/denials.hpp"

namespace holdpoint::identity {

inline constexpr std::string_view kTrailTimer = "identity.access_trail";

/// Safe for use from any thread, also those that must not wait. MUST outlive the engine.
class AccessTrail {
 public:
  /// Counts one; the first of a workspace queues the command that sets its timer.
  void count(engine::Engine& engine, Denial denial);
  /// Records all that was gathered for the unit's workspace.
  void record(engine::Unit& unit);
  /// Records everything now. To be called before the engine stops.
  void flush(engine::Engine& engine);

 private:
  /// The timer was not set: the next one of that workspace asks again.
  void await_no_more(const std::string& workspace);

  std::mutex mutex_;
  Denials denials_;
  std::set<std::string, std::less<>> awaited_;  // workspaces whose timer is set or on its way
};

}  // namespace holdpoint::identity
