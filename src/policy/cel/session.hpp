// The running state of judging one set of facts: memory, cost, and the values of named variables,
// shared by all expressions that judge the same facts.
#pragma once

#include <array>
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

/// What units are spent on. Reasons have an allowance of their own, so that working one out takes
/// nothing from what is judged after it.
enum class Spending : std::uint8_t { judging, reasons };

class Session {
 public:
  /// Of compiling a pattern that is not a constant of the program.
  static constexpr std::int64_t pattern_cost = 2'000;
  static constexpr std::uint32_t no_node = UINT32_MAX;
  /// Of all expressions that judge the same facts, and again of all reasons.
  static constexpr std::int64_t allowance_max = 10'000'000;

  /// The facts MUST outlive the session.
  Session(const json::object& facts, const Limits& limits)
      : facts_(facts), arena_(limits.memory_bytes_max), cost_max_(limits.cost_max) {}

  [[nodiscard]] const json::object& facts() const { return facts_; }
  Arena& arena() { return arena_; }

  /// A new budget for the next expression, within what is left of the allowance for all of them;
  /// when nothing is left, it is exhausted at once. What was computed stays.
  void restart_cost(std::int64_t cost_max, Spending on = Spending::judging) {
    spent_on(spending_) += cost_;
    spending_ = on;
    const std::int64_t left = allowance_max - spent_on(on);
    is_allowance_ = left < cost_max;
    cost_max_ = is_allowance_ ? left : cost_max;
    cost_ = 0;
    is_exhausted_ = cost_max_ < 0;
    exhausted_at_ = no_node;
    exhausted_within_.clear();
  }
  /// `node` is what is being evaluated, of the program that runs.
  void charge(std::int64_t units, std::uint32_t node = no_node) {
    cost_ += units;
    if (cost_ > cost_max_) [[unlikely]] {
      exhaust(node);
    }
  }
  [[nodiscard]] std::int64_t cost() const { return cost_; }
  /// The budget or the memory is spent: everything unwinds with an error that nothing absorbs.
  [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }
  /// The first node that is named is kept: what unwinds names itself, the innermost first.
  [[gnu::cold]] void exhaust(std::uint32_t node = no_node);
  /// The budget was spent inside a variable: `where` leads to the place in it, and `node` is what
  /// refers to it.
  [[gnu::cold]] void exhausted_within(const std::string& where, std::uint32_t node);
  /// Where the budget was spent, in the program that runs; no_node when nothing said so.
  [[nodiscard]] std::uint32_t exhausted_at() const { return exhausted_at_; }
  /// What was spent, with the place in a variable when it was there.
  [[nodiscard]] std::string exhaustion_text() const;

  Value error(std::string_view message, std::uint32_t node);
  Value unknown(std::string_view path, std::uint32_t node);
  /// Of two values that are not both is_value(): unknown outranks error, paths are united.
  Value worse(Value a, Value b);
  /// A string in the arena.
  Value text(std::string_view characters, std::uint32_t node = no_node);
  Value bytes(std::string_view octets, std::uint32_t node = no_node);
  Value list(std::span<const Value> items, std::uint32_t node = no_node);
  /// An optional that holds the value, which MUST be is_value().
  Value optional(const Value& value);
  /// Entries in any order; an error when a key is no key or comes twice.
  Value map(std::vector<ValueEntry> entries, std::uint32_t node);

  std::vector<std::optional<Value>>& variables() { return variables_; }

  /// The compiled pattern, remembered while it stays the same; nullptr when it is malformed.
  const Regex* regex(std::string_view pattern);

 private:
  std::int64_t& spent_on(Spending what) { return spent_[static_cast<std::size_t>(what)]; }
  Value exhausted(std::uint32_t node = no_node);
  std::string_view keep(std::string_view text);

  const json::object& facts_;
  Arena arena_;
  std::int64_t cost_ = 0;
  std::int64_t cost_max_;
  std::array<std::int64_t, 2> spent_{};  // before the expression that runs
  Spending spending_ = Spending::judging;
  bool is_allowance_ = false;  // what bounds the cost now
  bool is_exhausted_ = false;
  std::uint32_t exhausted_at_ = no_node;
  std::string exhausted_within_;
  std::vector<std::optional<Value>> variables_;
  std::string last_pattern_;
  std::optional<Regex> last_regex_;
};

}  // namespace holdpoint::policy::cel
