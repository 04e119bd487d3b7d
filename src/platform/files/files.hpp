// The few file operations whose order decides what survives a power loss: append, sync, rename,
// sync of a directory. Objects, heads and keys are written through this seam, so that a test can
// put a disk beneath them that loses every byte and every name nobody synced.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"

namespace holdpoint::files {

/// An open file: appended to after create(), read in order after open(). One thread at a time.
class File {
 public:
  virtual ~File() = default;
  virtual Result<void> append(std::string_view bytes) = 0;
  /// At most `bytes_max` bytes; empty at the end.
  virtual Result<std::string> read(std::size_t bytes_max) = 0;
  [[nodiscard]] virtual Result<std::uint64_t> size() const = 0;
  /// Makes the bytes durable, but not the file's name: that is sync_directory() of its directory.
  virtual Result<void> sync() = 0;
};

/// The file system that a directory is on.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// Makes durable every byte and every name that was written on it before, by anyone. Tells also
  /// of what failed since the last sync or, the first time, since it was opened: keep it open.
  virtual Result<void> sync() = 0;
};

/// Paths are taken as they are. Safe for use from several threads. Fault not_found when a path
/// named does not exist, exhausted when space, quota or descriptors ran out.
class Files {
 public:
  virtual ~Files() = default;
  /// A new file with mode 0600; Fault invalid when the path exists.
  virtual Result<std::unique_ptr<File>> create(const std::string& path) = 0;
  virtual Result<std::unique_ptr<File>> open(const std::string& path) = 0;
  [[nodiscard]] virtual Result<bool> exists(const std::string& path) = 0;
  /// Replaces `to` at once; both MUST be on one file system.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> remove(const std::string& path) = 0;
  /// One level, mode 0700; a directory that exists is left as it is.
  virtual Result<void> make_directory(const std::string& path) = 0;
  /// Makes durable which names the directory holds.
  virtual Result<void> sync_directory(const std::string& path) = 0;
  virtual Result<std::unique_ptr<FileSystem>> file_system_of(const std::string& directory) = 0;
  /// The names in a directory, ascending by bytes.
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
};

/// The directory part of a path; "." when it has none.
std::string directory_of(const std::string& path);

/// Puts `bytes` under `path`, durably, and so that a reader (also after a power loss) finds either
/// the old content or the new, never a mixture. MUST NOT be called for one path from two threads.
Result<void> replace_file(Files& files, const std::string& path, std::string_view bytes);

/// The whole content; Fault corrupt when longer than bytes_max.
Result<std::string> read_file(Files& files, const std::string& path, std::size_t bytes_max);

}  // namespace holdpoint::files
