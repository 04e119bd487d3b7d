// The operating system's files behind the seam of files.hpp, and what only they have: modes and
// descriptors.
#pragma once

#include <string>
#include <utility>

#include "base/fault.hpp"
#include "platform/files/files.hpp"

namespace holdpoint::files {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool valid() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

/// The system's files; one object serves the whole process.
Files& system_files();

/// The fault of the system call that has just failed, from errno.
std::unexpected<Fault> system_fault(const std::string& operation, const std::string& path);

/// Makes sure the file exists, with mode 0600 when it is new, and its name is durable.
Result<void> create_private_file(const std::string& path);

/// Fault invalid, saying what to do, when the group or the world may read or write the file.
Result<void> require_private_file(const std::string& path);

}  // namespace holdpoint::files
