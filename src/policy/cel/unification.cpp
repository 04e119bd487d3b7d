// See unification.hpp.
#include "policy/cel/unification.hpp"

#include <algorithm>

#include "policy/cel/type_rules.hpp"

namespace holdpoint::policy::cel {
namespace {

bool is_parameter(const Type* type) { return type->kind == TypeKind::parameter; }

/// Null stands where a nullable type or an optional is expected, and nowhere else.
bool takes_null(const Type& type) {
  return type.kind == TypeKind::null || type.nullable == Nullable::yes ||
         optional_element(type) != nullptr;
}

/// Whether the first type says less than the second: dyn and parameters say least.
bool is_more_general(const Type& a, const Type& b) {
  const auto says_nothing = [](const Type& type) { return is_dyn(type) || is_parameter(&type); };
  if (says_nothing(a)) return true;
  if (says_nothing(b) || a.kind != b.kind) return false;
  switch (a.kind) {
    case TypeKind::list: return is_more_general(*a.element, *b.element);
    case TypeKind::map:
      return is_more_general(*a.key, *b.key) && is_more_general(*a.element, *b.element);
    case TypeKind::abstract: {
      const auto& first = a.abstract->parameters;
      const auto& second = b.abstract->parameters;
      return std::ranges::equal(
          first, second, [](const Type* x, const Type* y) { return is_more_general(*x, *y); });
    }
    default: return a.nullable == b.nullable || a.nullable == Nullable::yes;
  }
}

}  // namespace

std::uint32_t Unification::fresh(std::uint32_t count) {
  const auto first = static_cast<std::uint32_t>(bound_.size());
  bound_.resize(bound_.size() + count, nullptr);
  return first;
}

template <class Replace>
const Type* Unification::rebuilt(const Type* type, Replace replace) {
  switch (type->kind) {
    case TypeKind::list: {
      const Type* element = replace(type->element);
      return element == type->element ? type : types_.list_of(element);
    }
    case TypeKind::map: {
      const Type* key = replace(type->key);
      const Type* element = replace(type->element);
      const bool is_same = key == type->key && element == type->element;
      return is_same ? type : types_.map_of(key, element);
    }
    case TypeKind::type:
      return type->element == nullptr ? type : types_.type_of(replace(type->element));
    case TypeKind::abstract: {
      std::vector<const Type*> parameters = type->abstract->parameters;
      for (const Type*& parameter : parameters) parameter = replace(parameter);
      if (parameters == type->abstract->parameters) return type;
      return types_.abstract_of(type->abstract->name, std::move(parameters));
    }
    default: return type;
  }
}

const Type* Unification::instance(const Type* type, std::uint32_t first) {
  if (is_parameter(type)) return types_.parameter(first + type->parameter);
  return rebuilt(type, [&](const Type* part) { return instance(part, first); });
}

const Type* Unification::replaced(const Type* type, Unbound unbound) {
  if (++work_ > work_max) return TypeStore::of(TypeKind::dyn);
  if (is_parameter(type)) {
    const Type* to = bound_[type->parameter];
    if (to != nullptr) return replaced(to, unbound);
    return unbound == Unbound::is_dyn ? TypeStore::of(TypeKind::dyn) : type;
  }
  return rebuilt(type, [&](const Type* part) { return replaced(part, unbound); });
}

const Type* Unification::resolved(const Type* type) { return replaced(type, Unbound::stays); }
const Type* Unification::settled(const Type* type) { return replaced(type, Unbound::is_dyn); }

bool Unification::agree(const Type* a, const Type* b) {
  return agree(std::span(&a, 1), std::span(&b, 1));
}

bool Unification::agree(std::span<const Type* const> a, std::span<const Type* const> b) {
  if (a.size() != b.size()) return false;
  undo_.clear();
  bool all = true;
  for (std::size_t i = 0; i < a.size() && all; ++i) all = matches(a[i], b[i]);
  if (!all) {
    for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) {
      bound_[step->first] = step->second;
    }
  }
  return all;
}

void Unification::bind(const Type* parameter, const Type* to) {
  undo_.emplace_back(parameter->parameter, bound_[parameter->parameter]);
  bound_[parameter->parameter] = to;
}

bool Unification::occurs(const Type* parameter, const Type* in) {
  if (++work_ > work_max) return true;
  if (same_type(*parameter, *in)) return true;
  if (is_parameter(in)) {
    const Type* to = bound_[in->parameter];
    return to != nullptr && occurs(parameter, to);
  }
  if (in->kind == TypeKind::abstract) {
    return std::ranges::any_of(in->abstract->parameters,
                               [&](const Type* part) { return occurs(parameter, part); });
  }
  return (in->key != nullptr && occurs(parameter, in->key)) ||
         (in->element != nullptr && occurs(parameter, in->element));
}

/// Whether the type may be what the parameter stands for, which it then is.
Unification::Substitution Unification::substitute(const Type* type, const Type* parameter) {
  if (same_type(*type, *parameter)) return Substitution::fits;
  if (const Type* known = bound_[parameter->parameter]) {
    if (same_type(*type, *known)) return Substitution::fits;
    if (!matches(type, known)) return Substitution::refused_as_bound;
    const Type* general = more_general(type, known);
    if (!occurs(parameter, general)) bind(parameter, general);
    return Substitution::fits;
  }
  if (occurs(parameter, type)) return Substitution::refused;
  bind(parameter, type);
  return Substitution::fits;
}

bool Unification::matches(const Type* a, const Type* b) {
  if (++work_ > work_max) return false;
  if (is_parameter(b)) {
    const Substitution found = substitute(a, b);
    if (found != Substitution::refused) return found == Substitution::fits;
  }
  if (is_parameter(a)) return substitute(b, a) == Substitution::fits;
  if (is_dyn(*a) || is_dyn(*b)) return true;
  if (a->kind == TypeKind::null) return takes_null(*b);
  if (b->kind == TypeKind::null) return takes_null(*a);
  return matches_parts(a, b);
}

/// Neither says nothing. Objects and maps are all maps when the expression runs.
bool Unification::matches_parts(const Type* a, const Type* b) {
  if (is_map_like(*a) && is_map_like(*b)) {
    const auto keyed_by_text = [&](const Type* map) {
      return matches(TypeStore::of(TypeKind::string), map->key) &&
             matches(TypeStore::of(TypeKind::dyn), map->element);
    };
    if (a->kind == TypeKind::map && b->kind == TypeKind::map) {
      return matches(a->key, b->key) && matches(a->element, b->element);
    }
    if (a->kind == TypeKind::map) return keyed_by_text(a);
    return b->kind == TypeKind::object || keyed_by_text(b);
  }
  if (a->kind != b->kind) return false;
  if (a->kind == TypeKind::list) return matches(a->element, b->element);
  if (a->kind != TypeKind::abstract) return true;
  return a->abstract->name == b->abstract->name &&
         std::ranges::equal(a->abstract->parameters, b->abstract->parameters,
                            [&](const Type* x, const Type* y) { return matches(x, y); });
}

const Type* Unification::more_general(const Type* a, const Type* b) {
  if (is_map_like(*a) && is_map_like(*b) && a->kind != b->kind) {
    return TypeStore::of(TypeKind::dyn);
  }
  if (a->kind == TypeKind::object && b->kind == TypeKind::object && a->object != b->object) {
    return TypeStore::of(TypeKind::dyn);
  }
  if (b->kind == TypeKind::null) return a;
  return is_more_general(*a, *b) ? a : b;
}

const Type* Unification::joined(const Type* a, const Type* b) {
  if (a == nullptr) return b;
  if (agree(a, b)) return more_general(resolved(a), resolved(b));
  const auto may_be_null = [](const Type* type) {
    return type->kind != TypeKind::type && type->kind != TypeKind::abstract;
  };
  const Type* first = resolved(a);
  const Type* second = resolved(b);
  if (first->kind == TypeKind::null && may_be_null(second)) return types_.nullable(second);
  if (second->kind == TypeKind::null && may_be_null(first)) return types_.nullable(first);
  return nullptr;
}

}  // namespace holdpoint::policy::cel
