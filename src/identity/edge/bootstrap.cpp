// See bootstrap.hpp.
#include "identity/edge/bootstrap.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "engine/edge/api.hpp"
#include "identity/decide.hpp"
#include "identity/edge/people.hpp"
#include "identity/edge/queries.hpp"
#include "identity/edge/roles.hpp"
#include "identity/permissions.hpp"
#include "identity/rules.hpp"

namespace holdpoint::identity {
namespace {

constexpr std::size_t kPasswordRandomBytes = 18;
const ledger::Actor kBootstrapActor{"system", "bootstrap", std::nullopt, std::nullopt};

struct Administrator {
  PersonId id;
};
HP_DESCRIBE(Administrator, id)

Result<void> check(const AddPerson& person, const CreateWorkspace& workspace) {
  JsonIssues issues = flaws(person);
  for (JsonIssue& issue : flaws(workspace)) {
    issues.push_back({"/workspace" + issue.path, issue.message, 0});
  }
  if (issues.empty()) return {};
  return fault(FaultKind::invalid, "bootstrap", issues.front().text());
}

engine::Command command(std::string workspace, std::string name,
                        std::function<engine::Outcome(engine::Unit&)> run) {
  return {.workspace = std::move(workspace),
          .actor = kBootstrapActor,
          .origin = {},
          .idempotency = std::nullopt,
          .name = std::move(name),
          .run = std::move(run)};
}

Result<engine::Answer> answer_of(Result<engine::CommandResult> result) {
  if (!result) return std::unexpected(std::move(result).error());
  if (!result->outcome) {
    return fault(FaultKind::invalid, "bootstrap", result->outcome.error().sentence);
  }
  return std::move(*result->outcome);
}

engine::Outcome begin(engine::Unit& unit, const AddPerson& person, const std::string& hash,
                      const CreateWorkspace& workspace) {
  engine::Connection& tables = unit.tables();
  if (!find_workspace(tables, workspace.name)) {
    const auto created = decide(workspace, unit.new_id<WorkspaceId>(), std::nullopt);
    if (!created) return refuse(created.error());
    unit.record({"workspace", created->id.text()}, *created);
  }
  const auto added = add_person(unit, person, hash);
  if (!added) return refuse(added.error());
  const auto assigned = assign_role(unit, {ActorKind::person, added->text(), "administrator"});
  if (!assigned) return refuse(assigned.error());
  return engine::edge::answer(Administrator{*added}, 201);
}

/// Also when it was taken away since, which the log tells and the table does not. Other events,
/// such as denied access, may be in the log before the first role.
bool has_ever_assigned_roles(engine::Connection& tables, std::string_view workspace) {
  return tables
      .integer("SELECT seq FROM ledger_entry WHERE workspace = $1 AND type = $2 LIMIT 1", workspace,
               RoleAssigned::event_type)
      .has_value();
}

/// The administrator of a first start that was cut off: the workspace is there and nobody ever had
/// a role in it. Nobody was told a generated password then, so it is set anew.
std::optional<PersonId> left_without_role(engine::Engine& engine, const BootstrapOptions& options) {
  const auto tables = engine.read();
  if (!find_workspace(*tables, options.workspace)) return std::nullopt;
  if (has_ever_assigned_roles(*tables, options.workspace)) return std::nullopt;
  const auto person =
      find_person_by_key(*tables, email_key(engine.ports().vault, options.admin_email));
  if (!person) return std::nullopt;
  const auto administrators = server_administrators(*tables);
  const bool administers =
      std::ranges::find(administrators, person->text()) != administrators.end();
  return administers ? person : std::nullopt;
}

engine::Outcome set_password(engine::Unit& unit, const PersonId& id, const std::string& password,
                             const std::string& hash) {
  const auto changed = decide(ChangePassword{std::nullopt, password},
                              find_person(unit.tables(), kSystem, id.text()));
  if (!changed) return refuse(changed.error());
  store_password(unit, *changed, hash, std::nullopt);
  return engine::edge::answer(Administrator{id});
}

}  // namespace

Result<Bootstrap> initialise(engine::Engine& engine, Passwords& passwords,
                             const BootstrapOptions& options) {
  Bootstrap made{.outcome = Bootstrap::Outcome::initialised};
  const auto unfinished = left_without_role(engine, options);
  if (unfinished) {
    made.outcome = Bootstrap::Outcome::finished;
  } else if (!server_administrators(*engine.read()).empty()) {
    return Bootstrap{.outcome = Bootstrap::Outcome::already_there};
  }
  std::string password = options.admin_password.value_or("");
  if (!options.admin_password) {
    std::array<std::uint8_t, kPasswordRandomBytes> bytes{};
    engine.ports().random.fill(bytes);
    password = to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    made.generated_password = password;
  }
  const AddPerson person{options.admin_name, options.admin_email, password};
  const CreateWorkspace workspace{options.workspace, std::nullopt};
  HP_TRY_VOID(check(person, workspace));
  HP_TRY(const std::string hash, passwords.hash(password));
  HP_TRY(const engine::Answer first,
         answer_of(engine.execute(
             command(std::string(kSystem), "identity.bootstrap", [&](engine::Unit& unit) {
               return unfinished ? set_password(unit, *unfinished, password, hash)
                                 : begin(unit, person, hash, workspace);
             }))));
  const auto administrator = from_json_text<Administrator>(first.body);
  HP_ASSERT(administrator.has_value(), "ID-5: the answer is the one that was written");
  made.administrator = administrator->id;
  HP_TRY_VOID(answer_of(engine.execute(
      command(options.workspace, "identity.first_administrator", [&](engine::Unit& unit) {
        return assign_role(unit, {ActorKind::person, made.administrator.text(), "administrator"});
      }))));
  return made;
}

}  // namespace holdpoint::identity
