// The whole matrix of roles and permissions, written out: a change of either has to be made here
// too.
#include "identity/permissions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>

namespace holdpoint::identity {
namespace {

using Names = std::vector<std::string>;

struct Line {
  std::string_view permission;
  std::string_view granted;  // administrator, release_manager, developer, pipeline, approver,
                             // auditor, viewer
};

constexpr std::array kMatrix{
    Line{"access.manage", "x------"},
    Line{"access.read", "xx---x-"},
    Line{"access_reviews.answer", "xx-----"},
    Line{"access_reviews.manage", "x------"},
    Line{"approval_roles.read", "xxxxxxx"},
    Line{"approval_roles.write", "x------"},
    Line{"approvals.read", "xxxxxxx"},
    Line{"approvals.request", "xxxx---"},
    Line{"approvals.sign", "xxx-x--"},
    Line{"audit.read", "xx--xx-"},
    Line{"audit.verify", "x----x-"},
    Line{"catalog.read", "xxxxxxx"},
    Line{"catalog.write", "xx-----"},
    Line{"certification.evaluate", "xxxx---"},
    Line{"certification.read", "xxxxxxx"},
    Line{"certification.revoke", "xx-----"},
    Line{"changes.endorse", "xx--x--"},
    Line{"changes.govern", "x---x--"},
    Line{"changes.read", "xxxxxxx"},
    Line{"changes.request", "xxxx---"},
    Line{"compliance.read", "xx--xx-"},
    Line{"compliance.write", "xx-----"},
    Line{"configurations.record", "xx-x---"},
    Line{"delegations.create", "xxx-x--"},
    Line{"delegations.read", "xxx-xx-"},
    Line{"deliveries.manage", "xx-----"},
    Line{"deliveries.read", "xx---x-"},
    Line{"deployments.read", "xxxxxxx"},
    Line{"deployments.start", "xx-x---"},
    Line{"deployments.verify", "xxx-x--"},
    Line{"documents.read", "xxxxxxx"},
    Line{"documents.write", "xxx----"},
    Line{"evidence.add", "xxxx---"},
    Line{"evidence.read", "xxxxxxx"},
    Line{"evidence.secrets", "x------"},
    Line{"figures.read", "xxx-xxx"},
    Line{"findings.triage", "xxx-x--"},
    Line{"gate.check", "xxxxx-x"},
    Line{"health.report", "xx-x---"},
    Line{"incidents.declare", "xx-----"},
    Line{"incidents.read", "xxxxxxx"},
    Line{"notifications.read", "xxx-xx-"},
    Line{"notifications.write", "xx-----"},
    Line{"people.manage", "x------"},
    Line{"policy.approve", "x---x--"},
    Line{"policy.read", "xxxxxxx"},
    Line{"policy.write", "xx-----"},
    Line{"releases.read", "xxxxxxx"},
    Line{"releases.write", "xxxx---"},
    Line{"rollbacks.decide", "xxx-x--"},
    Line{"rollbacks.execute", "xx-x---"},
    Line{"rollbacks.read", "xxxxxxx"},
    Line{"tests.read", "xxxxxxx"},
    Line{"tests.write", "xxxx---"},
    Line{"tokens.create", "xxx-x--"},
    Line{"tokens.manage", "x------"},
    Line{"waivers.read", "xxxxxxx"},
    Line{"waivers.request", "xxx----"},
    Line{"waivers.revoke", "xx--x--"},
    Line{"workitems.read", "xxxxxxx"},
    Line{"workitems.write", "xxxxx--"},
    Line{"workspaces.manage", "x------"},
};

TEST_CASE("every role holds exactly the permissions of the matrix") {
  REQUIRE(permissions().size() == kMatrix.size());
  REQUIRE(roles().size() == 7);
  for (std::size_t row = 0; row < kMatrix.size(); ++row) {
    CHECK(permissions()[row].name == kMatrix[row].permission);
    for (std::size_t column = 0; column < roles().size(); ++column) {
      const Role& role = roles()[column];
      const bool holds = std::ranges::binary_search(role.permissions, kMatrix[row].permission);
      CHECK_MESSAGE(holds == (kMatrix[row].granted[column] == 'x'), role.name, " ",
                    kMatrix[row].permission);
    }
  }
}

TEST_CASE("the tables of roles and permissions are sorted, so that lookups find every row") {
  CHECK(std::ranges::is_sorted(permissions(), {}, &Permission::name));
  for (const Role& role : roles()) {
    CHECK(std::ranges::is_sorted(role.permissions));
    for (const auto name : role.permissions) CHECK(find_permission(name) != nullptr);
  }
}

TEST_CASE("an unknown role or permission grants nothing") {
  CHECK(find_role("root") == nullptr);
  CHECK(find_permission("releases.delete") == nullptr);
  CHECK(find_permission(kSelf) == nullptr);
  CHECK(effective_permissions(Names{"root"}, {}, "acme").empty());
  CHECK(effective_permissions({}, {}, "acme").empty());
}

TEST_CASE("permissions over the server count in the system workspace only") {
  const auto in_acme = effective_permissions(Names{"administrator"}, {}, "acme");
  CHECK(std::ranges::find(in_acme, "people.manage") == in_acme.end());
  CHECK(std::ranges::find(in_acme, "workspaces.manage") == in_acme.end());
  CHECK(in_acme.size() == permissions().size() - 2);
  const Names admin{"administrator"};
  CHECK(effective_permissions(admin, admin, kSystem).size() == permissions().size());
}

TEST_CASE("a server administrator may manage access in every workspace, and nothing else there") {
  CHECK(effective_permissions({}, Names{"administrator"}, "acme") ==
        Names{"access.manage", "access.read"});
  CHECK(effective_permissions({}, Names{"auditor"}, "acme").empty());
}

TEST_CASE("several roles add up, each permission once") {
  const auto both = effective_permissions(Names{"viewer", "developer"}, {}, "acme");
  const auto developer = effective_permissions(Names{"developer"}, {}, "acme");
  CHECK(both == developer);
}

TEST_CASE("scopes narrow what is held and never widen it") {
  const Names held{"catalog.read", "releases.read"};
  CHECK(narrowed(held, Names{"access.manage", "releases.read"}) == Names{"releases.read"});
  CHECK(narrowed({}, Names{"releases.read"}).empty());
}

TEST_CASE("a denial can name the roles that would permit it") {
  CHECK(roles_with("policy.write") ==
        std::vector<std::string_view>{"administrator", "release_manager"});
  CHECK(roles_with("nothing.known").empty());
}

}  // namespace
}  // namespace holdpoint::identity
