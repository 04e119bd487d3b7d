// A lock on a file that one process holds while it lives, so that two servers never work on the
// same data. The system frees it when the process ends, however it ends.
#pragma once

#include <string>

#include "base/fault.hpp"
#include "platform/files/system_files.hpp"

namespace holdpoint::files {

class FileLock {
 public:
  /// Creates the file if need be. Fault unavailable when the lock is held, by another process or
  /// by this one.
  static Result<FileLock> take(const std::string& path);

 private:
  explicit FileLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  Descriptor descriptor_;
};

}  // namespace holdpoint::files
