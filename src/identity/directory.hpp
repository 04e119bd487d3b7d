// People as other capabilities meet them: by an id that says nothing, and by a name that is opened
// only to be shown. Implemented at the edge, because names are sealed and kept by the engine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/ids.hpp"

namespace holdpoint::engine {
class Connection;
class Engine;
class Unit;
}  // namespace holdpoint::engine

namespace holdpoint::identity {

/// Shown for a person whose key was destroyed.
inline constexpr std::string_view kErasedPerson = "erased person";

/// The person with that mail address, or a contributor noticed now (recorded in the unit's
/// workspace): commit authors become ids, and no name or address stands in a leaf. One address is
/// one id on the whole server, so that an author is known again when she approves. Text that is not
/// UTF-8 or too long is cut to what can be shown. Without an address the name alone tells people
/// apart.
PersonId resolve_contributor(engine::Unit& unit, std::string_view name, std::string_view email);

/// The name to show for an actor or contributor seen from a workspace: a person's or service
/// account's name, "erased person", or the kind for actors of other kinds.
std::string display_name(engine::Engine& engine, engine::Connection& tables,
                         std::string_view workspace, std::string_view kind, std::string_view id);

/// The ids of the active people with that role in the workspace, sorted.
std::vector<std::string> people_with_role(engine::Connection& tables, std::string_view workspace,
                                          std::string_view role);

/// The mail address of an active person of the server, opened to write to it and for nothing else:
/// it MUST NOT be kept. nullopt for others, and for a person whose key was destroyed.
std::optional<std::string> mail_address(engine::Engine& engine, engine::Connection& tables,
                                        std::string_view person);

}  // namespace holdpoint::identity
