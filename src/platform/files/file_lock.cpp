// See file_lock.hpp.
#include "platform/files/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace holdpoint::files {

Result<FileLock> FileLock::take(const std::string& path) {
  Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!descriptor.valid()) return system_fault("files.lock", path);
  if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) == 0) return FileLock(std::move(descriptor));
  if (errno != EWOULDBLOCK) return system_fault("files.lock", path);
  return fault(FaultKind::unavailable, "files.lock " + path,
               "another running server uses this; stop it, or give this one a place of its own");
}

}  // namespace holdpoint::files
