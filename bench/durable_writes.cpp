// Audited durable writes over HTTP against the real server, beside SQLite alone writing the
// identical rows: the rows that the server left in its tables are written once more, in the same
// groups per command, by a plain group-committing program with the same schema and pragmas. The
// disk's own syncs per second stand beside both, because each commit waits for one.
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <thread>
#include <utility>
#include <variant>

#include "support/measure.hpp"
#include "support/server_process.hpp"

namespace holdpoint::bench {
namespace {

constexpr int kClientsMany = 64;

using Value = std::variant<std::monostate, std::int64_t, std::string, std::vector<char>>;
using RowValues = std::vector<Value>;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Database open_database(const std::string& path) {
  sqlite3* opened = nullptr;
  if (sqlite3_open(path.c_str(), &opened) != SQLITE_OK) broken("cannot open " + path);
  sqlite3_busy_timeout(opened, 10'000);
  return Database(opened);
}

void script(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    broken(sql + ": " + sqlite3_errmsg(database));
  }
}

Statement prepare(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    broken(sql + ": " + sqlite3_errmsg(database));
  }
  return Statement(statement);
}

Value value_at(sqlite3_stmt* row, int column) {
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER: return sqlite3_column_int64(row, column);
    case SQLITE_TEXT:
      return std::string(reinterpret_cast<const char*>(sqlite3_column_text(row, column)), size);
    case SQLITE_BLOB: {
      const char* const bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
      return std::vector<char>(bytes, bytes + size);
    }
    default: return std::monostate{};
  }
}

void bind_at(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, index, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  } else if (const auto* bytes = std::get_if<std::vector<char>>(&value)) {
    sqlite3_bind_blob64(statement, index, bytes->data(), bytes->size(), SQLITE_STATIC);
  } else {
    sqlite3_bind_null(statement, index);
  }
}

/// What one table received, in the order of arrival.
struct TableRows {
  std::string table;
  int columns = 0;
  std::vector<RowValues> rows;
};

/// The server's tables as they stand on disk, read from outside while it runs.
class ServerTables {
 public:
  explicit ServerTables(const std::string& path) : database_(open_database(path)) {
    each_row(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        " ORDER BY type DESC, name",
        [&](sqlite3_stmt* row) {
          const auto name = std::get<std::string>(value_at(row, 0));
          const auto sql = std::get<std::string>(value_at(row, 1));
          ddl_ += sql + ";";
          if (sql.starts_with("CREATE TABLE")) last_[name] = 0;
        });
    mark();
  }

  [[nodiscard]] const std::string& ddl() const { return ddl_; }

  /// What is there now is not counted.
  void mark() {
    for (auto& [table, last] : last_) {
      each_row("SELECT coalesce(max(rowid), 0) FROM " + table,
               [&](sqlite3_stmt* row) { last = sqlite3_column_int64(row, 0); });
    }
  }

  /// The rows since mark(), the head last and apart.
  std::vector<TableRows> take(RowValues& head) {
    std::vector<TableRows> all;
    for (const auto& [table, last] : last_) {
      TableRows found{table, 0, {}};
      each_row(
          "SELECT * FROM " + table + " WHERE rowid > " + std::to_string(last) + " ORDER BY rowid",
          [&](sqlite3_stmt* row) { found.rows.push_back(row_of(row, found.columns)); });
      if (!found.rows.empty()) all.push_back(std::move(found));
    }
    int columns = 0;
    each_row("SELECT * FROM ledger_head WHERE workspace = 'main'",
             [&](sqlite3_stmt* row) { head = row_of(row, columns); });
    return all;
  }

 private:
  static RowValues row_of(sqlite3_stmt* row, int& columns) {
    columns = sqlite3_column_count(row);
    RowValues values;
    for (int i = 0; i < columns; ++i) values.push_back(value_at(row, i));
    return values;
  }

  template <class OnRow>
  void each_row(const std::string& sql, OnRow&& on_row) {
    const auto statement = prepare(database_.get(), sql);
    while (sqlite3_step(statement.get()) == SQLITE_ROW) on_row(statement.get());
  }

  Database database_;
  std::string ddl_;
  std::map<std::string, std::int64_t> last_;
};

/// The peer: producers hand in the rows of a command and wait; one writer takes all that wait,
/// writes them and the head in one transaction, commits, and lets them go.
class RawWriter {
 public:
  RawWriter(const std::string& path, const std::string& ddl)
      : database_(open_database(path)), checkpoints_(open_database(path)) {
    script(database_.get(),
           "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
           "PRAGMA cache_size=-65536; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
           "PRAGMA wal_autocheckpoint=8000;");
    script(database_.get(), ddl);
    head_ = prepare(database_.get(), "INSERT OR REPLACE INTO ledger_head VALUES (?, ?, ?, ?, ?)");
  }

  /// Commands per second, with the latencies.
  LoadResult write(const std::vector<TableRows>& tables, const RowValues& head,
                   std::uint64_t commands, int producers) {
    std::vector<Statement> inserts;
    for (const TableRows& table : tables) inserts.push_back(insert_into(table));
    Queue queue;
    std::vector<std::thread> threads;
    std::vector<LoadResult> results(static_cast<std::size_t>(producers));
    std::atomic<std::uint64_t> next = 0;
    std::atomic<int> running = producers;
    const double start = now_s();
    for (LoadResult& result : results) {
      threads.emplace_back([&] {
        Producer self;
        while ((self.command = next.fetch_add(1)) < commands) {
          const double handed_in = now_s();
          queue.put(&self);
          self.done.acquire();
          result.latencies_ms.push_back((now_s() - handed_in) * 1e3);
        }
        --running;
        queue.put(nullptr);
      });
    }
    std::jthread checkpoints([this](const std::stop_token& stop) { checkpoint_often(stop); });
    while (running > 0) write_batch(queue.take(), tables, inserts, head, commands);
    LoadResult whole{.answers = commands, .seconds = now_s() - start, .latencies_ms = {}};
    for (std::thread& thread : threads) thread.join();
    for (const LoadResult& result : results) {
      whole.latencies_ms.insert(whole.latencies_ms.end(), result.latencies_ms.begin(),
                                result.latencies_ms.end());
    }
    return whole;
  }

 private:
  struct Producer {
    std::uint64_t command = 0;
    std::binary_semaphore done{0};
  };
  struct Queue {
    void put(Producer* producer) {
      {
        const std::lock_guard lock(mutex);
        waiting.push_back(producer);
      }
      wake.notify_one();
    }
    std::vector<Producer*> take() {
      std::unique_lock lock(mutex);
      wake.wait(lock, [this] { return !waiting.empty(); });
      return std::exchange(waiting, {});
    }
    std::mutex mutex;
    std::condition_variable wake;
    std::vector<Producer*> waiting;
  };

  Statement insert_into(const TableRows& table) {
    std::string places = "?";
    for (int i = 1; i < table.columns; ++i) places += ", ?";
    return prepare(database_.get(),
                   "INSERT OR REPLACE INTO " + table.table + " VALUES (" + places + ")");
  }

  void insert(sqlite3_stmt* statement, const RowValues& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      bind_at(statement, static_cast<int>(i) + 1, row[i]);
    }
    if (sqlite3_step(statement) != SQLITE_DONE) broken(sqlite3_errmsg(database_.get()));
    sqlite3_reset(statement);
  }

  void write_batch(const std::vector<Producer*>& batch, const std::vector<TableRows>& tables,
                   const std::vector<Statement>& inserts, const RowValues& head,
                   std::uint64_t commands) {
    script(database_.get(), "BEGIN IMMEDIATE");
    for (const Producer* producer : batch) {
      if (producer == nullptr) continue;
      for (std::size_t t = 0; t < tables.size(); ++t) {
        const auto& rows = tables[t].rows;
        const std::uint64_t from = producer->command * rows.size() / commands;
        const std::uint64_t to = (producer->command + 1) * rows.size() / commands;
        for (std::uint64_t i = from; i < to; ++i) insert(inserts[t].get(), rows[i]);
      }
    }
    insert(head_.get(), head);
    script(database_.get(), "COMMIT");
    for (Producer* producer : batch) {
      if (producer != nullptr) producer->done.release();
    }
  }

  /// As often as the server does.
  void checkpoint_often(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      for (int i = 0; i < 50 && !stop.stop_requested(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      sqlite3_wal_checkpoint_v2(checkpoints_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                                nullptr);
    }
  }

  Database database_;
  Database checkpoints_;
  Statement head_;
};

double syncs_per_second(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::vector<char> page(4096, 'x');
  double done = 0;
  const double start = now_s();
  while (now_s() - start < 0.5) {
    if (::write(fd, page.data(), page.size()) < 0 || ::fdatasync(fd) != 0) broken("cannot sync");
    ++done;
  }
  ::close(fd);
  ::unlink(path.c_str());
  return done / (now_s() - start);
}

/// A route that changes something, and the body of its nth request.
struct Route {
  std::string name;
  std::string target;
  std::string type;
  std::string (*body)(std::uint64_t n);
  int status_expected;
};

std::string application_body(std::uint64_t n) {
  return fmt::format(
      R"({{"apiVersion":"holdpoint/v1","kind":"Application","metadata":{{"name":"app-{}"}},)"
      R"("spec":{{"owners":["team:bench"],"criticality":"low"}}}})",
      n);
}

std::string release_body(std::uint64_t n) {
  return fmt::format(R"({{"application":"payments","version":"1.{}","commits":[],"artifacts":[]}})",
                     n);
}

struct Series {
  std::vector<double> per_second, p50_ms, p99_ms;
  void add(const LoadResult& result) {
    per_second.push_back(result.per_second());
    p50_ms.push_back(quantile(result.latencies_ms, 0.5));
    p99_ms.push_back(quantile(result.latencies_ms, 0.99));
  }
  [[nodiscard]] std::vector<std::string> cells(const std::string& name) const {
    return {name, number(median(per_second)), number(median(p50_ms)), number(median(p99_ms))};
  }
};

class Comparison {
 public:
  Comparison(const ServerProcess& server, Route route)
      : server_(server),
        route_(std::move(route)),
        tables_(server.database()),
        raw_(scratch_.path() + "/raw.db", tables_.ddl()) {}

  void round(int clients) {
    tables_.mark();
    LoadPlan plan{.port = server_.port(),
                  .connections = clients,
                  .seconds = option("HP_BENCH_SECONDS", 3) * 1.0,
                  .request = [this](std::uint64_t) { return request(++sent_); },
                  .status_expected = route_.status_expected};
    const LoadResult served = run_load(plan);
    RowValues head;
    const auto rows = tables_.take(head);
    syncs_.push_back(syncs_per_second(scratch_.path() + "/sync"));
    const LoadResult raw = raw_.write(rows, head, served.answers, clients);
    server_series_[clients].add(served);
    raw_series_[clients].add(raw);
    rows_per_write_ = 0;
    for (const TableRows& table : rows) {
      rows_per_write_ +=
          static_cast<double>(table.rows.size()) / static_cast<double>(served.answers);
    }
  }

  void print() const {
    Table table(
        "Durable writes: " + route_.name + fmt::format(", {:.1f} rows each", rows_per_write_),
        {"", "writes/s", "p50 ms", "p99 ms", "of raw"});
    for (const auto& [clients, served] : server_series_) {
      const Series& raw = raw_series_.at(clients);
      auto cells = served.cells(fmt::format("server, {} clients", clients));
      cells.push_back(
          fmt::format("{:.0f} %", 100 * median(served.per_second) / median(raw.per_second)));
      table.add(cells);
      cells = raw.cells(fmt::format("raw SQLite, {} producers", clients));
      cells.emplace_back("100 %");
      table.add(cells);
    }
    table.add({"syncs of the disk", number(median(syncs_)), "", "", ""});
    table.print();
  }

 private:
  std::string request(std::uint64_t n) const {
    return request_text("POST", route_.target,
                        fmt::format("{}Content-Type: {}\r\nIdempotency-Key: {}-{}\r\n",
                                    server_.fields(), route_.type, route_.name, n),
                        route_.body(n));
  }

  const ServerProcess& server_;
  const Route route_;
  Scratch scratch_;
  ServerTables tables_;
  RawWriter raw_;
  std::uint64_t sent_ = 0;
  std::map<int, Series> server_series_, raw_series_;
  double rows_per_write_ = 0;
  std::vector<double> syncs_;
};

int measure() {
  const ServerProcess server;
  server.ask("POST", "/api/v1/main/apply",
             R"({"apiVersion":"holdpoint/v1","kind":"Application","metadata":{"name":"payments"},)"
             R"("spec":{"owners":["team:bench"],"criticality":"low"}})",
             "application/yaml");
  std::vector<std::unique_ptr<Comparison>> all;
  all.push_back(std::make_unique<Comparison>(
      server, Route{"apply", "/api/v1/main/apply", "application/yaml", application_body, 200}));
  all.push_back(std::make_unique<Comparison>(
      server, Route{"release", "/api/v1/main/releases", "application/json", release_body, 201}));
  for (int round = 0; round < option("HP_BENCH_ROUNDS", 3); ++round) {
    for (const auto& one : all) {
      for (const int clients : {1, kClientsMany}) one->round(clients);
    }
  }
  for (const auto& one : all) one->print();
  return 0;
}

}  // namespace
}  // namespace holdpoint::bench

int main() { return holdpoint::bench::measure(); }
