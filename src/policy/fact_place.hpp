// Where in the facts the value of a part of an expression stands, so that it can be changed there:
// through selections, indexes, loops, filters and variables. What is computed stands nowhere.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "policy/cel/evaluator.hpp"
#include "policy/fact_change.hpp"

namespace holdpoint::policy {

class FactPlaces {
 public:
  /// The evaluator MUST outlive it and have its loops bound as bind() is told.
  explicit FactPlaces(cel::Evaluator& evaluator) : evaluator_(evaluator) {}

  /// Says where the element stands that the loop's name means now.
  void bind(cel::NodeId loop, std::optional<FactPath> element);

  /// nullopt for what is computed, and for the time of the decision, which is not to be changed.
  std::optional<FactPath> of(cel::NodeId id);

  /// Where each element of the list stands, or each entry of the map, in order.
  std::optional<std::vector<FactPath>> of_elements(cel::NodeId id);

 private:
  std::optional<std::vector<FactPath>> of_filtered(cel::NodeId filter);

  cel::Evaluator& evaluator_;
  std::array<std::optional<FactPath>, cel::local_slots_max> bound_;
};

}  // namespace holdpoint::policy
