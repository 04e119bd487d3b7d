// Routes about tokens. The permission of the rows is for own tokens; those of others need
// tokens.manage besides, which the decision and the listing ask for. The token itself is in the
// answer once: neither the ledger, nor a table, nor the kept answer of an Idempotency-Key has it.
#include "identity/edge/route_rows.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {

struct IssuedToken {
  TokenId id;
  std::optional<std::string> token;  // absent when an earlier answer is given again
  Instant expires_at;
};
HP_DESCRIBE(IssuedToken, id, token, expires_at)

enum class TokenState : std::uint8_t { active, expired, revoked };
HP_DESCRIBE_ENUM(TokenState, active, expired, revoked)

struct TokenOwner {
  ActorKind kind{};
  std::string id;
};
HP_DESCRIBE(TokenOwner, kind, id)

struct TokenItem {
  TokenId id;
  TokenOwner owner;
  std::string name;
  std::vector<std::string> scopes;
  TokenState state{};
  Instant issued_at;
  Instant expires_at;
};
HP_DESCRIBE(TokenItem, id, owner, name, scopes, state, issued_at, expires_at)

namespace {

namespace api = engine::edge;

TokenItem item_of(const Token& token, Instant now) {
  TokenState state = TokenState::active;
  if (token.expires_at <= now) state = TokenState::expired;
  if (token.revoked_at) state = TokenState::revoked;
  return {token.id,        {token.owner_kind, token.owner_id},
          token.name,      token.scopes,
          state,           token.issued_at,
          token.expires_at};
}

http::Response list(IdentityEdge& edge, http::Request& request) {
  const auto& caller = api::caller_of(request);
  std::optional<std::string> owner = caller.actor.id;
  if (caller.may("tokens.manage")) owner.reset();
  const Instant now = edge.engine.ports().clock.now();
  return listed(
      edge, request,
      [&](engine::Connection& tables, const Stretch& stretch) {
        return list_tokens(tables, caller.workspace, owner, stretch);
      },
      [&](engine::Connection&, const Token& token) { return item_of(token, now); });
}

engine::Outcome issue_now(engine::Unit& unit, const IssueToken& command, const Requester& requester,
                          const Digest& hash) {
  engine::Connection& tables = unit.tables();
  const std::string owner =
      command.service_account_id ? command.service_account_id->text() : requester.id;
  const auto issued =
      decide(command, {unit.new_id<TokenId>(), unit.workspace(), unit.now(), hash, requester,
                       find_service_account(tables, unit.workspace(), owner),
                       count_live_tokens(tables, unit.workspace(), owner, unit.now())});
  if (!issued) return refuse(issued.error());
  unit.record({"token", issued->id.text()}, *issued);
  return api::answer(IssuedToken{issued->id, std::nullopt, issued->expires_at.at}, 201);
}

http::Response issue(IdentityEdge& edge, http::Request& request) {
  const auto command = api::body_of<IssueToken>(request);
  if (!command) return command.error();
  const std::string secret = new_secret(edge.engine.ports().random, kTokenPrefix);
  const auto& caller = api::caller_of(request);
  auto response =
      api::run(edge.engine, request, "identity.issue_token",
               [command = *command, requester = requester_of(caller), hash = sha256(secret)](
                   engine::Unit& unit) { return issue_now(unit, command, requester, hash); });
  if (response.status != 201 || response.header("Idempotency-Replayed")) return response;
  auto answer = from_json_text<IssuedToken>(response.body);
  HP_ASSERT(answer.has_value(), "ID-5: the answer is the one that was written");
  answer->token = secret;
  auto shown = api::ok(*answer, 201);
  shown.set("Cache-Control", "no-store");
  return shown;
}

http::Response revoke(IdentityEdge& edge, http::Request& request) {
  return api::run(
      edge.engine, request, "identity.revoke_token",
      [id = std::string(request.parameter("id")),
       requester = requester_of(api::caller_of(request))](engine::Unit& unit) -> engine::Outcome {
        const auto revoked =
            decide_revocation(find_token(unit.tables(), unit.workspace(), id), requester);
        if (!revoked) return refuse(revoked.error());
        unit.record({"token", id}, *revoked);
        return engine::Answer{204, ""};
      });
}

}  // namespace

std::vector<http::Route> token_routes(IdentityEdge& edge) {
  return {{.method = "GET",
           .path = "/api/v1/{workspace}/tokens",
           .permission = "tokens.create",
           .summary = "The own tokens, or with tokens.manage those of everybody",
           .operation_id = "list_tokens",
           .tag = "identity",
           .query = api::kPageParameters,
           .response = api::page_schema_of<TokenItem>(),
           .statuses = {200, 422},
           .handler = [&edge](http::Request& request) { return list(edge, request); }},
          {.method = "POST",
           .path = "/api/v1/{workspace}/tokens",
           .permission = "tokens.create",
           .summary = "Issue a token; it is shown once",
           .operation_id = "issue_token",
           .tag = "identity",
           .request = api::schema_of<IssueToken>(),
           .response = api::schema_of<IssuedToken>(),
           .statuses = {201, 400, 403, 404, 409, 415, 422, 429},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return issue(edge, request); }},
          {.method = "DELETE",
           .path = "/api/v1/{workspace}/tokens/{id}",
           .permission = "tokens.create",
           .summary = "Revoke a token; it ends at once",
           .operation_id = "revoke_token",
           .tag = "identity",
           .statuses = {204, 404},
           .handler = [&edge](http::Request& request) { return revoke(edge, request); }}};
}

}  // namespace holdpoint::identity
