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
    if (module.follow) followers_.push_back(&module.follow);
  }
}

const EventType* EventTypes::find(std::string_view type, int version) const {
  const auto found = types_.find(std::pair<std::string, int>(type, version));
  return found == types_.end() ? nullptr : found->second;
}

void EventTypes::fold(Connection& tables, const EventType& type, const Recorded& recorded) const {
  type.fold(tables, recorded);
  for (const Fold* follow : followers_) (*follow)(tables, recorded);
}

}  // namespace holdpoint::engine
