// The HTTP edge of identity: what its routes share, and the routes themselves.
#pragma once

#include <memory>
#include <vector>

#include "engine/edge/api.hpp"
#include "engine/engine.hpp"
#include "identity/edge/access.hpp"
#include "identity/edge/passwords.hpp"
#include "platform/http/router.hpp"

namespace holdpoint::identity {

inline constexpr std::size_t identity_body_bytes_max = 16'384;

struct IdentityEdge {
  engine::Engine& engine;
  Access& access;
  Passwords& passwords;
};

/// Every route of identity. The edge MUST outlive them. Routes with the permission "self" are open
/// to every authenticated caller and concern only himself; what concerns others is asked of Access
/// inside.
std::vector<http::Route> routes(IdentityEdge& edge);

/// Has the caller, who MUST be a person, prove the own password once more, for what is signed;
/// nullopt when it is right, otherwise what to answer.
std::optional<http::Response> doubt_password(IdentityEdge& edge, const http::Request& request,
                                             std::string_view password);

}  // namespace holdpoint::identity
