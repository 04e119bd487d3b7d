// See fact_extents.hpp.
#include "policy/cel/fact_extents.hpp"

#include <algorithm>

#include "policy/cel/whole_use.hpp"

namespace holdpoint::policy::cel {

FactExtents::FactExtents(Extents& extents)
    : extents_(extents),
      open_{{std::max(items_default_max, text_bytes_default_max)},
            {open_weight_max},
            &open_,
            {key_bytes_default_max}} {}

Extent FactExtents::of(const Type& type, const Bounds* bounds) {
  const auto length = [&](std::int64_t otherwise) {
    return Units{bounds == nullptr ? otherwise : bounds->length_max.value_or(otherwise)};
  };
  const Bounds* inner = bounds == nullptr ? nullptr : bounds->element.get();
  switch (type.kind) {
    case TypeKind::string:
    case TypeKind::bytes: return Extents::text(length(text_bytes_default_max));
    case TypeKind::list: return extents_.list(length(items_default_max), of(*type.element, inner));
    case TypeKind::map:
      return extents_.map(length(items_default_max), {key_bytes_default_max},
                          of(*type.element, inner));
    case TypeKind::object: return object(*type.object);
    case TypeKind::null:
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::unsigned_integer:
    case TypeKind::floating:
    case TypeKind::timestamp:
    case TypeKind::duration:
    case TypeKind::type: return {};
    default: {
      const bool is_text = bounds != nullptr && bounds->is_scalar_choice && bounds->length_max;
      return is_text ? Extents::text({*bounds->length_max}) : open_;
    }
  }
}

Units FactExtents::conversion(const Type& type, const Extent& extent) {
  if (is_plain(type)) return {};
  switch (type.kind) {
    case TypeKind::list:
    case TypeKind::map:
      return extent.length * (Units{1} + conversion(*type.element, element_of(extent)));
    case TypeKind::object: return extent.length + conversion_of(*type.object);
    case TypeKind::abstract: {
      const Type* inner = optional_element(type);
      return inner == nullptr ? Units{} : conversion(*inner, element_of(extent));
    }
    default: return {};
  }
}

/// An object in itself is as large as anything.
Units FactExtents::conversion_of(const ObjectType& type) {
  if (const auto known = conversions_.find(&type); known != conversions_.end()) {
    return known->second;
  }
  conversions_.emplace(&type, Units{open_weight_max});
  Units cost;
  for (const Field& field : type.fields) {
    cost += conversion(*field.type, of(*field.type, &field.bounds));
  }
  if (type.additional != nullptr) {
    cost += Units{items_default_max} * conversion(*type.additional, of(*type.additional, nullptr));
  }
  conversions_.insert_or_assign(&type, cost);
  return cost;
}

/// Its fields one by one; an object in itself is as large as anything.
Extent FactExtents::object(const ObjectType& type) {
  if (const auto known = objects_.find(&type); known != objects_.end()) return known->second;
  objects_.emplace(&type, open_);
  Units weight{1};
  Units key_length;
  Extent element;
  for (const Field& field : type.fields) {
    const Units key{static_cast<std::int64_t>(field.name.size())};
    const Extent value = of(*field.type, &field.bounds);
    weight += Extents::text(key).weight + value.weight;
    key_length = std::max(key_length, key);
    element = extents_.larger(element, value);
  }
  Units length{static_cast<std::int64_t>(type.fields.size())};
  if (type.additional != nullptr) {
    const Extent others =
        extents_.map({items_default_max}, {key_bytes_default_max}, of(*type.additional, nullptr));
    length += others.length;
    weight += others.weight;
    key_length = std::max(key_length, others.key_length);
    element = extents_.larger(element, element_of(others));
  }
  const Extent made{length, weight, extents_.keep(element), key_length};
  objects_.insert_or_assign(&type, made);
  return made;
}

}  // namespace holdpoint::policy::cel
