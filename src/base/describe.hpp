// One description of a struct, and JSON, canonical bytes, JSON Schema and SQL columns follow from
// it. Members are snake_case and are written under their own names.
//
//   struct Artifact { std::string name; Digest digest; std::optional<std::string> media_type; };
//   HP_DESCRIBE(Artifact, name, digest, media_type)
//
// Reading is strict: an unknown member, a missing required one, or a wrong type is an issue with a
// JSON Pointer path. std::optional, std::vector and std::map members may be absent. Writing omits
// an empty optional and writes everything else, members in canonical (RFC 8785) order.
#pragma once

#include <algorithm>
#include <array>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <expected>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/assert.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"

#define HP_DESCRIBE(Type, ...) BOOST_DESCRIBE_STRUCT(Type, (), (__VA_ARGS__))
/// Inside a class template, where HP_DESCRIBE cannot stand.
#define HP_DESCRIBE_MEMBERS(Type, ...) BOOST_DESCRIBE_CLASS(Type, (), (__VA_ARGS__), (), ())
#define HP_DESCRIBE_ENUM(Enum, ...) BOOST_DESCRIBE_ENUM(Enum, __VA_ARGS__)

namespace holdpoint {

using JsonIssues = std::vector<JsonIssue>;

/// An instant written as integer microseconds, as facts and sealed times are.
struct InstantUs {
  Instant at;
  auto operator<=>(const InstantUs&) const = default;
};

namespace describe {

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T>
concept Struct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
concept Enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;
/// A value with one text form: ids, digests, instants.
template <class T>
concept Textual = std::is_class_v<T> && requires(const T& value, std::string_view text) {
  { value.text() } -> std::convertible_to<std::string_view>;
  { T::parse(text) } -> std::same_as<std::optional<T>>;
};
template <class T>
concept FreeForm = std::same_as<T, json::value> || std::same_as<T, json::object>;

template <class T>
struct Shape {
  static constexpr bool optional = false, list = false, table = false;
};
template <class T>
struct Shape<std::optional<T>> {
  using Element = T;
  static constexpr bool optional = true, list = false, table = false;
};
template <class T, class A>
struct Shape<std::vector<T, A>> {
  using Element = T;
  static constexpr bool optional = false, list = true, table = false;
};
template <class T>
struct Shape<std::map<std::string, T>> {
  using Element = T;
  static constexpr bool optional = false, list = false, table = true;
};
template <class T>
inline constexpr bool kMayBeAbsent = Shape<T>::optional || Shape<T>::list || Shape<T>::table;

template <Enum E>
std::string_view enum_text(E value) {
  return boost::describe::enum_to_string(value, "");
}
template <Enum E>
std::optional<E> enum_parse(std::string_view text) {
  std::optional<E> found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto entry) {
    if (text == entry.name) found = entry.value;
  });
  return found;
}
template <Enum E>
std::string enum_choices() {
  std::string out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto entry) {
    if (!out.empty()) out += ", ";
    out += entry.name;
  });
  return out;
}

/// Calls visit(name, member) for every member in declared order.
template <class T, class Visit>
void each_member(T&& object, Visit&& visit) {
  boost::mp11::mp_for_each<Members<std::remove_cvref_t<T>>>(
      [&](auto member) { visit(std::string_view(member.name), object.*member.pointer); });
}

/// The name of a component in the published interface, of a type as a compiler spells it:
/// `holdpoint::releases::Release` gives "releases.Release". That a type has no name outside its
/// file concerns nobody else; what else a component's name may not hold becomes '.'.
std::string component_name(std::string_view spelled);

template <class T>
std::string type_name() {
  const std::string_view pretty = __PRETTY_FUNCTION__;
  const auto begin = pretty.find("T = ") + 4;
  return component_name(pretty.substr(begin, pretty.find_first_of(";]", begin) - begin));
}

template <class T>
void write(std::string& out, const T& value);

template <Struct T>
void write_struct(std::string& out, const T& value) {
  struct Writer {
    std::string_view name;
    bool (*present)(const T&);
    void (*write)(std::string&, const T&);
  };
  static const auto writers = [] {
    std::array<Writer, boost::mp11::mp_size<Members<T>>::value> all{};
    std::size_t n = 0;
    boost::mp11::mp_for_each<Members<T>>([&](auto member) {
      using M = decltype(member);
      using Field = std::remove_cvref_t<decltype(value.*M::pointer)>;
      all[n++] = {
          M::name,
          []([[maybe_unused]] const T& object) {
            if constexpr (Shape<Field>::optional) {
              return (object.*M::pointer).has_value();
            } else {
              return true;
            }
          },
          [](std::string& to, const T& object) { describe::write(to, object.*M::pointer); }};
    });
    std::ranges::sort(all, {}, &Writer::name);
    return all;
  }();
  out += '{';
  bool first = true;
  for (const Writer& writer : writers) {
    if (!writer.present(value)) continue;
    if (!first) out += ',';
    first = false;
    out += '"';
    out += writer.name;
    out += "\":";
    writer.write(out, value);
  }
  out += '}';
}

/// Canonical bytes. MUST be given values the canonical profile can hold: a free-form member with a
/// double in it is a bug of the caller, who must refuse such input first.
template <class T>
void write(std::string& out, const T& value) {
  if constexpr (Shape<T>::optional) {
    if (value) {
      write(out, *value);
    } else {
      out += "null";
    }
  } else if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::integral<T>) {
    std::array<char, 24> digits{};
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + 24, value).ptr);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    append_json_string(out, value);
  } else if constexpr (std::same_as<T, InstantUs>) {
    write(out, value.at.us);
  } else if constexpr (Textual<T>) {
    append_json_string(out, value.text());
  } else if constexpr (Enum<T>) {
    append_json_string(out, enum_text(value));
  } else if constexpr (FreeForm<T>) {
    auto text = canonical_json(value);
    HP_ASSERT(text.has_value(), "DE-1: free-form members hold canonical JSON");
    out += *text;
  } else if constexpr (Shape<T>::list) {
    out += '[';
    bool first = true;
    for (const auto& element : value) {
      if (!first) out += ',';
      first = false;
      write(out, element);
    }
    out += ']';
  } else if constexpr (Shape<T>::table) {
    std::vector<const typename T::value_type*> entries;
    for (const auto& entry : value) entries.push_back(&entry);
    std::ranges::sort(entries, [](auto* a, auto* b) { return utf16_less(a->first, b->first); });
    out += '{';
    bool first = true;
    for (const auto* entry : entries) {
      if (!first) out += ',';
      first = false;
      append_json_string(out, entry->first);
      out += ':';
      write(out, entry->second);
    }
    out += '}';
  } else {
    static_assert(Struct<T>, "describe the type with HP_DESCRIBE");
    write_struct(out, value);
  }
}

/// Collects issues with the path of the value being read.
class Reading {
 public:
  void issue(std::string message) { issues_.push_back({path_, std::move(message), 0}); }
  template <class Inside>
  void at(std::string_view name, Inside&& inside) {
    const auto length = path_.size();
    path_ += pointer_step(name);
    inside();
    path_.resize(length);
  }
  [[nodiscard]] const JsonIssues& issues() const { return issues_; }
  JsonIssues take() { return std::move(issues_); }

 private:
  std::string path_;
  JsonIssues issues_;
};

/// The name of a JSON value's type, for messages.
std::string_view type_text(const json::value& value);

template <class T>
void read(const json::value& from, T& to, Reading& reading);

template <class T>
void read_integer(const json::value& from, T& to, Reading& reading) {
  boost::system::error_code error;
  const auto number = from.is_double() ? T{} : from.to_number<T>(error);
  if (!from.is_int64() && !from.is_uint64()) {
    reading.issue("expected integer, found " + std::string(type_text(from)));
  } else if (error) {
    reading.issue("expected an integer from " + std::to_string(std::numeric_limits<T>::min()) +
                  " to " + std::to_string(std::numeric_limits<T>::max()));
  } else {
    to = number;
  }
}

template <Struct T>
void read_struct(const json::value& from, T& to, Reading& reading) {
  const json::object* object = from.if_object();
  if (object == nullptr) {
    return reading.issue("expected object, found " + std::string(type_text(from)));
  }
  std::size_t seen = 0;
  each_member(to, [&](std::string_view name, auto& member) {
    using Field = std::remove_cvref_t<decltype(member)>;
    const auto found = object->find(name);
    reading.at(name, [&] {
      if (found != object->end()) {
        ++seen;
        read(found->value(), member, reading);
      } else if constexpr (!kMayBeAbsent<Field>) {
        reading.issue("required");
      }
    });
  });
  if (seen == object->size()) return;
  for (const auto& entry : *object) {
    bool known = false;
    each_member(to, [&](std::string_view name, const auto&) { known |= name == entry.key(); });
    if (!known) reading.at(entry.key(), [&] { reading.issue("unknown member"); });
  }
}

template <class T>
void read(const json::value& from, T& to, Reading& reading) {
  const auto expected = [&](std::string_view what) {
    reading.issue("expected " + std::string(what) + ", found " + std::string(type_text(from)));
  };
  if constexpr (Shape<T>::optional) {
    if (from.is_null()) {
      to.reset();
    } else {
      read(from, to.emplace(), reading);
    }
  } else if constexpr (std::same_as<T, bool>) {
    if (!from.is_bool()) return expected("boolean");
    to = from.get_bool();
  } else if constexpr (std::integral<T>) {
    read_integer(from, to, reading);
  } else if constexpr (std::same_as<T, std::string>) {
    if (!from.is_string()) return expected("string");
    to.assign(view(from.get_string()));
  } else if constexpr (std::same_as<T, InstantUs>) {
    read_integer(from, to.at.us, reading);
  } else if constexpr (Textual<T>) {
    if (!from.is_string()) return expected("string");
    auto parsed = T::parse(view(from.get_string()));
    if (!parsed) return reading.issue("not a valid " + type_name<T>());
    to = std::move(*parsed);
  } else if constexpr (Enum<T>) {
    if (!from.is_string()) return expected("string");
    const auto parsed = enum_parse<T>(view(from.get_string()));
    if (!parsed) return reading.issue("expected one of: " + enum_choices<T>());
    to = *parsed;
  } else if constexpr (std::same_as<T, json::value>) {
    to = from;
  } else if constexpr (std::same_as<T, json::object>) {
    if (!from.is_object()) return expected("object");
    to = from.get_object();
  } else if constexpr (Shape<T>::list) {
    if (!from.is_array()) return expected("array");
    to.clear();
    to.reserve(from.get_array().size());
    for (const auto& element : from.get_array()) {
      reading.at(std::to_string(to.size()), [&] { read(element, to.emplace_back(), reading); });
    }
  } else if constexpr (Shape<T>::table) {
    if (!from.is_object()) return expected("object");
    to.clear();
    for (const auto& entry : from.get_object()) {
      reading.at(entry.key(), [&] { read(entry.value(), to[std::string(entry.key())], reading); });
    }
  } else {
    static_assert(Struct<T>, "describe the type with HP_DESCRIBE");
    read_struct(from, to, reading);
  }
}

template <class T>
json::object schema(json::object& components);

template <Struct T>
json::object schema_struct(json::object& components) {
  const std::string name = type_name<T>();
  json::object reference{{"$ref", "#/components/schemas/" + name}};
  if (components.contains(name)) return reference;
  components[name] = nullptr;  // ends recursion in self-referring types
  std::map<std::string, json::object> sorted;
  std::vector<std::string> required;
  boost::mp11::mp_for_each<Members<T>>([&](auto member) {
    using Field = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
    sorted.emplace(member.name, schema<Field>(components));
    if constexpr (!kMayBeAbsent<Field>) required.emplace_back(member.name);
  });
  std::ranges::sort(required);
  json::object properties;
  for (auto& [key, value] : sorted) properties.emplace(key, std::move(value));
  json::object result{
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  if (!required.empty()) result["required"] = json::value_from(required);
  components[name] = std::move(result);
  return reference;
}

/// JSON Schema 2020-12 of a type; structs are put into `components` and referred to.
template <class T>
json::object schema(json::object& components) {
  if constexpr (Shape<T>::optional) {
    return schema<typename Shape<T>::Element>(components);
  } else if constexpr (std::same_as<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::integral<T>) {
    return {{"type", "integer"}, {"format", sizeof(T) == 8 ? "int64" : "int32"}};
  } else if constexpr (std::same_as<T, std::string>) {
    return {{"type", "string"}};
  } else if constexpr (std::same_as<T, InstantUs>) {
    return {{"type", "integer"}, {"format", "date-time"}};
  } else if constexpr (std::same_as<T, Instant>) {
    return {{"type", "string"}, {"format", "date-time"}};
  } else if constexpr (Textual<T>) {
    json::object result{{"type", "string"}};
    if constexpr (requires { T::prefix; }) {
      result["pattern"] = "^" + std::string(T::prefix) + "_[0-7][0-9A-HJKMNP-TV-Z]{25}$";
    } else {
      result["format"] = type_name<T>();
    }
    return result;
  } else if constexpr (Enum<T>) {
    json::array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto entry) { names.emplace_back(entry.name); });
    return {{"type", "string"}, {"enum", std::move(names)}};
  } else if constexpr (std::same_as<T, json::value>) {
    return {};
  } else if constexpr (std::same_as<T, json::object>) {
    return {{"type", "object"}};
  } else if constexpr (Shape<T>::list) {
    return {{"type", "array"}, {"items", schema<typename Shape<T>::Element>(components)}};
  } else if constexpr (Shape<T>::table) {
    return {{"type", "object"},
            {"additionalProperties", schema<typename Shape<T>::Element>(components)}};
  } else {
    static_assert(Struct<T>, "describe the type with HP_DESCRIBE");
    return schema_struct<T>(components);
  }
}

}  // namespace describe

/// RFC 8785 bytes of a described value.
template <class T>
std::string to_json_text(const T& value) {
  std::string out;
  describe::write(out, value);
  return out;
}

/// Reads a described value; all issues at once, each with its path.
template <class T>
std::expected<T, JsonIssues> from_json(const json::value& value) {
  T result{};
  describe::Reading reading;
  describe::read(value, result, reading);
  if (!reading.issues().empty()) return std::unexpected(reading.take());
  return result;
}

/// parse_json and from_json in one.
template <class T>
std::expected<T, JsonIssues> from_json_text(std::string_view text, JsonLimits limits = {}) {
  auto value = parse_json(text, limits);
  if (!value) return std::unexpected(JsonIssues{std::move(value).error()});
  return from_json<T>(*value);
}

/// A described value as a document model, for places that add to it or walk it.
template <class T>
json::value to_json(const T& value) {
  return json::parse(to_json_text(value));
}

}  // namespace holdpoint
