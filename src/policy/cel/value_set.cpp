// See value_set.hpp.
#include "policy/cel/value_set.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace holdpoint::policy::cel {
namespace {

/// Values of different ranks are not equal; nullopt for lists, maps, optionals and NaN.
std::optional<int> rank_of(const Value& value) {
  if (value.is(Kind::null)) return 0;
  if (value.is(Kind::boolean)) return 1;
  if (value.is(Kind::floating) && std::isnan(value.as_double())) return std::nullopt;
  if (value.is_number()) return 2;
  if (value.is(Kind::string)) return 3;
  if (value.is(Kind::bytes)) return 4;
  if (value.is(Kind::type)) return 5;
  if (value.is(Kind::timestamp)) return 6;
  if (value.is(Kind::duration)) return 7;
  return std::nullopt;
}

/// Both MUST have a rank.
bool is_before(const Value& a, const Value& b) {
  const auto rank = rank_of(a);
  if (rank != rank_of(b)) return rank < rank_of(b);
  if (a.is_number()) return compare_numbers(a, b) < 0;
  if (a.is(Kind::null)) return false;
  if (a.is(Kind::boolean)) return !a.as_bool() && b.as_bool();
  if (a.is(Kind::timestamp)) return a.as_timestamp() < b.as_timestamp();
  if (a.is(Kind::duration)) return a.as_nanoseconds() < b.as_nanoseconds();
  return a.as_text() < b.as_text();
}

std::int64_t levels(std::int64_t count) {
  return std::bit_width(static_cast<std::uint64_t>(count)) + 1;
}

}  // namespace

std::int64_t walk_cost(const Value& value) {
  if (value.is(Kind::string) || value.is(Kind::bytes)) {
    return static_cast<std::int64_t>(value.as_text().size() / 10) + 1;
  }
  if (value.is(Kind::optional)) {
    return value.as_optional() == nullptr ? 1 : 1 + walk_cost(*value.as_optional());
  }
  if (!value.is(Kind::list) && !value.is(Kind::map)) return 1;
  std::int64_t cost = 1;
  for (std::size_t i = 0; i < value.count(); ++i) {
    if (value.is(Kind::map)) cost += walk_cost(value.key_at(i));
    cost += walk_cost(value.is(Kind::list) ? value.element(i) : value.value_at(i));
  }
  return cost;
}

ValueSet::ValueSet(const Call& call, const Value& list) : call_(call) {
  const std::int64_t depth = levels(static_cast<std::int64_t>(list.count()));
  for (std::size_t i = 0; i < list.count(); ++i) {
    const Value item = list.element(i);
    call.session.charge(walk_cost(item) * depth);
    if (call.session.is_exhausted()) return;
    (rank_of(item) ? scalars_ : others_).push_back({item, i});
  }
  std::ranges::sort(scalars_, [](const Member& a, const Member& b) {
    if (is_before(a.value, b.value)) return true;
    return !is_before(b.value, a.value) && a.index < b.index;
  });
  const auto repeated = std::ranges::unique(
      scalars_, [](const Value& a, const Value& b) { return !is_before(a, b); }, &Member::value);
  scalars_.erase(repeated.begin(), repeated.end());
}

std::optional<std::size_t> ValueSet::first_index(const Value& value) const {
  const std::int64_t cost = walk_cost(value);
  if (rank_of(value)) {
    call_.session.charge(cost * levels(static_cast<std::int64_t>(scalars_.size())));
    const auto found = std::ranges::lower_bound(scalars_, value, is_before, &Member::value);
    if (found == scalars_.end() || is_before(value, found->value)) return std::nullopt;
    return found->index;
  }
  for (const Member& other : others_) {
    call_.session.charge(cost);
    if (call_.session.is_exhausted()) return std::nullopt;
    if (equal(value, other.value)) return other.index;
  }
  return std::nullopt;
}

Units worst_of_set(const Extent& list, const Extent& sought) {
  const Units depth{levels(list.length.count)};
  Units cost = list.weight * depth + sought.weight * depth;
  const bool is_of_scalars = element_of(sought).element == nullptr;
  if (!is_of_scalars) cost += sought.weight * list.length;
  return cost;
}

}  // namespace holdpoint::policy::cel
