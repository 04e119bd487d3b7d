// See scratch.hpp.
#include "support/scratch.hpp"

#include <cstdlib>
#include <filesystem>

#include "base/assert.hpp"

namespace holdpoint::test {

namespace {

std::filesystem::path parent(ScratchPlace place) {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code none;
  const bool in_memory =
      place == ScratchPlace::memory && std::filesystem::is_directory(memory, none);
  return in_memory ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

Scratch::Scratch(ScratchPlace place) : root_(parent(place) / "holdpoint-XXXXXX") {
  HP_ASSERT(::mkdtemp(root_.data()) != nullptr, "TS-1: the temporary directory can be written");
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

}  // namespace holdpoint::test
