// SQL columns from a description: one column per member, in declared order. Text-like members are
// TEXT, integers, instants and booleans BIGINT, everything composite canonical JSON in TEXT; an
// optional member may be NULL.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/describe.hpp"
#include "engine/sql.hpp"

namespace holdpoint::engine::columns {

template <class T>
inline constexpr bool kNumber = std::integral<T> || std::same_as<T, Instant>;
template <class T>
inline constexpr bool kText =
    std::same_as<T, std::string> || describe::Textual<T> || describe::Enum<T>;

template <class Member>
consteval const char* sql_type() {
  if constexpr (describe::Shape<Member>::optional) {
    return kNumber<typename describe::Shape<Member>::Element> ? "BIGINT" : "TEXT";
  } else {
    return kNumber<Member> ? "BIGINT NOT NULL" : "TEXT NOT NULL";
  }
}

template <describe::Struct T, class Visit>
void each_column(Visit&& visit) {
  boost::mp11::mp_for_each<describe::Members<T>>([&](auto member) {
    using Member = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
    visit(std::string_view(member.name), sql_type<Member>());
  });
}

/// "id TEXT NOT NULL, order BIGINT NOT NULL".
template <describe::Struct T>
std::string definitions() {
  std::string out;
  each_column<T>([&](std::string_view name, const char* type) {
    out += (out.empty() ? "" : ", ") + std::string(name) + " " + type;
  });
  return out;
}

/// "id, order".
template <describe::Struct T>
std::string names() {
  std::string out;
  each_column<T>([&](std::string_view name, const char*) {
    out += (out.empty() ? "" : ", ") + std::string(name);
  });
  return out;
}

template <describe::Struct T>
inline constexpr std::size_t count = boost::mp11::mp_size<describe::Members<T>>::value;

/// Bound values of a struct; holds the texts the values point to.
class Bound {
 public:
  template <describe::Struct T>
  void add_all(const T& value) {
    describe::each_member(value, [&](std::string_view, const auto& member) { add(member); });
  }
  template <class M>
  void add(const M& value) {
    if constexpr (describe::Shape<M>::optional) {
      if (value) {
        add(*value);
      } else {
        args_.emplace_back(std::monostate{});
      }
    } else if constexpr (std::same_as<M, Instant>) {
      args_.emplace_back(value.us);
    } else if constexpr (std::integral<M>) {
      args_.emplace_back(static_cast<std::int64_t>(value));
    } else if constexpr (std::convertible_to<const M&, std::string_view>) {
      args_.emplace_back(std::string_view(texts_.emplace_back(std::string_view(value))));
    } else if constexpr (describe::Textual<M>) {
      args_.emplace_back(std::string_view(texts_.emplace_back(value.text())));
    } else if constexpr (describe::Enum<M>) {
      args_.emplace_back(describe::enum_text(value));
    } else {
      args_.emplace_back(std::string_view(texts_.emplace_back(to_json_text(value))));
    }
  }
  [[nodiscard]] std::span<const Arg> args() const { return args_; }

 private:
  std::deque<std::string> texts_;
  std::vector<Arg> args_;
};

/// A stored value that is none of its type: somebody or something changed the database. Throws
/// StoreFailed (damaged), so that the request or command that needs the row fails and no other.
[[noreturn]] void damaged(const Row& row, int column);

/// The value of a parse, which MUST be of that column's text.
template <class T>
T intact(std::optional<T> parsed, const Row& row, int column) {
  if (!parsed) damaged(row, column);
  return std::move(*parsed);
}

template <std::integral M>
M integer_of(const Row& row, int column) {
  const Arg value = row.value(column);
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr ||
      !std::in_range<std::conditional_t<std::same_as<M, bool>, int, M>>(*number)) {
    damaged(row, column);
  }
  if (std::same_as<M, bool> && *number != 0 && *number != 1) damaged(row, column);
  return static_cast<M>(*number);
}

/// Throws StoreFailed (damaged) for a value that the description cannot have written: a damaged
/// state must never be read as the first one there is.
template <class M>
void read_column(const Row& row, int column, M& member) {
  if constexpr (describe::Shape<M>::optional) {
    if (row.null(column)) {
      member.reset();
    } else {
      read_column(row, column, member.emplace());
    }
  } else if constexpr (std::same_as<M, Instant>) {
    member.us = integer_of<std::int64_t>(row, column);
  } else if constexpr (std::integral<M>) {
    member = integer_of<M>(row, column);
  } else if constexpr (std::same_as<M, std::string>) {
    member = row.text(column);
  } else if constexpr (describe::Textual<M>) {
    member = intact(M::parse(row.text(column)), row, column);
  } else if constexpr (describe::Enum<M>) {
    member = intact(describe::enum_parse<M>(row.text(column)), row, column);
  } else {
    auto parsed = from_json_text<M>(row.text(column));
    if (!parsed) damaged(row, column);
    member = std::move(*parsed);
  }
}

/// Reads the members from consecutive columns that start at `first`.
template <describe::Struct T>
T read(const Row& row, int first = 0) {
  T value{};
  int column = first;
  describe::each_member(
      value, [&](std::string_view, auto& member) { read_column(row, column++, member); });
  return value;
}

/// A row of a list in the order of the ledger: `seq` is the entry that made it, and what a cursor
/// goes on after. Neither an id nor a time can be that, since one millisecond makes many.
template <class T>
struct Sequenced {
  std::int64_t seq = 0;
  T item;
};

/// From the columns names<T>() and, behind them, `seq`.
template <describe::Struct T>
Sequenced<T> read_sequenced(const Row& row) {
  return {integer_of<std::int64_t>(row, static_cast<int>(count<T>)), read<T>(row)};
}

/// Every row of a question that selects names<T>().
template <describe::Struct T, class... Args>
std::vector<T> all(Connection& tables, const std::string& sql, const Args&... args) {
  std::vector<T> found;
  tables.query(sql, [&](const Row& row) { found.push_back(read<T>(row)); }, args...);
  return found;
}

/// Its first row; nullopt without any.
template <describe::Struct T, class... Args>
std::optional<T> one(Connection& tables, const std::string& sql, const Args&... args) {
  auto found = all<T>(tables, sql, args...);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

/// Every row of a question that selects names<T>() and `seq`.
template <describe::Struct T, class... Args>
std::vector<Sequenced<T>> page(Connection& tables, const std::string& sql, const Args&... args) {
  std::vector<Sequenced<T>> rows;
  tables.query(sql, [&](const Row& row) { rows.push_back(read_sequenced<T>(row)); }, args...);
  return rows;
}

/// "$1, $2, …, $n".
std::string placeholders(std::size_t count);

}  // namespace holdpoint::engine::columns
