// A reference to stored bytes by their digest. Events that hold one say so by this type, so that an
// audit finds every object an event relies on from the event's description alone.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/digest.hpp"

namespace holdpoint {

struct ObjectRef {
  Digest digest;
  auto operator<=>(const ObjectRef&) const = default;
  [[nodiscard]] std::string text() const { return digest.text(); }
  static std::optional<ObjectRef> parse(std::string_view text) {
    if (auto digest = Digest::parse(text)) return ObjectRef{*digest};
    return std::nullopt;
  }
};

/// Appends every ObjectRef inside a described value, in declared order.
template <class T>
void collect_object_refs(const T& value, std::vector<Digest>& out) {
  if constexpr (std::same_as<T, ObjectRef>) {
    out.push_back(value.digest);
  } else if constexpr (describe::Shape<T>::optional) {
    if (value) collect_object_refs(*value, out);
  } else if constexpr (describe::Shape<T>::list) {
    for (const auto& element : value) collect_object_refs(element, out);
  } else if constexpr (describe::Shape<T>::table) {
    for (const auto& entry : value) collect_object_refs(entry.second, out);
  } else if constexpr (describe::Struct<T>) {
    describe::each_member(value,
                          [&](std::string_view, const auto& m) { collect_object_refs(m, out); });
  }
}

}  // namespace holdpoint
