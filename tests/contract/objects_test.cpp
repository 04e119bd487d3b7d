// What every object store promises: on files, on the crashing disk, in memory.
#include <doctest/doctest.h>

#include <algorithm>

#include "platform/files/system_files.hpp"
#include "platform/objects/directory.hpp"
#include "support/crash_disk.hpp"
#include "support/memory_objects.hpp"
#include "support/scratch.hpp"

namespace holdpoint::test {
namespace {

using engine::ObjectStore;
using engine::StoredObject;

template <class Body>
void on_each(Body&& body) {
  SUBCASE("on files") {
    const Scratch scratch;
    const auto store = objects::open_directory(files::system_files(), scratch.path("objects"));
    REQUIRE(store.has_value());
    body(**store);
  }
  SUBCASE("on the crashing disk") {
    CrashDisk disk(1);
    const auto store = objects::open_directory(disk, "/objects");
    REQUIRE(store.has_value());
    body(**store);
  }
  SUBCASE("in memory") {
    MemoryObjects store;
    body(store);
  }
}

TEST_CASE("bytes are found under their SHA-256 and come back unchanged") {
  on_each([](ObjectStore& store) {
    for (const std::size_t size : {0U, 1U, 1000U, 3'000'000U}) {
      const std::string bytes(size, 'o');
      const auto stored = store.put(bytes);
      REQUIRE(stored.has_value());
      CHECK(stored->digest == sha256(bytes));
      CHECK(stored->size == size);
      CHECK(*store.exists(stored->digest));
      CHECK(store.read_all(stored->digest, size) == bytes);
    }
  });
}

TEST_CASE("an object arrives in pieces and leaves in pieces") {
  on_each([](ObjectStore& store) {
    const auto writer = store.create();
    REQUIRE(writer.has_value());
    for (const char* piece : {"one ", "", "two ", "three"}) {
      CHECK((*writer)->write(piece).has_value());
    }
    const auto stored = (*writer)->finish();
    REQUIRE(stored.has_value());
    const auto reader = store.open(stored->digest);
    REQUIRE(reader.has_value());
    CHECK((*reader)->size() == 13);
    std::string all;
    for (;;) {
      const auto piece = (*reader)->read(5);
      REQUIRE(piece.has_value());
      CHECK(piece->size() <= 5);
      if (piece->empty()) break;
      all += *piece;
    }
    CHECK(all == "one two three");
    CHECK((*reader)->read(5)->empty());
  });
}

TEST_CASE("an object that was not finished does not exist") {
  on_each([](ObjectStore& store) {
    {
      const auto writer = store.create();
      REQUIRE(writer.has_value());
      CHECK((*writer)->write("half").has_value());
    }
    CHECK_FALSE(*store.exists(sha256("half")));
    CHECK(store.open(sha256("half")).error().kind == FaultKind::not_found);
  });
}

TEST_CASE("the same bytes stored twice are one object") {
  on_each([](ObjectStore& store) {
    CHECK(store.put("same")->digest == store.put("same")->digest);
    int count = 0;
    CHECK(store.each([&](const StoredObject&) { ++count; }).has_value());
    CHECK(count == 1);
  });
}

TEST_CASE("objects stored in one go are found one by one, also those that were there") {
  on_each([](ObjectStore& store) {
    REQUIRE(store.put("there").has_value());
    const std::vector<std::string> all{"one", "there", "two", "one", ""};
    REQUIRE(store.put_all(all).has_value());
    for (const std::string& bytes : all) CHECK(store.read_all(sha256(bytes), 100) == bytes);
    int count = 0;
    CHECK(store.each([&](const StoredObject&) { ++count; }).has_value());
    CHECK(count == 4);
    CHECK(store.put_all({}).has_value());
  });
}

TEST_CASE("several objects are received at once without mixing") {
  on_each([](ObjectStore& store) {
    const auto one = store.create();
    const auto two = store.create();
    CHECK((*one)->write("1").has_value());
    CHECK((*two)->write("2").has_value());
    CHECK((*one)->write("1").has_value());
    CHECK((*two)->finish()->digest == sha256("2"));
    CHECK((*one)->finish()->digest == sha256("11"));
  });
}

TEST_CASE("an audit visits every object in ascending order of digests") {
  on_each([](ObjectStore& store) {
    std::vector<Digest> expected;
    for (int i = 0; i < 40; ++i) expected.push_back(store.put(std::to_string(i))->digest);
    std::ranges::sort(expected);
    std::vector<Digest> visited;
    CHECK(store
              .each([&](const StoredObject& object) {
                visited.push_back(object.digest);
                CHECK((object.size == 1 || object.size == 2));
              })
              .has_value());
    CHECK(visited == expected);
  });
}

TEST_CASE("an object larger than the caller's bound is not read into memory") {
  on_each([](ObjectStore& store) {
    const auto stored = store.put("four");
    CHECK(store.read_all(stored->digest, 3).error().kind == FaultKind::exhausted);
  });
}

}  // namespace
}  // namespace holdpoint::test
