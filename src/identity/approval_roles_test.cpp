// What people may write about teams and approval roles, and what they are told, with a path to the
// place, when it is not as expected. No answer repeats a mail address.
#include "identity/approval_roles.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <map>
#include <sstream>

#include "base/yaml.hpp"

namespace holdpoint::identity {
namespace {

PersonId person(char letter) {
  return *PersonId::parse("per_01J0000000000000000000000" + std::string(1, letter));
}

/// A server with the people a@example.com to c@example.com.
std::optional<PersonId> known(std::string_view reference) {
  for (const char letter : {'A', 'B', 'C'}) {
    const PersonId id = person(letter);
    const std::string address = std::string(1, static_cast<char>(letter + 32)) + "@example.com";
    if (reference == address || reference == id.text()) return id;
  }
  return std::nullopt;
}

json::value document(std::string_view kind, std::string_view name, std::string_view spec) {
  return json::parse(R"({"apiVersion":"holdpoint/v1","kind":")" + std::string(kind) +
                     R"(","metadata":{"name":")" + std::string(name) + R"("},"spec":)" +
                     std::string(spec) + "}");
}

Decided<ApprovalRole> role(std::string_view spec, std::string_view name = "release-board") {
  return read_approval_role(document("ApprovalRole", name, spec), known);
}

/// The path of the only issue; "" when there is none, "many" when there are more.
template <class T>
std::string refused_at(const Decided<T>& read) {
  if (read) return "";
  CHECK(read.error().code == "invalid_document");
  for (const JsonIssue& issue : read.error().issues) {
    CHECK_FALSE(issue.message.contains("@"));
  }
  return read.error().issues.size() == 1 ? read.error().issues.front().path : "many";
}

TEST_CASE("a team is read with its members as ids, by address and by id alike") {
  const auto team = read_team(
      document(
          "Team", "payments",
          R"({"title":"Payments","members":["a@example.com","per_01J0000000000000000000000B"]})"),
      known);
  REQUIRE(team);
  CHECK(team->name == "payments");
  CHECK(team->title == "Payments");
  CHECK(team->members == std::vector{person('A'), person('B')});
  CHECK(to_json_text(*team).find('@') == std::string::npos);
}

TEST_CASE("a person may not stand twice, under whatever names, and must be known") {
  const auto members = [](std::string_view list) {
    return refused_at(
        read_team(document("Team", "payments", R"({"members":)" + std::string(list) + "}"), known));
  };
  CHECK(members(R"([])") == "");
  CHECK(members(R"(["a@example.com","per_01J0000000000000000000000A"])") == "/spec/members/1");
  CHECK(members(R"(["a@example.com","zoe@example.com"])") == "/spec/members/1");
  CHECK(members(R"(["per_01J0000000000000000000000Z"])") == "/spec/members/0");
  CHECK(members(R"(["sva_01J0000000000000000000000A"])") == "/spec/members/0");
}

TEST_CASE("a role is read with its people, teams and rota") {
  const auto read = role(R"({"people":["a@example.com"],"teams":["payments"],
    "rota":{"zone":"Europe/Berlin",
      "layers":[{"people":["b@example.com","c@example.com"],"shift":"week","handover":"09:00",
                 "start":"2026-03-02"}],
      "overrides":[{"from":"2026-03-03T00:00:00Z","until":"2026-03-04T00:00:00Z",
                    "person":"a@example.com"}]}})");
  REQUIRE(read);
  CHECK(read->title == "release-board");
  CHECK(read->people == std::vector{person('A')});
  CHECK(read->teams == std::vector<std::string>{"payments"});
  REQUIRE(read->rota.has_value());
  CHECK(read->rota->layers.front().shift_days == 7);
  CHECK(read->rota->layers.front().people == std::vector{person('B'), person('C')});
  CHECK(read->rota->overrides.front().person == person('A'));
  CHECK(to_json_text(*read).find('@') == std::string::npos);
}

struct Row {
  std::string zone = "UTC";
  std::string people = R"(["a@example.com"])";
  std::string shift = "week";
  std::string handover = "09:00";
  std::string start = "2026-03-02";
  std::string overrides = "[]";
  std::string path{};
};

TEST_CASE("a rota is refused with the path of what is wrong in it") {
  const std::string layer = "/spec/rota/layers/0";
  const std::string made = "/spec/rota/overrides/0";
  const std::array rows{
      Row{},
      Row{.shift = "day"},
      Row{.shift = "3 days"},
      Row{.shift = "13 weeks"},
      Row{.zone = "Europe/Atlantis", .path = "/spec/rota/zone"},
      Row{.people = "[]", .path = layer + "/people"},
      Row{.people = R"(["z@example.com"])", .path = layer + "/people/0"},
      Row{.shift = "fortnight", .path = layer + "/shift"},
      Row{.shift = "0 days", .path = layer + "/shift"},
      Row{.shift = "93 days", .path = layer + "/shift"},
      Row{.shift = "14 weeks", .path = layer + "/shift"},
      Row{.shift = "-1 days", .path = layer + "/shift"},
      Row{.shift = "3  days", .path = layer + "/shift"},
      Row{.handover = "9:00", .path = layer + "/handover"},
      Row{.handover = "24:00", .path = layer + "/handover"},
      Row{.start = "2026-02-30", .path = layer + "/start"},
      Row{.overrides = R"([{"from":"2026-03-03T00:00:00Z","until":"2026-03-03T00:00:00Z",
                            "person":"a@example.com"}])",
          .path = made + "/until"},
      Row{.overrides = R"([{"from":"2026-03-03T00:00:00Z","until":"2026-03-04T00:00:00Z",
                            "person":"nobody"}])",
          .path = made + "/person"},
  };
  for (const Row& row : rows) {
    const std::string spec = R"({"rota":{"zone":")" + row.zone + R"(","layers":[{"people":)" +
                             row.people + R"(,"shift":")" + row.shift + R"(","handover":")" +
                             row.handover + R"(","start":")" + row.start + R"("}],"overrides":)" +
                             row.overrides + "}}";
    CHECK_MESSAGE(refused_at(role(spec)) == row.path, spec);
  }
  CHECK(refused_at(role(R"({"rota":{"zone":"UTC","layers":[]}})")) == "/spec/rota/layers");
}

TEST_CASE("a role is not named like a built-in one, and names a team once") {
  CHECK(refused_at(role("{}", "approver")) == "/metadata/name");
  CHECK(refused_at(role("{}", "Board")) == "/metadata/name");
  CHECK(refused_at(role(R"({"title":""})")) == "/spec/title");
  CHECK(refused_at(role(R"({"teams":["a","a"]})")) == "/spec/teams/1");
  CHECK(refused_at(role("{}")) == "");
}

TEST_CASE("the documents of the example are what the reader expects") {
  const std::string here = __FILE__;
  std::ifstream file(here.substr(0, here.rfind("src/identity/")) + "examples/approval-roles.yaml");
  std::ostringstream text;
  text << file.rdbuf();
  const auto documents = parse_yaml(text.str());
  REQUIRE(documents.has_value());
  // Everybody of the example is known here, each under an id of his own.
  std::map<std::string, PersonId, std::less<>> people;
  const PersonNamed everybody = [&](std::string_view reference) {
    const char next = static_cast<char>('A' + people.size());
    return people.try_emplace(std::string(reference), person(next)).first->second;
  };
  std::size_t roles = 0;
  for (const YamlDocument& one : *documents) {
    if (one.value.at("kind") == "Team") {
      CHECK(read_team(one.value, everybody).has_value());
    } else {
      CHECK(read_approval_role(one.value, everybody).has_value());
      ++roles;
    }
  }
  CHECK(roles == 2);
}

}  // namespace
}  // namespace holdpoint::identity
