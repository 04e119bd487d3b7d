// The SQL port over one SQLite file: a writer connection, a pool of readers, a connection for
// checkpoints. A lock on `<path>.lock` keeps a second server away from the same file, because two
// sequencers over one ledger would each believe to be the only one.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/fault.hpp"
#include "engine/sql.hpp"

namespace holdpoint::storage {

struct SqliteOptions {
  std::string path;
  std::size_t readers_max = 4;
  int reader_wait_ms_max = 5000;
  int busy_timeout_ms = 5000;
  int wal_autocheckpoint_pages = 8000;
  /// The SQLite VFS to use instead of the operating system's files. With one, neither lock nor
  /// file modes are set: they are that VFS's affair.
  std::string vfs;
};

/// Opens or creates the database: WAL, synchronous=FULL, foreign keys enforced, deleted content
/// overwritten, file mode 0600. Fault unavailable when another server holds it.
///
/// A reader stands in one read transaction from its lease to its return: everything it reads is
/// the one committed state of the moment of the lease. It MUST be given back soon, since the
/// write-ahead log cannot be recycled past it, and MUST NOT begin or end transactions. When all
/// readers stay taken for reader_wait_ms_max, reader() throws StoreFailed busy. A reader may
/// outlive the store.
Result<std::unique_ptr<engine::Store>> open_sqlite(const SqliteOptions& options);

}  // namespace holdpoint::storage
