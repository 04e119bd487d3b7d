// Facts for fuzzing: of any schema, made from a seed, with what may be absent sometimes absent and
// values at the edges of what is computed with them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "policy/cel/schema.hpp"

namespace holdpoint::policy {

class FuzzedFacts {
 public:
  explicit FuzzedFacts(std::uint64_t seed) : state_(seed | 1) {}

  json::object of(const cel::Schema& schema) { return object(schema.root(), 0); }

 private:
  static constexpr std::size_t depth_max = 5;
  static constexpr std::uint64_t items_max = 4;
  static constexpr std::int64_t around_us = 1'795'176'000'000'000;  // a Friday in 2026

  /// xorshift64*: the same seed gives the same facts everywhere.
  std::uint64_t below(std::uint64_t bound) {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return ((state_ * 0x2545F4914F6CDD1DULL) >> 33U) % bound;
  }
  template <class T, std::size_t count>
  T one_of(const std::array<T, count>& choices) {
    return choices[below(count)];
  }

  json::object object(const cel::ObjectType& type, std::size_t depth) {
    json::object out;
    for (const cel::Field& field : type.fields) {
      const bool may_miss = field.presence == cel::Presence::optional;
      if (may_miss && below(4) == 0) continue;
      out[field.name] =
          below(8) == 0 && !field.minimal.is_null() ? field.minimal : value(*field.type, depth + 1);
    }
    return out;
  }

  json::value value(const cel::Type& type, std::size_t depth) {
    if (type.nullable == cel::Nullable::yes && below(4) == 0) return nullptr;
    switch (type.kind) {
      case cel::TypeKind::null: return nullptr;
      case cel::TypeKind::boolean: return below(2) == 0;
      case cel::TypeKind::integer:
      case cel::TypeKind::unsigned_integer: return number();
      case cel::TypeKind::floating: return static_cast<double>(below(9)) / 2;
      case cel::TypeKind::string:
      case cel::TypeKind::bytes: return text();
      case cel::TypeKind::timestamp: return time();
      case cel::TypeKind::duration: return duration();
      case cel::TypeKind::list: return list(*type.element, depth);
      case cel::TypeKind::map: return map(*type.element, depth);
      case cel::TypeKind::object:
        return depth > depth_max ? json::object() : object(*type.object, depth);
      default: return anything(depth);
    }
  }

  json::value number() {
    return one_of(std::array<std::int64_t, 9>{0, 1, 2, 3, -1, 7'000, 10'000, INT64_MAX, INT64_MIN});
  }
  json::value text() {
    return json::string(one_of(std::array<std::string_view, 9>{
        "", "a", "enforce", "critical", "approved", "usr_1", "é", "release", "PolicyActivation"}));
  }
  json::value time() {
    constexpr std::int64_t hour_us = 3'600'000'000;
    const std::array<json::value, 9> choices = {json::value(around_us),
                                                json::value(around_us - hour_us),
                                                json::value(around_us + hour_us),
                                                json::value(around_us + 72 * hour_us),
                                                json::value(around_us - 1),
                                                json::value(0),
                                                json::value(INT64_MAX),
                                                json::value(INT64_MIN),
                                                json::value("2026-11-20T11:00:00Z")};
    return choices[below(choices.size())];
  }
  json::value duration() {
    const std::array<json::value, 5> choices = {json::value(0), json::value(3'600'000'000),
                                                json::value(-1), json::value(INT64_MAX),
                                                json::value("90m")};
    return choices[below(choices.size())];
  }
  json::value list(const cel::Type& element, std::size_t depth) {
    json::array out;
    if (depth > depth_max) return out;
    for (std::uint64_t left = below(items_max + 1); left > 0; --left) {
      out.push_back(value(element, depth + 1));
    }
    return out;
  }
  json::value map(const cel::Type& element, std::size_t depth) {
    json::object out;
    if (depth > depth_max) return out;
    for (std::uint64_t left = below(items_max); left > 0; --left) {
      out[text().get_string()] = value(element, depth + 1);
    }
    return out;
  }
  json::value anything(std::size_t depth) {
    switch (below(7)) {
      case 0: return nullptr;
      case 1: return below(2) == 0;
      case 2: return number();
      case 3: return text();
      case 4: return 0.5;
      case 5: return depth > depth_max ? json::value() : json::value(json::array{number(), text()});
      default: return depth > depth_max ? json::value() : json::value({{"a", anything(depth + 2)}});
    }
  }

  std::uint64_t state_;
};

}  // namespace holdpoint::policy
