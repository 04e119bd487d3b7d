// The math extension over the bits of int and uint. A shift by 64 or more leaves nothing, one by
// less than 0 is an error, and a shift to the right fills with zeros also below 0.
#include "policy/cel/functions.hpp"

namespace holdpoint::policy::cel {
namespace {

std::uint64_t bits_of(const Value& value) {
  return value.is(Kind::integer) ? static_cast<std::uint64_t>(value.as_int()) : value.as_uint();
}

/// Bits as a number of the kind of the value they came from.
Value like(const Value& value, std::uint64_t bits) {
  return value.is(Kind::integer) ? Value::of(static_cast<std::int64_t>(bits)) : Value::of(bits);
}

bool is_whole(const Value& value) {
  return value.is(Kind::integer) || value.is(Kind::unsigned_integer);
}

std::uint64_t both(std::uint64_t a, std::uint64_t b) { return a & b; }
std::uint64_t either(std::uint64_t a, std::uint64_t b) { return a | b; }
std::uint64_t one_only(std::uint64_t a, std::uint64_t b) { return a ^ b; }

template <std::uint64_t (*combine)(std::uint64_t, std::uint64_t)>
Value combined(const Call& call) {
  const Value& a = call.arguments[0];
  const Value& b = call.arguments[1];
  if (!is_whole(a) || a.kind() != b.kind()) return call.no_overload();
  return like(a, combine(bits_of(a), bits_of(b)));
}

Value inverted(const Call& call) {
  if (!is_whole(call.arguments[0])) return call.no_overload();
  return like(call.arguments[0], ~bits_of(call.arguments[0]));
}

std::uint64_t left(std::uint64_t bits, std::int64_t by) { return bits << by; }
std::uint64_t right(std::uint64_t bits, std::int64_t by) { return bits >> by; }

template <std::uint64_t (*shift)(std::uint64_t, std::int64_t)>
Value shifted(const Call& call) {
  const Value& of = call.arguments[0];
  if (!is_whole(of) || !call.arguments[1].is(Kind::integer)) return call.no_overload();
  const std::int64_t by = call.arguments[1].as_int();
  if (by < 0) return call.error("negative offset: " + std::to_string(by));
  constexpr std::int64_t bit_count = 64;
  return like(of, by >= bit_count ? 0 : shift(bits_of(of), by));
}

}  // namespace

std::vector<Function> bit_functions() {
  using enum Receiver;
  const auto pairs = signatures({"int, int -> int", "uint, uint -> uint"});
  const auto shifts = signatures({"int, int -> int", "uint, int -> uint"});
  return {
      {"math.bitAnd", absent, combined<both>, pairs},
      {"math.bitOr", absent, combined<either>, pairs},
      {"math.bitXor", absent, combined<one_only>, pairs},
      {"math.bitNot", absent, inverted, signatures({"int -> int", "uint -> uint"})},
      {"math.bitShiftLeft", absent, shifted<left>, shifts},
      {"math.bitShiftRight", absent, shifted<right>, shifts},
  };
}

}  // namespace holdpoint::policy::cel
