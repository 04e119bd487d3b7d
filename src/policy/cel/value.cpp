// See value.hpp.
#include "policy/cel/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "policy/cel/time.hpp"

namespace holdpoint::policy::cel {
namespace {

/// Order of a signed and an unsigned number on one line.
std::strong_ordering compare_mixed(std::int64_t a, std::uint64_t b) {
  if (a < 0) return std::strong_ordering::less;
  return static_cast<std::uint64_t>(a) <=> b;
}

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

/// Exact: the double is never rounded to an integer, nor the integer to a double.
std::partial_ordering compare_with_double(std::int64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= two_to_63) return std::partial_ordering::less;
  if (b < -two_to_63) return std::partial_ordering::greater;
  const double whole = std::trunc(b);
  const auto order = a <=> static_cast<std::int64_t>(whole);
  if (order != std::strong_ordering::equal) return order;
  return whole <=> b;
}

std::partial_ordering compare_with_double(std::uint64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= two_to_64) return std::partial_ordering::less;
  if (b < 0) return std::partial_ordering::greater;
  const double whole = std::trunc(b);
  const auto order = a <=> static_cast<std::uint64_t>(whole);
  if (order != std::strong_ordering::equal) return order;
  return whole <=> b;
}

std::partial_ordering reverse(std::partial_ordering order) { return 0 <=> order; }

bool equal_lists(const Value& a, const Value& b) {
  const std::size_t count = a.count();
  if (count != b.count()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!equal(a.element(i), b.element(i))) return false;
  }
  return true;
}

bool equal_maps(const Value& a, const Value& b) {
  const std::size_t count = a.count();
  if (count != b.count()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const auto other = b.find(a.key_at(i));
    if (!other || !equal(a.value_at(i), *other)) return false;
  }
  return true;
}

/// Booleans before numbers before texts.
int key_rank(const Value& key) {
  if (key.is(Kind::boolean)) return 0;
  return key.is_number() ? 1 : 2;
}

/// Cuts at a character, never inside one.
std::string_view first_characters(std::string_view text, std::size_t length_max) {
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    if (count++ == length_max) break;
  }
  return text.substr(0, at);
}

class Writer {
 public:
  explicit Writer(std::size_t length_max) : length_max_(length_max) {}

  void write(const Value& value, int depth) {
    if (out_.size() > length_max_) return;
    switch (value.kind()) {
      case Kind::null: out_ += "null"; return;
      case Kind::boolean: out_ += value.as_bool() ? "true" : "false"; return;
      case Kind::integer: out_ += fmt::format("{}", value.as_int()); return;
      case Kind::unsigned_integer: out_ += fmt::format("{}u", value.as_uint()); return;
      case Kind::floating: out_ += fmt::format("{}", value.as_double()); return;
      case Kind::string:
        append_json_string(out_, first_characters(value.as_text(), length_max_));
        return;
      case Kind::bytes: out_ += fmt::format("{} bytes", value.as_text().size()); return;
      case Kind::type: out_ += value.as_text(); return;
      case Kind::timestamp: out_ += timestamp_text(value.as_timestamp()); return;
      case Kind::duration: out_ += duration_text(value.as_nanoseconds()); return;
      case Kind::list: write_list(value, depth); return;
      case Kind::map: write_map(value, depth); return;
      case Kind::optional: write_optional(value, depth); return;
      case Kind::error: out_ += "an error"; return;
      case Kind::unknown: out_ += "unknown"; return;
    }
  }

  std::string finish() {
    if (first_characters(out_, length_max_).size() < out_.size()) {
      out_.resize(first_characters(out_, length_max_).size());
      out_ += "…";
    }
    return std::move(out_);
  }

 private:
  static constexpr int depth_max = 4;

  void write_optional(const Value& value, int depth) {
    if (value.as_optional() == nullptr) {
      out_ += "optional.none()";
      return;
    }
    out_ += "optional.of(";
    if (depth == depth_max) {
      out_ += "…";
    } else {
      write(*value.as_optional(), depth + 1);
    }
    out_ += ')';
  }
  void write_list(const Value& value, int depth) {
    out_ += '[';
    for (std::size_t i = 0; i < value.count() && out_.size() <= length_max_; ++i) {
      if (i != 0) out_ += ", ";
      if (depth == depth_max) {
        out_ += "…";
        break;
      }
      write(value.element(i), depth + 1);
    }
    out_ += ']';
  }
  void write_map(const Value& value, int depth) {
    out_ += '{';
    for (std::size_t i = 0; i < value.count() && out_.size() <= length_max_; ++i) {
      if (i != 0) out_ += ", ";
      if (depth == depth_max) {
        out_ += "…";
        break;
      }
      write(value.key_at(i), depth + 1);
      out_ += ": ";
      write(value.value_at(i), depth + 1);
    }
    out_ += '}';
  }

  std::size_t length_max_;
  std::string out_;
};

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::null: return "null_type";
    case Kind::boolean: return "bool";
    case Kind::integer: return "int";
    case Kind::unsigned_integer: return "uint";
    case Kind::floating: return "double";
    case Kind::string: return "string";
    case Kind::bytes: return "bytes";
    case Kind::list: return "list";
    case Kind::map: return "map";
    case Kind::timestamp: return "google.protobuf.Timestamp";
    case Kind::duration: return "google.protobuf.Duration";
    case Kind::type: return "type";
    case Kind::optional: return "optional_type";
    case Kind::error: return "error";
    case Kind::unknown: return "unknown";
  }
  return "unknown";
}

std::size_t Value::count() const {
  if (kind_ == Kind::list) {
    return form_ == Form::json ? payload_.array->size() : payload_.list->count;
  }
  return form_ == Form::json ? payload_.object->size() : payload_.map->count;
}

std::optional<Value> Value::find(const Value& key) const {
  if (form_ == Form::json) {
    if (!key.is(Kind::string)) return std::nullopt;
    const auto* found = payload_.object->if_contains(key.as_text());
    if (found == nullptr) return std::nullopt;
    return from_json(*found);
  }
  if (!may_be_key(key)) return std::nullopt;
  const ValueEntry* end = payload_.map->entries + payload_.map->count;
  const ValueEntry* found = std::lower_bound(
      payload_.map->entries, end, key,
      [](const ValueEntry& entry, const Value& sought) { return key_less(entry.key, sought); });
  if (found == end || key_less(key, found->key)) return std::nullopt;
  return found->value;
}

Value Value::key_at(std::size_t index) const {
  if (form_ == Form::json) {
    const auto& entry = *(payload_.object->begin() + static_cast<std::ptrdiff_t>(index));
    return Value::of(std::string_view(entry.key().data(), entry.key().size()));
  }
  return payload_.map->entries[index].key;
}

Value Value::value_at(std::size_t index) const {
  if (form_ == Form::json) {
    return from_json((payload_.object->begin() + static_cast<std::ptrdiff_t>(index))->value());
  }
  return payload_.map->entries[index].value;
}

std::partial_ordering compare_numbers(Value a, Value b) {
  if (a.is(Kind::integer)) {
    if (b.is(Kind::integer)) return a.as_int() <=> b.as_int();
    if (b.is(Kind::unsigned_integer)) return compare_mixed(a.as_int(), b.as_uint());
    return compare_with_double(a.as_int(), b.as_double());
  }
  if (a.is(Kind::unsigned_integer)) {
    if (b.is(Kind::integer)) return reverse(compare_mixed(b.as_int(), a.as_uint()));
    if (b.is(Kind::unsigned_integer)) return a.as_uint() <=> b.as_uint();
    return compare_with_double(a.as_uint(), b.as_double());
  }
  if (b.is(Kind::integer)) return reverse(compare_with_double(b.as_int(), a.as_double()));
  if (b.is(Kind::unsigned_integer)) return reverse(compare_with_double(b.as_uint(), a.as_double()));
  return a.as_double() <=> b.as_double();
}

bool equal(Value a, Value b) {
  if (a.kind() != b.kind()) {
    if (!a.is_number() || !b.is_number()) return false;
    return compare_numbers(a, b) == std::partial_ordering::equivalent;
  }
  switch (a.kind()) {
    case Kind::null: return true;
    case Kind::boolean: return a.as_bool() == b.as_bool();
    case Kind::integer:
    case Kind::duration: return a.as_int() == b.as_int();
    case Kind::unsigned_integer: return a.as_uint() == b.as_uint();
    case Kind::floating: return compare_numbers(a, b) == std::partial_ordering::equivalent;
    case Kind::string:
    case Kind::bytes:
    case Kind::type: return a.as_text() == b.as_text();
    case Kind::timestamp: return a.as_timestamp() == b.as_timestamp();
    case Kind::list: return equal_lists(a, b);
    case Kind::map: return equal_maps(a, b);
    case Kind::optional:
      if (a.as_optional() == nullptr || b.as_optional() == nullptr) {
        return a.as_optional() == b.as_optional();
      }
      return equal(*a.as_optional(), *b.as_optional());
    case Kind::error:
    case Kind::unknown: return false;
  }
  return false;
}

std::partial_ordering compare_rounded(Value a, Value b) {
  const auto rounded = [](const Value& value) {
    if (value.is(Kind::integer)) return static_cast<double>(value.as_int());
    return value.is(Kind::floating) ? value.as_double() : static_cast<double>(value.as_uint());
  };
  const bool has_double = a.is(Kind::floating) || b.is(Kind::floating);
  return has_double ? rounded(a) <=> rounded(b) : compare_numbers(a, b);
}

std::optional<std::partial_ordering> compare(Value a, Value b) {
  if (a.is_number() && b.is_number()) return compare_numbers(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::boolean: return a.as_bool() <=> b.as_bool();
    case Kind::string:
    case Kind::bytes: return a.as_text() <=> b.as_text();
    case Kind::timestamp: return a.as_timestamp() <=> b.as_timestamp();
    case Kind::duration: return a.as_nanoseconds() <=> b.as_nanoseconds();
    default: return std::nullopt;
  }
}

bool is_zero(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return true;
    case Kind::boolean: return !value.as_bool();
    case Kind::integer:
    case Kind::duration: return value.as_int() == 0;
    case Kind::unsigned_integer: return value.as_uint() == 0;
    case Kind::floating: return value.as_double() == 0;
    case Kind::string:
    case Kind::bytes: return value.as_text().empty();
    case Kind::list:
    case Kind::map: return value.count() == 0;
    case Kind::timestamp: return value.as_timestamp() == Timestamp{};
    case Kind::optional: return value.as_optional() == nullptr;
    case Kind::type:
    case Kind::error:
    case Kind::unknown: return false;
  }
  return false;
}

bool may_be_key(const Value& key) {
  switch (key.kind()) {
    case Kind::boolean:
    case Kind::integer:
    case Kind::unsigned_integer:
    case Kind::string: return true;
    case Kind::floating: return std::trunc(key.as_double()) == key.as_double();
    default: return false;
  }
}

bool key_less(const Value& a, const Value& b) {
  const int rank_a = key_rank(a);
  const int rank_b = key_rank(b);
  if (rank_a != rank_b) return rank_a < rank_b;
  if (rank_a == 0) return !a.as_bool() && b.as_bool();
  if (rank_a == 1) return compare_numbers(a, b) == std::partial_ordering::less;
  return a.as_text() < b.as_text();
}

std::string text_of(const Value& value, std::size_t length_max) {
  Writer writer(length_max);
  writer.write(value, 0);
  return writer.finish();
}

}  // namespace holdpoint::policy::cel
