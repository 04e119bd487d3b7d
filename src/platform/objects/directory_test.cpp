// Objects in a directory: named by digest, durable when stored, verified when read.
#include "platform/objects/directory.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/report_json.hpp"
#include "platform/files/system_files.hpp"
#include "support/crash_disk.hpp"
#include "support/scratch.hpp"

namespace holdpoint::objects {
namespace {

using engine::ObjectStore;
using engine::StoredObject;

std::unique_ptr<ObjectStore> opened(files::Files& files, const std::string& root) {
  auto store = open_directory(files, root);
  REQUIRE_MESSAGE(store.has_value(), (store ? "" : store.error().text()));
  return std::move(*store);
}

struct OnFiles {
  test::Scratch scratch;
  std::string root = scratch.path("objects");
  std::unique_ptr<ObjectStore> store = opened(files::system_files(), root);
  [[nodiscard]] std::string file(const Digest& digest) const {
    const std::string hex = digest.hex();
    return root + "/sha256/" + hex.substr(0, 2) + "/" + hex.substr(2, 2) + "/" + hex;
  }
};

unsigned mode_of(const std::string& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

TEST_CASE("an object lies under its digest and only its owner may read it") {
  OnFiles on;
  const auto stored = on.store->put("evidence");
  REQUIRE(stored.has_value());
  const std::string file = on.file(stored->digest);
  CHECK(std::filesystem::file_size(file) == 8);
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(std::filesystem::path(file).parent_path()) == 0700);
  CHECK(mode_of(on.root) == 0700);
  CHECK(std::filesystem::is_empty(on.root + "/incoming"));
}

TEST_CASE("what was left half received is removed when the store is opened") {
  OnFiles on;
  std::ofstream(on.root + "/incoming/12") << "half";
  on.store = opened(files::system_files(), on.root);
  CHECK(std::filesystem::is_empty(on.root + "/incoming"));
}

TEST_CASE("a changed byte is found before the last bytes are handed out") {
  OnFiles on;
  const auto stored = on.store->put(std::string(1000, 'e'));
  REQUIRE(stored.has_value());
  std::fstream(on.file(stored->digest), std::ios::in | std::ios::out).seekp(10).put('x');
  const auto reader = on.store->open(stored->digest);
  REQUIRE(reader.has_value());
  CHECK((*reader)->read(999).has_value());
  const auto last = (*reader)->read(1);
  REQUIRE_FALSE(last.has_value());
  CHECK(last.error().kind == FaultKind::corrupt);
}

TEST_CASE("a whole object has room behind it for what a parser adds, without being copied") {
  OnFiles on;
  const auto stored = on.store->put(std::string(3'000'000, 'e'));
  REQUIRE(stored.has_value());
  auto bytes = on.store->read_all(stored->digest, 4'000'000);
  REQUIRE(bytes.has_value());
  const char* const place = bytes->data();
  bytes->append(report_json_padding, '\0');
  CHECK(bytes->data() == place);
}

TEST_CASE("an object that became shorter or longer is corrupt, and is not stored over") {
  OnFiles on;
  const std::string bytes(1000, 'e');
  const auto stored = on.store->put(bytes);
  REQUIRE(stored.has_value());
  for (const std::size_t size : {std::size_t{10}, std::size_t{0}, std::size_t{1001}}) {
    CAPTURE(size);
    std::filesystem::resize_file(on.file(stored->digest), size);
    const auto read = on.store->read_all(stored->digest, 4096);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().kind == FaultKind::corrupt);
    const auto again = on.store->put(bytes);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().kind == FaultKind::corrupt);
  }
}

TEST_CASE("an object that shrinks while it is read is corrupt") {
  OnFiles on;
  const auto stored = on.store->put(std::string(1000, 'e'));
  REQUIRE(stored.has_value());
  const auto reader = on.store->open(stored->digest);
  REQUIRE(reader.has_value());
  CHECK((*reader)->read(100)->size() == 100);
  std::filesystem::resize_file(on.file(stored->digest), 500);
  CHECK((*reader)->read(1000)->size() == 400);
  CHECK((*reader)->read(1000).error().kind == FaultKind::corrupt);
}

TEST_CASE("an audit names a file that is no object") {
  OnFiles on;
  const auto stored = on.store->put("evidence");
  REQUIRE(stored.has_value());
  std::ofstream(on.file(stored->digest) + ".bak") << "x";
  const auto walked = on.store->each([](const StoredObject&) {});
  REQUIRE_FALSE(walked.has_value());
  CHECK(walked.error().text().find(".bak") != std::string::npos);
}

TEST_CASE("a full disk is a fault of its own, and the object is not there") {
  test::CrashDisk disk(1);
  const auto store = opened(disk, "/objects");
  const auto writer = store->create();
  REQUIRE(writer.has_value());
  disk.set_trouble(test::CrashDisk::Trouble::full);
  CHECK((*writer)->write("evidence").error().kind == FaultKind::exhausted);
  CHECK(store->create().error().kind == FaultKind::exhausted);
  disk.set_trouble(test::CrashDisk::Trouble::none);
  CHECK_FALSE(*store->exists(sha256("evidence")));
}

TEST_CASE("an object whose sync failed is not reported as stored") {
  test::CrashDisk disk(1);
  const auto store = opened(disk, "/objects");
  disk.set_trouble(test::CrashDisk::Trouble::syncs_fail);
  CHECK(store->put("evidence").error().kind == FaultKind::io);
}

TEST_CASE("no power loss loses a stored object, and none appears in part") {
  int kept = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    test::CrashDisk disk(seed);
    test::SeededRandom random(seed);
    std::vector<StoredObject> acknowledged;
    for (int crash = 0; crash < 4; ++crash) {
      disk.power_off_after(random.below(90));
      if (auto store = open_directory(disk, "/objects")) {
        for (;;) {
          const std::string bytes(random.below(3000), static_cast<char>(random.below(256)));
          const auto stored = (*store)->put(bytes);
          if (!stored) break;
          acknowledged.push_back(*stored);
        }
      }
      disk.crash();
    }
    const auto store = opened(disk, "/objects");
    for (const StoredObject& object : acknowledged) {
      const auto bytes = store->read_all(object.digest, 4096);
      REQUIRE_MESSAGE(bytes.has_value(), (bytes ? "" : bytes.error().text()));
      CHECK(bytes->size() == object.size);
      ++kept;
    }
    CHECK(store
              ->each([&](const StoredObject& object) {
                CHECK(store->read_all(object.digest, 4096).has_value());
              })
              .has_value());
  }
  CHECK(kept > 1000);
}

TEST_CASE("no power loss loses an object that was stored with others, and none appears in part") {
  int kept = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    test::CrashDisk disk(seed);
    test::SeededRandom random(seed);
    std::vector<std::string> acknowledged;
    for (int crash = 0; crash < 4; ++crash) {
      disk.power_off_after(random.below(90));
      if (auto store = open_directory(disk, "/objects")) {
        for (;;) {
          std::vector<std::string> group;
          for (std::uint64_t i = random.below(6); i-- > 0;) {
            group.emplace_back(random.below(3000), static_cast<char>(random.below(256)));
          }
          if (group.empty()) group.emplace_back("never none");
          if (!(*store)->put_all(group)) break;
          acknowledged.insert(acknowledged.end(), group.begin(), group.end());
        }
      }
      disk.crash();
    }
    const auto store = opened(disk, "/objects");
    for (const std::string& bytes : acknowledged) {
      CHECK(store->read_all(sha256(bytes), 4096) == bytes);
      ++kept;
    }
    CHECK(store
              ->each([&](const StoredObject& object) {
                CHECK(store->read_all(object.digest, 4096).has_value());
              })
              .has_value());
  }
  CHECK(kept > 1000);
}

TEST_CASE("objects whose common sync failed are not reported as stored") {
  test::CrashDisk disk(1);
  const auto store = opened(disk, "/objects");
  disk.set_trouble(test::CrashDisk::Trouble::syncs_fail);
  const std::vector<std::string> group{"one", "two"};
  CHECK(store->put_all(group).error().kind == FaultKind::io);
}

TEST_CASE("two threads that store the same bytes make one object, durable for both") {
  OnFiles on;
  std::vector<std::jthread> threads;
  std::atomic<int> stored = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) stored += on.store->put(std::to_string(n)).has_value() ? 1 : 0;
    });
  }
  threads.clear();
  CHECK(stored == 200);
  int objects = 0;
  CHECK(on.store->each([&](const StoredObject&) { ++objects; }).has_value());
  CHECK(objects == 50);
}

}  // namespace
}  // namespace holdpoint::objects
