// See identity_edge.hpp.
#include <array>
#include <iterator>

#include "base/encoding.hpp"
#include "identity/edge/route_rows.hpp"

namespace holdpoint::identity {

std::vector<http::Route> routes(IdentityEdge& edge) {
  std::vector<http::Route> all;
  for (auto part :
       {session_routes, people_routes, workspace_routes, role_routes, service_account_routes,
        token_routes, approval_role_routes, delegation_routes, access_review_routes}) {
    auto rows = part(edge);
    std::ranges::move(rows, std::back_inserter(all));
  }
  return all;
}

std::string new_secret(engine::Random& random, std::string_view prefix) {
  std::array<std::uint8_t, 32> bytes{};
  random.fill(bytes);
  return std::string(prefix) +
         to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Requester requester_of(const engine::Caller& caller) {
  const auto kind = describe::enum_parse<ActorKind>(caller.actor.kind);
  HP_ASSERT(kind.has_value(), "ID-4: an admitted caller is a person or a service account");
  return {*kind, caller.actor.id, caller.permissions};
}

}  // namespace holdpoint::identity
