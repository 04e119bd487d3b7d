// What people may write about applications and environments, and what they are told, with a path
// to the place, when it is not as expected.
#include <doctest/doctest.h>

#include <algorithm>

#include "catalog/catalog.hpp"

namespace holdpoint::catalog {
namespace {

json::value application(std::string_view name, std::string_view spec) {
  return json::parse(R"({"apiVersion":"holdpoint/v1","kind":"Application","metadata":{"name":")" +
                     std::string(name) + R"("},"spec":)" + std::string(spec) + "}");
}

json::value environment(std::string_view name, std::string_view spec) {
  return json::parse(R"({"apiVersion":"holdpoint/v1","kind":"Environment","metadata":{"name":")" +
                     std::string(name) + R"("},"spec":)" + std::string(spec) + "}");
}

/// The path of the only issue; "" when there is none, "/" for the whole document, "many" when there
/// are more.
template <class T>
std::string refused_at(const Decided<T>& read) {
  if (read) return "";
  CHECK(read.error().kind == RefusalKind::invalid);
  CHECK(read.error().code == "invalid_document");
  if (read.error().issues.size() != 1) return "many";
  const std::string& path = read.error().issues.front().path;
  return path.empty() ? "/" : path;
}

/// A JSON list of so many different texts.
std::string list_of(std::size_t count) {
  json::array list;
  for (std::size_t i = 0; i < count; ++i) list.emplace_back("team-" + std::to_string(i));
  return json::serialize(list);
}

struct Row {
  std::string name;
  std::string spec;
  std::string path;
};

TEST_CASE("an application is read with everything it states") {
  const auto whole = read_application(application("payments-api", R"({
    "title":"Payments","owners":["team-payments","carol"],"criticality":"high",
    "data_classes":["cardholder","personal"],"repositories":["git.example/pay"],
    "environments":["test","production"]})"));
  REQUIRE(whole);
  CHECK(whole->id.empty());
  CHECK(whole->name == "payments-api");
  CHECK(whole->title == "Payments");
  CHECK(whole->state == RecordState::active);
  CHECK(whole->owners == std::vector<std::string>{"team-payments", "carol"});
  CHECK(whole->criticality == Criticality::high);
  CHECK(whole->data_classes == std::vector{DataClass::cardholder, DataClass::personal});
  CHECK(whole->repositories == std::vector<std::string>{"git.example/pay"});
  CHECK(whole->environments == std::vector<std::string>{"test", "production"});
}

TEST_CASE("an application without a title is titled by its name") {
  const auto read = read_application(application("web", R"({"owners":["a"],"criticality":"low"})"));
  REQUIRE(read);
  CHECK(read->title == "web");
  CHECK(read->data_classes.empty());
  CHECK(read->environments.empty());
}

TEST_CASE("each mistake in an application is refused with its path") {
  const std::string plain = R"({"owners":["a"],"criticality":"low"})";
  const std::string rest = R"(,"criticality":"low"})";
  const std::vector<Row> rows{
      {"web", plain, ""},
      {"", plain, "/metadata/name"},
      {"Web", plain, "/metadata/name"},
      {"-web", plain, "/metadata/name"},
      {std::string(64, 'a'), plain, "/metadata/name"},
      {"web", R"({"criticality":"low"})", "/spec/owners"},
      {"web", R"({"owners":["a"]})", "/spec/criticality"},
      {"web", R"({"owners":[])" + rest, "/spec/owners"},
      {"web", R"({"owners":["bob@example.com"])" + rest, "/spec/owners/0"},
      {"web", R"({"owners":["a","b","a"])" + rest, "/spec/owners/2"},
      {"web", R"({"owners":["a",""])" + rest, "/spec/owners/1"},
      {"web", R"({"owners":[")" + std::string(201, 'x') + R"("])" + rest, "/spec/owners/0"},
      {"web", R"({"owners":)" + list_of(200) + rest, ""},
      {"web", R"({"owners":)" + list_of(201) + rest, "/spec/owners"},
      {"web", R"({"owners":"a")" + rest, "/spec/owners"},
      {"web", R"({"owners":[7])" + rest, "/spec/owners/0"},
      {"web", R"({"owners":["a"],"criticality":"huge"})", "/spec/criticality"},
      {"web", R"({"owners":["a"],"data_classes":["phi","secret"])" + rest, "/spec/data_classes/1"},
      {"web", R"({"owners":["a"],"data_classes":["phi","phi"])" + rest, "/spec/data_classes/1"},
      {"web", R"({"owners":["a"],"repositories":["r","r"])" + rest, "/spec/repositories/1"},
      {"web", R"({"owners":["a"],"environments":["e","e"])" + rest, "/spec/environments/1"},
      {"web", R"({"owners":["a"],"colour":"red")" + rest, "/spec/colour"},
      {"web", R"({"owners":["a"],"title":")" + std::string(200, 't') + "\"" + rest, ""},
      {"web", R"({"owners":["a"],"title":")" + std::string(201, 't') + "\"" + rest, "/spec/title"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CAPTURE(row.spec.substr(0, 100));
    CHECK(refused_at(read_application(application(row.name, row.spec))) == row.path);
  }
}

TEST_CASE("all mistakes of a document are told at once") {
  const auto read = read_application(application("Web", R"({"owners":["a@b","a@b"],
    "criticality":"low"})"));
  REQUIRE_FALSE(read);
  std::vector<std::string> paths;
  for (const JsonIssue& issue : read.error().issues) paths.push_back(issue.path);
  std::ranges::sort(paths);
  CHECK(paths == std::vector<std::string>{"/metadata/name", "/spec/owners/0", "/spec/owners/1",
                                          "/spec/owners/1"});
}

TEST_CASE("a document that is no object, or lacks its parts, is refused") {
  CHECK(refused_at(read_application(json::value(7))) == "/");
  CHECK(refused_at(read_environment(json::value(nullptr))) == "/");
  const auto nothing = read_application(json::object{});
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().issues.size() == 4);
}

TEST_CASE("an environment is read, and needs a certification unless it says otherwise") {
  const auto read = read_environment(
      environment("production", R"({"title":"Live","order":30,"kind":"production"})"));
  REQUIRE(read);
  CHECK(read->name == "production");
  CHECK(read->title == "Live");
  CHECK(read->position == 30);
  CHECK(read->environment_kind == EnvironmentKind::production);
  CHECK(read->requires_certification);
  const auto open = read_environment(
      environment("dev", R"({"order":0,"kind":"development","requires_certification":false})"));
  REQUIRE(open);
  CHECK(open->title == "dev");
  CHECK_FALSE(open->requires_certification);
}

TEST_CASE("each mistake in an environment is refused with its path") {
  const std::vector<Row> rows{
      {"test", R"({"order":0,"kind":"test"})", ""},
      {"test", R"({"order":1000000,"kind":"test"})", ""},
      {"test", R"({"order":1000001,"kind":"test"})", "/spec/order"},
      {"test", R"({"order":-1,"kind":"test"})", "/spec/order"},
      {"test", R"({"order":"1","kind":"test"})", "/spec/order"},
      {"test", R"({"order":1.5,"kind":"test"})", "/spec/order"},
      {"test", R"({"kind":"test"})", "/spec/order"},
      {"test", R"({"order":1})", "/spec/kind"},
      {"test", R"({"order":1,"kind":"moon"})", "/spec/kind"},
      {"test", R"({"order":1,"kind":"test","requires_certification":"no"})",
       "/spec/requires_certification"},
      {"test", R"({"order":1,"kind":"test","position":1})", "/spec/position"},
      {"test.", R"({"order":1,"kind":"test"})", "/metadata/name"},
      {"test", R"({"order":1,"kind":"test","title":")" + std::string(201, 't') + "\"}",
       "/spec/title"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CAPTURE(row.spec.substr(0, 100));
    CHECK(refused_at(read_environment(environment(row.name, row.spec))) == row.path);
  }
}

TEST_CASE("names are short, plain, and begin and end with a letter or digit") {
  for (const std::string_view name : {"a", "7", "payments-api", "a.b_c-d", "0.1"}) {
    CAPTURE(name);
    CHECK(is_name(name));
  }
  CHECK(is_name(std::string(63, 'a')));
  CHECK_FALSE(is_name(std::string(64, 'a')));
  for (const std::string_view name : {"", "A", "a b", "a/b", "a@b", "-a", "a-", ".a", "a_", "ä"}) {
    CAPTURE(name);
    CHECK_FALSE(is_name(name));
  }
}

TEST_CASE("a document states a state or leaves it as it is") {
  const auto state_of = [](std::string_view more) {
    const auto document = environment("e", R"({"order":1,"kind":"test")" + std::string(more) + "}");
    REQUIRE(read_environment(document));
    return stated_state(document);
  };
  CHECK_FALSE(state_of(""));
  CHECK(state_of(R"(,"state":"retired")") == RecordState::retired);
  CHECK(state_of(R"(,"state":"active")") == RecordState::active);
  CHECK(refused_at(read_environment(
            environment("e", R"({"order":1,"kind":"test","state":"gone"})"))) == "/spec/state");
}

}  // namespace
}  // namespace holdpoint::catalog
