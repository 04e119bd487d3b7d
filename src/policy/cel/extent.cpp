// See extent.hpp.
#include "policy/cel/extent.hpp"

#include <algorithm>

namespace holdpoint::policy::cel {

Extent Extents::larger(const Extent& a, const Extent& b) {
  Extent out{std::max(a.length, b.length), std::max(a.weight, b.weight), a.element,
             std::max(a.key_length, b.key_length)};
  if (a.element == nullptr) out.element = b.element;
  if (a.element == nullptr || b.element == nullptr || a.element == b.element) return out;
  out.element = keep(larger(*a.element, *b.element));
  return out;
}

}  // namespace holdpoint::policy::cel
