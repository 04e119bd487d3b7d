// How each event of identity changes the read models. Sessions, failed sign-ins and denied access
// are history only: nothing is derived from them.
#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "engine/columns.hpp"
#include "identity/access_review.hpp"
#include "identity/delegation.hpp"
#include "identity/edge/role_queries.hpp"
#include "identity/edge/tables.hpp"
#include "identity/events.hpp"

namespace holdpoint::identity {
namespace {

using engine::Connection;
using engine::Recorded;

constexpr auto nothing = [](Connection&, const Recorded&, const auto&) {};

void fold_workspace(Connection& tables, const Recorded& event, const WorkspaceCreated& body) {
  tables.exec(
      "INSERT INTO workspace (workspace, name, id, title, created_at) VALUES ($1, $2, $3, $4, $5)",
      event.workspace, body.name, body.id, body.title, event.at);
}

void fold_person(Connection& tables, const Recorded& event, const PersonId& id,
                 std::string_view state) {
  tables.exec(
      "INSERT INTO person (workspace, id, state, name_seq, email_seq, credential_version, added_at)"
      " VALUES ($1, $2, $3, $4, $4, 0, $5)",
      event.workspace, id, state, event.seq, event.at);
}

/// The human behind an act: the person who acted, or the owner of the service account that did. So
/// a program that a program made leads back to somebody too; nobody stands behind the server.
std::optional<PersonId> human_behind(Connection& tables, const Recorded& event) {
  if (event.actor.kind == "person") return PersonId::parse(event.actor.id);
  if (event.actor.kind != "service_account") return std::nullopt;
  const auto owner =
      tables.text("SELECT owner FROM service_account WHERE workspace = $1 AND id = $2",
                  event.workspace, event.actor.id);
  return owner ? PersonId::parse(*owner) : std::nullopt;
}

void fold_account(Connection& tables, const Recorded& event, const ServiceAccountCreated& body) {
  tables.exec(
      "INSERT INTO service_account (workspace, seq, id, name, state, created_at, owner)"
      " VALUES ($1, $2, $3, $4, 'active', $5, $6)",
      event.workspace, event.seq, body.id, body.name, event.at, human_behind(tables, event));
}

void fold_token(Connection& tables, const Recorded& event, const TokenIssued& body) {
  tables.exec(
      "INSERT INTO token"
      " (workspace, seq, id, owner_kind, owner_id, name, scopes, hash, issued_at, expires_at,"
      " issued_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      event.workspace, event.seq, body.id, describe::enum_text(body.owner_kind), body.owner_id,
      body.name, to_json_text(body.scopes), body.hash, event.at, body.expires_at.at,
      human_behind(tables, event));
}

void fold_role(Connection& tables, const Recorded& event, const RoleAssigned& body) {
  tables.exec(
      "INSERT INTO role_assignment (workspace, seq, id, actor_kind, actor_id, role, assigned_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)",
      event.workspace, event.seq, body.id, describe::enum_text(body.actor_kind), body.actor_id,
      body.role, event.at);
}

void fold_review_started(Connection& tables, const Recorded& recorded,
                         const AccessReviewStarted& body) {
  static const std::string sql =
      "INSERT INTO access_review (workspace, seq, " + engine::columns::names<AccessReview>() +
      ") VALUES (" + engine::columns::placeholders(2 + engine::columns::count<AccessReview>) + ")";
  AccessReview row;
  row.id = body.id;
  row.title = body.title;
  row.snapshot = body.snapshot.digest;
  row.lines = body.lines;
  row.due = body.due.at;
  row.unanswered = body.unanswered;
  row.started_by = recorded.actor.id;
  row.started_at = recorded.at;
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add(recorded.seq);
  bound.add_all(row);
  tables.run(sql, bound.args(), {});
}

void fold_lines_answered(Connection& tables, const Recorded& recorded,
                         const AccessLinesAnswered& body) {
  for (const std::int64_t line : body.lines) {
    tables.exec(
        "INSERT INTO access_review_line (workspace, review, line, answer, answered_by, at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        recorded.workspace, body.id, line, describe::enum_text(body.answer),
        is_overdue(body.answer) ? std::string() : recorded.actor.id, recorded.at);
  }
}

void fold_review_closed(Connection& tables, const Recorded& recorded,
                        const AccessReviewClosed& body) {
  tables.exec(
      "UPDATE access_review SET record = $1, closed_by = $2, closed_at = $3"
      " WHERE workspace = $4 AND id = $5",
      body.record.digest.text(), recorded.actor.id, recorded.at, recorded.workspace, body.id);
}

void fold_delegation(Connection& tables, const Recorded& event, const DelegationGiven& body) {
  tables.exec(
      "INSERT INTO delegation (workspace, seq, id, delegator, delegate, roles, starts_at, ends_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      event.workspace, event.seq, body.id, body.delegator, body.delegate, to_json_text(body.roles),
      body.from.at, body.until.at);
}

}  // namespace

std::vector<engine::EventType> event_types() {
  using engine::event;
  std::vector<engine::EventType> all{
      event<WorkspaceCreated>(fold_workspace),
      event<PersonAdded>([](Connection& tables, const Recorded& recorded, const PersonAdded& body) {
        fold_person(tables, recorded, body.id, "active");
      }),
      event<ContributorNoticed>(
          [](Connection& tables, const Recorded& recorded, const ContributorNoticed& body) {
            fold_person(tables, recorded, body.id, "contributor");
          }),
      event<PersonRenamed>(
          [](Connection& tables, const Recorded& recorded, const PersonRenamed& body) {
            tables.exec("UPDATE person SET name_seq = $3 WHERE workspace = $1 AND id = $2",
                        recorded.workspace, body.id, recorded.seq);
          }),
      event<PersonDeactivated>(
          [](Connection& tables, const Recorded& recorded, const PersonDeactivated& body) {
            tables.exec("UPDATE person SET state = 'deactivated' WHERE workspace = $1 AND id = $2",
                        recorded.workspace, body.id);
          }),
      event<PasswordChanged>([](Connection& tables, const Recorded& recorded,
                                const PasswordChanged& body) {
        tables.exec("UPDATE person SET credential_version = $3 WHERE workspace = $1 AND id = $2",
                    recorded.workspace, body.person, body.credential_version);
      }),
      event<SessionOpened>(nothing),
      event<SessionClosed>(nothing),
      event<SignInFailed>(nothing),
      event<ServiceAccountCreated>(fold_account),
      event<ServiceAccountClosed>([](Connection& tables, const Recorded& recorded,
                                     const ServiceAccountClosed& body) {
        tables.exec("UPDATE service_account SET state = 'closed' WHERE workspace = $1 AND id = $2",
                    recorded.workspace, body.id);
      }),
      event<TokenIssued>(fold_token),
      event<TokenRevoked>(
          [](Connection& tables, const Recorded& recorded, const TokenRevoked& body) {
            tables.exec("UPDATE token SET revoked_at = $3 WHERE workspace = $1 AND id = $2",
                        recorded.workspace, body.id, recorded.at);
          }),
      event<RoleAssigned>(fold_role),
      event<RoleUnassigned>(
          [](Connection& tables, const Recorded& recorded, const RoleUnassigned& body) {
            tables.exec("DELETE FROM role_assignment WHERE workspace = $1 AND id = $2",
                        recorded.workspace, body.id);
          }),
      event<DelegationGiven>(fold_delegation),
      event<DelegationRevoked>(
          [](Connection& tables, const Recorded& recorded, const DelegationRevoked& body) {
            tables.exec("UPDATE delegation SET revoked_at = $3 WHERE workspace = $1 AND id = $2",
                        recorded.workspace, body.id, recorded.at);
          }),
      event<AccessDenied>(nothing),
      event<AccessReviewStarted>(fold_review_started),
      event<AccessLinesAnswered>(fold_lines_answered),
      event<AccessReviewClosed>(fold_review_closed),
  };
  for (engine::Module records : {Teams::module(), ApprovalRoles::module()}) {
    std::ranges::move(records.events, std::back_inserter(all));
  }
  return all;
}

}  // namespace holdpoint::identity
