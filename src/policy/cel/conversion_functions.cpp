// Conversions between types: bool, int, uint, double, string, bytes, timestamp, duration, dyn,
// type. Every value out of range is an error; nothing wraps and nothing is rounded silently but the
// fraction of a double.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "base/encoding.hpp"
#include "policy/cel/functions.hpp"
#include "policy/cel/time.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number out{};
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return out;
}

Value to_int(const Call& call) {
  const Value& from = call.arguments[0];
  switch (from.kind()) {
    case Kind::integer: return from;
    case Kind::unsigned_integer:
      if (from.as_uint() > static_cast<std::uint64_t>(INT64_MAX)) return call.error("range error");
      return Value::of(static_cast<std::int64_t>(from.as_uint()));
    case Kind::floating:
      if (!(from.as_double() > -two_to_63 && from.as_double() < two_to_63)) {
        return call.error("range error");
      }
      return Value::of(static_cast<std::int64_t>(from.as_double()));
    case Kind::string: {
      const auto number = parse_number<std::int64_t>(from.as_text());
      return number ? Value::of(*number) : call.error("the text is not an int");
    }
    case Kind::timestamp: return Value::of(from.as_timestamp().seconds);
    case Kind::duration: return Value::of(from.as_nanoseconds() / nanoseconds_per_second);
    default: return call.no_overload();
  }
}

Value to_uint(const Call& call) {
  const Value& from = call.arguments[0];
  switch (from.kind()) {
    case Kind::unsigned_integer: return from;
    case Kind::integer:
      if (from.as_int() < 0) return call.error("range error");
      return Value::of(static_cast<std::uint64_t>(from.as_int()));
    case Kind::floating:
      if (!(from.as_double() >= 0 && from.as_double() < two_to_64)) {
        return call.error("range error");
      }
      return Value::of(static_cast<std::uint64_t>(from.as_double()));
    case Kind::string: {
      const auto number = parse_number<std::uint64_t>(from.as_text());
      return number ? Value::of(*number) : call.error("the text is not a uint");
    }
    default: return call.no_overload();
  }
}

Value to_double(const Call& call) {
  const Value& from = call.arguments[0];
  switch (from.kind()) {
    case Kind::floating: return from;
    case Kind::integer: return Value::of(static_cast<double>(from.as_int()));
    case Kind::unsigned_integer: return Value::of(static_cast<double>(from.as_uint()));
    case Kind::string: {
      const auto number = parse_number<double>(from.as_text());
      return number ? Value::of(*number) : call.error("the text is not a double");
    }
    default: return call.no_overload();
  }
}

Value to_bool(const Call& call) {
  const Value& from = call.arguments[0];
  if (from.is(Kind::boolean)) return from;
  if (!from.is(Kind::string)) return call.no_overload();
  const auto text = from.as_text();
  for (const std::string_view yes : {"1", "t", "true", "TRUE", "True"}) {
    if (text == yes) return Value::of(true);
  }
  for (const std::string_view no : {"0", "f", "false", "FALSE", "False"}) {
    if (text == no) return Value::of(false);
  }
  return call.error("the text is not a bool");
}

std::string double_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "+Infinity";
  return fmt::format("{}", number == std::trunc(number) && std::abs(number) < 1e15
                               ? fmt::format("{:.0f}", number)
                               : fmt::format("{}", number));
}

Value to_string(const Call& call) {
  const Value& from = call.arguments[0];
  switch (from.kind()) {
    case Kind::string: return from;
    case Kind::boolean: return Value::of(std::string_view(from.as_bool() ? "true" : "false"));
    case Kind::integer: return call.session.text(std::to_string(from.as_int()));
    case Kind::unsigned_integer: return call.session.text(std::to_string(from.as_uint()));
    case Kind::floating: return call.session.text(double_text(from.as_double()));
    case Kind::bytes:
      call.session.charge(static_cast<std::int64_t>(from.as_text().size() / 10));
      if (!is_utf8(from.as_text())) return call.error("the bytes are not valid UTF-8");
      return Value::of(from.as_text());
    case Kind::timestamp: return call.session.text(timestamp_text(from.as_timestamp()));
    case Kind::duration: return call.session.text(duration_text(from.as_nanoseconds()));
    default: return call.no_overload();
  }
}

Value to_bytes(const Call& call) {
  const Value& from = call.arguments[0];
  if (from.is(Kind::bytes)) return from;
  return from.is(Kind::string) ? Value::bytes(from.as_text()) : call.no_overload();
}

Value to_timestamp(const Call& call) {
  const Value& from = call.arguments[0];
  std::optional<Timestamp> at;
  if (from.is(Kind::timestamp)) return from;
  if (from.is(Kind::string)) {
    at = parse_timestamp(from.as_text());
  } else if (from.is(Kind::integer)) {
    at = timestamp_from_seconds(from.as_int());
  } else {
    return call.no_overload();
  }
  return at ? Value::of(*at) : call.error("not a timestamp of the years 1 to 9999");
}

Value to_duration(const Call& call) {
  const Value& from = call.arguments[0];
  if (from.is(Kind::duration)) return from;
  if (!from.is(Kind::string)) return call.no_overload();
  const auto nanoseconds = parse_duration_nanoseconds(from.as_text());
  return nanoseconds ? Value::duration(*nanoseconds) : call.error("the text is not a duration");
}

Value to_dyn(const Call& call) { return call.arguments[0]; }

Value type_of(const Call& call) { return Value::type(kind_name(call.arguments[0].kind())); }

}  // namespace

std::vector<Function> conversion_functions() {
  using enum TypeKind;
  const auto to = [](TypeKind result, std::initializer_list<TypeKind> from) {
    std::vector<Signature> rows;
    for (const TypeKind kind : from) rows.push_back({{kind}, result});
    return rows;
  };
  return {
      {"int", Receiver::absent, to_int,
       to(integer, {integer, unsigned_integer, floating, string, timestamp, duration})},
      {"uint", Receiver::absent, to_uint,
       to(unsigned_integer, {integer, unsigned_integer, floating, string})},
      {"double", Receiver::absent, to_double,
       to(floating, {integer, unsigned_integer, floating, string})},
      {"bool", Receiver::absent, to_bool, to(boolean, {boolean, string})},
      {"string", Receiver::absent, to_string,
       to(string,
          {string, boolean, integer, unsigned_integer, floating, bytes, timestamp, duration})},
      {"bytes", Receiver::absent, to_bytes, to(bytes, {bytes, string})},
      {"timestamp", Receiver::absent, to_timestamp, to(timestamp, {timestamp, string, integer})},
      {"duration", Receiver::absent, to_duration, to(duration, {duration, string})},
      {"dyn", Receiver::absent, to_dyn, to(dyn, {dyn})},
      {"type", Receiver::absent, type_of, to(type, {dyn})},
  };
}

}  // namespace holdpoint::policy::cel
