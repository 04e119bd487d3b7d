// What authentication needs of the tables, in memory: read after the commits that change it, part
// by part, and never changed once published.
#pragma once

#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/engine.hpp"
#include "identity/events.hpp"

namespace holdpoint::identity {

/// A token that expired this recently is told so; an older one is unknown.
inline constexpr Duration expired_token_remembered = Duration::days(30);

struct DigestHash {
  std::size_t operator()(const Digest& digest) const noexcept {
    std::size_t head = 0;
    std::memcpy(&head, digest.bytes.data(), sizeof head);
    return head;
  }
};

struct KnownPerson {
  std::string name;
};
struct KnownServiceAccount {
  std::string workspace;
  std::string name;
};
struct KnownToken {
  TokenId id;
  std::string workspace;
  ActorKind owner_kind{};
  std::string owner_id;
  std::string name;
  std::vector<std::string> scopes;  // sorted
  Instant expires_at;
};
/// When a session was last seen, shared by all snapshots that hold it.
struct LastSeen {
  std::atomic<std::int64_t> us;
  std::atomic<std::int64_t> stored_us;
};
struct KnownSession {
  SessionId id;
  PersonId person;
  Instant expires_at;
  std::shared_ptr<LastSeen> last_seen;
};

using Text = std::string;
using KnownPeople = std::unordered_map<Text, KnownPerson>;                   // active, by id
using KnownServiceAccounts = std::unordered_map<Text, KnownServiceAccount>;  // active, by id
using KnownTokens = std::unordered_map<Digest, KnownToken, DigestHash>;
using KnownSessions = std::unordered_map<Digest, KnownSession, DigestHash>;
using KnownWorkspaces = std::set<Text, std::less<>>;  // `system` included
/// Actor id, then workspace, then roles.
using KnownRoles = std::unordered_map<Text, std::map<Text, std::vector<Text>, std::less<>>>;

struct Snapshot {
  std::shared_ptr<const KnownWorkspaces> workspaces;
  std::shared_ptr<const KnownPeople> people;
  std::shared_ptr<const KnownServiceAccounts> service_accounts;
  std::shared_ptr<const KnownTokens> tokens;
  std::shared_ptr<const KnownSessions> sessions;
  std::shared_ptr<const KnownRoles> roles;

  /// What an actor may do in a workspace, sorted; nothing in one that does not exist.
  [[nodiscard]] std::vector<std::string> permissions(const std::string& actor,
                                                     std::string_view workspace) const;
  [[nodiscard]] std::vector<std::string> roles_in(const std::string& actor,
                                                  std::string_view workspace) const;
  /// The name of a person or service account that may act; nullptr for others.
  [[nodiscard]] const std::string* name_of(ActorKind kind, const std::string& id) const;
};

enum class Part : std::uint8_t { workspaces, people, service_accounts, tokens, sessions, roles };
/// Which part an event changes; nullopt when none.
std::optional<Part> part_of(std::string_view event_type);

Snapshot load_snapshot(engine::Engine& engine, engine::Connection& tables);
/// The snapshot with one part read again.
Snapshot reloaded(const Snapshot& earlier, Part part, engine::Engine& engine,
                  engine::Connection& tables);

}  // namespace holdpoint::identity
