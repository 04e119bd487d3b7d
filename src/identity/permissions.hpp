// What can be permitted and which built-in role permits it (J1). Nothing is permitted that is not
// in this table: an unknown role or permission grants nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdpoint::identity {

/// The log and path of server-wide acts; reserved, and always there.
inline constexpr std::string_view kSystem = "system";

/// Not a permission: marks routes that every authenticated caller may use about himself (who am I,
/// sign out, own password). It can be granted to nobody and needs no grant.
inline constexpr std::string_view kSelf = "self";

/// Where a permission can count. Server-wide acts are permitted by roles in `system` only.
enum class Reach : std::uint8_t { server, workspace };

struct Permission {
  std::string_view name;
  Reach reach{};
  std::string_view allows;  // the sentence after "may"
};

struct Role {
  std::string_view name;
  std::string_view summary;
  std::vector<std::string_view> permissions;  // sorted
};

/// All permissions, sorted by name.
std::span<const Permission> permissions();
/// All roles, the widest first.
std::span<const Role> roles();

const Permission* find_permission(std::string_view name);
const Role* find_role(std::string_view name);
/// The roles that hold the permission, in the order of roles().
std::vector<std::string_view> roles_with(std::string_view permission);

/// What an actor with these roles may do in that workspace, sorted. Who administers the server may
/// also read and manage access in every workspace, on the record, and nothing else there.
std::vector<std::string> effective_permissions(std::span<const std::string> roles_here,
                                               std::span<const std::string> roles_in_system,
                                               std::string_view workspace);

/// The permissions that are also in `scopes`. Both MUST be sorted; the result is.
std::vector<std::string> narrowed(std::span<const std::string> held,
                                  std::span<const std::string> scopes);

}  // namespace holdpoint::identity
