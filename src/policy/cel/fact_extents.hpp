// How large facts can become by their schema: extents of types, with the schema's bounds or, where
// it has none, the bounds that are named here.
#pragma once

#include <map>

#include "policy/cel/extent.hpp"
#include "policy/cel/schema.hpp"

namespace holdpoint::policy::cel {

constexpr std::int64_t items_default_max = 1'000;
constexpr std::int64_t text_bytes_default_max = 4'096;
constexpr std::int64_t key_bytes_default_max = 256;
/// Of a value that the schema leaves open, in units of cost.
constexpr std::int64_t open_weight_max = 100'000;

class FactExtents {
 public:
  explicit FactExtents(Extents& extents);

  /// Of a value of the type; bounds may be nullptr.
  Extent of(const Type& type, const Bounds* bounds);
  /// What typing all facts in a value of the type and extent costs: 1 for each item or entry of
  /// what holds facts that JSON writes otherwise.
  Units conversion(const Type& type, const Extent& extent);
  /// Of a value that may be anything: as long as a text or a list can be, and so are its items.
  [[nodiscard]] const Extent& open() const { return open_; }

 private:
  Extent object(const ObjectType& type);
  Units conversion_of(const ObjectType& type);

  Extents& extents_;
  Extent open_;
  std::map<const ObjectType*, Extent> objects_;
  std::map<const ObjectType*, Units> conversions_;  // of what their fields hold
};

}  // namespace holdpoint::policy::cel
