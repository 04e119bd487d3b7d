// See event_types.hpp.
#include "engine/event_types.hpp"

#include "base/assert.hpp"

namespace holdpoint::engine {

EventTypes::EventTypes(std::span<const Module> modules) {
  for (const Module& module : modules) {
    for (const EventType& type : module.events) {
      const bool added = types_.emplace(std::pair(type.type, type.version), &type).second;
      HP_ASSERT(added, "EN-7: an event type is declared once");
    }
  }
}

const EventType* EventTypes::find(std::string_view type, int version) const {
  const auto found = types_.find(std::pair<std::string, int>(type, version));
  return found == types_.end() ? nullptr : found->second;
}

}  // namespace holdpoint::engine
