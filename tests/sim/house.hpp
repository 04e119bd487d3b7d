// The whole server in one thread: every module and route as they are put together for real, on a
// disk that can lose power, a clock that stands still and a seeded source of randomness.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/http/message.hpp"
#include "support/crash_vfs.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_heads.hpp"
#include "support/memory_objects.hpp"
#include "support/memory_vault.hpp"
#include "support/seeded_random.hpp"

namespace holdpoint::sim {

/// What everybody proves to be who they are with.
inline constexpr std::string_view kPassword = "the right one";

struct Ask {
  std::string method;
  std::string target;
  std::string body{};
  std::string idempotency_key{};
  std::string actor = "per_simulant";  // a person, or by the form of the id a service account
};

struct Said {
  int status = 0;
  std::string body;
  bool replayed = false;
  /// Neither yes nor no: the server failed before it could tell.
  [[nodiscard]] bool unknown() const { return status >= 500; }
};

/// What outlives a power loss: the disk, the objects, the keys and the kept heads.
struct Ground {
  explicit Ground(std::uint64_t seed)
      : disk(seed), vfs(disk), random(seed * 2 + 1), clock(Instant{1'795'500'000'000'000}) {}
  test::CrashDisk disk;
  test::CrashVfs vfs;
  test::SeededRandom random;
  test::FakeClock clock;
  test::MemoryObjects objects;
  test::MemoryVault vault{random};
  test::MemoryHeads heads;
};

class House {
 public:
  /// Opens the server; a text says why it would not.
  static std::pair<std::unique_ptr<House>, std::string> open(Ground& ground);
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  /// One request, alone in its commit.
  Said ask(const Ask& ask);
  /// Requests that wait together and are committed together, in this order.
  std::vector<Said> ask_together(const std::vector<Ask>& asks);
  /// Fires what is due.
  void step();
  [[nodiscard]] bool ready() const;

  /// The signed head of the workspace's log; "" when it has none.
  std::string checkpoint();
  /// "" when the log of the later note continues the one of the earlier; otherwise what is wrong.
  std::string inconsistency(const std::string& earlier, const std::string& later);
  std::vector<std::string> audit_findings();
  /// How many entries the workspace's log has.
  std::uint64_t entries();

 private:
  struct Rooms;
  House();
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace holdpoint::sim
