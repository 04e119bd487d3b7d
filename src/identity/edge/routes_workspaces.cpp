// Routes about workspaces. `system` is always there and not listed.
#include "identity/edge/roles.hpp"
#include "identity/edge/route_rows.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

namespace api = engine::edge;

http::Response list(IdentityEdge& edge, http::Request& request) {
  const auto page = api::page_of(request);
  if (!page) return page.error();
  return api::page(list_workspaces(*edge.engine.read(), page->after, page->limit + 1), page->limit,
                   [](const Workspace& workspace) { return workspace.name; });
}

engine::Outcome create_now(engine::Unit& unit, const CreateWorkspace& command) {
  const auto created =
      decide(command, unit.new_id<WorkspaceId>(), find_workspace(unit.tables(), command.name));
  if (!created) return refuse(created.error());
  unit.record({"workspace", created->id.text()}, *created);
  return api::answer(Workspace{created->id, created->name, created->title, unit.now()}, 201);
}

/// The workspace stands in the log of the server, its first administrator in its own: two commits.
/// Should the second be lost, a server administrator can still assign roles there.
http::Response create(IdentityEdge& edge, http::Request& request) {
  const auto command = api::body_of<CreateWorkspace>(request);
  if (!command) return command.error();
  auto response =
      api::run(edge.engine, request, "identity.create_workspace",
               [command = *command](engine::Unit& unit) { return create_now(unit, command); });
  if (response.status != 201) return response;
  const auto& caller = api::caller_of(request);
  const auto assigned = edge.engine.execute(
      {.workspace = command->name,
       .actor = caller.actor,
       .origin = caller.origin,
       .idempotency = std::nullopt,
       .name = "identity.first_administrator",
       .run = [creator = requester_of(caller)](engine::Unit& unit) -> engine::Outcome {
         return assign_role(unit, {creator.kind, creator.id, "administrator"});
       }});
  return assigned ? response : api::respond(assigned.error());
}

}  // namespace

std::vector<http::Route> workspace_routes(IdentityEdge& edge) {
  return {{.method = "GET",
           .path = "/api/v1/workspaces",
           .permission = "workspaces.manage",
           .summary = "The workspaces of this server",
           .operation_id = "list_workspaces",
           .tag = "identity",
           .query = api::kPageParameters,
           .response = api::page_schema_of<Workspace>(),
           .statuses = {200, 422},
           .handler = [&edge](http::Request& request) { return list(edge, request); }},
          {.method = "POST",
           .path = "/api/v1/workspaces",
           .permission = "workspaces.manage",
           .summary = "Create a workspace; the caller becomes its administrator",
           .operation_id = "create_workspace",
           .tag = "identity",
           .request = api::schema_of<CreateWorkspace>(),
           .response = api::schema_of<Workspace>(),
           .statuses = {201, 400, 409, 415, 422},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return create(edge, request); }}};
}

}  // namespace holdpoint::identity
