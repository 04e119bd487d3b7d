// See access.hpp.
#include "identity/edge/access.hpp"

#include <algorithm>

#include "identity/edge/people.hpp"
#include "identity/permissions.hpp"
#include "identity/rules.hpp"
#include "platform/http/problem.hpp"

namespace holdpoint::identity {
namespace {

constexpr std::size_t kCredentialBytesMax = 128;
constexpr std::string_view kBearer = "bearer ";
const ledger::Actor kTouchActor{"system", "identity", std::nullopt, std::nullopt};

http::Response unauthorized(std::string_view code, std::string_view detail) {
  auto response = http::problem_response(401, code, detail);
  response.set("WWW-Authenticate", "Bearer");
  return response;
}

http::Response required() {
  return unauthorized("authentication_required",
                      "Sign in, or send a token as Authorization: Bearer hp_…");
}

http::Response unknown() {
  return unauthorized("token_unknown",
                      "The token or session is unknown, was revoked, or its owner is gone.");
}

http::Response expired(std::string_view detail) { return unauthorized("token_expired", detail); }

/// A credential, and whether a browser may have added it by itself.
struct Presented {
  std::string_view credential;
  enum class By : std::uint8_t { nobody, header, cookie } by = By::nobody;
};

Presented presented_in(const http::Request& request) {
  if (request.headers.count("Authorization") > 1) return {};
  if (const auto field = request.header("Authorization")) {
    if (field->size() <= kBearer.size() ||
        !http::same_name(field->substr(0, kBearer.size()), kBearer)) {
      return {};
    }
    return {field->substr(kBearer.size()), Presented::By::header};
  }
  if (const auto cookie = request.cookie(kSessionCookie)) {
    if (cookie->starts_with(kSessionPrefix)) return {*cookie, Presented::By::cookie};
  }
  return {};
}

bool changes_nothing(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

std::string who_can_grant(const engine::Caller& caller) {
  return "administrator of workspace " + caller.workspace;
}

}  // namespace

bool is_same_site(const http::Request& request) {
  if (request.header("X-Holdpoint") == "page") return true;
  const auto origin = request.header("Origin");
  const auto host = request.header("Host");
  if (!origin || !host) return false;
  const auto scheme_end = origin->find("://");
  return scheme_end != std::string_view::npos && origin->substr(scheme_end + 3) == *host;
}

engine::RequestOrigin origin_of(const http::Request& request) {
  return {request.peer_address,
          presentable(request.header("User-Agent").value_or(""), device_bytes_max)};
}

Access::Access(engine::Engine& engine, std::shared_ptr<AccessTrail> trail)
    : engine_(engine), trail_(std::move(trail)) {
  const std::lock_guard renewing(renewing_);
  engine_.on_commit([this](const std::vector<engine::Recorded>& events) { follow(events); });
  const auto tables = engine_.read();
  auto loaded = std::make_shared<const Snapshot>(load_snapshot(engine_, *tables));
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(loaded);
}

std::shared_ptr<const Snapshot> Access::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void Access::follow(const std::vector<engine::Recorded>& events) {
  std::set<Part> touched;
  for (const auto& event : events) {
    if (const auto part = part_of(event.type)) touched.insert(*part);
  }
  if (touched.empty()) return;
  const std::lock_guard renewing(renewing_);
  // This is the writer's thread after its commit: its connection is free and sees everything, and
  // no reader has to be waited for.
  engine::Connection& tables = engine_.ports().store.writer();
  Snapshot next = *snapshot();
  for (const Part part : touched) next = reloaded(next, part, engine_, tables);
  auto published = std::make_shared<const Snapshot>(std::move(next));
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(published);
}

std::expected<std::shared_ptr<const engine::Caller>, http::Response> Access::authenticate(
    const http::Request& request, std::string_view workspace) {
  const Presented presented = presented_in(request);
  if (presented.by == Presented::By::nobody) return unauthenticated(request, required());
  if (presented.by == Presented::By::cookie && !changes_nothing(request.method) &&
      !is_same_site(request)) {
    return unauthenticated(
        request, http::problem_response(
                     403, "cross_site_request",
                     "A session cookie may change something only from this server's own page."));
  }
  const Digest hash = sha256(presented.credential);
  auto identified = identify(presented.credential, hash, workspace);
  if (!identified) return unauthenticated(request, std::move(identified).error());
  auto caller = std::make_shared<engine::Caller>();
  caller->actor = {std::string(describe::enum_text(identified->kind)), std::move(identified->id),
                   std::move(identified->via), std::nullopt};
  caller->display_name = std::move(identified->name);
  caller->origin = origin_of(request);
  caller->workspace = workspace;
  caller->permissions = std::move(identified->permissions);
  caller->credential = hash;
  return caller;
}

bool Access::still_admits(const engine::Caller& caller, std::string_view permission) const {
  if (!caller.credential) return false;
  const auto known = snapshot();
  const auto identified = known->sessions->contains(*caller.credential)
                              ? identify_session(*known, *caller.credential, caller.workspace)
                              : identify_token(*known, *caller.credential, caller.workspace);
  return identified &&
         (permission == kSelf || std::ranges::binary_search(identified->permissions, permission));
}

Access::Identified Access::identify(std::string_view credential, const Digest& hash,
                                    std::string_view workspace) {
  if (credential.size() > kCredentialBytesMax) return std::unexpected(unknown());
  const auto known = snapshot();
  if (credential.starts_with(kTokenPrefix)) return identify_token(*known, hash, workspace);
  if (!credential.starts_with(kSessionPrefix)) return std::unexpected(unknown());
  auto identified = identify_session(*known, hash, workspace);
  if (identified) touch(known->sessions->at(hash), engine_.ports().clock.now());
  return identified;
}

Access::Identified Access::identify_token(const Snapshot& known, const Digest& hash,
                                          std::string_view workspace) const {
  const auto found = known.tokens->find(hash);
  if (found == known.tokens->end()) return std::unexpected(unknown());
  const KnownToken& token = found->second;
  const std::string* name = known.name_of(token.owner_kind, token.owner_id);
  if (name == nullptr) return std::unexpected(unknown());
  if (token.expires_at <= engine_.ports().clock.now()) {
    return std::unexpected(expired("The token expired at " + token.expires_at.text() + "."));
  }
  Identity identity{token.owner_kind, token.owner_id, token.id.text(), *name, {}};
  if (workspace == token.workspace) {
    identity.permissions = narrowed(known.permissions(token.owner_id, workspace), token.scopes);
  }
  return identity;
}

Access::Identified Access::identify_session(const Snapshot& known, const Digest& hash,
                                            std::string_view workspace) const {
  const auto found = known.sessions->find(hash);
  if (found == known.sessions->end()) return std::unexpected(unknown());
  const KnownSession& session = found->second;
  const std::string& person = session.person.text();
  const std::string* name = known.name_of(ActorKind::person, person);
  if (name == nullptr) return std::unexpected(unknown());
  const Instant now = engine_.ports().clock.now();
  const Instant last_seen{session.last_seen->us.load()};
  if (session.expires_at <= now || now - last_seen > session_idle_max) {
    return std::unexpected(expired("The session has ended; sign in again."));
  }
  return Identity{ActorKind::person, person, session.id.text(), *name,
                  known.permissions(person, workspace)};
}

void Access::touch(const KnownSession& session, Instant now) {
  session.last_seen->us.store(now.us);
  std::int64_t stored = session.last_seen->stored_us.load();
  if (Instant{now.us} - Instant{stored} < last_seen_stored_after) return;
  if (!session.last_seen->stored_us.compare_exchange_strong(stored, now.us)) return;
  engine_.submit({.workspace = std::string(kSystem),
                  .actor = kTouchActor,
                  .origin = {},
                  .idempotency = std::nullopt,
                  .name = "identity.session_seen",
                  .run = [id = session.id, now](engine::Unit& unit) -> engine::Outcome {
                    unit.tables().exec(
                        "UPDATE session SET last_seen = $3 WHERE workspace = $1 AND id = $2",
                        kSystem, id, now);
                    return engine::Answer{204, ""};
                  }},
                 {});
}

std::unexpected<http::Response> Access::unauthenticated(const http::Request& request,
                                                        http::Response response) {
  trail_->count(engine_, {.workspace = std::string(kSystem),
                          .source = {"visitor", "visitor", request.peer_address},
                          .permission = "authentication",
                          .route = ""});
  return std::unexpected(std::move(response));
}

std::expected<void, http::Response> Access::authorize(const engine::Caller& caller,
                                                      std::string_view permission,
                                                      std::string_view route) {
  if (permission == kSelf || caller.may(permission)) return {};
  const bool exists = snapshot()->workspaces->contains(caller.workspace);
  trail_->count(engine_, {.workspace = exists ? caller.workspace : std::string(kSystem),
                          .source = {caller.actor.kind, caller.actor.id, caller.origin.address},
                          .permission = std::string(permission),
                          .route = std::string(route)});
  std::string granting;
  for (const std::string_view role : roles_with(permission)) {
    granting += (granting.empty() ? "" : ", ") + std::string(role);
  }
  http::Problem problem{.status = 403,
                        .code = "permission_denied",
                        .title = "Forbidden",
                        .detail = "This needs the permission " + std::string(permission) +
                                  " in workspace " + caller.workspace + ".",
                        .errors = {},
                        .parameters = {{"permission", permission}, {"workspace", caller.workspace}},
                        .next = {}};
  problem.next.push_back({who_can_grant(caller),
                          "Assign a role that has it: " + granting + ", by POST /api/v1/" +
                              caller.workspace + "/role-assignments.",
                          ""});
  return std::unexpected(http::problem_response(problem));
}

std::optional<KnownToken> Access::token_of(const engine::Caller& caller) const {
  if (!caller.actor.via) return std::nullopt;
  const auto known = snapshot();
  for (const auto& entry : *known->tokens) {
    if (entry.second.id.text() == *caller.actor.via) return entry.second;
  }
  return std::nullopt;
}

}  // namespace holdpoint::identity
