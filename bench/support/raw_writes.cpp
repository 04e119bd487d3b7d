// See raw_writes.hpp.
#include "support/raw_writes.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <utility>

#include "support/measure.hpp"

namespace holdpoint::bench {
namespace {

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

RowValues row_of(sqlite3_stmt* row, int& columns) {
  columns = sqlite3_column_count(row);
  RowValues values;
  for (int i = 0; i < columns; ++i) values.push_back(value_at(row, i));
  return values;
}

template <class OnRow>
void each_row(sqlite3* database, const std::string& sql, OnRow&& on_row) {
  const auto statement = prepare(database, sql);
  while (sqlite3_step(statement.get()) == SQLITE_ROW) on_row(statement.get());
}

}  // namespace

ServerTables::ServerTables(const std::string& path) : database_(open_database(path)) {
  each_row(database_.get(),
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

void ServerTables::mark() {
  for (auto& [table, last] : last_) {
    each_row(database_.get(), "SELECT coalesce(max(rowid), 0) FROM " + table,
             [&](sqlite3_stmt* row) { last = sqlite3_column_int64(row, 0); });
  }
}

std::vector<TableRows> ServerTables::take(RowValues& head) {
  std::vector<TableRows> all;
  for (const auto& [table, last] : last_) {
    TableRows found{table, 0, {}};
    each_row(
        database_.get(),
        "SELECT * FROM " + table + " WHERE rowid > " + std::to_string(last) + " ORDER BY rowid",
        [&](sqlite3_stmt* row) { found.rows.push_back(row_of(row, found.columns)); });
    if (!found.rows.empty()) all.push_back(std::move(found));
  }
  int columns = 0;
  each_row(database_.get(), "SELECT * FROM ledger_head WHERE workspace = 'main'",
           [&](sqlite3_stmt* row) { head = row_of(row, columns); });
  return all;
}

RawWriter::RawWriter(const std::string& path, const std::string& ddl)
    : database_(open_database(path)), checkpoints_(open_database(path)) {
  script(database_.get(),
         "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
         "PRAGMA cache_size=-65536; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
         "PRAGMA wal_autocheckpoint=8000;");
  script(database_.get(), ddl);
  head_ = prepare(database_.get(), "INSERT OR REPLACE INTO ledger_head VALUES (?, ?, ?, ?, ?)");
}

LoadResult RawWriter::write(const std::vector<TableRows>& tables, const RowValues& head,
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

void RawWriter::Queue::put(Producer* producer) {
  {
    const std::lock_guard lock(mutex);
    waiting.push_back(producer);
  }
  wake.notify_one();
}

std::vector<RawWriter::Producer*> RawWriter::Queue::take() {
  std::unique_lock lock(mutex);
  wake.wait(lock, [this] { return !waiting.empty(); });
  return std::exchange(waiting, {});
}

Statement RawWriter::insert_into(const TableRows& table) {
  std::string places = "?";
  for (int i = 1; i < table.columns; ++i) places += ", ?";
  return prepare(database_.get(),
                 "INSERT OR REPLACE INTO " + table.table + " VALUES (" + places + ")");
}

void RawWriter::insert(sqlite3_stmt* statement, const RowValues& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    bind_at(statement, static_cast<int>(i) + 1, row[i]);
  }
  if (sqlite3_step(statement) != SQLITE_DONE) broken(sqlite3_errmsg(database_.get()));
  sqlite3_reset(statement);
}

void RawWriter::write_batch(const std::vector<Producer*>& batch,
                            const std::vector<TableRows>& tables,
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

void RawWriter::checkpoint_often(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    for (int i = 0; i < 50 && !stop.stop_requested(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    sqlite3_wal_checkpoint_v2(checkpoints_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                              nullptr);
  }
}

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

void Series::add(const LoadResult& result) {
  per_second.push_back(result.per_second());
  p50_ms.push_back(quantile(result.latencies_ms, 0.5));
  p99_ms.push_back(quantile(result.latencies_ms, 0.99));
}

std::vector<std::string> Series::cells(const std::string& name) const {
  return {name, number(median(per_second)), number(median(p50_ms)), number(median(p99_ms))};
}

}  // namespace holdpoint::bench
