// A JSON Schema (2020-12) that stands alone: the described types it refers to are under $defs, as
// editors and checkers of documents expect it, where an OpenAPI document keeps them elsewhere.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/describe.hpp"

namespace holdpoint {

/// `root` refers to `components` as describe::schema writes them. MUST be given components that
/// hold every type referred to.
json::object schema_document(std::string_view id, std::string_view title, json::object root,
                             json::object components);

/// Marks every list of every component as required, since writing always writes them; not those in
/// `may_be_cut`, whose absence says that they were too long.
void require_lists(json::object& components, const std::set<std::string_view>& may_be_cut);

/// How long a member of a described type is at most, because whoever writes it keeps to that.
struct LengthBound {
  std::string type;
  std::string member;
  std::size_t length_max = 0;            // bytes of a text, items of a list, entries of a map
  std::optional<std::size_t> bytes_max;  // of each text in a list
};

template <describe::Struct T, class M>
LengthBound bound(M T::* member, std::size_t length_max,
                  std::optional<std::size_t> bytes_max = std::nullopt) {
  LengthBound out{describe::type_name<T>(), "", length_max, bytes_max};
  boost::mp11::mp_for_each<describe::Members<T>>([&](auto described) {
    if constexpr (std::same_as<decltype(described.pointer), M T::* const>) {
      if (described.pointer == member) out.member = described.name;
    }
  });
  return out;
}

/// Writes each bound as maxItems, maxProperties or maxLength. JSON Schema counts characters; what
/// is kept to is bytes, which `x-maxBytes` says beside it. A type that is no component is skipped,
/// so that documents of several kinds can share their bounds.
void bound_lengths(json::object& components, std::span<const LengthBound> bounds);

/// The schema of the facts that a struct describes.
template <describe::Struct T>
json::value facts_document(std::string_view id, std::string_view title,
                           std::span<const LengthBound> bounds,
                           const std::set<std::string_view>& may_be_cut = {}) {
  json::object components;
  json::object root = describe::schema<T>(components);
  require_lists(components, may_be_cut);
  bound_lengths(components, bounds);
  return schema_document(id, title, std::move(root), std::move(components));
}

}  // namespace holdpoint
