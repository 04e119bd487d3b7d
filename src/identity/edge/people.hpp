// People at the edge: the keys under which they are found, their sealed names, and their sessions
// and passwords as rows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.hpp"
#include "identity/commands.hpp"
#include "identity/events.hpp"
#include "identity/state.hpp"

namespace holdpoint::identity {

inline constexpr Duration session_life_max = Duration::hours(12);
inline constexpr Duration session_idle_max = Duration::hours(2);
inline constexpr std::size_t sessions_per_person_max = 20;

/// The blind index of a mail address, whatever its case.
Digest email_key(engine::PersonVault& vault, std::string_view email);
/// Makes the key lead to the person.
void index_person(engine::Connection& tables, const Digest& key, const PersonId& person);

/// The person of the server, active or not, whom a mail address or an id means. Contributors are
/// nobody here.
std::optional<PersonId> find_person_named(engine::Unit& unit, std::string_view reference);

/// "erased person" when the key was destroyed.
std::string person_name(engine::Engine& engine, engine::Connection& tables, const Person& person);
std::optional<std::string> person_email(engine::Engine& engine, engine::Connection& tables,
                                        const Person& person);

struct Credential {
  std::int64_t version = 0;
  std::string hash;
};
std::optional<Credential> find_credential(engine::Connection& tables, const PersonId& person);
/// Records the change and keeps the hash; ends every session of the person but `kept`.
void store_password(engine::Unit& unit, const PasswordChanged& changed, std::string_view hash,
                    const std::optional<SessionId>& kept);

/// Decides, records and indexes a new person, with a password's hash when there is one.
Decided<PersonId> add_person(engine::Unit& unit, const AddPerson& command,
                             const std::optional<std::string>& hash);

/// Opens a session for the token with that hash; ends the oldest when there are too many. The
/// person is the unit's actor.
SessionOpened open_session(engine::Unit& unit, const PersonId& person, const Digest& token_hash);
void close_session(engine::Unit& unit, const SessionClosed& closed);
/// Ends all sessions of the person but `kept`.
void close_sessions(engine::Unit& unit, const PersonId& person, SessionEnd reason,
                    const std::optional<SessionId>& kept);

}  // namespace holdpoint::identity
