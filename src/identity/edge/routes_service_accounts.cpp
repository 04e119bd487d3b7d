// Routes about service accounts: the identities of pipelines and other programs in one workspace.
#include "identity/edge/route_rows.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

namespace api = engine::edge;

http::Response list(IdentityEdge& edge, http::Request& request) {
  return listed(
      edge, request,
      [&](engine::Connection& tables, const Stretch& stretch) {
        return list_service_accounts(tables, api::caller_of(request).workspace, stretch);
      },
      [](engine::Connection&, const ServiceAccount& account) { return account; });
}

http::Response create(IdentityEdge& edge, http::Request& request) {
  const auto command = api::body_of<CreateServiceAccount>(request);
  if (!command) return command.error();
  return api::run(
      edge.engine, request, "identity.create_service_account",
      [command = *command](engine::Unit& unit) -> engine::Outcome {
        const auto created =
            decide(command, unit.new_id<ServiceAccountId>(),
                   find_open_service_account(unit.tables(), unit.workspace(), command.name));
        if (!created) return refuse(created.error());
        unit.record({"service_account", created->id.text()}, *created);
        // Read back, because the fold of the event says who owns it.
        const auto made = find_service_account(unit.tables(), unit.workspace(), created->id.text());
        HP_ASSERT(made.has_value(), "ID-6: what was recorded is folded in the same unit");
        return api::answer(*made, 201);
      });
}

http::Response close(IdentityEdge& edge, http::Request& request) {
  return api::run(
      edge.engine, request, "identity.close_service_account",
      [id = std::string(request.parameter("id"))](engine::Unit& unit) -> engine::Outcome {
        const auto closed =
            decide_closing(find_service_account(unit.tables(), unit.workspace(), id));
        if (!closed) return refuse(closed.error());
        unit.record({"service_account", id}, *closed);
        return engine::Answer{204, ""};
      });
}

}  // namespace

std::vector<http::Route> service_account_routes(IdentityEdge& edge) {
  return {{.method = "GET",
           .path = "/api/v1/{workspace}/service-accounts",
           .permission = "access.read",
           .summary = "The service accounts of the workspace",
           .operation_id = "list_service_accounts",
           .tag = "identity",
           .query = api::kPageParameters,
           .response = api::page_schema_of<ServiceAccount>(),
           .statuses = {200, 422},
           .handler = [&edge](http::Request& request) { return list(edge, request); }},
          {.method = "POST",
           .path = "/api/v1/{workspace}/service-accounts",
           .permission = "access.manage",
           .summary = "Create a service account",
           .operation_id = "create_service_account",
           .tag = "identity",
           .request = api::schema_of<CreateServiceAccount>(),
           .response = api::schema_of<ServiceAccount>(),
           .statuses = {201, 400, 409, 415, 422},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return create(edge, request); }},
          {.method = "DELETE",
           .path = "/api/v1/{workspace}/service-accounts/{id}",
           .permission = "access.manage",
           .summary = "Close a service account; its tokens end at once",
           .operation_id = "close_service_account",
           .tag = "identity",
           .statuses = {204, 404, 409},
           .handler = [&edge](http::Request& request) { return close(edge, request); }}};
}

}  // namespace holdpoint::identity
