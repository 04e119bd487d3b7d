// Routes about teams and approval roles, and the question who can act in a role at an instant: who
// fills it, who is on call, and who stands in for whom (B2, B7).
#include "engine/edge/record_routes.hpp"
#include "identity/directory.hpp"
#include "identity/edge/delegation_queries.hpp"
#include "identity/edge/role_queries.hpp"
#include "identity/edge/route_rows.hpp"
#include "identity/refusals.hpp"

namespace holdpoint::identity {

struct RoleMember {
  PersonId person;
  std::string name;
  std::vector<SeatSource> through;
  std::vector<std::string> teams;
};
HP_DESCRIBE(RoleMember, person, name, through, teams)

/// Somebody who may act in another's place.
struct RoleStandIn {
  PersonId person;
  std::string name;
  PersonId stands_in_for;
  std::string stands_in_for_name;
  DelegationId delegation;
  Instant until;
};
HP_DESCRIBE(RoleStandIn, person, name, stands_in_for, stands_in_for_name, delegation, until)

struct RoleMembers {
  std::string role;
  Instant at;
  std::vector<RoleMember> members;
  std::vector<RoleStandIn> stand_ins;
};
HP_DESCRIBE(RoleMembers, role, at, members, stand_ins)

namespace {

namespace api = engine::edge;

class MembersAnswer {
 public:
  MembersAnswer(IdentityEdge& edge, engine::Connection& tables, std::string workspace)
      : edge_(edge), tables_(tables), workspace_(std::move(workspace)) {}

  http::Response of(const std::string& role, Instant at) {
    const auto seats = seats_of_role(tables_, workspace_, role, at);
    if (!seats) return api::respond(refusal(Obstacle::approval_role_unknown, role));
    RoleMembers members{role, at, {}, {}};
    std::vector<PersonId> people;
    for (const Seat& seat : *seats) {
      members.members.push_back({seat.person, name_of(seat.person), seat.through, seat.teams});
      people.push_back(seat.person);
    }
    members.stand_ins = stand_ins(role, at, people);
    return api::ok(members);
  }

 private:
  std::string name_of(const PersonId& person) {
    return display_name(edge_.engine, tables_, workspace_, "person", person.text());
  }

  std::vector<RoleStandIn> stand_ins(const std::string& role, Instant at,
                                     const std::vector<PersonId>& people) {
    const auto delegations = delegations_at(tables_, workspace_, at);
    std::vector<RoleStandIn> all;
    for (const Delegation& one : delegations) {
      const auto through =
          may_stand_in({one.delegate, one.delegator, role, at, people, {}}, delegations);
      if (through != one.id) continue;
      all.push_back({one.delegate, name_of(one.delegate), one.delegator, name_of(one.delegator),
                     one.id, one.ends_at});
    }
    return all;
  }

  IdentityEdge& edge_;
  engine::Connection& tables_;
  std::string workspace_;
};

http::Response members(IdentityEdge& edge, http::Request& request) {
  Instant at = edge.engine.ports().clock.now();
  if (const auto asked = request.query("at")) {
    const auto instant = Instant::parse(*asked);
    if (!instant) {
      return api::respond(
          JsonIssues{{"at", "expected an instant such as 2026-11-20T06:00:00Z", 0}});
    }
    at = *instant;
  }
  const auto tables = edge.engine.read();
  return MembersAnswer(edge, *tables, api::caller_of(request).workspace)
      .of(std::string(request.parameter("name")), at);
}

}  // namespace

std::vector<http::Route> approval_role_routes(IdentityEdge& edge) {
  auto rows = api::record_routes<Team>(edge.engine,
                                       {"teams", "approval_roles.read", "identity", {"state"}});
  for (auto& row : api::record_routes<ApprovalRole>(
           edge.engine, {"approval-roles", "approval_roles.read", "identity", {"state"}})) {
    rows.push_back(std::move(row));
  }
  rows.push_back(
      api::retirement_route<Team>(edge.engine, "teams", "approval_roles.write", "identity"));
  rows.push_back(api::retirement_route<ApprovalRole>(edge.engine, "approval-roles",
                                                     "approval_roles.write", "identity"));
  rows.push_back(
      {.method = "GET",
       .path = "/api/v1/{workspace}/roles/{name}/members",
       .permission = "approval_roles.read",
       .summary = "Who can act in a role, built in or not: who fills it and who stands in",
       .operation_id = "list_role_members",
       .tag = "identity",
       .query = {{"at", "On call and standing in at this instant; now when absent", "string",
                  http::Presence::optional}},
       .response = api::schema_of<RoleMembers>(),
       .statuses = {200, 404, 422},
       .handler = [&edge](http::Request& request) { return members(edge, request); }});
  return rows;
}

}  // namespace holdpoint::identity
