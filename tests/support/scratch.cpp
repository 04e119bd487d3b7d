// See scratch.hpp.
#include "support/scratch.hpp"

#include <cstdlib>
#include <filesystem>

#include "base/assert.hpp"

namespace holdpoint::test {

Scratch::Scratch() : root_(std::filesystem::temp_directory_path() / "holdpoint-XXXXXX") {
  HP_ASSERT(::mkdtemp(root_.data()) != nullptr, "TS-1: the temporary directory can be written");
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

}  // namespace holdpoint::test
