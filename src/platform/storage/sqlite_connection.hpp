// One SQLite connection behind the SQL port: `$n` parameters, a bounded cache of prepared
// statements keyed by their text, and every SQLite result code turned into a StoreFailure.
// sqlite3.h is included in the .cpp files of this folder only.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/sql.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace holdpoint::storage {

/// Prepared statements kept per connection; the least recently used one goes first.
inline constexpr std::size_t kStatements_max = 256;

enum class Role : std::uint8_t { writer, reader, checkpointer };

struct ConnectionOptions {
  std::string path;
  std::string vfs;  // empty: the operating system's files
  Role role = Role::reader;
  int busy_timeout_ms = 5000;
  int wal_autocheckpoint_pages = 8000;
};

class SqliteConnection final : public engine::Connection {
 public:
  /// Opens and configures; throws StoreFailed. The writer turns the database into WAL mode.
  explicit SqliteConnection(const ConnectionOptions& options);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  std::int64_t run(std::string_view sql, std::span<const engine::Arg> args,
                   const engine::OnRow& on_row) override;
  void script(const std::string& sql) override;

  /// Begins a read transaction and pins its snapshot now.
  void pin_snapshot();
  /// Ends it. False when the connection is not fit for use any more.
  [[nodiscard]] bool release_snapshot() noexcept;
  /// Moves pages from the write-ahead log as far as readers allow. Another checkpoint running at
  /// the same time does the same work: that is no failure.
  void checkpoint();

 private:
  struct Statement;
  struct CloseDatabase {
    void operator()(sqlite3* database) const noexcept;
  };
  struct Use;

  void configure(const ConnectionOptions& options);
  std::shared_ptr<Statement> prepare(std::string_view sql);
  std::shared_ptr<Statement> compile(std::string_view sql);
  void bind(Statement& statement, std::string_view sql, std::span<const engine::Arg> args);
  [[noreturn]] void fail(int code, std::string_view operation, std::string_view sql) const;

  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::list<std::shared_ptr<Statement>> recent_first_;
  // Keys are views of the statements' own texts.
  std::unordered_map<std::string_view, std::list<std::shared_ptr<Statement>>::iterator> cached_;
};

}  // namespace holdpoint::storage
