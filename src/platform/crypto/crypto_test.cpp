// Keys, passwords and heads on a real disk: what is refused, and what survives.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/encoding.hpp"
#include "platform/crypto/heads.hpp"
#include "platform/crypto/keys.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/vault.hpp"
#include "support/crash_disk.hpp"
#include "support/scratch.hpp"
#include "support/seeded_random.hpp"

namespace holdpoint::crypto {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

std::string content_of(const std::string& path) {
  std::ostringstream all;
  all << std::ifstream(path, std::ios::binary).rdbuf();
  return all.str();
}

std::unique_ptr<Vault> opened(const std::string& directory, engine::Random& random) {
  auto vault = open_vault(directory, random);
  REQUIRE_MESSAGE(vault.has_value(), (vault ? "" : vault.error().text()));
  return std::move(*vault);
}

TEST_CASE("a seed is made once, is private, and is the same ever after") {
  test::Scratch scratch;
  test::SeededRandom random(1);
  const std::string path = scratch.path("signing.key");
  const auto made = load_or_create_seed(path, random);
  REQUIRE(made.has_value());
  CHECK(mode_of(path) == 0600);
  CHECK(content_of(path).size() == 65);
  CHECK(load_or_create_seed(path, random) == *made);
  CHECK(load_or_create_seed(scratch.path("other.key"), random) != *made);
}

TEST_CASE("a seed that others may read is refused with what to do") {
  test::Scratch scratch;
  test::SeededRandom random(1);
  const std::string path = scratch.path("signing.key");
  REQUIRE(load_or_create_seed(path, random).has_value());
  for (const ::mode_t mode : {0640U, 0604U, 0660U, 0666U}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    const auto refused = load_or_create_seed(path, random);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().what.find("chmod 600") != std::string::npos);
  }
}

TEST_CASE("a damaged seed is not used") {
  test::Scratch scratch;
  test::SeededRandom random(1);
  const std::string path = scratch.path("signing.key");
  for (const std::string& content :
       {std::string(), std::string(63, 'a'), std::string(66, 'a'), std::string(64, 'g'),
        std::string(5000, 'a'), std::string(62, 'a') + "\n"}) {
    std::ofstream(path, std::ios::trunc) << content;
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    CAPTURE(content.size());
    CHECK(load_or_create_seed(path, random).error().kind == FaultKind::corrupt);
  }
}

TEST_CASE("what was sealed opens after the vault was closed and opened again") {
  test::Scratch scratch;
  test::SeededRandom random(1);
  const auto sealed = opened(scratch.root(), random)->seal("ada", "Ada", "name");
  const auto index = opened(scratch.root(), random)->blind_index("mail", "a@b");
  const auto again = opened(scratch.root(), random);
  CHECK(again->open("ada", *sealed, "name") == "Ada");
  CHECK(again->blind_index("mail", "a@b") == index);
}

TEST_CASE("the vault's files are its owner's, and the database alone holds no key in the clear") {
  test::Scratch scratch;
  test::SeededRandom random(7);
  const auto vault = opened(scratch.root(), random);
  // The person's key is the next 32 bytes after the vault's own.
  test::SeededRandom same(7);
  std::array<std::uint8_t, 32> bytes{};
  same.fill(bytes);
  same.fill(bytes);
  REQUIRE(vault->seal("ada", "Ada", "name").has_value());
  const std::string key(bytes.begin(), bytes.end());
  CHECK(content_of(scratch.path("keys.db-wal")).find("ada") != std::string::npos);
  CHECK(content_of(scratch.path("keys.db-wal")).find(key) == std::string::npos);
  for (const char* name : {"keys.db", "keys.db-wal", "vault.key"}) {
    CHECK(mode_of(scratch.path(name)) == 0600);
  }
}

TEST_CASE("a destroyed key is gone from the database and its write-ahead log") {
  test::Scratch scratch;
  test::SeededRandom random(1);
  const auto vault = opened(scratch.root(), random);
  const std::string person = "ada";
  REQUIRE(vault->seal(person, "Ada", "name").has_value());
  const auto all = [&] {
    return content_of(scratch.path("keys.db")) + content_of(scratch.path("keys.db-wal"));
  };
  const std::string before = all();
  const auto at = before.find(person + '\x01');  // the row: person, then the sealed key
  REQUIRE(at != std::string::npos);
  const std::string sealed_key = before.substr(at + person.size(), 73);
  REQUIRE(vault->destroy(person).has_value());
  CHECK(all().find(sealed_key) == std::string::npos);
  CHECK(all().find(person) != std::string::npos);
}

TEST_CASE("a vault without its key file, or with another's, does not open") {
  test::Scratch scratch;
  test::Scratch other;
  test::SeededRandom random(1);
  static_cast<void>(opened(scratch.root(), random));
  static_cast<void>(opened(other.root(), random));
  std::filesystem::remove(scratch.path("vault.key"));
  const auto missing = open_vault(scratch.root(), random);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().kind == FaultKind::not_found);
  CHECK_FALSE(std::filesystem::exists(scratch.path("vault.key")));
  std::filesystem::copy(other.path("vault.key"), scratch.path("vault.key"));
  CHECK(open_vault(scratch.root(), random).error().kind == FaultKind::corrupt);
}

TEST_CASE("a password hash is argon2id with the cost asked for") {
  const auto passwords = argon2_passwords();
  REQUIRE(passwords.has_value());
  const auto hash = (*passwords)->hash("secret");
  REQUIRE(hash.has_value());
  CHECK(hash->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
}

TEST_CASE("a cost that cannot be met is a fault, not a weak hash") {
  CHECK_FALSE(argon2_passwords({.passes = 0, .memory_bytes = 1U << 20U}).has_value());
  CHECK_FALSE(argon2_passwords({.passes = 1, .memory_bytes = 1}).has_value());
}

TEST_CASE("a head that was saved is the old or the new one after a power loss, never torn") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    test::CrashDisk disk(seed);
    std::string last = "none";
    {
      const auto heads = open_heads(disk, "/heads");
      REQUIRE(heads.has_value());
      REQUIRE((*heads)->save("acme", last).has_value());
      disk.power_off_after(seed % 20);
      for (int i = 0; (*heads)->save("acme", std::string(600, 'h') + std::to_string(i)); ++i) {
        last = std::string(600, 'h') + std::to_string(i);
      }
    }
    disk.crash();
    const auto heads = open_heads(disk, "/heads");
    REQUIRE(heads.has_value());
    const auto loaded = (*heads)->load("acme");
    REQUIRE(loaded.has_value());
    REQUIRE(loaded->has_value());
    // The one being saved when the power went may be there already.
    CHECK(
        (**loaded == last || (loaded->value().size() == 601 && **loaded > last) || last == "none"));
  }
}

TEST_CASE("a head larger than one may be is refused") {
  test::CrashDisk disk(1);
  const auto heads = open_heads(disk, "/heads");
  CHECK((*heads)->save("acme", std::string(kHeadBytes_max + 1, 'x')).error().kind ==
        FaultKind::invalid);
}

}  // namespace
}  // namespace holdpoint::crypto
