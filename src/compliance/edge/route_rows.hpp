// The rows of routes, by what they are about; compliance_routes.cpp puts them together.
#pragma once

#include <string>
#include <vector>

#include "compliance/edge/compliance_edge.hpp"

namespace holdpoint::compliance {

inline http::Route read_row(std::string path, std::string summary, std::string operation) {
  return {.method = "GET",
          .path = "/api/v1/{workspace}/" + std::move(path),
          .permission = "compliance.read",
          .summary = std::move(summary),
          .operation_id = std::move(operation),
          .tag = "compliance"};
}

std::vector<http::Route> control_routes(engine::Engine& engine);
std::vector<http::Route> question_routes(engine::Engine& engine, const ComplianceNeeds& needs);
std::vector<http::Route> search_routes(engine::Engine& engine, const ComplianceNeeds& needs);

}  // namespace holdpoint::compliance
