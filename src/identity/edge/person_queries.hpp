// People behind acts, for the edges of higher tiers: who answers for a service account, and whether
// an id is somebody this server knows (B5). Separation of duties compares these people, so an
// answer of nobody MUST be read as "cannot be told", never as "nobody is concerned".
#pragma once

#include <string_view>
#include <vector>

#include "engine/ports.hpp"
#include "identity/ids.hpp"

namespace holdpoint::identity {

/// Whether the id is a person of the server, active or not. A contributor, a commit author whom
/// nobody made a person, is not.
bool is_known_person(engine::Connection& tables, std::string_view id);
/// Whether it is a person of the server who was not deactivated.
bool is_active_person(engine::Connection& tables, std::string_view id);

/// The people who answer for what an actor of the workspace does, distinct and sorted: a person is
/// himself; for a service account its owner and everybody who ever issued a token for it, since
/// each of them knew a secret it acts with. Empty for any other actor.
std::vector<PersonId> owner_of_actor(engine::Connection& tables, std::string_view workspace,
                                     std::string_view actor_kind, std::string_view actor_id);

}  // namespace holdpoint::identity
