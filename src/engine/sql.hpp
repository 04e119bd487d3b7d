// The SQL port: one writer connection and pooled readers over whichever database is beneath.
// One SQL text with $1…$n serves every database. Any failure of the store unwinds as StoreFailed to
// the sequencer or the request's net, because a transaction that met one cannot go on
// (docs/adr/0002).
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/digest.hpp"
#include "base/fault.hpp"
#include "base/ids.hpp"
#include "base/instant.hpp"

namespace holdpoint::engine {

/// `outside`: an object or a person's key failed, not the database. `damaged`: a row does not read
/// as what was written. In both cases what was attempted is undone, and the database goes on.
enum class StoreFailure : std::uint8_t {
  unique,
  constraint,
  busy,
  io,
  corrupt,
  full,
  outside,
  damaged,
  other
};

class StoreFailed : public std::exception {
 public:
  StoreFailed(StoreFailure failure, Fault fault)
      : failure_(failure), fault_(std::move(fault)), text_(fault_.text()) {}
  [[nodiscard]] StoreFailure failure() const { return failure_; }
  [[nodiscard]] const Fault& fault() const { return fault_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  StoreFailure failure_;
  Fault fault_;
  std::string text_;
};

/// What an object or a key gave. Throws StoreFailed (outside) when it gave a fault: within a unit
/// of work there is nothing to decide without it.
template <class T>
T must(Result<T> result) {
  if (!result) throw StoreFailed(StoreFailure::outside, std::move(result).error());
  return std::move(*result);
}

struct Blob {
  std::string_view bytes;
};

/// A bound value; views MUST outlive the call they are passed to.
using Arg = std::variant<std::monostate, std::int64_t, std::string_view, Blob>;

inline Arg arg(std::int64_t value) { return value; }
inline Arg arg(std::uint64_t value) { return static_cast<std::int64_t>(value); }
inline Arg arg(std::int32_t value) { return static_cast<std::int64_t>(value); }
inline Arg arg(std::uint32_t value) { return static_cast<std::int64_t>(value); }
inline Arg arg(bool value) { return static_cast<std::int64_t>(value); }
inline Arg arg(std::string_view value) { return value; }
inline Arg arg(const char* value) { return std::string_view(value); }
inline Arg arg(const std::string& value) { return std::string_view(value); }
inline Arg arg(Blob value) { return value; }
inline Arg arg(const Digest& value) { return Blob{value.view()}; }
inline Arg arg(Instant value) { return value.us; }
inline Arg arg(const Arg& value) { return value; }
template <class Tag>
Arg arg(const Id<Tag>& value) {
  return std::string_view(value.text());
}
template <class T>
Arg arg(const std::optional<T>& value) {
  return value ? arg(*value) : Arg{};
}

/// One result row; views live until the row callback returns.
class Row {
 public:
  [[nodiscard]] virtual int columns() const = 0;
  [[nodiscard]] virtual bool null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual std::string_view text(int column) const = 0;
  [[nodiscard]] virtual std::string_view blob(int column) const = 0;
  [[nodiscard]] virtual std::string_view column_name(int column) const = 0;
  /// The value as it can be bound again.
  [[nodiscard]] virtual Arg value(int column) const = 0;

 protected:
  ~Row() = default;
};

using OnRow = std::function<void(const Row&)>;

/// One connection; used by one thread at a time. Prepared statements are cached by their text.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Runs one statement, calls on_row for each row; returns the number of rows changed.
  virtual std::int64_t run(std::string_view sql, std::span<const Arg> args,
                           const OnRow& on_row) = 0;
  /// Runs a script of statements without parameters (schema, pragmas).
  virtual void script(const std::string& sql) = 0;

  template <class... A>
  std::int64_t exec(std::string_view sql, const A&... args) {
    const Arg bound[sizeof...(A) + 1]{arg(args)...};
    return run(sql, {bound, sizeof...(A)}, {});
  }
  template <class... A>
  std::int64_t query(std::string_view sql, const OnRow& on_row, const A&... args) {
    const Arg bound[sizeof...(A) + 1]{arg(args)...};
    return run(sql, {bound, sizeof...(A)}, on_row);
  }
  /// The first column of the first row as an integer, or nullopt when there is no row or it is
  /// null.
  template <class... A>
  std::optional<std::int64_t> integer(std::string_view sql, const A&... args) {
    std::optional<std::int64_t> result;
    query(
        sql,
        [&](const Row& row) {
          if (!result && !row.null(0)) result = row.integer(0);
        },
        args...);
    return result;
  }
  /// The same as text.
  template <class... A>
  std::optional<std::string> text(std::string_view sql, const A&... args) {
    std::optional<std::string> result;
    query(
        sql,
        [&](const Row& row) {
          if (!result && !row.null(0)) result = row.text(0);
        },
        args...);
    return result;
  }
};

/// A database: exactly one writer at a time, several readers on committed snapshots.
class Store {
 public:
  virtual ~Store() = default;
  /// The only writing connection. MUST be used by one thread at a time (the sequencer).
  virtual Connection& writer() = 0;
  /// A read-only connection, given back when the pointer dies; waits when all are taken.
  virtual std::shared_ptr<Connection> reader() = 0;
  /// Moves committed pages from the write-ahead log into the database without blocking writers.
  virtual void checkpoint() = 0;
};

}  // namespace holdpoint::engine
