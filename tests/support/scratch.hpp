// A directory of its own for a test, removed afterwards.
#pragma once

#include <string>

namespace holdpoint::test {

/// `memory` is a file system in memory where there is one: for tests that are not about the disk.
enum class ScratchPlace { disk, memory };

class Scratch {
 public:
  explicit Scratch(ScratchPlace place = ScratchPlace::disk);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::string& root() const { return root_; }
  [[nodiscard]] std::string path(const std::string& name) const { return root_ + "/" + name; }

 private:
  std::string root_;
};

}  // namespace holdpoint::test
