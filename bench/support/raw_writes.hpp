// The limit that durable writes are compared with: the rows that the server left in its tables are
// written once more, in the same groups per command, by a plain group-committing program with the
// same schema and pragmas. A row that the server replaced meanwhile is written once, as it stands.
#pragma once

#include <sqlite3.h>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "support/load.hpp"

namespace holdpoint::bench {

using Value = std::variant<std::monostate, std::int64_t, std::string, std::vector<char>>;
using RowValues = std::vector<Value>;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

/// What one table received, in the order of arrival.
struct TableRows {
  std::string table;
  int columns = 0;
  std::vector<RowValues> rows;
};

/// The server's tables as they stand on disk, read from outside while it runs.
class ServerTables {
 public:
  explicit ServerTables(const std::string& path);

  [[nodiscard]] const std::string& ddl() const { return ddl_; }
  /// What is there now is not counted.
  void mark();
  /// The rows since mark(), the head last and apart.
  std::vector<TableRows> take(RowValues& head);

 private:
  Database database_;
  std::string ddl_;
  std::map<std::string, std::int64_t> last_;
};

/// The peer: producers hand in the rows of a command and wait; one writer takes all that wait,
/// writes them and the head in one transaction, commits, and lets them go.
class RawWriter {
 public:
  RawWriter(const std::string& path, const std::string& ddl);

  /// Commands per second, with the latencies.
  LoadResult write(const std::vector<TableRows>& tables, const RowValues& head,
                   std::uint64_t commands, int producers);

 private:
  struct Producer {
    std::uint64_t command = 0;
    std::binary_semaphore done{0};
  };
  struct Queue {
    void put(Producer* producer);
    std::vector<Producer*> take();
    std::mutex mutex;
    std::condition_variable wake;
    std::vector<Producer*> waiting;
  };

  Statement insert_into(const TableRows& table);
  void insert(sqlite3_stmt* statement, const RowValues& row);
  void write_batch(const std::vector<Producer*>& batch, const std::vector<TableRows>& tables,
                   const std::vector<Statement>& inserts, const RowValues& head,
                   std::uint64_t commands);
  /// As often as the server does.
  void checkpoint_often(const std::stop_token& stop);

  Database database_;
  Database checkpoints_;
  Statement head_;
};

/// How often a second the disk of that file can sync.
double syncs_per_second(const std::string& path);

/// Rounds of one kind of load.
struct Series {
  std::vector<double> per_second, p50_ms, p99_ms;
  void add(const LoadResult& result);
  /// The name, writes per second, and the latencies.
  [[nodiscard]] std::vector<std::string> cells(const std::string& name) const;
};

}  // namespace holdpoint::bench
