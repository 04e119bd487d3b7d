// The faces of controlled documents: the modules for the engine and the HTTP routes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/edge/document_queries.hpp"
#include "engine/edge/api.hpp"

namespace holdpoint::documents {

/// How a version stands with approvals.
struct VersionStanding {
  std::string state;  // not_needed, untold, missing, pending, granted
  std::optional<std::string> request;
};

/// What documents need of the rest; given by main.
struct DocumentNeeds {
  /// The id of the person who can sign in and is named so, by id, name or mail address.
  std::function<std::optional<std::string>(engine::Unit&, std::string_view reference)> person;
  /// The name to show for an actor.
  std::function<std::string(engine::Connection&, std::string_view workspace, const ledger::Actor&)>
      display_name;
  /// By the name that approvals have for a version.
  std::function<VersionStanding(engine::Connection&, engine::ObjectStore&,
                                std::string_view workspace, std::string_view id, Instant now)>
      standing;
};

std::vector<engine::Module> modules();
std::vector<http::Route> routes(engine::Engine& engine, DocumentNeeds needs);

}  // namespace holdpoint::documents
