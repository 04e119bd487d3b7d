// A whole server in memory but for its database: the engine with identity's module, its routes
// behind the gatekeeper's two questions, and a clock that the test moves. For tests of identity and
// of whatever needs callers.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ed25519.hpp"
#include "engine/engine.hpp"
#include "identity/edge/bootstrap.hpp"
#include "identity/edge/identity_edge.hpp"
#include "identity/edge/module.hpp"
#include "platform/http/router.hpp"
#include "platform/storage/sqlite.hpp"
#include "support/awaited.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_heads.hpp"
#include "support/memory_objects.hpp"
#include "support/memory_vault.hpp"
#include "support/plain_passwords.hpp"
#include "support/scratch.hpp"
#include "support/seeded_random.hpp"

namespace holdpoint::test {

class RecordingLog final : public engine::Log {
 public:
  void write(engine::LogLevel, std::string_view message, std::span<const Field> fields) override {
    const std::lock_guard lock(mutex_);
    text_ += message;
    for (const Field& field : fields) text_ += " " + std::string(field.name) + "=" + field.value;
    text_ += "\n";
  }
  std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  std::mutex mutex_;
  std::string text_;
};

struct Call {
  std::string method;
  std::string path;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string address = "192.0.2.1";
};

inline constexpr std::string_view kAdminEmail = "Root.Admin@example.com";
inline constexpr std::string_view kAdminName = "Rosalind Admin";
inline constexpr std::string_view kAdminPassword = "correct horse battery";

class IdentityServer {
 public:
  IdentityServer() { open(); }
  ~IdentityServer() { close(); }
  IdentityServer(const IdentityServer&) = delete;
  IdentityServer& operator=(const IdentityServer&) = delete;

  /// Stops and starts the server over the same database.
  void restart() {
    close();
    open();
  }

  /// Workspace `acme` and the administrator of server and workspace.
  identity::Bootstrap initialise() {
    auto made = identity::initialise(*engine, *passwords,
                                     {.admin_email = std::string(kAdminEmail),
                                      .admin_name = std::string(kAdminName),
                                      .admin_password = std::string(kAdminPassword),
                                      .workspace = "acme"});
    REQUIRE(made.has_value());
    return *made;
  }

  /// What the gatekeeper does with a request, and the handler's answer.
  http::Response send(const Call& call) {
    http::Request request = request_of(call);
    auto found = router->match(request.method, request.segments);
    auto* match = std::get_if<http::Router::Match>(&found);
    REQUIRE_MESSAGE(match != nullptr, call.method, " ", call.path);
    const http::Route& route = *match->route;
    request.path_parameters = match->path_parameters;
    if (route.permission.empty()) return awaited(route.handler(request));
    const auto named = request.path_parameters.find("workspace");
    auto caller = access->authenticate(
        request, named == request.path_parameters.end() ? "system" : named->second);
    if (!caller) return std::move(caller).error();
    auto allowed = access->authorize(**caller, route.permission, route.method + " " + route.path);
    if (!allowed) return std::move(allowed).error();
    request.caller = *caller;
    return awaited(route.handler(request));
  }
  /// The same with a token or session token as Bearer.
  http::Response send(std::string_view credential, std::string method, std::string path,
                      std::string body = {}) {
    return send({std::move(method),
                 std::move(path),
                 std::move(body),
                 {{"Authorization", "Bearer " + std::string(credential)}}});
  }

  http::Response sign_in(std::string_view email, std::string_view password,
                         std::string address = "192.0.2.1") {
    const json::object body{{"email", email}, {"password", password}};
    return send({"POST", "/api/v1/sessions", json::serialize(body), {}, std::move(address)});
  }
  std::string session(std::string_view email, std::string_view password) {
    const auto response = sign_in(email, password);
    REQUIRE(response.status == 201);
    return member(response, "token");
  }
  std::string admin() { return session(kAdminEmail, kAdminPassword); }

  static std::string member(const http::Response& response, std::string_view name) {
    const auto body = json::parse(response.body);
    const auto* found = body.as_object().if_contains(name);
    return found != nullptr && found->is_string() ? std::string(view(found->get_string())) : "";
  }

  /// Records what was gathered and waits until it is committed.
  void settle() {
    trail->flush(*engine);
    wait_for_commits();
  }
  /// Waits until all that was submitted so far is committed.
  void wait_for_commits() {
    const auto done = engine->execute(
        {.workspace = "system",
         .actor = {"system", "test", std::nullopt, std::nullopt},
         .name = "test.settle",
         .run = [](engine::Unit&) -> engine::Outcome { return engine::Answer{204, ""}; }});
    REQUIRE(done.has_value());
  }

  /// Every stored entry of a workspace, oldest first, as one text per entry.
  std::vector<std::string> entries(std::string_view workspace) {
    std::vector<std::string> all;
    engine->read()->query(
        "SELECT entry FROM ledger_entry WHERE workspace = $1 ORDER BY seq",
        [&](const engine::Row& row) { all.emplace_back(row.blob(0)); }, workspace);
    return all;
  }
  std::size_t count(std::string_view workspace, std::string_view type) {
    const auto number = engine->read()->integer(
        "SELECT COUNT(*) FROM ledger_entry WHERE workspace = $1 AND type = $2", workspace, type);
    return static_cast<std::size_t>(number.value_or(0));
  }

  static http::Request request_of(const Call& call) {
    http::Request request;
    request.method = call.method;
    request.target = call.path;
    request.path = call.path.substr(0, call.path.find('?'));
    std::string_view rest = std::string_view(request.path).substr(1);
    while (!rest.empty()) {
      const auto slash = rest.find('/');
      request.segments.emplace_back(rest.substr(0, slash));
      rest = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
    }
    if (const auto query = call.path.find('?'); query != std::string::npos) {
      const std::string pair = call.path.substr(query + 1);
      const auto equals = pair.find('=');
      request.parameters.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
    for (const auto& [name, value] : call.headers) request.headers.add(name, value);
    request.headers.add("User-Agent", "probe/7.1");
    request.headers.add("Host", "holdpoint.example");
    request.body = call.body;
    request.peer_address = call.address;
    return request;
  }

  Scratch scratch;
  FakeClock clock{*Instant::parse("2026-11-20T06:00:00Z")};
  SeededRandom random{7};
  MemoryVault vault{random};
  MemoryObjects objects;
  MemoryHeads heads;
  RecordingLog log;
  PlainPasswords hasher{random};
  std::shared_ptr<identity::AccessTrail> trail;
  std::unique_ptr<engine::Store> store;
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<identity::Access> access;
  std::unique_ptr<identity::Passwords> passwords;
  std::unique_ptr<identity::IdentityEdge> edge;
  std::unique_ptr<http::Router> router;

 private:
  void open() {
    trail = std::make_shared<identity::AccessTrail>();
    auto opened_store = storage::open_sqlite({.path = scratch.path("holdpoint.db")});
    REQUIRE(opened_store.has_value());
    store = std::move(*opened_store);
    auto opened = engine::Engine::open({identity::module(trail)},
                                       {*store, objects, vault, heads, clock, random, log},
                                       *Ed25519Key::from_seed(std::string(32, 'k')), {});
    REQUIRE_MESSAGE(opened.has_value(), opened.error().text());
    engine = std::move(*opened);
    access = std::make_unique<identity::Access>(*engine, trail);
    auto opened_passwords = identity::Passwords::open(*engine, hasher, trail);
    REQUIRE(opened_passwords.has_value());
    passwords = std::move(*opened_passwords);
    edge = std::make_unique<identity::IdentityEdge>(*engine, *access, *passwords);
    router = std::make_unique<http::Router>(identity::routes(*edge));
    engine->start();
  }
  void close() {
    engine->stop();
    router.reset();
    edge.reset();
    passwords.reset();
    engine.reset();
    access.reset();
    store.reset();
  }
};

}  // namespace holdpoint::test
