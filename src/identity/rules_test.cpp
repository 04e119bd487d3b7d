// What names, addresses, passwords and token requests are accepted, as tables.
#include "identity/rules.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

std::string paths(const JsonIssues& issues) {
  std::string text;
  for (const JsonIssue& issue : issues) text += (text.empty() ? "" : " ") + issue.path;
  return text;
}

TEST_CASE("workspace names are lower-case words that no path uses") {
  struct Row {
    std::string name;
    bool accepted;
  };
  const std::array rows{
      Row{"acme", true},
      Row{"a1", true},
      Row{"a-b-c", true},
      Row{std::string(39, 'a'), true},
      Row{std::string(40, 'a'), false},
      Row{"a", false},
      Row{"", false},
      Row{"1acme", false},
      Row{"-acme", false},
      Row{"Acme", false},
      Row{"ac_me", false},
      Row{"system", false},
      Row{"people", false},
      Row{"whoami", false},
      Row{"sessions", false},
      Row{"workspaces", false},
      Row{"audit", false},
      Row{"caf\xC3\xA9", false},
  };
  for (const Row& row : rows) CHECK_MESSAGE(is_workspace_name(row.name) == row.accepted, row.name);
}

TEST_CASE("every flaw of a new person is told with its path") {
  struct Row {
    AddPerson command;
    std::string_view flaws;
  };
  const std::array rows{
      Row{{"Ada", "ada@example.com", {}}, ""},
      Row{{"Ada", "ada@example.com", "a long password"}, ""},
      Row{{"", "ada@example.com", {}}, "/name"},
      Row{{" Ada", "ada@example.com", {}}, "/name"},
      Row{{"A\nda", "ada@example.com", {}}, "/name"},
      Row{{"A\xC2\x85", "ada@example.com", {}}, "/name"},
      Row{{std::string(201, 'a'), "ada@example.com", {}}, "/name"},
      Row{{"Ada", "ada", {}}, "/email"},
      Row{{"Ada", "@example.com", {}}, "/email"},
      Row{{"Ada", "ada@", {}}, "/email"},
      Row{{"Ada", "a@b@c", {}}, "/email"},
      Row{{"Ada", "a da@example.com", {}}, "/email"},
      Row{{"Ada", "<ada@example.com>", {}}, "/email"},
      Row{{"Ada", "ada@" + std::string(251, 'a'), {}}, "/email"},
      Row{{"Ada", "ada@example.com", "too short"}, "/password"},
      Row{{"Ada", "ada@example.com", std::string(1025, 'x')}, "/password"},
      Row{{"Ada", "ada@example.com", "ADA@example.com"}, "/password"},
      Row{{"Ada Lovelace", "ada@example.com", "ada lovelace"}, "/password"},
      Row{{"", "", "x"}, "/name /email /password"},
  };
  for (const Row& row : rows) CHECK(paths(flaws(row.command)) == row.flaws);
}

TEST_CASE("a token asks for known permissions and a life of a minute to a year") {
  const auto asked = [](std::vector<std::string> scopes, std::optional<std::string> life) {
    return paths(flaws(IssueToken{std::nullopt, "ci", std::move(scopes), std::move(life)}));
  };
  CHECK(asked({"gate.check"}, "30d") == "");
  CHECK(asked({"gate.check"}, std::nullopt) == "");
  CHECK(asked({"gate.check"}, "365d") == "");
  CHECK(asked({"gate.check"}, "366d") == "/expires_in");
  CHECK(asked({"gate.check"}, "59s") == "/expires_in");
  CHECK(asked({"gate.check"}, "soon") == "/expires_in");
  CHECK(asked({}, "1d") == "/scopes");
  CHECK(asked({"gate.check", "everything"}, "1d") == "/scopes/1");
  CHECK(asked({"self"}, "1d") == "/scopes/0");
  CHECK(asked(std::vector<std::string>(1000, "x"), "1d").size() < 1000);
}

TEST_CASE("a role assignment names a role and an actor of its kind") {
  const std::string person = "per_01J00000000000000000000000";
  const auto asked = [](ActorKind kind, std::string id, std::string role) {
    return paths(flaws(AssignRole{kind, std::move(id), std::move(role)}));
  };
  CHECK(asked(ActorKind::person, person, "viewer") == "");
  CHECK(asked(ActorKind::service_account, person, "viewer") == "/actor_id");
  CHECK(asked(ActorKind::person, "ada", "root") == "/role /actor_id");
}

TEST_CASE("service accounts have names that fit in paths and logs") {
  CHECK(flaws(CreateServiceAccount{"build-main_2.x"}).empty());
  CHECK(paths(flaws(CreateServiceAccount{""})) == "/name");
  CHECK(paths(flaws(CreateServiceAccount{"two words"})) == "/name");
  CHECK(paths(flaws(CreateServiceAccount{std::string(65, 'a')})) == "/name");
}

TEST_CASE("mail addresses are compared without regard to case") {
  CHECK(normal_email("Ada.Lovelace@Example.COM") == "ada.lovelace@example.com");
}

TEST_CASE("foreign names are made presentable and never broken inside a character") {
  CHECK(presentable("  Ada\tL\x01 ", 200) == "Ada L");
  CHECK(presentable("Ad\xC2\x85"
                    "a",
                    200) == "Ad a");
  CHECK(presentable("\xC3\xA9\xC3\xA9\xC3\xA9", 5) == "\xC3\xA9\xC3\xA9");
  CHECK(presentable("\xFF\xFE", 200) == "");
  CHECK(presentable("   ", 200) == "");
}

}  // namespace
}  // namespace holdpoint::identity
