// A CEL value in 16 bytes. Strings, lists and maps are references: into the facts being judged,
// into the program's constants, or into the arena of one evaluation. Nothing of the facts is
// copied. An error and an unknown are values too, so that && and || can absorb them without
// exceptions.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace holdpoint::policy::cel {

enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,
  unsigned_integer,
  floating,
  string,
  bytes,
  list,
  map,
  timestamp,
  duration,
  type,
  optional,
  error,
  unknown,
};

/// The name CEL gives the kind: "int", "google.protobuf.Timestamp", …
std::string_view kind_name(Kind kind);

/// Nanoseconds are 0..999,999,999 and count forward, also before 1970.
struct Timestamp {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  auto operator<=>(const Timestamp&) const = default;

  static constexpr std::int64_t seconds_min = -62'135'596'800;  // 0001-01-01T00:00:00Z
  static constexpr std::int64_t seconds_max = 253'402'300'799;  // 9999-12-31T23:59:59Z
};

class Value;
struct ValueList {
  const Value* items = nullptr;
  std::size_t count = 0;
};
struct ValueMap;

/// Why a value could not be had. Lives in the arena of the evaluation.
struct Trouble {
  std::string_view message;
  const std::string_view* paths = nullptr;  // of an unknown: what is missing
  std::size_t path_count = 0;
  std::uint32_t node = 0;
};

class Value {
 public:
  constexpr Value() = default;
  static Value of(bool flag) { return Value(Kind::boolean, Form::plain, 0, Payload{.flag = flag}); }
  static Value of(std::int64_t n) {
    return Value(Kind::integer, Form::plain, 0, Payload{.integer = n});
  }
  static Value of(std::uint64_t n) {
    return Value(Kind::unsigned_integer, Form::plain, 0, Payload{.natural = n});
  }
  static Value of(double x) { return Value(Kind::floating, Form::plain, 0, Payload{.real = x}); }
  /// The text MUST outlive the value and be shorter than 4 GiB.
  static Value of(std::string_view text) { return chars(Kind::string, text); }
  static Value of(const char*) = delete;
  static Value bytes(std::string_view octets) { return chars(Kind::bytes, octets); }
  static Value of(Timestamp at) {
    return Value(Kind::timestamp, Form::plain, at.nanoseconds, Payload{.integer = at.seconds});
  }
  static Value duration(std::int64_t nanoseconds) {
    return Value(Kind::duration, Form::plain, 0, Payload{.integer = nanoseconds});
  }
  static Value type(std::string_view name) { return chars(Kind::type, name); }
  static Value of(const json::array& list) {
    return Value(Kind::list, Form::json, 0, Payload{.array = &list});
  }
  static Value of(const json::object& map) {
    return Value(Kind::map, Form::json, 0, Payload{.object = &map});
  }
  static Value of(const ValueList& list) {
    return Value(Kind::list, Form::plain, 0, Payload{.list = &list});
  }
  static Value of(const ValueMap& map) {
    return Value(Kind::map, Form::plain, 0, Payload{.map = &map});
  }
  /// An optional value; nullptr is optional.none(). What it holds MUST be is_value().
  static Value optional(const Value* inner) {
    return Value(Kind::optional, Form::plain, 0, Payload{.optional = inner});
  }
  static Value error(const Trouble& why) {
    return Value(Kind::error, Form::plain, 0, Payload{.trouble = &why});
  }
  static Value unknown(const Trouble& what) {
    return Value(Kind::unknown, Form::plain, 0, Payload{.trouble = &what});
  }

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is(Kind kind) const { return kind_ == kind; }
  /// Neither an error nor unknown.
  [[nodiscard]] bool is_value() const { return kind_ < Kind::error; }
  [[nodiscard]] bool is_true() const { return kind_ == Kind::boolean && payload_.flag; }
  [[nodiscard]] bool is_false() const { return kind_ == Kind::boolean && !payload_.flag; }
  [[nodiscard]] bool is_number() const {
    return kind_ == Kind::integer || kind_ == Kind::unsigned_integer || kind_ == Kind::floating;
  }

  // Each MUST be called on its own kind only.
  [[nodiscard]] bool as_bool() const { return payload_.flag; }
  [[nodiscard]] std::int64_t as_int() const { return payload_.integer; }
  [[nodiscard]] std::uint64_t as_uint() const { return payload_.natural; }
  [[nodiscard]] double as_double() const { return payload_.real; }
  /// The characters of a string, bytes or type.
  [[nodiscard]] std::string_view as_text() const { return {payload_.characters, extra_}; }
  [[nodiscard]] Timestamp as_timestamp() const { return {payload_.integer, extra_}; }
  [[nodiscard]] std::int64_t as_nanoseconds() const { return payload_.integer; }
  /// nullptr when there is none.
  [[nodiscard]] const Value* as_optional() const { return payload_.optional; }
  [[nodiscard]] const Trouble& trouble() const { return *payload_.trouble; }

  /// Elements of a list, entries of a map.
  [[nodiscard]] std::size_t count() const;
  /// Element of a list; the index MUST be below count(). Null, error-free, except for JSON integers
  /// beyond int64, which become uint.
  [[nodiscard]] Value element(std::size_t index) const;
  [[nodiscard]] const json::array* json_list() const {
    return kind_ == Kind::list && form_ == Form::json ? payload_.array : nullptr;
  }
  [[nodiscard]] const json::object* json_map() const {
    return kind_ == Kind::map && form_ == Form::json ? payload_.object : nullptr;
  }
  /// The map's entry under the key (numbers are one line: 1, 1u and 1.0 are one key).
  [[nodiscard]] std::optional<Value> find(const Value& key) const;
  /// Key of a map's entry; the index MUST be below count().
  [[nodiscard]] Value key_at(std::size_t index) const;
  [[nodiscard]] Value value_at(std::size_t index) const;

 private:
  enum class Form : std::uint8_t { plain, json };
  union Payload {
    bool flag;
    std::int64_t integer;
    std::uint64_t natural;
    double real;
    const char* characters;
    const json::array* array;
    const json::object* object;
    const ValueList* list;
    const ValueMap* map;
    const Value* optional;
    const Trouble* trouble;
  };

  constexpr Value(Kind kind, Form form, std::uint32_t extra, Payload payload)
      : kind_(kind), form_(form), extra_(extra), payload_(payload) {}
  static Value chars(Kind kind, std::string_view text) {
    return Value(kind, Form::plain, static_cast<std::uint32_t>(text.size()),
                 Payload{.characters = text.data()});
  }

  Kind kind_ = Kind::null;
  Form form_ = Form::plain;
  std::uint32_t extra_ = 0;  // length of text, nanoseconds of a timestamp
  Payload payload_{.integer = 0};
};
static_assert(sizeof(Value) == 16);

struct ValueEntry {
  Value key;
  Value value;
};

/// Entries are sorted by key_less and have no equal keys.
struct ValueMap {
  const ValueEntry* entries = nullptr;
  std::size_t count = 0;
};

/// A JSON value seen as CEL sees it: integers are int, and no text becomes a timestamp by itself.
inline Value from_json(const json::value& source) {
  switch (source.kind()) {
    case json::kind::null: return {};
    case json::kind::bool_: return Value::of(source.get_bool());
    case json::kind::int64: return Value::of(source.get_int64());
    case json::kind::uint64: {
      const std::uint64_t n = source.get_uint64();
      if (n <= static_cast<std::uint64_t>(INT64_MAX)) {
        return Value::of(static_cast<std::int64_t>(n));
      }
      return Value::of(n);
    }
    case json::kind::double_: return Value::of(source.get_double());
    case json::kind::string: return Value::of(view(source.get_string()));
    case json::kind::array: return Value::of(source.get_array());
    case json::kind::object: return Value::of(source.get_object());
  }
  return {};
}

inline Value Value::element(std::size_t index) const {
  return form_ == Form::json ? from_json((*payload_.array)[index]) : payload_.list->items[index];
}

// Values are as small as two numbers: they are passed as such, and stay in registers.

/// CEL equality: numbers on one line, different kinds unequal. Both MUST satisfy is_value().
bool equal(Value a, Value b);

/// Order of two numbers of any kinds; unordered when one is NaN. Both MUST satisfy is_number().
std::partial_ordering compare_numbers(Value a, Value b);

/// What < and > say of two numbers of any kinds: beside a double, whole numbers are rounded to one.
/// Equality, map keys and sorting do not round. Both MUST satisfy is_number().
std::partial_ordering compare_rounded(Value a, Value b);

/// Order of two values: numbers on one line, and bool, string, bytes, timestamp and duration each
/// among themselves; nullopt when there is none.
std::optional<std::partial_ordering> compare(Value a, Value b);

/// Whether the value is what its kind begins with: 0, false, "", [], {}, null or an
/// optional.none().
bool is_zero(const Value& value);

/// Whether the value may be a map key: bool, int, uint or string, or a double that is a whole
/// number.
bool may_be_key(const Value& key);
bool key_less(const Value& a, const Value& b);

/// The value as a person reads it: strings quoted, timestamps in RFC 3339, at most `length_max`
/// characters, then "…".
std::string text_of(const Value& value, std::size_t length_max = 80);

}  // namespace holdpoint::policy::cel
