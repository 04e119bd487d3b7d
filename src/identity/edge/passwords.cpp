// See passwords.hpp.
#include "identity/edge/passwords.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

constexpr std::string_view kAccount = "account";
constexpr std::string_view kAddress = "address";
const ledger::Actor kCountingActor{"system", "identity", std::nullopt, std::nullopt};

/// Counts one proof for as long as it lives.
class Turn {
 public:
  explicit Turn(std::atomic<int>& turns) : turns_(turns), number_(++turns) {}
  ~Turn() { --turns_; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  std::atomic<int>& turns_;
  int number_;
};

}  // namespace

Result<std::unique_ptr<Passwords>> Passwords::open(engine::Engine& engine,
                                                   engine::PasswordHasher& hasher,
                                                   std::shared_ptr<AccessTrail> trail) {
  std::array<std::uint8_t, 24> bytes{};
  engine.ports().random.fill(bytes);
  HP_TRY(std::string nobody,
         hasher.hash(to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()})));
  std::unique_ptr<Passwords> made(
      new Passwords(engine, hasher, std::move(trail), std::move(nobody)));
  made->restore();
  return made;
}

Passwords::Passwords(engine::Engine& engine, engine::PasswordHasher& hasher,
                     std::shared_ptr<AccessTrail> trail, std::string hash_of_nobody)
    : engine_(engine),
      hasher_(hasher),
      trail_(std::move(trail)),
      hash_of_nobody_(std::move(hash_of_nobody)) {}

void Passwords::restore() {
  const auto tables = engine_.read();
  tables->query(
      "SELECT kind, key, failures, last_at FROM sign_in_attempt WHERE workspace = $1",
      [&](const engine::Row& row) {
        const auto key = Digest::from_bytes(row.blob(1));
        if (!key) return;
        const Attempts attempts{static_cast<std::uint32_t>(row.integer(2)),
                                Instant{row.integer(3)}};
        (row.text(0) == kAccount ? accounts_ : addresses_).restore(*key, attempts);
      },
      kSystem);
}

PasswordProof Passwords::prove(const PasswordClaim& claim) {
  using enum PasswordProof::Verdict;
  const Digest address = engine_.ports().vault.blind_index("address", source_of(claim.address));
  const Turn turn(proofs_);
  if (turn.number() > password_proofs_at_once_max) return {wait, Duration::seconds(1)};
  const Instant now = engine_.ports().clock.now();
  std::optional<Duration> waiting;
  Attempts of_account;
  Attempts of_address;
  {
    const std::lock_guard lock(mutex_);
    waiting = std::max(accounts_.wait(claim.account, now), addresses_.wait(address, now));
    if (!waiting) {
      of_account = accounts_.count(claim.account, now);
      of_address = addresses_.count(address, now);
    }
  }
  if (waiting) {
    failed(claim, SignInFailure::too_many_attempts);
    return {wait, *waiting};
  }
  const bool usable = claim.hash && claim.person && claim.person->state == PersonState::active;
  const bool matches = hasher_.verify(claim.hash.value_or(hash_of_nobody_), claim.password);
  if (matches && usable) {
    const std::lock_guard lock(mutex_);
    accounts_.forget(claim.account);
    addresses_.take_back(address);
    if (of_account.failures > 1) store(kAccount, claim.account, std::nullopt);
    return {right, {}};
  }
  store(kAccount, claim.account, of_account);
  store(kAddress, address, of_address);
  if (!claim.person || claim.person->state == PersonState::contributor) {
    failed(claim, SignInFailure::unknown_account);
  } else {
    failed(claim, claim.person->state == PersonState::deactivated ? SignInFailure::deactivated
                                                                  : SignInFailure::wrong_password);
  }
  return {wrong, {}};
}

void Passwords::failed(const PasswordClaim& claim, SignInFailure reason) {
  DenialSource source{"visitor", "visitor", claim.address};
  if (claim.person) {
    source.kind = "person";
    source.id = claim.person->id.text();
  }
  trail_->count(engine_, {.workspace = std::string(kSystem),
                          .source = std::move(source),
                          .permission = "",
                          .route = "",
                          .sign_in = reason});
}

void Passwords::store(std::string_view kind, const Digest& key,
                      const std::optional<Attempts>& attempts) {
  engine_.submit(
      {.workspace = std::string(kSystem),
       .actor = kCountingActor,
       .origin = {},
       .idempotency = std::nullopt,
       .name = "identity.count_attempt",
       .run = [kind = std::string(kind), key, attempts](engine::Unit& unit) -> engine::Outcome {
         engine::Connection& tables = unit.tables();
         tables.exec("DELETE FROM sign_in_attempt WHERE workspace = $1 AND last_at < $2", kSystem,
                     unit.now() - kAccountPolicy.forgotten_after);
         if (!attempts) {
           tables.exec(
               "DELETE FROM sign_in_attempt WHERE workspace = $1 AND kind = $2 AND key = $3",
               kSystem, kind, key);
         } else {
           tables.exec(
               "INSERT INTO sign_in_attempt (workspace, kind, key, failures, last_at)"
               " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, kind, key) DO UPDATE"
               " SET failures = excluded.failures, last_at = excluded.last_at",
               kSystem, kind, key, attempts->failures, attempts->last_at);
         }
         return engine::Answer{204, ""};
       }},
      {});
}

}  // namespace holdpoint::identity
