// See module.hpp.
#include "identity/edge/module.hpp"

#include "engine/unit.hpp"
#include "identity/edge/access_reviews.hpp"
#include "identity/edge/tables.hpp"

namespace holdpoint::identity {

engine::Module module(std::shared_ptr<AccessTrail> trail) {
  return {.name = "identity",
          .tables = tables(),
          .events = event_types(),
          .reactions = {},
          .timers = {{std::string(kTrailTimer),
                      [trail = std::move(trail)](engine::Unit& unit, const std::string&) {
                        trail->record(unit);
                      }},
                     {std::string(kReviewTimer), close_due_review}}};
}

}  // namespace holdpoint::identity
