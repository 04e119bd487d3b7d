// Routes about delegations: give one, see all, end one (B7). A mail address of a request leads to
// an id inside the unit; the reason is sealed, since why somebody is away is personal.
#include <algorithm>

#include "engine/unit.hpp"
#include "identity/directory.hpp"
#include "identity/edge/delegation_queries.hpp"
#include "identity/edge/people.hpp"
#include "identity/edge/role_queries.hpp"
#include "identity/edge/route_rows.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {

enum class DelegationState : std::uint8_t { planned, in_force, over, revoked };
HP_DESCRIBE_ENUM(DelegationState, planned, in_force, over, revoked)

struct DelegationItem {
  DelegationId id;
  PersonId delegator;
  std::string delegator_name;
  PersonId delegate;
  std::string delegate_name;
  std::vector<std::string> roles;
  Instant from;
  Instant until;
  DelegationState state{};
  std::optional<std::string> reason;  // absent when it was erased
  std::optional<Instant> revoked_at;
};
HP_DESCRIBE(DelegationItem, id, delegator, delegator_name, delegate, delegate_name, roles, from,
            until, state, reason, revoked_at)

struct DelegationMade {
  DelegationId id;
  PersonId delegator;
  PersonId delegate;
  Instant from;
  Instant until;
};
HP_DESCRIBE(DelegationMade, id, delegator, delegate, from, until)

namespace {

namespace api = engine::edge;

DelegationState state_of(const Delegation& delegation, Instant now) {
  if (delegation.revoked_at) return DelegationState::revoked;
  if (delegation.ends_at <= now) return DelegationState::over;
  return delegation.starts_at <= now ? DelegationState::in_force : DelegationState::planned;
}

http::Response list(IdentityEdge& edge, http::Request& request) {
  const auto wanted = api::sequence_page_of(request);
  if (!wanted) return wanted.error();
  const std::string& workspace = api::caller_of(request).workspace;
  const auto tables = edge.engine.read();
  const Instant now = edge.engine.ports().clock.now();
  const auto name_of = [&](const PersonId& person) {
    return display_name(edge.engine, *tables, workspace, "person", person.text());
  };
  auto rows = list_delegations(*tables, workspace, wanted->from_oldest(), wanted->rows());
  std::vector<engine::columns::Sequenced<DelegationItem>> items;
  for (auto& [seq, one] : rows) {
    auto reason = edge.engine.personal(*tables, workspace, static_cast<std::uint64_t>(seq),
                                       one.delegator.text(), "/reason");
    items.push_back({seq,
                     {one.id, one.delegator, name_of(one.delegator), one.delegate,
                      name_of(one.delegate), std::move(one.roles), one.starts_at, one.ends_at,
                      state_of(one, now), std::move(reason), one.revoked_at}});
  }
  return api::sequence_page(std::move(items), wanted->limit,
                            [](const DelegationItem& item) { return item; });
}

std::optional<Person> person_meant(engine::Unit& unit, std::string_view reference) {
  const auto id = find_person_named(unit, reference);
  return id ? find_person(unit.tables(), kSystem, id->text()) : std::nullopt;
}

engine::Outcome give_now(engine::Unit& unit, const GiveDelegation& command,
                         const Requester& requester) {
  engine::Connection& tables = unit.tables();
  DelegationFacts facts{.id = unit.new_id<DelegationId>(),
                        .now = unit.now(),
                        .requester = requester,
                        .delegator = person_meant(unit, command.delegator.value_or(requester.id)),
                        .delegate = person_meant(unit, command.delegate),
                        .unknown_role = std::nullopt,
                        .live = {}};
  if (facts.delegator) {
    facts.live = live_delegations_of(tables, unit.workspace(), facts.delegator->id, facts.now);
  }
  const auto unknown = std::ranges::find_if(command.roles, [&](const std::string& role) {
    return !is_known_role(tables, unit.workspace(), role);
  });
  if (unknown != command.roles.end()) facts.unknown_role = *unknown;
  const auto given = decide(command, facts);
  if (!given) return refuse(given.error());
  unit.record({"delegation", given->id.text()}, *given,
              {{"/reason", given->delegator.text(), command.reason}});
  return api::answer(
      DelegationMade{given->id, given->delegator, given->delegate, given->from.at, given->until.at},
      201);
}

http::Response give(IdentityEdge& edge, http::Request& request) {
  const auto command = api::body_of<GiveDelegation>(request);
  if (!command) return command.error();
  return api::run(edge.engine, request, "identity.give_delegation",
                  [command = *command, requester = requester_of(api::caller_of(request))](
                      engine::Unit& unit) { return give_now(unit, command, requester); });
}

http::Response revoke(IdentityEdge& edge, http::Request& request) {
  return api::run(
      edge.engine, request, "identity.revoke_delegation",
      [id = std::string(request.parameter("id")),
       requester = requester_of(api::caller_of(request))](engine::Unit& unit) -> engine::Outcome {
        const auto ended = decide_delegation_end(
            find_delegation(unit.tables(), unit.workspace(), id), requester, unit.now());
        if (!ended) return refuse(ended.error());
        unit.record({"delegation", id}, *ended);
        return engine::Answer{204, ""};
      });
}

}  // namespace

std::vector<http::Route> delegation_routes(IdentityEdge& edge) {
  return {{.method = "GET",
           .path = "/api/v1/{workspace}/delegations",
           .permission = "delegations.read",
           .summary = "Who stands in for whom, when and why, in the order they were made",
           .operation_id = "list_delegations",
           .tag = "identity",
           .query = api::kPageParameters,
           .response = api::page_schema_of<DelegationItem>(),
           .statuses = {200, 422},
           .handler = [&edge](http::Request& request) { return list(edge, request); }},
          {.method = "POST",
           .path = "/api/v1/{workspace}/delegations",
           .permission = "delegations.create",
           .summary = "Let another stand in, or with access.manage for somebody else",
           .operation_id = "give_delegation",
           .tag = "identity",
           .request = api::schema_of<GiveDelegation>(),
           .response = api::schema_of<DelegationMade>(),
           .statuses = {201, 400, 404, 409, 415, 422, 429},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return give(edge, request); }},
          {.method = "DELETE",
           .path = "/api/v1/{workspace}/delegations/{id}",
           .permission = "delegations.create",
           .summary = "Revoke or decline a delegation; it ends at once",
           .operation_id = "revoke_delegation",
           .tag = "identity",
           .statuses = {204, 404, 409},
           .handler = [&edge](http::Request& request) { return revoke(edge, request); }}};
}

}  // namespace holdpoint::identity
