// Conversions between types: bool, int, uint, double, string, bytes, timestamp, duration, dyn,
// type. Every value out of range is an error; nothing wraps and nothing is rounded silently but the
// fraction of a double.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/encoding.hpp"
#include "policy/cel/making.hpp"
#include "policy/cel/time.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

/// The text of the argument, which is charged for reading it.
std::string_view read_text(const Call& call) {
  call.session.charge(tenth(call.arguments[0].as_text().size()));
  return call.arguments[0].as_text();
}

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
      const auto number = parse_number<std::int64_t>(read_text(call));
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
      const auto number = parse_number<std::uint64_t>(read_text(call));
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
      const auto number = parse_number<double>(read_text(call));
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
  constexpr double plain_max = 1e15;
  const bool is_plain = number == std::trunc(number) && std::abs(number) < plain_max;
  return is_plain ? fmt::format("{:.0f}", number) : fmt::format("{}", number);
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
      if (!is_utf8(read_text(call))) return call.error("the bytes are not valid UTF-8");
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
    at = parse_timestamp(read_text(call));
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
  const auto nanoseconds = parse_duration_nanoseconds(read_text(call));
  return nanoseconds ? Value::duration(*nanoseconds) : call.error("the text is not a duration");
}

Value to_dyn(const Call& call) { return call.arguments[0]; }

Value type_of(const Call& call) { return Value::type(kind_name(call.arguments[0].kind())); }

/// Text of the same length, or the text of a number or a time.
Worst worst_of_string(Extents&, std::span<const Extent> arguments) {
  constexpr Units scalar_bytes_max{48};
  const Units bytes = std::max(arguments[0].length, scalar_bytes_max);
  return {{arguments[0].length.count / 10 + 1}, Extents::text(bytes)};
}

Worst worst_of_bytes(Extents&, std::span<const Extent> arguments) { return {{}, arguments[0]}; }

}  // namespace

std::vector<Function> conversion_functions() {
  using enum Receiver;
  return {
      {"int", absent, to_int,
       signatures({"int -> int", "uint -> int", "double -> int", "string -> int",
                   "timestamp -> int", "duration -> int"}),
       worst_of_walk},
      {"uint", absent, to_uint,
       signatures({"int -> uint", "uint -> uint", "double -> uint", "string -> uint"}),
       worst_of_walk},
      {"double", absent, to_double,
       signatures({"int -> double", "uint -> double", "double -> double", "string -> double"}),
       worst_of_walk},
      {"bool", absent, to_bool, signatures({"bool -> bool", "string -> bool"})},
      {"string", absent, to_string,
       signatures({"string -> string", "bool -> string", "int -> string", "uint -> string",
                   "double -> string", "bytes -> string", "timestamp -> string",
                   "duration -> string"}),
       worst_of_string},
      {"bytes", absent, to_bytes, signatures({"bytes -> bytes", "string -> bytes"}),
       worst_of_bytes},
      {"timestamp", absent, to_timestamp,
       signatures({"timestamp -> timestamp", "string -> timestamp", "int -> timestamp"}),
       worst_of_walk},
      {"duration", absent, to_duration, signatures({"duration -> duration", "string -> duration"}),
       worst_of_walk},
      {"dyn", absent, to_dyn, signatures({"dyn -> dyn"}), worst_of_bytes},
      {"type", absent, type_of, signatures({"T -> type(T)"})},
  };
}

}  // namespace holdpoint::policy::cel
