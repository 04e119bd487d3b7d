// The bytes of every event body, frozen: they stand in ledgers and are never written differently.
// A new form of an event gets a new version and a new line; no line here is ever changed.
#include <doctest/doctest.h>

#include "identity/delegation.hpp"
#include "identity/edge/role_queries.hpp"
#include "identity/edge/tables.hpp"
#include "identity/events.hpp"
#include "support/golden.hpp"

namespace holdpoint::identity {
namespace {

using test::frozen;

template <class IdType>
IdType id() {
  return *IdType::parse(std::string(IdType::prefix) + "_01J00000000000000000000000");
}

const InstantUs kFirst{Instant{1'795'154'400'000'000}};
const InstantUs kLast{Instant{1'795'154'459'000'001}};

TEST_CASE("workspace.created is frozen") {
  frozen(WorkspaceCreated{id<WorkspaceId>(), "acme", "Acme \"Ltd\""}, "workspace.created",
         R"({"id":"wsp_01J00000000000000000000000","name":"acme","title":"Acme \"Ltd\""})");
}
TEST_CASE("the events of people are frozen and hold nothing but ids") {
  const auto only_id = R"({"id":"per_01J00000000000000000000000"})";
  frozen(PersonAdded{id<PersonId>()}, "person.added", only_id);
  frozen(ContributorNoticed{id<PersonId>()}, "contributor.noticed", only_id);
  frozen(PersonRenamed{id<PersonId>()}, "person.renamed", only_id);
  frozen(PersonDeactivated{id<PersonId>()}, "person.deactivated", only_id);
  frozen(PasswordChanged{id<PersonId>(), 2}, "password.changed",
         R"({"credential_version":2,"person":"per_01J00000000000000000000000"})");
}
TEST_CASE("the events of sessions are frozen") {
  frozen(SessionOpened{id<SessionId>(), id<PersonId>(), kFirst}, "session.opened",
         R"({"expires_at":1795154400000000,"id":"ses_01J00000000000000000000000",)"
         R"("person":"per_01J00000000000000000000000"})");
  frozen(SessionClosed{id<SessionId>(), id<PersonId>(), SessionEnd::signed_out}, "session.closed",
         R"({"id":"ses_01J00000000000000000000000","person":"per_01J00000000000000000000000",)"
         R"("reason":"signed_out"})");
  frozen(SignInFailed{3, SignInFailure::wrong_password, kFirst, kLast}, "sign_in.failed",
         R"({"count":3,"first_at":1795154400000000,"last_at":1795154459000001,)"
         R"("reason":"wrong_password"})");
}
TEST_CASE("the events of service accounts are frozen") {
  frozen(ServiceAccountCreated{id<ServiceAccountId>(), "ci"}, "service_account.created",
         R"({"id":"sva_01J00000000000000000000000","name":"ci"})");
  frozen(ServiceAccountClosed{id<ServiceAccountId>()}, "service_account.closed",
         R"({"id":"sva_01J00000000000000000000000"})");
}
TEST_CASE("the events of tokens are frozen") {
  frozen(TokenIssued{id<TokenId>(),
                     ActorKind::service_account,
                     "sva_01J00000000000000000000000",
                     "acme",
                     "build",
                     {"gate.check", "releases.read"},
                     kFirst,
                     sha256("hp_x")},
         "token.issued",
         R"({"expires_at":1795154400000000,)"
         R"("hash":"sha256:5ccb18bdce173e2c0e44fc903ca2b2d980d6f3855d26acce6dc0aae7f869464d",)"
         R"("id":"tok_01J00000000000000000000000","name":"build",)"
         R"("owner_id":"sva_01J00000000000000000000000","owner_kind":"service_account",)"
         R"("scopes":["gate.check","releases.read"],"workspace":"acme"})");
  frozen(TokenRevoked{id<TokenId>()}, "token.revoked",
         R"({"id":"tok_01J00000000000000000000000"})");
}
TEST_CASE("the events of roles are frozen") {
  const auto bytes = R"({"actor_id":"per_01J00000000000000000000000","actor_kind":"person",)"
                     R"("id":"ras_01J00000000000000000000000","role":"viewer","workspace":"acme"})";
  frozen(RoleAssigned{id<RoleAssignmentId>(), ActorKind::person, id<PersonId>().text(), "viewer",
                      "acme"},
         "role.assigned", bytes);
  frozen(RoleUnassigned{id<RoleAssignmentId>(), ActorKind::person, id<PersonId>().text(), "viewer",
                        "acme"},
         "role.unassigned", bytes);
}
TEST_CASE("access.denied is frozen") {
  frozen(AccessDenied{7, "audit.read", "GET /api/v1/{workspace}/events", kFirst, kLast},
         "access.denied",
         R"({"count":7,"first_at":1795154400000000,"last_at":1795154459000001,)"
         R"("permission":"audit.read","route":"GET /api/v1/{workspace}/events"})");
}

Team team() {
  Team team;
  team.id = id<TeamId>();
  team.name = "payments";
  team.title = "Payments";
  team.members = {id<PersonId>()};
  return team;
}
TEST_CASE("the events of teams are frozen and hold people as ids") {
  frozen(engine::RecordCreated<Team>{team()}, "team.created",
         R"({"record":{"id":"tea_01J00000000000000000000000",)"
         R"("members":["per_01J00000000000000000000000"],"name":"payments",)"
         R"("state":"active","title":"Payments"}})");
  Team retired = team();
  retired.state = RecordState::retired;
  retired.members.clear();
  frozen(engine::RecordChanged<Team>{2, retired}, "team.changed",
         R"({"record":{"id":"tea_01J00000000000000000000000","members":[],"name":"payments",)"
         R"("state":"retired","title":"Payments"},"revision":2})");
}

TEST_CASE("the events of approval roles are frozen and hold people as ids") {
  ApprovalRole role;
  role.id = id<ApprovalRoleId>();
  role.name = "board";
  role.title = "Board";
  role.people = {id<PersonId>()};
  role.teams = {"payments"};
  frozen(engine::RecordCreated<ApprovalRole>{role}, "approval_role.created",
         R"({"record":{"id":"arl_01J00000000000000000000000","name":"board",)"
         R"("people":["per_01J00000000000000000000000"],"state":"active",)"
         R"("teams":["payments"],"title":"Board"}})");
  role.rota = Rota{"Europe/Berlin",
                   {{{id<PersonId>()}, 7, "09:00", "2026-03-02"}},
                   {{kFirst.at, kLast.at, id<PersonId>()}}};
  frozen(engine::RecordChanged<ApprovalRole>{2, role}, "approval_role.changed",
         R"({"record":{"id":"arl_01J00000000000000000000000","name":"board",)"
         R"("people":["per_01J00000000000000000000000"],"rota":{"layers":[{"handover":"09:00",)"
         R"("people":["per_01J00000000000000000000000"],"shift_days":7,"start":"2026-03-02"}],)"
         R"("overrides":[{"from":"2026-11-20T06:00:00Z",)"
         R"("person":"per_01J00000000000000000000000","until":"2026-11-20T06:00:59.000001Z"}],)"
         R"("zone":"Europe/Berlin"},"state":"active","teams":["payments"],"title":"Board"},)"
         R"("revision":2})");
}

TEST_CASE("the events of delegations are frozen, and why somebody is away is not in them") {
  frozen(
      DelegationGiven{
          id<DelegationId>(), id<PersonId>(), id<PersonId>(), {"board", "security"}, kFirst, kLast},
      "delegation.given",
      R"({"delegate":"per_01J00000000000000000000000",)"
      R"("delegator":"per_01J00000000000000000000000","from":1795154400000000,)"
      R"("id":"dlg_01J00000000000000000000000","roles":["board","security"],)"
      R"("until":1795154459000001})");
  frozen(DelegationRevoked{id<DelegationId>(), id<PersonId>(), id<PersonId>()},
         "delegation.revoked",
         R"({"delegate":"per_01J00000000000000000000000",)"
         R"("delegator":"per_01J00000000000000000000000","id":"dlg_01J00000000000000000000000"})");
}

TEST_CASE("no event type is without a frozen form") { CHECK(event_types().size() == 25); }

}  // namespace
}  // namespace holdpoint::identity
