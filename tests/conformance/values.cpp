// See values.hpp.
#include "conformance/values.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "base/encoding.hpp"
#include "policy/cel/time.hpp"

namespace holdpoint::conformance {
namespace {

using policy::cel::Kind;
using policy::cel::Value;

template <class Number>
Number number_in(const json::value& source) {
  if (source.is_int64()) return static_cast<Number>(source.get_int64());
  const auto text = view(source.as_string());
  Number out{};
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

double double_in(const json::value& source) {
  if (source.is_int64()) return static_cast<double>(source.get_int64());
  if (source.is_uint64()) return static_cast<double>(source.get_uint64());
  if (source.is_double()) return source.get_double();
  const auto text = view(source.as_string());
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  return text.starts_with('-') ? -infinity : infinity;
}

bool is_same_double(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// The elements of a list or the entries of a map; none when the field is left out.
const json::array& parts(const json::value& source, std::string_view name) {
  static const json::array none;
  const auto* found = source.as_object().if_contains(name);
  return found == nullptr ? none : found->as_array();
}

bool is_expected_list(const Value& value, const json::value& expected) {
  const json::array& items = parts(expected, "values");
  if (!value.is(Kind::list) || value.count() != items.size()) return false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!is_expected(value.element(i), items[i].as_object())) return false;
  }
  return true;
}

/// The order of a map's entries says nothing.
bool is_expected_map(const Value& value, const json::value& expected) {
  const json::array& entries = parts(expected, "entries");
  if (!value.is(Kind::map) || value.count() != entries.size()) return false;
  for (const json::value& entry : entries) {
    bool is_found = false;
    for (std::size_t i = 0; i < value.count() && !is_found; ++i) {
      is_found = is_expected(value.key_at(i), entry.at("key").as_object()) &&
                 is_expected(value.value_at(i), entry.at("value").as_object());
    }
    if (!is_found) return false;
  }
  return true;
}

bool is_expected_object(const Value& value, const json::value& expected) {
  const json::object& message = expected.as_object();
  const auto type = view(message.at("@type").as_string());
  if (type.ends_with("google.protobuf.Duration")) {
    const auto span =
        policy::cel::parse_duration_nanoseconds(view(message.at("value").as_string()));
    return value.is(Kind::duration) && span == value.as_nanoseconds();
  }
  if (type.ends_with("google.protobuf.Timestamp")) {
    const auto at = policy::cel::parse_timestamp(view(message.at("value").as_string()));
    return value.is(Kind::timestamp) && at == value.as_timestamp();
  }
  return false;
}

}  // namespace

json::value fact_of(const json::object& value) {
  const auto& form = *value.begin();
  const std::string_view name(form.key().data(), form.key().size());
  const json::value& source = form.value();
  if (name == "int64Value") return number_in<std::int64_t>(source);
  if (name == "uint64Value") return number_in<std::uint64_t>(source);
  if (name == "doubleValue") return double_in(source);
  if (name == "listValue") {
    json::array out;
    for (const json::value& item : parts(source, "values"))
      out.push_back(fact_of(item.as_object()));
    return out;
  }
  if (name == "mapValue") {
    json::object out;
    for (const json::value& entry : parts(source, "entries")) {
      const json::value key = fact_of(entry.at("key").as_object());
      out[key.as_string()] = fact_of(entry.at("value").as_object());
    }
    return out;
  }
  if (name == "objectValue" && source.as_object().contains("value")) {
    return source.at("value");
  }
  return source;  // bool, string, bytes in base64, null, a message
}

bool is_expected(const Value& value, const json::object& expected) {
  const auto& form = *expected.begin();
  const std::string_view name(form.key().data(), form.key().size());
  const json::value& source = form.value();
  if (name == "nullValue") return value.is(Kind::null);
  if (name == "boolValue") return value.is(Kind::boolean) && value.as_bool() == source.as_bool();
  if (name == "int64Value") {
    return value.is(Kind::integer) && value.as_int() == number_in<std::int64_t>(source);
  }
  if (name == "uint64Value") {
    return value.is(Kind::unsigned_integer) && value.as_uint() == number_in<std::uint64_t>(source);
  }
  if (name == "doubleValue") {
    return value.is(Kind::floating) && is_same_double(value.as_double(), double_in(source));
  }
  if (name == "stringValue") {
    return value.is(Kind::string) && value.as_text() == view(source.as_string());
  }
  if (name == "bytesValue") {
    return value.is(Kind::bytes) && from_base64(view(source.as_string())) == value.as_text();
  }
  if (name == "typeValue") {
    return value.is(Kind::type) && value.as_text() == view(source.as_string());
  }
  if (name == "listValue") return is_expected_list(value, source);
  if (name == "mapValue") return is_expected_map(value, source);
  if (name == "objectValue") return is_expected_object(value, source);
  return false;
}

}  // namespace holdpoint::conformance
