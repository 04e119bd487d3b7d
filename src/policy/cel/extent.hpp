// How large a value can become that is not known yet: what the static estimate of cost calculates
// with, and what a function tells about its result.
#pragma once

#include <deque>

#include "policy/cel/units.hpp"

namespace holdpoint::policy::cel {

struct Extent {
  /// Bytes of a text, items of a list, entries of a map; 0 for anything else.
  Units length;
  /// The cost of walking over the value and everything in it.
  Units weight{1};
  /// The largest item of a list or value of a map; nullptr for what is neither.
  const Extent* element = nullptr;
  /// Bytes of the longest key of a map.
  Units key_length;
};

/// Owns the elements of extents.
class Extents {
 public:
  static Extent text(Units bytes) { return {bytes, {bytes.count / 10 + 1}, nullptr, {}}; }
  Extent list(Units items, const Extent& element) {
    return {items, Units{1} + items * element.weight, keep(element), {}};
  }
  Extent map(Units entries, Units key_length, const Extent& element) {
    const Units entry = text(key_length).weight + element.weight;
    return {entries, Units{1} + entries * entry, keep(element), key_length};
  }
  /// A list of numbers.
  Extent list(Units items) { return list(items, Extent{}); }
  /// Of a value that is one or the other.
  Extent larger(const Extent& a, const Extent& b);

  const Extent* keep(const Extent& element) { return &kept_.emplace_back(element); }

 private:
  std::deque<Extent> kept_;  // does not move what it holds
};

/// The extent of a value's items.
inline Extent element_of(const Extent& of) {
  return of.element == nullptr ? Extent{} : *of.element;
}

}  // namespace holdpoint::policy::cel
