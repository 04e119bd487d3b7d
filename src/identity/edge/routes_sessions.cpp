// Routes about the caller himself: sign in, sign out, who am I.
#include "identity/edge/people.hpp"
#include "identity/edge/route_rows.hpp"
#include "identity/permissions.hpp"
#include "identity/refusals.hpp"
#include "identity/rules.hpp"

namespace holdpoint::identity {

struct PersonName {
  PersonId id;
  std::string name;
};
HP_DESCRIBE(PersonName, id, name)

struct OpenedSession {
  std::string token;
  Instant expires_at;
  PersonName person;
};
HP_DESCRIBE(OpenedSession, token, expires_at, person)

struct CallerName {
  ActorKind kind{};
  std::string id;
};
HP_DESCRIBE(CallerName, kind, id)

struct WorkspaceAccess {
  std::string name;
  std::vector<std::string> roles;
  std::vector<std::string> permissions;
};
HP_DESCRIBE(WorkspaceAccess, name, roles, permissions)

struct TokenAccess {
  TokenId id;
  Instant expires_at;
  std::vector<std::string> scopes;
};
HP_DESCRIBE(TokenAccess, id, expires_at, scopes)

struct WhoAmI {
  CallerName actor;
  std::string name;
  std::vector<WorkspaceAccess> workspaces;
  std::optional<TokenAccess> token;
};
HP_DESCRIBE(WhoAmI, actor, name, workspaces, token)

namespace {

namespace api = engine::edge;

http::Response failed() {
  auto response = http::problem_response(401, "sign_in_failed",
                                         "The mail address or the password is not right.");
  response.set("WWW-Authenticate", "Bearer");
  return response;
}

void set_cookie(http::Response& response, const http::Request& request, std::string_view value,
                Duration life) {
  std::string cookie(kSessionCookie);
  cookie += "=";
  cookie += value;
  cookie += "; Path=/; Max-Age=" + std::to_string(life.us / Duration::seconds(1).us);
  cookie += "; HttpOnly; SameSite=Strict";
  if (request.scheme == http::Scheme::https) cookie += "; Secure";
  response.set("Set-Cookie", cookie);
  response.set("Cache-Control", "no-store");
}

/// The account that a mail address leads to, with what proves its password.
PasswordClaim claim_of(IdentityEdge& edge, const OpenSession& command, const std::string& address) {
  PasswordClaim claim{.account = email_key(edge.engine.ports().vault, command.email),
                      .address = address,
                      .password = command.password};
  const auto tables = edge.engine.read();
  if (const auto id = find_person_by_key(*tables, claim.account)) {
    claim.person = find_person(*tables, kSystem, id->text());
    if (auto credential = find_credential(*tables, *id)) claim.hash = std::move(credential->hash);
  }
  return claim;
}

engine::Command opening(const PasswordClaim& claim, const http::Request& request,
                        const std::string& secret) {
  const PersonId person = claim.person->id;
  return {.workspace = std::string(kSystem),
          .actor = {"person", person.text(), std::nullopt, std::nullopt},
          .origin = origin_of(request),
          .idempotency = std::nullopt,
          .name = "identity.sign_in",
          .run = [person, version = claim.person->credential_version,
                  hash = sha256(secret)](engine::Unit& unit) -> engine::Outcome {
            // What was proved outside may have changed since.
            const auto now = find_person(unit.tables(), kSystem, person.text());
            if (!now || now->state != PersonState::active || now->credential_version != version) {
              return refuse(refusal(Obstacle::sign_in_failed));
            }
            return api::answer(open_session(unit, person, hash), 201);
          }};
}

http::Response sign_in(IdentityEdge& edge, http::Request& request) {
  if (request.header("Origin") && !is_same_site(request)) {
    return http::problem_response(403, "cross_site_request",
                                  "Another site may not sign a person in here.");
  }
  const auto command = api::body_of<OpenSession>(request);
  if (!command) return command.error();
  if (auto issues = flaws(*command); !issues.empty()) return api::respond(issues);
  const PasswordClaim claim = claim_of(edge, *command, request.peer_address);
  const PasswordProof proof = edge.passwords.prove(claim);
  if (proof.verdict == PasswordProof::Verdict::wait) return too_many_attempts(proof.wait);
  if (proof.verdict == PasswordProof::Verdict::wrong) return failed();
  const std::string secret = new_secret(edge.engine.ports().random, kSessionPrefix);
  const auto result = edge.engine.execute(opening(claim, request, secret));
  if (!result) return api::respond(result.error());
  if (!result->outcome) return failed();
  const auto opened = engine::body_of<SessionOpened>(result->outcome->body);
  const std::string* name =
      edge.access.snapshot()->name_of(ActorKind::person, opened.person.text());
  auto response = api::ok(
      OpenedSession{secret, opened.expires_at.at, {opened.person, name == nullptr ? "" : *name}},
      201);
  set_cookie(response, request, secret, session_life_max);
  return response;
}

http::Response sign_out(IdentityEdge& edge, http::Request& request) {
  const auto& caller = api::caller_of(request);
  const auto session = SessionId::parse(caller.actor.via.value_or(""));
  const auto person = PersonId::parse(caller.actor.id);
  if (!session || !person) return api::respond(refusal(Obstacle::session_required));
  auto response = api::run(edge.engine, request, "identity.sign_out",
                           [=](engine::Unit& unit) -> engine::Outcome {
                             close_session(unit, {*session, *person, SessionEnd::signed_out});
                             return engine::Answer{204, ""};
                           });
  if (response.status == 204) set_cookie(response, request, "", Duration{0});
  return response;
}

std::vector<WorkspaceAccess> access_of(const Snapshot& known, const std::string& actor,
                                       const std::optional<KnownToken>& token) {
  std::vector<WorkspaceAccess> all;
  for (const std::string& workspace : *known.workspaces) {
    if (token && token->workspace != workspace) continue;
    auto permissions = known.permissions(actor, workspace);
    if (token) permissions = narrowed(permissions, token->scopes);
    auto roles = known.roles_in(actor, workspace);
    if (roles.empty() && permissions.empty()) continue;
    all.push_back({workspace, std::move(roles), std::move(permissions)});
  }
  return all;
}

http::Response who_am_i(IdentityEdge& edge, http::Request& request) {
  const auto& caller = api::caller_of(request);
  const auto token = edge.access.token_of(caller);
  WhoAmI answer{{requester_of(caller).kind, caller.actor.id},
                caller.display_name,
                access_of(*edge.access.snapshot(), caller.actor.id, token),
                std::nullopt};
  if (token) answer.token = TokenAccess{token->id, token->expires_at, token->scopes};
  return api::ok(answer);
}

}  // namespace

http::Response too_many_attempts(Duration wait) {
  const std::int64_t second_us = Duration::seconds(1).us;
  const std::int64_t seconds = (wait.us + second_us - 1) / second_us;
  auto response = http::problem_response(
      429, "too_many_attempts",
      "Too many attempts; try again in " + std::to_string(seconds) + " seconds.");
  response.set("Retry-After", std::to_string(seconds));
  return response;
}

std::vector<http::Route> session_routes(IdentityEdge& edge) {
  return {{.method = "POST",
           .path = "/api/v1/sessions",
           .permission = "",
           .summary = "Sign in with a mail address and a password",
           .operation_id = "open_session",
           .tag = "identity",
           .request = api::schema_of<OpenSession>(),
           .response = api::schema_of<OpenedSession>(),
           .statuses = {201, 400, 401, 403, 415, 422, 429},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return sign_in(edge, request); }},
          {.method = "DELETE",
           .path = "/api/v1/sessions/current",
           .permission = std::string(kSelf),
           .summary = "Sign out",
           .operation_id = "close_session",
           .tag = "identity",
           .statuses = {204, 403},
           .handler = [&edge](http::Request& request) { return sign_out(edge, request); }},
          {.method = "GET",
           .path = "/api/v1/whoami",
           .permission = std::string(kSelf),
           .summary = "Who the caller is and what he may do where",
           .operation_id = "who_am_i",
           .tag = "identity",
           .response = api::schema_of<WhoAmI>(),
           .handler = [&edge](http::Request& request) { return who_am_i(edge, request); }}};
}

}  // namespace holdpoint::identity
