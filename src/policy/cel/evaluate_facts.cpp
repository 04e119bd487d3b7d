// Facts as the schema types them: integers as timestamps and durations, base64 as bytes, and so on.
// Whoever reads a fact gets it typed; what is used as a whole (whole_use.hpp) is typed all through.
#include "base/encoding.hpp"
#include "policy/cel/evaluator.hpp"
#include "policy/cel/time.hpp"
#include "policy/cel/whole_use.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::int64_t duration_microseconds_max = INT64_MAX / 1'000;

/// Whatever makes a list of such values has typed them.
bool is_scalar(const Type& type) {
  return type.kind == TypeKind::list
             ? is_scalar(*type.element)
             : type.kind != TypeKind::map && type.kind != TypeKind::object &&
                   type.kind != TypeKind::abstract;
}

std::optional<Timestamp> timestamp_of(const Value& value) {
  return value.is(Kind::string) ? parse_timestamp(value.as_text())
                                : timestamp_from_microseconds(value.as_int());
}

std::optional<std::int64_t> nanoseconds_of(const Value& value) {
  if (value.is(Kind::string)) return parse_duration_nanoseconds(value.as_text());
  const std::int64_t us = value.as_int();
  if (us < -duration_microseconds_max || us > duration_microseconds_max) return std::nullopt;
  return us * 1'000;
}

const Type* type_of_entry(const Type& map, std::string_view key) {
  if (map.kind == TypeKind::map) return map.element;
  const Field* field = map.object->find(key);
  return field == nullptr ? map.object->additional : field->type;
}

}  // namespace

/// A fact of another kind stays what it is, and the operator that meets it says so. What is typed
/// already stays as it is, too.
Value Evaluator::adapt(Value value, const Type& type, NodeId id) {
  const bool is_number_or_text = value.is(Kind::integer) || value.is(Kind::string);
  switch (type.kind) {
    case TypeKind::timestamp: {
      if (!is_number_or_text) return value;
      const auto at = timestamp_of(value);
      return at ? Value::of(*at) : session_.error("the fact is not a timestamp", id);
    }
    case TypeKind::duration: {
      if (!is_number_or_text) return value;
      const auto nanoseconds = nanoseconds_of(value);
      return nanoseconds ? Value::duration(*nanoseconds)
                         : session_.error("the fact is not a duration", id);
    }
    case TypeKind::floating:
      if (value.is(Kind::integer)) return Value::of(static_cast<double>(value.as_int()));
      if (value.is(Kind::unsigned_integer)) return Value::of(static_cast<double>(value.as_uint()));
      return value;
    case TypeKind::unsigned_integer:
      if (!value.is(Kind::integer)) return value;
      if (value.as_int() < 0) return session_.error("the fact is not a uint", id);
      return Value::of(static_cast<std::uint64_t>(value.as_int()));
    case TypeKind::bytes: {
      if (!value.is(Kind::string)) return value;
      const auto octets = from_base64(value.as_text());
      return octets ? session_.bytes(*octets, id) : session_.error("the fact is not base64", id);
    }
    case TypeKind::list:
    case TypeKind::map:
    case TypeKind::object:
    case TypeKind::abstract: return adapt_parts(value, type, id);
    case TypeKind::dyn:
    case TypeKind::null:
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::string:
    case TypeKind::type:
    case TypeKind::parameter: return value;
  }
  return value;
}

Value Evaluator::adapt_parts(const Value& value, const Type& type, NodeId id) {
  if (value.is(Kind::optional)) {
    if (value.as_optional() == nullptr) return value;
    return optional(adapt(*value.as_optional(), type, id));
  }
  if (type.kind == TypeKind::abstract) {
    const Type* inner = optional_element(type);
    return inner == nullptr ? value : adapt(value, *inner, id);
  }
  if (is_plain(type)) return value;
  if (type.kind == TypeKind::list) return adapt_list(value, type, id);
  // Maps that the evaluation made hold typed values.
  return value.json_map() == nullptr ? value : adapt_map(value, type, id);
}

/// A list that the evaluation made may hold objects as JSON has them: a filter keeps its elements.
Value Evaluator::adapt_list(const Value& value, const Type& type, NodeId id) {
  if (!value.is(Kind::list)) return value;
  if (value.json_list() == nullptr && is_scalar(*type.element)) return value;
  std::vector<Value> items;
  for (std::size_t i = 0; i < value.count(); ++i) {
    session_.charge(1, id);
    if (session_.is_exhausted()) return session_.error("the limit of cost is exceeded", id);
    const Value item = adapt(value.element(i), *type.element, id);
    if (!item.is_value()) return item;
    items.push_back(item);
  }
  return session_.list(items, id);
}

Value Evaluator::adapt_map(const Value& value, const Type& type, NodeId id) {
  std::vector<ValueEntry> entries;
  for (std::size_t i = 0; i < value.count(); ++i) {
    session_.charge(1, id);
    if (session_.is_exhausted()) return session_.error("the limit of cost is exceeded", id);
    const Value key = value.key_at(i);
    const Type* of = type_of_entry(type, key.as_text());
    const Value entry = of == nullptr ? value.value_at(i) : adapt(value.value_at(i), *of, id);
    if (!entry.is_value()) return entry;
    entries.push_back({key, entry});
  }
  return session_.map(std::move(entries), id);
}

}  // namespace holdpoint::policy::cel
