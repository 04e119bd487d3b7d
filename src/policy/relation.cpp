// See relation.hpp.
#include "policy/relation.hpp"

#include <cmath>
#include <cstdint>

#include "policy/cel/time.hpp"

namespace holdpoint::policy {
namespace {

using cel::Kind;
using cel::NodeKind;
using cel::Value;

constexpr std::int64_t nanoseconds_per_microsecond = 1'000;

/// How far beyond the other side the nearest value lies.
enum class Beyond : std::int8_t { below = -1, at = 0, above = 1 };

std::optional<Beyond> beyond(NodeKind relation) {
  switch (relation) {
    case NodeKind::equal:
    case NodeKind::less_equal:
    case NodeKind::greater_equal: return Beyond::at;
    case NodeKind::less: return Beyond::below;
    case NodeKind::greater:
    case NodeKind::not_equal: return Beyond::above;
    default: return std::nullopt;
  }
}

std::optional<std::int64_t> moved(std::int64_t from, Beyond by) {
  if (by == Beyond::below && from == INT64_MIN) return std::nullopt;
  if (by == Beyond::above && from == INT64_MAX) return std::nullopt;
  return from + static_cast<std::int64_t>(by);
}

std::optional<json::value> nearest_number(NodeKind relation, const Value& have, const Value& need,
                                          Beyond by) {
  if (need.is(Kind::floating)) {
    const double bound = need.as_double();
    if (!(std::abs(bound) < 9e15)) return std::nullopt;
    if (have.is(Kind::floating) && by == Beyond::at) return json::value(bound);
    const bool is_whole = std::floor(bound) == bound;
    if (relation == NodeKind::equal && !is_whole) return std::nullopt;
    const bool is_upper = relation == NodeKind::less || relation == NodeKind::less_equal;
    const auto edge = static_cast<std::int64_t>(is_upper ? std::floor(bound) : std::ceil(bound));
    return json::value(is_whole ? *moved(edge, by) : edge);
  }
  if (need.is(Kind::unsigned_integer) && need.as_uint() > INT64_MAX) return std::nullopt;
  const auto found = moved(need.as_int(), by);
  return found ? std::optional<json::value>(*found) : std::nullopt;
}

/// Nanoseconds as whole microseconds on the side that satisfies the relation.
std::int64_t microseconds(std::int64_t nanoseconds, NodeKind relation, Beyond by) {
  std::int64_t floor = nanoseconds / nanoseconds_per_microsecond;
  if (nanoseconds % nanoseconds_per_microsecond < 0) --floor;
  const bool is_whole = nanoseconds % nanoseconds_per_microsecond == 0;
  if (is_whole) return floor + static_cast<std::int64_t>(by);
  const bool is_lower = relation == NodeKind::greater || relation == NodeKind::greater_equal;
  return is_lower ? floor + 1 : floor;
}

std::optional<json::value> nearest_time(NodeKind relation, cel::Timestamp need, Beyond by,
                                        const json::value& written) {
  if (written.is_string()) {
    const auto at = cel::add(need, static_cast<std::int64_t>(by));
    return at ? std::optional<json::value>(cel::timestamp_text(*at)) : std::nullopt;
  }
  if (!written.is_int64()) return std::nullopt;
  // Years 1 to 9999 in microseconds are within 64 bits.
  return json::value(need.seconds * 1'000'000 + microseconds(need.nanoseconds, relation, by));
}

std::optional<json::value> nearest_duration(NodeKind relation, std::int64_t need, Beyond by,
                                            const json::value& written) {
  if (written.is_string()) {
    const auto found = moved(need, by);
    return found ? std::optional<json::value>(cel::duration_text(*found)) : std::nullopt;
  }
  if (!written.is_int64()) return std::nullopt;
  return json::value(microseconds(need, relation, by));
}

}  // namespace

NodeKind negated(NodeKind relation) {
  switch (relation) {
    case NodeKind::equal: return NodeKind::not_equal;
    case NodeKind::not_equal: return NodeKind::equal;
    case NodeKind::less: return NodeKind::greater_equal;
    case NodeKind::less_equal: return NodeKind::greater;
    case NodeKind::greater: return NodeKind::less_equal;
    case NodeKind::greater_equal: return NodeKind::less;
    default: return relation;
  }
}

NodeKind mirrored(NodeKind relation) {
  switch (relation) {
    case NodeKind::less: return NodeKind::greater;
    case NodeKind::less_equal: return NodeKind::greater_equal;
    case NodeKind::greater: return NodeKind::less;
    case NodeKind::greater_equal: return NodeKind::less_equal;
    default: return relation;
  }
}

std::optional<json::value> nearest(NodeKind relation, const Value& have, const Value& need,
                                   const json::value& written) {
  const auto by = beyond(relation);
  if (!by || !need.is_value()) return std::nullopt;
  if (need.is_number()) {
    return have.is_number() ? nearest_number(relation, have, need, *by) : std::nullopt;
  }
  if (need.is(Kind::timestamp) && have.is(Kind::timestamp)) {
    return nearest_time(relation, need.as_timestamp(), *by, written);
  }
  if (need.is(Kind::duration) && have.is(Kind::duration)) {
    return nearest_duration(relation, need.as_nanoseconds(), *by, written);
  }
  if (need.is(Kind::boolean) && have.is(Kind::boolean) && relation == NodeKind::not_equal) {
    return json::value(!need.as_bool());
  }
  return *by == Beyond::at ? written_like(need, written) : std::nullopt;
}

std::optional<json::value> written_like(const Value& value, const json::value& written) {
  switch (value.kind()) {
    case Kind::null: return json::value(nullptr);
    case Kind::boolean: return json::value(value.as_bool());
    case Kind::integer: return json::value(value.as_int());
    case Kind::unsigned_integer: return json::value(value.as_uint());
    case Kind::floating: return json::value(value.as_double());
    case Kind::string: return json::value(value.as_text());
    case Kind::timestamp:
      return nearest_time(NodeKind::equal, value.as_timestamp(), Beyond::at, written);
    case Kind::duration:
      return nearest_duration(NodeKind::equal, value.as_nanoseconds(), Beyond::at, written);
    case Kind::list:
      return value.count() == 0 ? std::optional<json::value>(json::array()) : std::nullopt;
    case Kind::map:
    case Kind::bytes:
    case Kind::type:
    case Kind::optional:
    case Kind::error:
    case Kind::unknown: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace holdpoint::policy
