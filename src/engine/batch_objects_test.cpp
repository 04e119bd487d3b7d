// The objects of a batch: seen by it at once, stored only with it.
#include "engine/batch_objects.hpp"

#include <doctest/doctest.h>

#include "support/memory_objects.hpp"

namespace holdpoint::engine {
namespace {

TEST_CASE("an object of a batch is read within the batch and stored only with it") {
  test::MemoryObjects beneath;
  BatchObjects batch(beneath);
  const auto stored = batch.put("verdict");
  REQUIRE(stored.has_value());
  CHECK(stored->digest == sha256("verdict"));
  CHECK(*batch.exists(stored->digest));
  CHECK(batch.read_all(stored->digest, 100) == "verdict");
  CHECK_FALSE(*beneath.exists(stored->digest));
  REQUIRE(batch.store().has_value());
  CHECK(beneath.read_all(stored->digest, 100) == "verdict");
  CHECK(batch.held() == 0);
  CHECK(batch.read_all(stored->digest, 100) == "verdict");
}

TEST_CASE("what an undone command put is never stored") {
  test::MemoryObjects beneath;
  BatchObjects batch(beneath);
  REQUIRE(batch.put("kept").has_value());
  const std::size_t before = batch.held();
  REQUIRE(batch.put("kept").has_value());
  REQUIRE(batch.put("undone").has_value());
  batch.forget_after(before);
  CHECK_FALSE(*batch.exists(sha256("undone")));
  REQUIRE(batch.store().has_value());
  CHECK(*beneath.exists(sha256("kept")));
  CHECK_FALSE(*beneath.exists(sha256("undone")));
}

TEST_CASE("an object too large to be held is stored at once, however it arrives") {
  test::MemoryObjects beneath;
  BatchObjects batch(beneath);
  const auto writer = batch.create();
  REQUIRE(writer.has_value());
  std::string all;
  for (int i = 0; i < 5; ++i) {
    const std::string piece(held_object_bytes_max / 4, static_cast<char>('a' + i));
    REQUIRE((*writer)->write(piece).has_value());
    all += piece;
  }
  const auto stored = (*writer)->finish();
  REQUIRE(stored.has_value());
  CHECK(stored->digest == sha256(all));
  CHECK(batch.held() == 0);
  CHECK(beneath.read_all(stored->digest, all.size()) == all);
}

TEST_CASE("a batch holds no more bytes than its bound, and loses none") {
  test::MemoryObjects beneath;
  BatchObjects batch(beneath);
  const std::size_t count = held_bytes_max / held_object_bytes_max + 3;
  for (std::size_t i = 0; i < count; ++i) {
    std::string bytes(held_object_bytes_max, 'x');
    bytes += std::to_string(i);
    bytes.erase(0, bytes.size() - held_object_bytes_max);
    REQUIRE(batch.put(bytes).has_value());
  }
  CHECK(batch.held() == held_bytes_max / held_object_bytes_max);
  REQUIRE(batch.store().has_value());
  std::size_t stored = 0;
  REQUIRE(batch.each([&](const StoredObject&) { ++stored; }).has_value());
  CHECK(stored == count);
}

}  // namespace
}  // namespace holdpoint::engine
