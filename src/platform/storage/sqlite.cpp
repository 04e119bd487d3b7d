// See sqlite.hpp.
#include "platform/storage/sqlite.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "platform/files/file_lock.hpp"
#include "platform/files/system_files.hpp"
#include "platform/storage/sqlite_connection.hpp"

namespace holdpoint::storage {

using engine::Connection;
using engine::StoreFailed;
using engine::StoreFailure;

namespace {

/// Readers opened on demand up to the bound and kept afterwards; the last one used goes out first,
/// because its pages are warm.
class ReaderPool : public std::enable_shared_from_this<ReaderPool> {
 public:
  ReaderPool(ConnectionOptions options, std::size_t readers_max, int wait_ms_max)
      : options_(std::move(options)), readers_max_(readers_max), wait_ms_max_(wait_ms_max) {}

  std::shared_ptr<Connection> lease() {
    std::unique_ptr<SqliteConnection> connection = take();
    try {
      if (!connection) connection = std::make_unique<SqliteConnection>(options_);
      connection->pin_snapshot();
    } catch (...) {
      give_back(nullptr);
      throw;
    }
    return {connection.release(), [pool = shared_from_this()](SqliteConnection* used) {
              std::unique_ptr<SqliteConnection> returned(used);
              if (!returned->release_snapshot()) returned.reset();
              pool->give_back(std::move(returned));
            }};
  }

 private:
  /// A connection, or null for the right to open one.
  std::unique_ptr<SqliteConnection> take() {
    std::unique_lock lock(mutex_);
    const auto may_go = [&] { return taken_ < readers_max_; };
    if (!returned_.wait_for(lock, std::chrono::milliseconds(wait_ms_max_), may_go)) {
      throw StoreFailed(StoreFailure::busy,
                        Fault{FaultKind::unavailable, "storage.reader",
                              "all " + std::to_string(readers_max_) + " readers stayed taken for " +
                                  std::to_string(wait_ms_max_) + " ms"});
    }
    ++taken_;
    if (idle_.empty()) return nullptr;
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  void give_back(std::unique_ptr<SqliteConnection> connection) {
    {
      const std::scoped_lock lock(mutex_);
      --taken_;
      if (connection) idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
  }

  const ConnectionOptions options_;
  const std::size_t readers_max_;
  const int wait_ms_max_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_;
  std::size_t taken_ = 0;
};

class SqliteStore final : public engine::Store {
 public:
  SqliteStore(const SqliteOptions& options, std::optional<files::FileLock> lock)
      : lock_(std::move(lock)),
        writer_(connection_options(options, Role::writer)),
        checkpointer_(connection_options(options, Role::checkpointer)),
        readers_(std::make_shared<ReaderPool>(connection_options(options, Role::reader),
                                              options.readers_max, options.reader_wait_ms_max)) {}

  Connection& writer() override { return writer_; }
  std::shared_ptr<Connection> reader() override { return readers_->lease(); }
  void checkpoint() override {
    const std::scoped_lock lock(checkpoint_mutex_);
    checkpointer_.checkpoint();
  }

 private:
  static ConnectionOptions connection_options(const SqliteOptions& options, Role role) {
    return {options.path, options.vfs, role, options.busy_timeout_ms,
            options.wal_autocheckpoint_pages};
  }
  std::optional<files::FileLock> lock_;
  SqliteConnection writer_;
  std::mutex checkpoint_mutex_;
  SqliteConnection checkpointer_;
  std::shared_ptr<ReaderPool> readers_;
};

}  // namespace

Result<std::unique_ptr<engine::Store>> open_sqlite(const SqliteOptions& options) {
  std::optional<files::FileLock> lock;
  if (options.vfs.empty()) {
    HP_TRY(lock, files::FileLock::take(options.path + ".lock"));
    HP_TRY_VOID(files::create_private_file(options.path));
  }
  try {
    return std::make_unique<SqliteStore>(options, std::move(lock));
  } catch (const StoreFailed& failed) {
    return std::unexpected(failed.fault());
  }
}

}  // namespace holdpoint::storage
