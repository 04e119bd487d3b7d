// Routes about people of the server: add, list, rename, set passwords, deactivate. Commands that
// carry a password take no Idempotency-Key: even a digest of the request would let the password be
// guessed from the database.
#include "identity/edge/people.hpp"
#include "identity/edge/route_rows.hpp"
#include "identity/permissions.hpp"
#include "identity/refusals.hpp"
#include "identity/rules.hpp"

namespace holdpoint::identity {

struct PersonItem {
  PersonId id;
  std::string name;
  std::optional<std::string> email;  // absent when it was erased
  PersonState state{};
  Instant added_at;
};
HP_DESCRIBE(PersonItem, id, name, email, state, added_at)

struct PersonCreated {
  PersonId id;
};
HP_DESCRIBE(PersonCreated, id)

namespace {

namespace api = engine::edge;

PersonItem item_of(IdentityEdge& edge, engine::Connection& tables, const Person& person) {
  return {person.id, person_name(edge.engine, tables, person),
          person_email(edge.engine, tables, person), person.state, person.added_at};
}

http::Response list(IdentityEdge& edge, http::Request& request) {
  return listed(edge, request, list_people, [&](engine::Connection& tables, const Person& person) {
    return item_of(edge, tables, person);
  });
}

http::Response run_without_key(IdentityEdge& edge, const http::Request& request, std::string name,
                               std::function<engine::Outcome(engine::Unit&)> run) {
  const auto& caller = api::caller_of(request);
  return api::respond(edge.engine.execute({.workspace = std::string(kSystem),
                                           .actor = caller.actor,
                                           .origin = caller.origin,
                                           .idempotency = std::nullopt,
                                           .name = std::move(name),
                                           .run = std::move(run)}));
}

http::Response add(IdentityEdge& edge, http::Request& request) {
  const auto command = api::body_of<AddPerson>(request);
  if (!command) return command.error();
  if (auto issues = flaws(*command); !issues.empty()) return api::respond(issues);
  std::optional<std::string> hash;
  if (command->password) {
    auto made = edge.passwords.hash(*command->password);
    if (!made) return api::respond(made.error());
    hash = std::move(*made);
  }
  return run_without_key(edge, request, "identity.add_person",
                         [command = AddPerson{command->name, command->email, std::nullopt},
                          hash = std::move(hash)](engine::Unit& unit) -> engine::Outcome {
                           const auto added = add_person(unit, command, hash);
                           if (!added) return refuse(added.error());
                           return api::answer(PersonCreated{*added}, 201);
                         });
}

http::Response rename(IdentityEdge& edge, http::Request& request) {
  const auto command = api::body_of<RenamePerson>(request);
  if (!command) return command.error();
  return api::run(edge.engine, request, "identity.rename_person",
                  [command = *command, id = std::string(request.parameter("id"))](
                      engine::Unit& unit) -> engine::Outcome {
                    const auto renamed = decide(command, find_person(unit.tables(), kSystem, id));
                    if (!renamed) return refuse(renamed.error());
                    unit.record({"person", id}, *renamed, {{"/name", id, command.name}});
                    return engine::Answer{204, ""};
                  });
}

http::Response deactivate(IdentityEdge& edge, http::Request& request) {
  return api::run(
      edge.engine, request, "identity.deactivate_person",
      [id = std::string(request.parameter("id"))](engine::Unit& unit) -> engine::Outcome {
        engine::Connection& tables = unit.tables();
        const auto gone =
            decide_deactivation(find_person(tables, kSystem, id), server_administrators(tables));
        if (!gone) return refuse(gone.error());
        unit.record({"person", id}, *gone);
        close_sessions(unit, gone->id, SessionEnd::deactivated, std::nullopt);
        return engine::Answer{204, ""};
      });
}

/// Proves the caller's own current password; nullopt when it is right.
std::optional<http::Response> doubt(IdentityEdge& edge, const http::Request& request,
                                    const Person& person, std::string_view password) {
  PasswordClaim claim{.account = edge.engine.ports().vault.blind_index("person", person.id.text()),
                      .address = request.peer_address,
                      .person = person,
                      .password = std::string(password)};
  if (auto credential = find_credential(*edge.engine.read(), person.id)) {
    claim.hash = std::move(credential->hash);
  }
  const PasswordProof proof = edge.passwords.prove(claim);
  switch (proof.verdict) {
    case PasswordProof::Verdict::right: return std::nullopt;
    case PasswordProof::Verdict::wait: return too_many_attempts(proof.wait);
    case PasswordProof::Verdict::wrong: break;
  }
  return api::respond(refusal(Obstacle::current_password_wrong));
}

/// Who may set the password: the person in a session with the current one, or who manages people.
std::optional<http::Response> forbidden(IdentityEdge& edge, const http::Request& request,
                                        const std::optional<Person>& person,
                                        const ChangePassword& command) {
  const auto& caller = api::caller_of(request);
  const bool own = person && caller.actor.id == person->id.text();
  if (!own) {
    auto allowed =
        edge.access.authorize(caller, "people.manage", "PUT /api/v1/people/{id}/password");
    if (!allowed) return std::move(allowed).error();
    return std::nullopt;
  }
  if (!SessionId::parse(caller.actor.via.value_or(""))) {
    return api::respond(refusal(Obstacle::session_required));
  }
  if (!command.current || command.current->size() > password_bytes_max) {
    return api::respond(JsonIssues{{"/current", "required, at most 1024 bytes", 0}});
  }
  return doubt(edge, request, *person, command.current.value_or(""));
}

http::Response set_password(IdentityEdge& edge, http::Request& request) {
  const auto command = api::body_of<ChangePassword>(request);
  if (!command) return command.error();
  const std::string id(request.parameter("id"));
  const auto person = find_person(*edge.engine.read(), kSystem, id);
  if (auto no = forbidden(edge, request, person, *command)) return std::move(*no);
  if (person) {
    const auto tables = edge.engine.read();
    const auto flaw = password_flaw(command->password, person_name(edge.engine, *tables, *person),
                                    person_email(edge.engine, *tables, *person).value_or(""));
    if (flaw) return api::respond(JsonIssues{{"/password", *flaw, 0}});
  }
  if (const auto changed = decide(*command, person); !changed) {
    return api::respond(changed.error());
  }
  auto hash = edge.passwords.hash(command->password);
  if (!hash) return api::respond(hash.error());
  const auto session = SessionId::parse(api::caller_of(request).actor.via.value_or(""));
  return run_without_key(edge, request, "identity.set_password",
                         [id, command = *command, hash = std::move(*hash),
                          session](engine::Unit& unit) -> engine::Outcome {
                           const auto changed =
                               decide(command, find_person(unit.tables(), kSystem, id));
                           if (!changed) return refuse(changed.error());
                           store_password(unit, *changed, hash, session);
                           return engine::Answer{204, ""};
                         });
}

}  // namespace

std::vector<http::Route> people_routes(IdentityEdge& edge) {
  return {{.method = "GET",
           .path = "/api/v1/people",
           .permission = "people.manage",
           .summary = "The people of this server",
           .operation_id = "list_people",
           .tag = "identity",
           .query = api::kPageParameters,
           .response = api::page_schema_of<PersonItem>(),
           .statuses = {200, 422},
           .handler = [&edge](http::Request& request) { return list(edge, request); }},
          {.method = "POST",
           .path = "/api/v1/people",
           .permission = "people.manage",
           .summary = "Add a person, who can sign in once a password is set",
           .operation_id = "add_person",
           .tag = "identity",
           .request = api::schema_of<AddPerson>(),
           .response = api::schema_of<PersonCreated>(),
           .statuses = {201, 400, 409, 415, 422},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return add(edge, request); }},
          {.method = "PUT",
           .path = "/api/v1/people/{id}/name",
           .permission = "people.manage",
           .summary = "Rename a person",
           .operation_id = "rename_person",
           .tag = "identity",
           .request = api::schema_of<RenamePerson>(),
           .statuses = {204, 400, 404, 415, 422},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return rename(edge, request); }},
          {.method = "PUT",
           .path = "/api/v1/people/{id}/password",
           .permission = std::string(kSelf),
           .summary = "Set the own password, or with people.manage that of another",
           .operation_id = "set_password",
           .tag = "identity",
           .request = api::schema_of<ChangePassword>(),
           .statuses = {204, 400, 403, 404, 409, 415, 422, 429},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return set_password(edge, request); }},
          {.method = "POST",
           .path = "/api/v1/people/{id}/deactivation",
           .permission = "people.manage",
           .summary = "Deactivate a person: every session and token ends at once",
           .operation_id = "deactivate_person",
           .tag = "identity",
           .statuses = {204, 404, 409},
           .body_bytes_max = identity_body_bytes_max,
           .mode = http::BodyMode::buffered,
           .handler = [&edge](http::Request& request) { return deactivate(edge, request); }}};
}

std::optional<http::Response> doubt_password(IdentityEdge& edge, const http::Request& request,
                                             std::string_view password) {
  const auto person = find_person(*edge.engine.read(), kSystem, api::caller_of(request).actor.id);
  if (!person) return api::respond(refusal(Obstacle::current_password_wrong));
  return doubt(edge, request, *person, password);
}

}  // namespace holdpoint::identity
