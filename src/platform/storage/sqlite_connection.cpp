// See sqlite_connection.hpp.
#include "platform/storage/sqlite_connection.hpp"

#include <sqlite3.h>

#include <charconv>
#include <optional>

#include "base/assert.hpp"

namespace holdpoint::storage {

using engine::Arg;
using engine::Blob;
using engine::StoreFailed;
using engine::StoreFailure;

namespace {

constexpr std::size_t kSqlShown_max = 120;  // in a fault's text
constexpr int kParameters_max = 1000;       // per statement

StoreFailure failure_of(int extended_code) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return StoreFailure::unique;
    default: break;
  }
  switch (extended_code & 0xff) {
    case SQLITE_CONSTRAINT: return StoreFailure::constraint;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return StoreFailure::busy;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL: return StoreFailure::io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return StoreFailure::corrupt;
    case SQLITE_FULL: return StoreFailure::full;
    default: return StoreFailure::other;
  }
}

FaultKind kind_of(StoreFailure failure) {
  switch (failure) {
    case StoreFailure::busy: return FaultKind::unavailable;
    case StoreFailure::io: return FaultKind::io;
    case StoreFailure::corrupt:
    case StoreFailure::damaged: return FaultKind::corrupt;
    case StoreFailure::full: return FaultKind::exhausted;
    case StoreFailure::unique:
    case StoreFailure::constraint:
    case StoreFailure::outside:
    case StoreFailure::other: return FaultKind::invalid;
  }
  return FaultKind::invalid;
}

[[noreturn]] void refuse(std::string_view sql, std::string what) {
  throw StoreFailed(
      StoreFailure::other,
      Fault{FaultKind::invalid, "storage.run " + std::string(sql.substr(0, kSqlShown_max)),
            std::move(what)});
}

class StatementRow final : public engine::Row {
 public:
  StatementRow(sqlite3_stmt* statement, std::string_view sql) : statement_(statement), sql_(sql) {}
  ~StatementRow() = default;

  [[nodiscard]] int columns() const override { return sqlite3_column_count(statement_); }
  [[nodiscard]] bool null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  [[nodiscard]] std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  [[nodiscard]] std::string_view text(int column) const override {
    const auto* bytes = sqlite3_column_text(statement_, column);
    return view(reinterpret_cast<const char*>(bytes), column);
  }
  [[nodiscard]] std::string_view blob(int column) const override {
    return view(static_cast<const char*>(sqlite3_column_blob(statement_, column)), column);
  }
  [[nodiscard]] std::string_view column_name(int column) const override {
    const char* name = sqlite3_column_name(statement_, column);
    return name != nullptr ? name : "";
  }
  [[nodiscard]] Arg value(int column) const override {
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_NULL: return std::monostate{};
      case SQLITE_INTEGER: return integer(column);
      case SQLITE_BLOB: return Blob{blob(column)};
      case SQLITE_TEXT: return text(column);
      default: refuse(sql_, "a column holds a floating-point number, which no table of ours may");
    }
  }

 private:
  [[nodiscard]] std::string_view view(const char* bytes, int column) const {
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  sqlite3_stmt* statement_;
  std::string_view sql_;
};

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

/// Which argument (from 0) each of the statement's parameters takes.
std::vector<std::size_t> argument_places(sqlite3_stmt* statement, std::string_view sql) {
  const int count = sqlite3_bind_parameter_count(statement);
  if (count > kParameters_max) refuse(sql, "more parameters than a statement may have");
  std::vector<std::size_t> places;
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement, i);
    const std::string_view text = name != nullptr ? name : "";
    std::size_t number = 0;
    if (text.size() >= 2 && text[0] == '$') {
      const auto parsed = std::from_chars(text.data() + 1, text.data() + text.size(), number);
      if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) number = 0;
    }
    if (number == 0) refuse(sql, "parameters are written $1, $2, …");
    places.push_back(number - 1);
  }
  return places;
}

int bind_one(sqlite3_stmt* statement, int index, const Arg& arg) {
  if (const auto* number = std::get_if<std::int64_t>(&arg)) {
    return sqlite3_bind_int64(statement, index, *number);
  }
  if (const auto* text = std::get_if<std::string_view>(&arg)) {
    return sqlite3_bind_text64(statement, index, text->empty() ? "" : text->data(), text->size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  }
  if (const auto* blob = std::get_if<Blob>(&arg)) {
    return sqlite3_bind_blob64(statement, index, blob->bytes.empty() ? "" : blob->bytes.data(),
                               blob->bytes.size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, index);
}

}  // namespace

struct SqliteConnection::Statement {
  std::string sql;
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> handle;
  std::vector<std::size_t> places;
  bool running = false;
};

/// Marks a statement as running; afterwards resets it, so that it holds no lock and no view.
struct SqliteConnection::Use {
  explicit Use(Statement& used) : statement(used) { statement.running = true; }
  ~Use() {
    sqlite3_reset(statement.handle.get());
    sqlite3_clear_bindings(statement.handle.get());
    statement.running = false;
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  Statement& statement;
};

void SqliteConnection::CloseDatabase::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

SqliteConnection::SqliteConnection(const ConnectionOptions& options) {
  sqlite3* opened = nullptr;
  const int create = options.role == Role::writer ? SQLITE_OPEN_CREATE : 0;
  const int code =
      sqlite3_open_v2(options.path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | create,
                      options.vfs.empty() ? nullptr : options.vfs.c_str());
  database_.reset(opened);
  if (code != SQLITE_OK) fail(code, "storage.open " + options.path, "");
  configure(options);
}

SqliteConnection::~SqliteConnection() {
  cached_.clear();
  recent_first_.clear();
}

void SqliteConnection::configure(const ConnectionOptions& options) {
  const auto expect = [&](int code) {
    if (code != SQLITE_OK) fail(code, "storage.configure " + options.path, "");
  };
  sqlite3* const database = database_.get();
  expect(sqlite3_busy_timeout(database, options.busy_timeout_ms));
  expect(sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr));
  expect(sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr));
  if (options.role == Role::writer) {
    if (text("PRAGMA journal_mode=WAL") != "wal") {
      refuse("PRAGMA journal_mode=WAL", "the database cannot use a write-ahead log");
    }
    script("PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-65536;");
    expect(sqlite3_wal_autocheckpoint(database, options.wal_autocheckpoint_pages));
  }
  if (options.role == Role::reader) script("PRAGMA query_only=ON; PRAGMA cache_size=-16384;");
  script("PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;");
}

std::int64_t SqliteConnection::run(std::string_view sql, std::span<const Arg> args,
                                   const engine::OnRow& on_row) {
  const std::shared_ptr<Statement> statement = prepare(sql);
  const Use use(*statement);
  bind(*statement, sql, args);
  const auto changes_before = sqlite3_total_changes64(database_.get());
  const StatementRow row(statement->handle.get(), sql);
  for (;;) {
    const int code = sqlite3_step(statement->handle.get());
    if (code == SQLITE_DONE) break;
    if (code != SQLITE_ROW) fail(code, "storage.run", sql);
    if (on_row) on_row(row);
  }
  const bool changed = sqlite3_total_changes64(database_.get()) != changes_before;
  return changed ? sqlite3_changes64(database_.get()) : 0;
}

void SqliteConnection::script(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, "storage.script", sql);
}

void SqliteConnection::pin_snapshot() {
  exec("BEGIN");
  exec("SELECT 1 FROM sqlite_schema LIMIT 1");
}

bool SqliteConnection::release_snapshot() noexcept {
  if (sqlite3_get_autocommit(database_.get()) != 0) return true;
  try {
    exec("ROLLBACK");
    return true;
  } catch (const StoreFailed&) {
    return false;
  }
}

void SqliteConnection::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             nullptr, nullptr);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) fail(code, "storage.checkpoint", "");
}

std::shared_ptr<SqliteConnection::Statement> SqliteConnection::prepare(std::string_view sql) {
  const auto found = cached_.find(sql);
  if (found != cached_.end()) {
    recent_first_.splice(recent_first_.begin(), recent_first_, found->second);
    // A row callback may run the very statement whose rows it is given.
    return (*found->second)->running ? compile(sql) : *found->second;
  }
  auto statement = compile(sql);
  recent_first_.push_front(statement);
  cached_.emplace(statement->sql, recent_first_.begin());
  if (recent_first_.size() > kStatements_max) {
    // A running statement lives on by its caller's pointer.
    cached_.erase(recent_first_.back()->sql);
    recent_first_.pop_back();
  }
  return statement;
}

std::shared_ptr<SqliteConnection::Statement> SqliteConnection::compile(std::string_view sql) {
  auto statement = std::make_shared<Statement>();
  statement->sql = sql;
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), statement->sql.data(),
                                      static_cast<int>(statement->sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, &rest);
  if (code != SQLITE_OK) fail(code, "storage.prepare", sql);
  statement->handle.reset(handle);
  const char* const end = statement->sql.data() + statement->sql.size();
  if (handle == nullptr ||
      std::string_view(rest, static_cast<std::size_t>(end - rest)).find_first_not_of(" \n\t;") !=
          std::string_view::npos) {
    refuse(sql, "run() takes exactly one statement");
  }
  statement->places = argument_places(handle, sql);
  return statement;
}

void SqliteConnection::bind(Statement& statement, std::string_view sql, std::span<const Arg> args) {
  std::size_t expected = 0;
  for (std::size_t i = 0; i < statement.places.size(); ++i) {
    const std::size_t place = statement.places[i];
    expected = std::max(expected, place + 1);
    if (place >= args.size()) refuse(sql, "fewer arguments than parameters");
    const int code = bind_one(statement.handle.get(), static_cast<int>(i) + 1, args[place]);
    if (code != SQLITE_OK) fail(code, "storage.bind", sql);
  }
  if (expected != args.size()) refuse(sql, "more arguments than parameters");
}

void SqliteConnection::fail(int code, std::string_view operation, std::string_view sql) const {
  const StoreFailure failure = failure_of(code);
  std::string where(operation);
  if (!sql.empty()) (where += ' ') += sql.substr(0, kSqlShown_max);
  std::string what = database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code);
  what += " (SQLite " + std::to_string(code) + ")";
  throw StoreFailed(failure, Fault{kind_of(failure), std::move(where), std::move(what)});
}

}  // namespace holdpoint::storage
