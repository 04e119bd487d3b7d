// See permissions.hpp.
#include "identity/permissions.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace holdpoint::identity {
namespace {

constexpr std::array kPermissions{
    Permission{"access.manage", Reach::workspace, "assign roles and keep service accounts"},
    Permission{"access.read", Reach::workspace, "see who has which role"},
    Permission{"access_reviews.answer", Reach::workspace,
               "confirm and remove rights of others in an access review"},
    Permission{"access_reviews.manage", Reach::workspace, "start and close access reviews"},
    Permission{"approval_roles.read", Reach::workspace, "see teams and who fills which role"},
    Permission{"approval_roles.write", Reach::workspace, "change teams and approval roles"},
    Permission{"approvals.read", Reach::workspace, "see requests for approval and how they stand"},
    Permission{"approvals.request", Reach::workspace, "ask for an approval, and withdraw it"},
    Permission{"approvals.sign", Reach::workspace, "approve or reject where policy says so"},
    Permission{"audit.read", Reach::workspace, "read the ledger"},
    Permission{"audit.verify", Reach::workspace, "verify the whole ledger against the tables"},
    Permission{"catalog.read", Reach::workspace, "see applications and environments"},
    Permission{"catalog.write", Reach::workspace, "change applications and environments"},
    Permission{"certification.evaluate", Reach::workspace, "have a release certified"},
    Permission{"certification.read", Reach::workspace, "see certifications and their grounds"},
    Permission{"certification.revoke", Reach::workspace, "revoke a certification"},
    Permission{"changes.endorse", Reach::workspace, "endorse emergency changes, and review them"},
    Permission{"changes.govern", Reach::workspace,
               "keep templates of changes, ways for emergencies and how risk is scored"},
    Permission{"changes.read", Reach::workspace, "see changes, their windows and conflicts"},
    Permission{"changes.request", Reach::workspace,
               "ask for changes and freeze overrides, and carry changes out"},
    Permission{"compliance.read", Reach::workspace,
               "see how controls stand, look for records, and export them"},
    Permission{"compliance.write", Reach::workspace, "change frameworks and saved searches"},
    Permission{"configurations.record", Reach::workspace,
               "record how an environment is configured"},
    Permission{"delegations.create", Reach::workspace, "let others stand in, and end that"},
    Permission{"delegations.read", Reach::workspace, "see who stands in for whom, and why"},
    Permission{"deliveries.manage", Reach::workspace, "have messages to the outside sent again"},
    Permission{"deliveries.read", Reach::workspace,
               "see what was sent to the outside, and what failed"},
    Permission{"deployments.read", Reach::workspace, "see deployments"},
    Permission{"deployments.start", Reach::workspace,
               "start deployments through the gate, and end them"},
    Permission{"deployments.verify", Reach::workspace, "verify deployments of others"},
    Permission{"documents.read", Reach::workspace, "see controlled documents and their versions"},
    Permission{"documents.write", Reach::workspace, "keep controlled documents"},
    Permission{"evidence.add", Reach::workspace, "add evidence to a release"},
    Permission{"evidence.read", Reach::workspace, "read evidence"},
    Permission{"evidence.secrets", Reach::workspace, "read secrets that reports contain"},
    Permission{"figures.read", Reach::workspace, "see the figures of teams"},
    Permission{"findings.triage", Reach::workspace,
               "say what findings are, and confirm what others said"},
    Permission{"gate.check", Reach::workspace, "ask whether a deployment gate is open"},
    Permission{"health.report", Reach::workspace,
               "report health, alerts and what runs in an environment"},
    Permission{"incidents.declare", Reach::workspace, "declare, change and resolve incidents"},
    Permission{"incidents.read", Reach::workspace, "see incidents"},
    Permission{"notifications.read", Reach::workspace, "see who is told of what"},
    Permission{"notifications.write", Reach::workspace, "change who is told of what, and where"},
    Permission{"people.manage", Reach::server, "add, rename and deactivate people"},
    Permission{"policy.approve", Reach::workspace, "approve changes of policies by others"},
    Permission{"policy.read", Reach::workspace, "read policies and their changes"},
    Permission{"policy.write", Reach::workspace, "change policies, or propose to"},
    Permission{"releases.read", Reach::workspace, "see releases"},
    Permission{"releases.write", Reach::workspace, "register releases"},
    Permission{"rollbacks.decide", Reach::workspace,
               "propose, confirm, decline, drill and clear rollbacks"},
    Permission{"rollbacks.execute", Reach::workspace, "say how carrying a rollback out ended"},
    Permission{"rollbacks.read", Reach::workspace, "see rollbacks and how their rules stand"},
    Permission{"tests.read", Reach::workspace, "see test cases, their runs and what they cover"},
    Permission{"tests.write", Reach::workspace, "keep test cases"},
    Permission{"tokens.create", Reach::workspace, "issue and revoke own tokens"},
    Permission{"tokens.manage", Reach::workspace, "issue and revoke the tokens of others"},
    Permission{"waivers.read", Reach::workspace, "see waivers and their reasons"},
    Permission{"waivers.request", Reach::workspace, "ask for a waiver, and withdraw it"},
    Permission{"waivers.revoke", Reach::workspace, "take a waiver in force back"},
    Permission{"workitems.read", Reach::workspace, "see work items and their links"},
    Permission{"workitems.write", Reach::workspace, "create, change, link and close work items"},
    Permission{"workspaces.manage", Reach::server, "see and create workspaces"},
};

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names;
  for (const Permission& permission : kPermissions) names.push_back(permission.name);
  return names;
}

const std::vector<Role>& role_table() {
  static const std::vector<Role> table{
      {"administrator", "Everything in the workspace, including who else may do what.",
       all_names()},
      {"release_manager",
       "Brings releases to certification: catalog, releases, evidence, revocation.",
       {"access.read",         "access_reviews.answer",
        "approval_roles.read", "approvals.read",
        "approvals.request",   "approvals.sign",
        "audit.read",          "catalog.read",
        "catalog.write",       "certification.evaluate",
        "certification.read",  "certification.revoke",
        "changes.endorse",     "changes.read",
        "changes.request",     "compliance.read",
        "compliance.write",    "configurations.record",
        "delegations.create",  "delegations.read",
        "deliveries.manage",   "deliveries.read",
        "deployments.read",    "deployments.start",
        "deployments.verify",  "documents.read",
        "documents.write",     "evidence.add",
        "evidence.read",       "figures.read",
        "findings.triage",     "gate.check",
        "health.report",       "incidents.declare",
        "incidents.read",      "notifications.read",
        "notifications.write", "policy.read",
        "policy.write",        "releases.read",
        "releases.write",      "rollbacks.decide",
        "rollbacks.execute",   "rollbacks.read",
        "tests.read",          "tests.write",
        "tokens.create",       "waivers.read",
        "waivers.request",     "waivers.revoke",
        "workitems.read",      "workitems.write"}},
      {"developer",
       "Registers releases and adds evidence to them.",
       {"approval_roles.read", "approvals.read",         "approvals.request",  "approvals.sign",
        "catalog.read",        "certification.evaluate", "certification.read", "changes.read",
        "changes.request",     "delegations.create",     "delegations.read",   "deployments.read",
        "deployments.verify",  "documents.read",         "documents.write",    "evidence.add",
        "evidence.read",       "figures.read",           "findings.triage",    "gate.check",
        "incidents.read",      "notifications.read",     "policy.read",        "releases.read",
        "releases.write",      "rollbacks.decide",       "rollbacks.read",     "tests.read",
        "tests.write",         "tokens.create",          "waivers.read",       "waivers.request",
        "workitems.read",      "workitems.write"}},
      {"pipeline",
       "What a build or deployment pipeline needs, for service accounts.",
       {"approval_roles.read",    "approvals.read",     "approvals.request", "catalog.read",
        "certification.evaluate", "certification.read", "changes.read",      "changes.request",
        "configurations.record",  "deployments.read",   "deployments.start", "documents.read",
        "evidence.add",           "evidence.read",      "gate.check",        "health.report",
        "incidents.read",         "policy.read",        "releases.read",     "releases.write",
        "rollbacks.execute",      "rollbacks.read",     "tests.read",        "tests.write",
        "waivers.read",           "workitems.read",     "workitems.write"}},
      {"approver",
       "Reads all that a decision rests on, and approves changes of policies.",
       {"approval_roles.read", "approvals.read",     "approvals.sign",     "audit.read",
        "catalog.read",        "certification.read", "changes.endorse",    "changes.govern",
        "changes.read",        "compliance.read",    "delegations.create", "delegations.read",
        "deployments.read",    "deployments.verify", "documents.read",     "evidence.read",
        "figures.read",        "findings.triage",    "gate.check",         "incidents.read",
        "notifications.read",  "policy.approve",     "policy.read",        "releases.read",
        "rollbacks.decide",    "rollbacks.read",     "tests.read",         "tokens.create",
        "waivers.read",        "waivers.revoke",     "workitems.read",     "workitems.write"}},
      {"auditor",
       "Reads everything and verifies the ledger; changes nothing.",
       {"access.read",        "approval_roles.read", "approvals.read",     "audit.read",
        "audit.verify",       "catalog.read",        "certification.read", "changes.read",
        "compliance.read",    "delegations.read",    "deliveries.read",    "deployments.read",
        "documents.read",     "evidence.read",       "figures.read",       "incidents.read",
        "notifications.read", "policy.read",         "releases.read",      "rollbacks.read",
        "tests.read",         "waivers.read",        "workitems.read"}},
      {"viewer",
       "Sees releases, their evidence and their certification.",
       {"approval_roles.read", "approvals.read", "catalog.read", "certification.read",
        "changes.read", "deployments.read", "documents.read", "evidence.read", "figures.read",
        "gate.check", "incidents.read", "policy.read", "releases.read", "rollbacks.read",
        "tests.read", "waivers.read", "workitems.read"}},
  };
  return table;
}

}  // namespace

std::span<const Permission> permissions() { return kPermissions; }
std::span<const Role> roles() { return role_table(); }

const Permission* find_permission(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kPermissions, name, {}, &Permission::name);
  return found != kPermissions.end() && found->name == name ? found : nullptr;
}

const Role* find_role(std::string_view name) {
  const auto found = std::ranges::find(role_table(), name, &Role::name);
  return found != role_table().end() ? &*found : nullptr;
}

std::vector<std::string_view> roles_with(std::string_view permission) {
  std::vector<std::string_view> names;
  for (const Role& role : role_table()) {
    if (std::ranges::binary_search(role.permissions, permission)) names.push_back(role.name);
  }
  return names;
}

std::vector<std::string> effective_permissions(std::span<const std::string> roles_here,
                                               std::span<const std::string> roles_in_system,
                                               std::string_view workspace) {
  std::vector<std::string> held;
  for (const std::string& name : roles_here) {
    const Role* role = find_role(name);
    if (role == nullptr) continue;
    for (const std::string_view permission : role->permissions) {
      if (find_permission(permission)->reach == Reach::server && workspace != kSystem) continue;
      held.emplace_back(permission);
    }
  }
  if (std::ranges::find(roles_in_system, "administrator") != roles_in_system.end()) {
    held.emplace_back("access.manage");
    held.emplace_back("access.read");
  }
  std::ranges::sort(held);
  const auto repeated = std::ranges::unique(held);
  held.erase(repeated.begin(), repeated.end());
  return held;
}

std::vector<std::string> narrowed(std::span<const std::string> held,
                                  std::span<const std::string> scopes) {
  std::vector<std::string> both;
  std::ranges::set_intersection(held, scopes, std::back_inserter(both));
  return both;
}

}  // namespace holdpoint::identity
