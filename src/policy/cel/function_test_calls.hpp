// Calls single rows of the function table in tests: a name, arguments written as expressions, and
// what comes back as text. Every call is also held against the row's own worst case.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "policy/cel/functions.hpp"
#include "policy/cel/testing.hpp"
#include "policy/cel/value_set.hpp"

namespace holdpoint::policy::cel {

struct CallRow {
  std::string_view name;
  std::vector<std::string_view> arguments;
  std::string_view expected;
};

inline Extent extent_of(Extents& extents, const Value& value) {
  if (value.is(Kind::string) || value.is(Kind::bytes)) {
    return Extents::text({static_cast<std::int64_t>(value.as_text().size())});
  }
  if (value.is(Kind::optional)) {
    const Value* inner = value.as_optional();
    return extents.list({1}, inner == nullptr ? Extent{} : extent_of(extents, *inner));
  }
  if (!value.is(Kind::list) && !value.is(Kind::map)) return {};
  Extent element;
  for (std::size_t i = 0; i < value.count(); ++i) {
    const Value item = value.is(Kind::list) ? value.element(i) : value.value_at(i);
    element = extents.larger(element, extent_of(extents, item));
  }
  const Units count{static_cast<std::int64_t>(value.count())};
  if (value.is(Kind::list)) return extents.list(count, element);
  Units key_length;
  for (std::size_t i = 0; i < value.count(); ++i) {
    key_length = std::max(key_length, extent_of(extents, value.key_at(i)).length);
  }
  return extents.map(count, key_length, element);
}

inline bool fits(const Value& value, const Extent& extent) {
  if (walk_cost(value) > extent.weight.count) return false;
  if (value.is(Kind::string) || value.is(Kind::bytes)) {
    return static_cast<std::int64_t>(value.as_text().size()) <= extent.length.count;
  }
  if (value.is(Kind::optional)) {
    return value.as_optional() == nullptr || fits(*value.as_optional(), element_of(extent));
  }
  if (!value.is(Kind::list) && !value.is(Kind::map)) return true;
  if (static_cast<std::int64_t>(value.count()) > extent.length.count) return false;
  for (std::size_t i = 0; i < value.count(); ++i) {
    const Value item = value.is(Kind::list) ? value.element(i) : value.value_at(i);
    if (!fits(item, element_of(extent))) return false;
  }
  return true;
}

/// The row of that name, as a method where there is one.
inline const Function& row_of(std::string_view name) {
  const Function* method = find_function(name, Receiver::present);
  const Function* row = method == nullptr ? find_function(name, Receiver::absent) : method;
  REQUIRE_MESSAGE(row != nullptr, name);
  return *row;
}

/// Calls the row and checks that it stays within its worst case. The result refers to the session.
inline Value run_row(const Function& row, Session& session, std::span<const Value> arguments) {
  const Value result = row.run(Call{session, 0, arguments});
  Extents extents;
  std::vector<Extent> of_arguments;
  for (const Value& argument : arguments) of_arguments.push_back(extent_of(extents, argument));
  const Worst worst = row.worst == nullptr ? Worst{} : row.worst(extents, of_arguments);
  CHECK_MESSAGE((session.is_exhausted() || session.cost() <= worst.cost.count), row.name);
  CHECK_MESSAGE((!result.is_value() || fits(result, worst.result)), row.name);
  return result;
}

inline std::string called(std::string_view name, const std::vector<std::string_view>& arguments) {
  std::vector<Evaluation> evaluated;  // keeps what the values refer to
  std::vector<Program> programs;
  std::vector<Value> values;
  for (const std::string_view argument : arguments) {
    auto program = Program::compile(argument, test_schema());
    REQUIRE_MESSAGE(program.has_value(), argument);
    programs.push_back(std::move(*program));
    evaluated.push_back(programs.back().evaluate(test_facts()));
    REQUIRE_MESSAGE((evaluated.back().outcome == Evaluation::Outcome::value), argument);
    values.push_back(evaluated.back().value);
  }
  Session session(test_facts(), Limits{});
  const Value result = run_row(row_of(name), session, values);
  if (session.is_exhausted()) return "error: the limit of cost or memory is exceeded";
  if (result.is(Kind::error)) return "error: " + std::string(result.trouble().message);
  constexpr std::size_t shown_characters_max = 400;
  return text_of(result, shown_characters_max);
}

template <std::size_t count>
void check_calls(const CallRow (&rows)[count]) {
  for (const CallRow& row : rows) {
    INFO(row.name);
    for (const std::string_view argument : row.arguments) INFO(argument);
    const std::string found = called(row.name, row.arguments);
    if (row.expected.ends_with("*")) {
      const auto expected = row.expected.substr(0, row.expected.size() - 1);
      CHECK_MESSAGE(found.starts_with(expected), found);
    } else {
      CHECK(found == row.expected);
    }
  }
}

}  // namespace holdpoint::policy::cel
