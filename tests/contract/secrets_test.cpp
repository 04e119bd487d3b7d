// What vaults, heads, password hashers, clocks and random bytes promise: the real ones and the
// fakes.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>

#include <set>
#include <thread>

#include "platform/clock/system_clock.hpp"
#include "platform/crypto/heads.hpp"
#include "platform/crypto/password.hpp"
#include "platform/files/system_files.hpp"
#include "platform/random/system_random.hpp"
#include "support/crash_disk.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_heads.hpp"
#include "support/memory_vault.hpp"
#include "support/plain_passwords.hpp"
#include "support/scratch.hpp"
#include "support/seeded_random.hpp"

namespace holdpoint::test {
namespace {

template <class Body>
void on_each_vault(Body&& body) {
  SUBCASE("in keys.db") {
    const Scratch scratch;
    random::SystemRandom random;
    const auto vault = crypto::open_vault(scratch.root(), random);
    REQUIRE_MESSAGE(vault.has_value(), (vault ? "" : vault.error().text()));
    body(**vault);
  }
  SUBCASE("in memory") {
    SeededRandom random(1);
    MemoryVault vault(random);
    body(vault);
  }
}

TEST_CASE("what was sealed for a person opens for that person in that place only") {
  on_each_vault([](crypto::Vault& vault) {
    for (const std::string& plaintext :
         {std::string(), std::string("Ada"), std::string(9999, 'x')}) {
      const auto sealed = vault.seal("ada", plaintext, "name");
      REQUIRE(sealed.has_value());
      CHECK(vault.open("ada", *sealed, "name") == plaintext);
      CHECK(vault.open("ada", *sealed, "mail").error().kind == FaultKind::corrupt);
      REQUIRE(vault.seal("eve", "", "").has_value());
      CHECK(vault.open("eve", *sealed, "name").error().kind == FaultKind::corrupt);
    }
    CHECK(vault.open("nobody", "x", "name").error().kind == FaultKind::not_found);
  });
}

TEST_CASE("sealed bytes show nothing and bear no change") {
  on_each_vault([](crypto::Vault& vault) {
    const auto sealed = vault.seal("ada", "Ada Lovelace", "name");
    REQUIRE(sealed.has_value());
    CHECK(sealed->find("Lovelace") == std::string::npos);
    CHECK(vault.seal("ada", "Ada Lovelace", "name") != *sealed);
    for (std::size_t i = 0; i < sealed->size(); ++i) {
      std::string changed = *sealed;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      CHECK(vault.open("ada", changed, "name").error().kind == FaultKind::corrupt);
      CHECK(vault.open("ada", sealed->substr(0, i), "name").error().kind == FaultKind::corrupt);
    }
  });
}

TEST_CASE("a destroyed person's data never opens again, and nobody else's is touched") {
  on_each_vault([](crypto::Vault& vault) {
    const auto ada = vault.seal("ada", "Ada", "name");
    const auto eve = vault.seal("eve", "Eve", "name");
    CHECK(vault.destroy("ada").has_value());
    CHECK(vault.open("ada", *ada, "name").error().kind == FaultKind::not_found);
    CHECK(vault.seal("ada", "Ada", "name").error().kind == FaultKind::not_found);
    CHECK(vault.open("ada", *ada, "name").error().kind == FaultKind::not_found);
    CHECK(vault.open("eve", *eve, "name") == "Eve");
    CHECK(vault.destroy("ada").has_value());
    CHECK(vault.destroy("never-seen").has_value());
    CHECK(vault.seal("never-seen", "x", "").error().kind == FaultKind::not_found);
  });
}

TEST_CASE("a blind index is equal for equal values of one purpose") {
  on_each_vault([](crypto::Vault& vault) {
    CHECK(vault.blind_index("mail", "a@b") == vault.blind_index("mail", "a@b"));
    CHECK(vault.blind_index("mail", "a@b") != vault.blind_index("mail", "a@c"));
    CHECK(vault.blind_index("mail", "a@b") != vault.blind_index("phone", "a@b"));
    CHECK(vault.blind_index("ab", "c") != vault.blind_index("a", "bc"));
    CHECK(vault.blind_index("mail", "a@b") != sha256("a@b"));
  });
}

TEST_CASE("a vault serves several threads") {
  on_each_vault([](crypto::Vault& vault) {
    std::atomic<int> right = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          const std::string person = "p" + std::to_string(i);
          const auto sealed = vault.seal(person, person, "name");
          if (sealed && vault.open(person, *sealed, "name") == person) ++right;
        }
      });
    }
    threads.clear();
    CHECK(right == 100);
  });
}

template <class Body>
void on_each_keeper(Body&& body) {
  SUBCASE("on files") {
    const Scratch scratch;
    const auto heads = crypto::open_heads(files::system_files(), scratch.path("heads"));
    REQUIRE(heads.has_value());
    body(**heads);
  }
  SUBCASE("on the crashing disk") {
    CrashDisk disk(1);
    const auto heads = crypto::open_heads(disk, "/heads");
    REQUIRE(heads.has_value());
    body(**heads);
  }
  SUBCASE("in memory") {
    MemoryHeads heads;
    body(heads);
  }
}

TEST_CASE("the last head saved for a workspace is the one loaded") {
  on_each_keeper([](engine::HeadKeeper& heads) {
    CHECK_FALSE(heads.load("acme").value().has_value());
    CHECK(heads.save("acme", "one\n").has_value());
    CHECK(heads.save("other", "x").has_value());
    CHECK(heads.save("acme", "two, longer\n").has_value());
    CHECK(heads.load("acme").value() == "two, longer\n");
    CHECK(heads.load("other").value() == "x");
  });
}

TEST_CASE("a head is kept under the name of a workspace only") {
  on_each_keeper([](engine::HeadKeeper& heads) {
    for (const char* name : {"", "../x", "a/b", "A", "a.b", "a b", "\xC3\xA9"}) {
      CAPTURE(name);
      CHECK(heads.save(name, "x").error().kind == FaultKind::invalid);
      CHECK(heads.load(name).error().kind == FaultKind::invalid);
    }
    CHECK(heads.save(std::string(65, 'a'), "x").error().kind == FaultKind::invalid);
    CHECK(heads.save(std::string(64, 'a'), "x").has_value());
  });
}

template <class Body>
void on_each_hasher(Body&& body) {
  SUBCASE("argon2id") {
    const auto passwords =
        crypto::argon2_passwords({.passes = 1, .memory_bytes = std::size_t{1} << 20U});
    REQUIRE(passwords.has_value());
    body(**passwords);
  }
  SUBCASE("plain") {
    SeededRandom random(1);
    PlainPasswords passwords(random);
    body(passwords);
  }
}

TEST_CASE("a password is verified by its hash, and no other password is") {
  on_each_hasher([](engine::PasswordHasher& passwords) {
    const auto hash = passwords.hash("correct horse");
    REQUIRE(hash.has_value());
    CHECK(passwords.verify(*hash, "correct horse"));
    CHECK_FALSE(passwords.verify(*hash, "correct horsf"));
    CHECK_FALSE(passwords.verify(*hash, ""));
    CHECK(passwords.hash("correct horse") != *hash);
    CHECK(hash->find("horse") == std::string::npos);
  });
}

TEST_CASE("no password fits a hash that is absent or malformed") {
  on_each_hasher([](engine::PasswordHasher& passwords) {
    for (const std::string& hash : {std::string(), std::string("x"), std::string(5000, '$'),
                                    std::string("$argon2id$v=19$m=8,t=1,p=1$")}) {
      CHECK_FALSE(passwords.verify(hash, ""));
      CHECK_FALSE(passwords.verify(hash, "x"));
    }
  });
}

TEST_CASE("a password beyond the bound is refused when set and wrong when tried") {
  on_each_hasher([](engine::PasswordHasher& passwords) {
    const std::string longest(crypto::kPasswordBytes_max, 'p');
    const auto hash = passwords.hash(longest);
    REQUIRE(hash.has_value());
    CHECK(passwords.verify(*hash, longest));
    CHECK_FALSE(passwords.verify(*hash, longest + "p"));
    CHECK(passwords.hash(longest + "p").error().kind == FaultKind::invalid);
  });
}

TEST_CASE("time never goes backwards, in one thread or several") {
  const auto body = [](engine::Clock& clock) {
    std::atomic<int> backwards = 0;
    std::atomic<std::int64_t> seen_us = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 2000; ++i) {
          const std::int64_t before = seen_us.load();
          const std::int64_t us = clock.now().us;
          if (us < before) ++backwards;
          seen_us = us;
        }
      });
    }
    threads.clear();
    CHECK(backwards == 0);
  };
  SUBCASE("the system's") {
    clock::SystemClock clock;
    body(clock);
    CHECK(clock.now() > *Instant::parse("2024-01-01T00:00:00Z"));
    CHECK(clock.now() < *Instant::parse("2200-01-01T00:00:00Z"));
  }
  SUBCASE("the fake") {
    FakeClock clock({1'000'000});
    body(clock);
    clock.advance(Duration::hours(1));
    clock.set({5});
    CHECK(clock.now() == Instant{3'601'000'000});
  }
}

TEST_CASE("random bytes fill what they are given and do not repeat") {
  const auto body = [](engine::Random& random) {
    std::set<std::array<std::uint8_t, 16>> seen;
    for (int i = 0; i < 1000; ++i) {
      std::array<std::uint8_t, 16> bytes{};
      random.fill(bytes);
      seen.insert(bytes);
    }
    CHECK(seen.size() == 1000);
    std::array<int, 256> counts{};
    std::vector<std::uint8_t> many(100'003);
    random.fill(many);
    for (const std::uint8_t byte : many) ++counts[byte];
    CHECK(*std::ranges::min_element(counts) > 200);
    random.fill({});
  };
  SUBCASE("the system's") {
    random::SystemRandom random;
    body(random);
  }
  SUBCASE("seeded") {
    SeededRandom random(3);
    body(random);
    CHECK(SeededRandom(4).next() == SeededRandom(4).next());
    CHECK(SeededRandom(4).next() != SeededRandom(5).next());
  }
}

}  // namespace
}  // namespace holdpoint::test
