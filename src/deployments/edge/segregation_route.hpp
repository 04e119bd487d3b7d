// The route of the statement of segregation.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "deployments/segregation.hpp"
#include "engine/edge/api.hpp"

namespace holdpoint::deployments {

/// Given by main: the content of any subject that can be approved, and the name of an actor.
struct SegregationNeeds {
  std::function<Result<std::optional<approvals::SubjectContent>>(
      engine::Connection& tables, engine::ObjectStore& objects, std::string_view workspace,
      const approvals::Subject& subject, Instant now)>
      content;
  std::function<std::string(engine::Connection&, std::string_view workspace, std::string_view kind,
                            std::string_view id)>
      display_name;
};

http::Route segregation_route(engine::Engine& engine, SegregationNeeds needs);

}  // namespace holdpoint::deployments
