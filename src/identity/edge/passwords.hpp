// Proves passwords against guessing: attempts are counted per account and per source before the
// outcome is known, an unknown account costs the same work as a wrong password, and the costly
// hashing runs on the caller's thread, never on the writer's.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.hpp"
#include "identity/attempts.hpp"
#include "identity/edge/access_trail.hpp"
#include "identity/state.hpp"

namespace holdpoint::identity {

/// argon2id needs much memory; more proofs at once are told to come back.
inline constexpr int password_proofs_at_once_max = 8;

/// What is to be proved, and by whom.
struct PasswordClaim {
  Digest account;                     // blind index of what was claimed, known or not
  std::string address;                // of the request
  std::optional<Person> person{};     // who the account is, when there is one
  std::optional<std::string> hash{};  // the stored one, when there is one
  std::string password;
};

struct PasswordProof {
  enum class Verdict : std::uint8_t { right, wrong, wait } verdict{};
  Duration wait{};  // with Verdict::wait
};

class Passwords {
 public:
  /// Reads the counts of failures that were known before a restart.
  static Result<std::unique_ptr<Passwords>> open(engine::Engine& engine,
                                                 engine::PasswordHasher& hasher,
                                                 std::shared_ptr<AccessTrail> trail);

  PasswordProof prove(const PasswordClaim& claim);
  Result<std::string> hash(std::string_view password) { return hasher_.hash(password); }

 private:
  Passwords(engine::Engine& engine, engine::PasswordHasher& hasher,
            std::shared_ptr<AccessTrail> trail, std::string hash_of_nobody);
  void restore();
  void failed(const PasswordClaim& claim, SignInFailure reason);
  void store(std::string_view kind, const Digest& key, const std::optional<Attempts>& attempts);

  engine::Engine& engine_;
  engine::PasswordHasher& hasher_;
  std::shared_ptr<AccessTrail> trail_;
  const std::string hash_of_nobody_;
  std::atomic<int> proofs_ = 0;
  std::mutex mutex_;
  AttemptCounts accounts_{kAccountPolicy};
  AttemptCounts addresses_{kAddressPolicy};
};

}  // namespace holdpoint::identity
