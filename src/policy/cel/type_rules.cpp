// See type_rules.hpp.
#include "policy/cel/type_rules.hpp"

#include <algorithm>

namespace holdpoint::policy::cel {

bool is_numeric(const Type& type) {
  return type.kind == TypeKind::integer || type.kind == TypeKind::unsigned_integer ||
         type.kind == TypeKind::floating;
}
bool is_dyn(const Type& type) { return type.kind == TypeKind::dyn; }
bool is_map_like(const Type& type) {
  return type.kind == TypeKind::map || type.kind == TypeKind::object;
}

bool comparable(const Type& a, const Type& b) {
  if (is_dyn(a) || is_dyn(b)) return true;
  if (a.kind == TypeKind::null || b.kind == TypeKind::null) {
    return a.kind == b.kind || a.nullable == Nullable::yes || b.nullable == Nullable::yes;
  }
  if (is_map_like(a) && is_map_like(b)) {
    if (a.kind != TypeKind::map || b.kind != TypeKind::map) return true;
    return comparable(*a.key, *b.key) && comparable(*a.element, *b.element);
  }
  if (a.kind != b.kind) return false;
  return a.kind != TypeKind::list || comparable(*a.element, *b.element);
}

bool fits(const Type& type, TypeKind parameter) {
  if (parameter == TypeKind::dyn || is_dyn(type) || type.kind == parameter) return true;
  return parameter == TypeKind::map && type.kind == TypeKind::object;
}

const Type* joined(TypeStore& types, const Type* a, const Type* b) {
  if (a == b) return a;
  if (a == nullptr) return b;
  if (is_dyn(*a) || is_dyn(*b)) return types.of(TypeKind::dyn);
  if (a->kind == TypeKind::null) return types.nullable(b);
  if (b->kind == TypeKind::null) return types.nullable(a);
  if (types.nullable(a) == types.nullable(b)) return types.nullable(a);
  if (a->kind == TypeKind::list && b->kind == TypeKind::list) {
    const Type* element = joined(types, a->element, b->element);
    return element == nullptr ? nullptr : types.list_of(element);
  }
  if (is_map_like(*a) && is_map_like(*b)) return types.of(TypeKind::dyn);
  return nullptr;
}

const Type* arithmetic_type(TypeStore& types, NodeKind kind, const Type& a, const Type& b) {
  const TypeKind left = a.kind;
  const TypeKind right = b.kind;
  const bool is_sum = kind == NodeKind::add || kind == NodeKind::subtract;
  if (is_dyn(a) || is_dyn(b)) return types.of(TypeKind::dyn);
  if (left == TypeKind::timestamp && is_sum) {
    if (right == TypeKind::duration) return types.of(left);
    if (right == TypeKind::timestamp && kind == NodeKind::subtract) {
      return types.of(TypeKind::duration);
    }
  }
  if (left == TypeKind::duration && right == TypeKind::timestamp && kind == NodeKind::add) {
    return types.of(right);
  }
  if (left != right) return nullptr;
  if (left == TypeKind::duration && is_sum) return types.of(left);
  if (is_numeric(a)) {
    const bool is_fine = kind != NodeKind::modulo || left != TypeKind::floating;
    return is_fine ? types.of(left) : nullptr;
  }
  if (kind != NodeKind::add) return nullptr;
  if (left == TypeKind::string || left == TypeKind::bytes) return types.of(left);
  if (left == TypeKind::list) {
    const Type* both = joined(types, a.element, b.element);
    const Type* joined_element = both == nullptr ? types.of(TypeKind::dyn) : both;
    return types.list_of(joined_element);
  }
  return nullptr;
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& known) {
  constexpr std::size_t name_length_max = 64;
  constexpr std::size_t distance_max = 3;
  if (wrong.size() > name_length_max) return "";
  std::string_view best;
  std::size_t best_distance = std::min(distance_max, wrong.size() / 2 + 1) + 1;
  for (const std::string_view candidate : known) {
    if (candidate.size() > name_length_max || candidate == wrong) continue;
    const std::size_t distance = edit_distance(wrong, candidate);
    if (distance >= best_distance || distance >= std::max(candidate.size(), wrong.size())) continue;
    best = candidate;
    best_distance = distance;
  }
  return best.empty() ? "" : ", did you mean '" + std::string(best) + "'?";
}

}  // namespace holdpoint::policy::cel
