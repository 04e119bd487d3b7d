// See bootstrap.hpp.
#include "identity/edge/bootstrap.hpp"

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

}  // namespace

Result<Bootstrap> initialise(engine::Engine& engine, Passwords& passwords,
                             const BootstrapOptions& options) {
  if (!server_administrators(*engine.read()).empty()) {
    return Bootstrap{.outcome = Bootstrap::Outcome::already_there};
  }
  Bootstrap made{.outcome = Bootstrap::Outcome::initialised};
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
             command(std::string(kSystem), "identity.bootstrap",
                     [&](engine::Unit& unit) { return begin(unit, person, hash, workspace); }))));
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
