// The file operations whose order decides what survives a power loss.
#include "platform/files/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "platform/files/file_lock.hpp"
#include "platform/files/system_files.hpp"
#include "support/crash_disk.hpp"
#include "support/scratch.hpp"

namespace holdpoint::files {
namespace {

TEST_CASE("a file replaced is either old or new after a power loss, and new once acknowledged") {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    CAPTURE(seed);
    test::CrashDisk disk(seed);
    REQUIRE(replace_file(disk, "/head", "old").has_value());
    disk.power_off_after(seed % 8);
    const bool acknowledged = replace_file(disk, "/head", std::string(2000, 'n')).has_value();
    disk.crash();
    const auto content = read_file(disk, "/head", 4096);
    REQUIRE(content.has_value());
    const bool is_new = *content == std::string(2000, 'n');
    CHECK((is_new || *content == "old"));
    CHECK((is_new || !acknowledged));
    // What the crash left lying about does not hinder the next replacement.
    CHECK(replace_file(disk, "/head", "newer").has_value());
  }
}

TEST_CASE("a file longer than its bound is not read into memory") {
  test::Scratch scratch;
  REQUIRE(replace_file(system_files(), scratch.path("a"), std::string(100, 'a')).has_value());
  CHECK(read_file(system_files(), scratch.path("a"), 100)->size() == 100);
  CHECK(read_file(system_files(), scratch.path("a"), 99).error().kind == FaultKind::corrupt);
  CHECK(read_file(system_files(), scratch.path("b"), 99).error().kind == FaultKind::not_found);
}

TEST_CASE("a new file is its owner's only, and an existing one is not created again") {
  test::Scratch scratch;
  const std::string path = scratch.path("secret");
  REQUIRE(system_files().create(path).has_value());
  CHECK(system_files().create(path).error().kind == FaultKind::invalid);
  CHECK(require_private_file(path).has_value());
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  const auto open_to_group = require_private_file(path);
  REQUIRE_FALSE(open_to_group.has_value());
  CHECK(open_to_group.error().what.find("chmod 600") != std::string::npos);
}

TEST_CASE("a lock is held once and freed with its holder") {
  test::Scratch scratch;
  {
    const auto first = FileLock::take(scratch.path("lock"));
    REQUIRE(first.has_value());
    CHECK(FileLock::take(scratch.path("lock")).error().kind == FaultKind::unavailable);
  }
  CHECK(FileLock::take(scratch.path("lock")).has_value());
}

TEST_CASE("the directory of a path is its part before the last slash") {
  CHECK(directory_of("/a/b") == "/a");
  CHECK(directory_of("/a") == "/");
  CHECK(directory_of("a") == ".");
}

TEST_CASE("a directory where a file stands is a fault, and where one stands is none") {
  test::Scratch scratch;
  REQUIRE(system_files().create(scratch.path("file")).has_value());
  CHECK_FALSE(system_files().make_directory(scratch.path("file")).has_value());
  CHECK(system_files().make_directory(scratch.path("d")).has_value());
  CHECK(system_files().make_directory(scratch.path("d")).has_value());
  CHECK(*system_files().list(scratch.root()) == std::vector<std::string>{"d", "file"});
  CHECK(system_files().list(scratch.path("none")).error().kind == FaultKind::not_found);
}

}  // namespace
}  // namespace holdpoint::files
