// The running state of judging one set of facts: memory, cost, and the values of named variables,
// shared by all expressions that judge the same facts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.hpp"
#include "policy/cel/arena.hpp"
#include "policy/cel/program.hpp"
#include "policy/cel/value.hpp"

namespace holdpoint::policy::cel {

class Session {
 public:
  /// Of compiling a pattern that is not a constant of the program.
  static constexpr std::int64_t pattern_cost = 2'000;

  /// The facts MUST outlive the session.
  Session(const json::object& facts, const Limits& limits)
      : facts_(facts), arena_(limits.memory_bytes_max), cost_max_(limits.cost_max) {}

  [[nodiscard]] const json::object& facts() const { return facts_; }
  Arena& arena() { return arena_; }

  /// A new budget for the next expression; what was computed stays.
  void restart_cost(std::int64_t cost_max) {
    cost_max_ = cost_max;
    cost_ = 0;
    is_exhausted_ = false;
  }
  void charge(std::int64_t units) {
    cost_ += units;
    if (cost_ > cost_max_) [[unlikely]] {
      is_exhausted_ = true;
    }
  }
  [[nodiscard]] std::int64_t cost() const { return cost_; }
  /// The budget or the memory is spent: everything unwinds with an error that nothing absorbs.
  [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }
  void exhaust() { is_exhausted_ = true; }

  Value error(std::string_view message, std::uint32_t node);
  Value unknown(std::string_view path, std::uint32_t node);
  /// Of two values that are not both is_value(): unknown outranks error, paths are united.
  Value worse(Value a, Value b);
  /// A string in the arena.
  Value text(std::string_view characters);
  Value bytes(std::string_view octets);
  Value list(std::span<const Value> items);
  /// An optional that holds the value, which MUST be is_value().
  Value optional(const Value& value);
  /// Entries in any order; an error when a key is no key or comes twice.
  Value map(std::vector<ValueEntry> entries, std::uint32_t node);

  std::vector<std::optional<Value>>& variables() { return variables_; }

  /// The compiled pattern, remembered while it stays the same; nullptr when it is malformed.
  const Regex* regex(std::string_view pattern);

 private:
  Value exhausted();
  std::string_view keep(std::string_view text);

  const json::object& facts_;
  Arena arena_;
  std::int64_t cost_ = 0;
  std::int64_t cost_max_;
  bool is_exhausted_ = false;
  std::vector<std::optional<Value>> variables_;
  std::string last_pattern_;
  std::optional<Regex> last_regex_;
};

}  // namespace holdpoint::policy::cel
