// Finds the declared event types by name and version.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/module.hpp"

namespace holdpoint::engine {

class EventTypes {
 public:
  /// The modules MUST outlive it, and declare each type once.
  explicit EventTypes(std::span<const Module> modules);
  /// nullptr when no module declares it.
  [[nodiscard]] const EventType* find(std::string_view type, int version) const;
  /// Writes the event into the tables of its type, then of the modules that follow every event.
  void fold(Connection& tables, const EventType& type, const Recorded& recorded) const;

 private:
  std::map<std::pair<std::string, int>, const EventType*, std::less<>> types_;
  std::vector<const Fold*> followers_;
};

}  // namespace holdpoint::engine
