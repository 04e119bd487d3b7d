// Routes about roles: which there are, who has them.
#include "identity/directory.hpp"
#include "identity/edge/roles.hpp"
#include "identity/edge/route_rows.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {

struct RoleItem {
  std::string name;
  std::string summary;
  std::vector<std::string> permissions;
};
HP_DESCRIBE(RoleItem, name, summary, permissions)

struct AssignmentItem {
  RoleAssignmentId id;
  ActorKind actor_kind{};
  std::string actor_id;
  std::string actor_name;
  std::string role;
  Instant assigned_at;
};
HP_DESCRIBE(AssignmentItem, id, actor_kind, actor_id, actor_name, role, assigned_at)

namespace {

namespace api = engine::edge;

http::Response list_roles() {
  std::vector<RoleItem> items;
  for (const Role& role : roles()) {
    items.push_back({std::string(role.name),
                     std::string(role.summary),
                     {role.permissions.begin(), role.permissions.end()}});
  }
  const std::size_t count = items.size();
  return api::page(std::move(items), count, [](const RoleItem& item) { return item.name; });
}

http::Response list(IdentityEdge& edge, http::Request& request) {
  const auto& workspace = api::caller_of(request).workspace;
  return listed(
      edge, request,
      [&](engine::Connection& tables, const Stretch& stretch) {
        return list_assignments(tables, workspace, stretch);
      },
      [&](engine::Connection& tables, const RoleAssignment& one) {
        return AssignmentItem{one.id,
                              one.actor_kind,
                              one.actor_id,
                              display_name(edge.engine, tables, workspace,
                                           describe::enum_text(one.actor_kind), one.actor_id),
                              one.role,
                              one.assigned_at};
      });
}

http::Response assign(IdentityEdge& edge, http::Request& request) {
  const auto command = api::body_of<AssignRole>(request);
  if (!command) return command.error();
  return api::run(edge.engine, request, "identity.assign_role",
                  [command = *command](engine::Unit& unit) { return assign_role(unit, command); });
}

http::Response unassign(IdentityEdge& edge, http::Request& request) {
  return api::run(
      edge.engine, request, "identity.unassign_role",
      [id = std::string(request.parameter("id"))](engine::Unit& unit) -> engine::Outcome {
        engine::Connection& tables = unit.tables();
        const auto ended = decide_unassignment(find_assignment(tables, unit.workspace(), id),
                                               unit.workspace(), server_administrators(tables));
        if (!ended) return refuse(ended.error());
        unit.record({std::string(describe::enum_text(ended->actor_kind)), ended->actor_id}, *ended);
        return engine::Answer{204, ""};
      });
}

}  // namespace

engine::Outcome assign_role(engine::Unit& unit, const AssignRole& command) {
  engine::Connection& tables = unit.tables();
  const auto assigned = decide(
      command, {unit.new_id<RoleAssignmentId>(), unit.workspace(),
                find_person(tables, kSystem, command.actor_id),
                find_service_account(tables, unit.workspace(), command.actor_id),
                find_same_assignment(tables, unit.workspace(), command.actor_id, command.role)});
  if (!assigned) return refuse(assigned.error());
  unit.record({std::string(describe::enum_text(command.actor_kind)), command.actor_id}, *assigned);
  return api::answer(RoleAssignment{assigned->id, assigned->actor_kind, assigned->actor_id,
                                    assigned->role, unit.now()},
                     201);
}

std::vector<http::Route> role_routes(IdentityEdge& edge) {
  return {{.method = "GET",
           .path = "/api/v1/{workspace}/roles",
           .permission = "access.read",
           .summary = "The built-in roles and what each permits",
           .operation_id = "list_roles",
           .tag = "identity",
           .response = api::page_schema_of<RoleItem>(),
           .handler = [](http::Request&) { return list_roles(); }},
          {.method = "GET",
           .path = "/api/v1/{workspace}/role-assignments",
           .permission = "access.read",
           .summary = "Who has which role in the workspace",
           .operation_id = "list_role_assignments",
           .tag = "identity",
           .query = api::kPageParameters,
           .response = api::page_schema_of<AssignmentItem>(),
           .statuses = {200, 422},
           .handler = [&edge](http::Request& request) { return list(edge, request); }},
          {.method = "POST",
           .path = "/api/v1/{workspace}/role-assignments",
           .permission = "access.manage",
           .summary = "Assign a role; it counts at once",
           .operation_id = "assign_role",
           .tag = "identity",
           .request = api::schema_of<AssignRole>(),
           .response = api::schema_of<RoleAssignment>(),
           .statuses = {201, 400, 404, 409, 415, 422},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return assign(edge, request); }},
          {.method = "DELETE",
           .path = "/api/v1/{workspace}/role-assignments/{id}",
           .permission = "access.manage",
           .summary = "Take a role away; it ends at once",
           .operation_id = "unassign_role",
           .tag = "identity",
           .statuses = {204, 404, 409},
           .handler = [&edge](http::Request& request) { return unassign(edge, request); }}};
}

}  // namespace holdpoint::identity
