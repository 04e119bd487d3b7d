// The math extension: greatest and least over numbers of all kinds on one line, rounding, sign and
// the questions about doubles. Bits are in bit_functions.cpp.
#include <cmath>
#include <limits>

#include "policy/cel/making.hpp"

namespace holdpoint::policy::cel {
namespace {

enum class Side : std::uint8_t { least, greatest };

/// Whether b goes before a; of equal numbers the first stays.
bool is_better(Side side, const Value& a, const Value& b) {
  const auto order = compare_numbers(b, a);
  return side == Side::greatest ? order > 0 : order < 0;
}

bool is_nan(const Value& value) {
  return value.is(Kind::floating) && std::isnan(value.as_double());
}

/// Of the items of one list, or of the arguments.
template <Side side>
Value extreme(const Call& call) {
  const bool is_list = call.arguments.size() == 1 && call.arguments[0].is(Kind::list);
  const Value& list = call.arguments[0];
  const std::size_t count = is_list ? list.count() : call.arguments.size();
  if (count == 0) return call.error("the list is empty");
  call.session.charge(static_cast<std::int64_t>(count));
  if (call.session.is_exhausted()) return cost_error(call);
  Value best;
  for (std::size_t i = 0; i < count; ++i) {
    const Value candidate = is_list ? list.element(i) : call.arguments[i];
    if (!candidate.is_number()) return call.no_overload();
    if (is_nan(candidate)) return call.error("NaN has no order");
    if (i == 0 || is_better(side, best, candidate)) best = candidate;
  }
  return best;
}

template <double (*round)(double)>
Value rounded(const Call& call) {
  if (!call.arguments[0].is(Kind::floating)) return call.no_overload();
  return Value::of(round(call.arguments[0].as_double()));
}

double up(double x) { return std::ceil(x); }
double down(double x) { return std::floor(x); }
/// Half goes away from zero.
double nearest(double x) { return std::round(x); }
double toward_zero(double x) { return std::trunc(x); }

template <bool (*holds)(double)>
Value asked(const Call& call) {
  if (!call.arguments[0].is(Kind::floating)) return call.no_overload();
  return Value::of(holds(call.arguments[0].as_double()));
}

bool is_not_a_number(double x) { return std::isnan(x); }
bool is_infinite(double x) { return std::isinf(x); }
bool is_finite(double x) { return std::isfinite(x); }

Value absolute(const Call& call) {
  const Value& of = call.arguments[0];
  switch (of.kind()) {
    case Kind::unsigned_integer: return of;
    case Kind::floating: return Value::of(std::abs(of.as_double()));
    case Kind::integer:
      if (of.as_int() == INT64_MIN) return call.error("integer overflow");
      return Value::of(of.as_int() < 0 ? -of.as_int() : of.as_int());
    default: return call.no_overload();
  }
}

/// -1, 0 or 1 of the same kind; NaN stays NaN.
Value sign(const Call& call) {
  const Value& of = call.arguments[0];
  switch (of.kind()) {
    case Kind::unsigned_integer: return Value::of(std::uint64_t{of.as_uint() == 0 ? 0U : 1U});
    case Kind::integer:
      return Value::of(std::int64_t{of.as_int() > 0} - std::int64_t{of.as_int() < 0});
    case Kind::floating: {
      const double x = of.as_double();
      return Value::of(x > 0 ? 1.0 : (x < 0 ? -1.0 : x));
    }
    default: return call.no_overload();
  }
}

/// Of a negative number: NaN, and the one without a sign.
double root_of(double x) { return x < 0 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(x); }

Value square_root(const Call& call) {
  const Value& of = call.arguments[0];
  switch (of.kind()) {
    case Kind::unsigned_integer: return Value::of(root_of(static_cast<double>(of.as_uint())));
    case Kind::integer: return Value::of(root_of(static_cast<double>(of.as_int())));
    case Kind::floating: return Value::of(root_of(of.as_double()));
    default: return call.no_overload();
  }
}

Worst worst_of_extreme(Extents&, std::span<const Extent> arguments) {
  return {Units{static_cast<std::int64_t>(arguments.size())} + arguments[0].length, {}};
}

/// One number of a kind or two of them are typed; of two kinds, or of more than two, the result is
/// one of the arguments.
std::vector<Signature> extremes() {
  return signatures({
      "int -> int",
      "uint -> uint",
      "double -> double",
      "list(int) -> int",
      "list(uint) -> uint",
      "list(double) -> double",
      "int, int -> int",
      "uint, uint -> uint",
      "double, double -> double",
      "int, uint -> dyn",
      "int, double -> dyn",
      "uint, int -> dyn",
      "uint, double -> dyn",
      "double, int -> dyn",
      "double, uint -> dyn",
      "dyn, dyn, dyn -> dyn",
      "dyn, dyn, dyn, dyn -> dyn",
      "dyn, dyn, dyn, dyn, dyn -> dyn",
      "dyn, dyn, dyn, dyn, dyn, dyn -> dyn",
      "dyn, dyn, dyn, dyn, dyn, dyn, dyn -> dyn",
      "dyn, dyn, dyn, dyn, dyn, dyn, dyn, dyn -> dyn",
  });
}

}  // namespace

std::vector<Function> math_functions() {
  using enum Receiver;
  const auto real = signatures({"double -> double"});
  const auto question = signatures({"double -> bool"});
  const auto same = signatures({"int -> int", "uint -> uint", "double -> double"});
  return {
      {"math.greatest", absent, extreme<Side::greatest>, extremes(), worst_of_extreme},
      {"math.least", absent, extreme<Side::least>, extremes(), worst_of_extreme},
      {"math.ceil", absent, rounded<up>, real},
      {"math.floor", absent, rounded<down>, real},
      {"math.round", absent, rounded<nearest>, real},
      {"math.trunc", absent, rounded<toward_zero>, real},
      {"math.abs", absent, absolute, same},
      {"math.sign", absent, sign, same},
      {"math.sqrt", absent, square_root,
       signatures({"int -> double", "uint -> double", "double -> double"})},
      {"math.isNaN", absent, asked<is_not_a_number>, question},
      {"math.isInf", absent, asked<is_infinite>, question},
      {"math.isFinite", absent, asked<is_finite>, question},
  };
}

}  // namespace holdpoint::policy::cel
