// strings.quote and format: %s %d %f %e %x %X %o %b, with a precision for %f and %e (6 when none is
// given), rounding half to even. Every clause that does not fit its argument is an error that names
// both; nothing is printed as a guess.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/encoding.hpp"
#include "policy/cel/making.hpp"
#include "policy/cel/time.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr int precision_default = 6;
constexpr int precision_max = 1'000;
constexpr std::size_t depth_max = 32;

/// The name of a number that has no digits.
std::optional<std::string_view> special_name(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  return std::nullopt;
}

/// The shortest decimal that reads back as the number, never with an exponent.
std::string plain_decimal(double number) {
  if (const auto name = special_name(number)) return std::string(*name);
  constexpr std::size_t digits_max = 1'100;  // of the smallest subnormal number
  std::array<char, digits_max> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  return {digits.data(), end.ptr};
}

/// Adds bytes as text; what is not UTF-8 becomes one replacement character for each run.
void add_bytes(TextMaker& out, std::string_view bytes) {
  if (is_utf8(bytes)) return out.add(bytes);
  bool in_bad_run = false;
  for (std::size_t at = 0; at < bytes.size() && !out.is_full();) {
    const std::size_t length = std::min(character_bytes(bytes[at]), bytes.size() - at);
    const auto character = bytes.substr(at, length);
    const bool is_good = is_utf8(character);
    if (is_good) out.add(character);
    if (!is_good && !in_bad_run) out.add("\ufffd");
    in_bad_run = !is_good;
    at += is_good ? length : 1;
  }
}

/// What %s makes of values. Fails on values that nest too deep.
class StringClause {
 public:
  explicit StringClause(TextMaker& out) : out_(out) {}

  /// False when the value nests too deep.
  bool write(const Value& value, std::size_t depth = 0) {
    if (depth > depth_max) return false;
    if (value.is(Kind::list)) return write_list(value, depth);
    if (value.is(Kind::map)) return write_map(value, depth);
    if (value.is(Kind::bytes)) {
      add_bytes(out_, value.as_text());
    } else if (value.is(Kind::string) || value.is(Kind::type)) {
      out_.add(value.as_text());
    } else {
      out_.add(scalar(value));
    }
    return true;
  }

  static std::string scalar(const Value& value) {
    switch (value.kind()) {
      case Kind::boolean: return value.as_bool() ? "true" : "false";
      case Kind::integer: return std::to_string(value.as_int());
      case Kind::unsigned_integer: return std::to_string(value.as_uint());
      case Kind::floating: return plain_decimal(value.as_double());
      case Kind::timestamp: return timestamp_text(value.as_timestamp());
      case Kind::duration: return duration_text(value.as_nanoseconds());
      default: return "null";
    }
  }

 private:
  bool write_list(const Value& list, std::size_t depth) {
    out_.add("[");
    for (std::size_t i = 0; i < list.count() && !out_.is_full(); ++i) {
      if (i != 0) out_.add(", ");
      if (!write(list.element(i), depth + 1)) return false;
    }
    out_.add("]");
    return true;
  }

  /// Entries in the order of their keys as text.
  bool write_map(const Value& map, std::size_t depth) {
    struct Entry {
      std::string key;
      std::size_t index;
    };
    if (map.count() > made_list_items_max) return false;
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < map.count(); ++i) {
      const Value key = map.key_at(i);
      entries.push_back({key.is(Kind::string) ? std::string(key.as_text()) : scalar(key), i});
    }
    std::ranges::sort(entries, {}, &Entry::key);
    out_.add("{");
    for (std::size_t i = 0; i < entries.size() && !out_.is_full(); ++i) {
      if (i != 0) out_.add(", ");
      out_.add(entries[i].key);
      out_.add(": ");
      if (!write(map.value_at(entries[i].index), depth + 1)) return false;
    }
    out_.add("}");
    return true;
  }

  TextMaker& out_;
};

std::string in_base(std::uint64_t magnitude, bool is_negative, int base) {
  std::array<char, 65> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
  return (is_negative ? "-" : "") + std::string(digits.data(), end.ptr);
}

/// An int or uint in a base; nullopt of anything else.
std::optional<std::string> whole_in_base(const Value& value, int base) {
  if (value.is(Kind::unsigned_integer)) return in_base(value.as_uint(), false, base);
  if (!value.is(Kind::integer)) return std::nullopt;
  const bool is_negative = value.as_int() < 0;
  const auto bits = static_cast<std::uint64_t>(value.as_int());
  return in_base(is_negative ? 0 - bits : bits, is_negative, base);
}

std::optional<double> number_of(const Value& value) {
  if (value.is(Kind::floating)) return value.as_double();
  if (value.is(Kind::integer)) return static_cast<double>(value.as_int());
  if (value.is(Kind::unsigned_integer)) return static_cast<double>(value.as_uint());
  return std::nullopt;
}

std::optional<std::string> hexadecimal(const Value& value) {
  if (value.is(Kind::string) || value.is(Kind::bytes)) {
    // Of more bytes the digits are refused anyway.
    return to_hex(value.as_text().substr(0, made_text_bytes_max));
  }
  return whole_in_base(value, 16);
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return text;
}

/// Reads a format from left to right and takes an argument for each clause.
class Formatter {
 public:
  Formatter(const Call& call, std::string_view format, const Value& arguments)
      : call_(call), rest_(format), arguments_(arguments), out_(call) {}

  Value run() {
    while (!rest_.empty() && !out_.is_full()) {
      const std::size_t percent = std::min(rest_.find('%'), rest_.size());
      out_.add(rest_.substr(0, percent));
      rest_.remove_prefix(percent);
      if (rest_.empty()) break;
      rest_.remove_prefix(1);
      if (const auto wrong = clause()) return call_.error(*wrong);
    }
    return out_.finish();
  }

 private:
  using Wrong = std::optional<std::string>;

  /// What stands after a '%'; says what is wrong with it.
  Wrong clause() {
    if (rest_.starts_with('%')) {
      out_.add("%");
      rest_.remove_prefix(1);
      return std::nullopt;
    }
    const auto precision = take_precision();
    if (!precision) {
      return "format: a precision is a dot and a number up to " + std::to_string(precision_max);
    }
    if (rest_.empty()) return "format: the text ends in the middle of a clause";
    const char verb = rest_[0];
    constexpr std::string_view verbs = "sdfexXob";
    if (verbs.find(verb) == std::string_view::npos) {
      return "format: there is no clause '%" + std::string(first_character()) + "'";
    }
    rest_.remove_prefix(1);
    if (next_ >= arguments_.count()) {
      return "format: index " + std::to_string(next_) + " out of range: there are " +
             std::to_string(arguments_.count()) + " arguments";
    }
    return write(verb, *precision, arguments_.element(next_++));
  }

  std::string_view first_character() const { return rest_.substr(0, character_bytes(rest_[0])); }

  std::optional<int> take_precision() {
    if (!rest_.starts_with('.')) return precision_default;
    rest_.remove_prefix(1);
    int precision = 0;
    const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), precision);
    if (read.ec != std::errc() || precision < 0 || precision > precision_max) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
    return precision;
  }

  Wrong write(char verb, int precision, const Value& value) {
    if (verb == 's') {
      if (StringClause(out_).write(value)) return std::nullopt;
      return "format: the value nests deeper than " + std::to_string(depth_max) +
             " levels or is too large";
    }
    const auto text = digits(verb, precision, value);
    if (text) out_.add(*text);
    if (text) return std::nullopt;
    return "format: %" + std::string(1, verb) + " does not take " +
           std::string(kind_name(value.kind()));
  }

  static std::optional<std::string> digits(char verb, int precision, const Value& value) {
    switch (verb) {
      case 'd':
        return value.is_number() ? std::optional(StringClause::scalar(value)) : std::nullopt;
      case 'x': return hexadecimal(value);
      case 'X': return hexadecimal(value).transform(upper);
      case 'o': return whole_in_base(value, 8);
      case 'b':
        if (value.is(Kind::boolean)) return value.as_bool() ? "1" : "0";
        return whole_in_base(value, 2);
      default: return real(verb, precision, value);
    }
  }

  static std::optional<std::string> real(char verb, int precision, const Value& value) {
    const auto number = number_of(value);
    if (!number) return std::nullopt;
    if (const auto name = special_name(*number)) return std::string(*name);
    return verb == 'f' ? fmt::format("{:.{}f}", *number, precision)
                       : fmt::format("{:.{}e}", *number, precision);
  }

  const Call& call_;
  std::string_view rest_;
  const Value& arguments_;
  TextMaker out_;
  std::size_t next_ = 0;
};

Value format(const Call& call) {
  if (!call.arguments[0].is(Kind::string) || !call.arguments[1].is(Kind::list)) {
    return call.no_overload();
  }
  const auto text = call.arguments[0].as_text();
  call.session.charge(tenth(text.size()));
  return Formatter(call, text, call.arguments[1]).run();
}

std::optional<char> escape_of(char c) {
  switch (c) {
    case '\a': return 'a';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\v': return 'v';
    case '\\':
    case '"': return c;
    default: return std::nullopt;
  }
}

/// A text as it would be written in an expression.
Value quote(const Call& call) {
  if (!call.arguments[0].is(Kind::string)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  call.session.charge(tenth(text.size()));
  TextMaker made(call);
  made.add("\"");
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size() && !made.is_full(); ++at) {
    const auto letter = escape_of(text[at]);
    if (!letter) continue;
    made.add(text.substr(done, at - done));
    made.add("\\");
    made.add(std::string_view(&*letter, 1));
    done = at + 1;
  }
  made.add(text.substr(done));
  made.add("\"");
  return made.finish();
}

Worst making(Units walk, Units bytes) {
  const Units made = std::min(bytes, Units{static_cast<std::int64_t>(made_text_bytes_max)});
  return {Units{walk.count / 10 + 1} + Units{made.count / 10 + 1}, Extents::text(made)};
}

/// The longest number has 1,077 characters without a precision; text is ten bytes for each unit of
/// its weight. A precision is digits in the format.
Worst worst_of_format(Extents&, std::span<const Extent> arguments) {
  constexpr Units bytes_per_unit{1'100};
  constexpr Units bytes_per_character{260};
  const Units format = arguments[0].length;
  return making(format, format * bytes_per_character + arguments[1].weight * bytes_per_unit);
}

Worst worst_of_quote(Extents&, std::span<const Extent> arguments) {
  const Units text = arguments[0].length;
  return making(text, text * Units{2} + Units{2});
}

}  // namespace

std::vector<Function> format_functions() {
  return {
      {"format", Receiver::present, format, signatures({"string, list(dyn) -> string"}),
       worst_of_format},
      {"strings.quote", Receiver::absent, quote, signatures({"string -> string"}), worst_of_quote},
  };
}

}  // namespace holdpoint::policy::cel
