// SQLite on a CrashDisk: registers a VFS whose files, locks and shared memory are the disk's, so
// that a database can lose power at any operation and be opened again from what survived.
#pragma once

#include <memory>
#include <string>

#include "support/crash_disk.hpp"

namespace holdpoint::test {

class CrashVfs {
 public:
  /// The disk MUST outlive this, and this every connection opened by its name.
  explicit CrashVfs(CrashDisk& disk);
  ~CrashVfs();
  CrashVfs(const CrashVfs&) = delete;
  CrashVfs& operator=(const CrashVfs&) = delete;

  /// For storage::SqliteOptions::vfs.
  [[nodiscard]] const std::string& name() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace holdpoint::test
