// Who is calling: the authenticated identity of one request, and what it may do. Made by identity,
// read by every edge.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/unit.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::engine {

struct Caller {
  ledger::Actor actor;  // kind "person", "service_account", or "anonymous" on public routes
  std::string display_name{};
  RequestOrigin origin{};
  std::string workspace;                   // the one of the request's path; "system" when none
  std::vector<std::string> permissions{};  // granted in that workspace, sorted, narrowed by scopes
  std::optional<Digest> credential{};      // of the token or session he came with

  [[nodiscard]] bool may(std::string_view permission) const {
    return std::ranges::binary_search(permissions, permission);
  }
};

}  // namespace holdpoint::engine
