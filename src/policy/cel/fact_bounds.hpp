// How long a fact may be by its schema: maxItems, maxLength, x-maxBytes, maxProperties, enum and
// const, also of what lists and maps hold. Estimates of cost are made with them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/json.hpp"

namespace holdpoint::policy::cel {

struct Bounds {
  /// Bytes of a text (x-maxBytes, or four for each character that maxLength allows), items of a
  /// list, entries of a map; nullopt when the schema does not say.
  std::optional<std::int64_t> length_max;
  /// One of several types of which none holds others: a text, a number, a truth value or null.
  bool is_scalar_choice = false;
  /// Of the items of a list or the values of a map; nullptr when the schema does not say.
  std::shared_ptr<const Bounds> element;
};

/// Of one schema in a document, which has the definitions that it may refer to.
Bounds bounds_of(const json::object& document, const json::value& schema);

}  // namespace holdpoint::policy::cel
