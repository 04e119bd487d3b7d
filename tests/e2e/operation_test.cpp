// What operators and generated clients rely on: health, metrics, the published interface, and the
// stream that tells of every commit.
#include <doctest/doctest.h>

#include <set>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

ServerProcess& server() {
  static ServerProcess one;
  return one;
}

/// Follows a JSON Pointer inside the document.
bool resolves(const json::value& document, std::string_view reference) {
  if (!reference.starts_with("#/")) return false;
  const json::value* at = &document;
  for (auto rest = reference.substr(2); !rest.empty();) {
    const auto end = std::min(rest.find('/'), rest.size());
    const auto* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(rest.substr(0, end));
    if (at == nullptr) return false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

void check_references(const json::value& document, const json::value& at, std::size_t& count) {
  if (const auto* list = at.if_array()) {
    for (const auto& element : *list) check_references(document, element, count);
  }
  const auto* object = at.if_object();
  if (object == nullptr) return;
  for (const auto& member : *object) {
    if (member.key() == "$ref" && member.value().is_string()) {
      INFO(member.value());
      CHECK(resolves(document, view(member.value().as_string())));
      ++count;
    } else {
      check_references(document, member.value(), count);
    }
  }
}

/// A line of the Prometheus text format: a comment, or a name, labels and a number.
bool is_metric(std::string_view line) {
  if (line.empty() || line.starts_with("# HELP ") || line.starts_with("# TYPE ")) return true;
  const auto name_end = line.find_first_of("{ ");
  const auto space = line.rfind(' ');
  if (name_end == std::string_view::npos || !line.starts_with("holdpoint_")) return false;
  const std::string number(line.substr(space + 1));
  char* end = nullptr;
  static_cast<void>(std::strtod(number.c_str(), &end));
  return !number.empty() && *end == '\0';
}

}  // namespace

TEST_CASE("the published interface is OpenAPI 3.1: references resolve, operation ids are unique") {
  const Reply reply = server().get("/openapi.json");
  CHECK(reply.header("Content-Type").value_or("").starts_with("application/json"));
  const auto document = reply.document();
  CHECK(view(document.at("openapi").as_string()).starts_with("3.1."));
  CHECK(!document.at("info").at("title").as_string().empty());
  CHECK(!document.at("info").at("version").as_string().empty());
  std::size_t references = 0;
  check_references(document, document, references);
  CHECK(references > 50);
  std::set<std::string> ids;
  std::size_t operations = 0;
  for (const auto& path : document.at("paths").as_object()) {
    INFO(std::string(path.key()));
    CHECK(path.key().starts_with("/"));
    for (const auto& method : path.value().as_object()) {
      ++operations;
      const auto& row = method.value().as_object();
      ids.emplace(view(row.at("operationId").as_string()));
      CHECK(!row.at("summary").as_string().empty());
      CHECK(!row.at("responses").as_object().empty());
      std::set<std::string> named;
      if (const auto* parameters = row.if_contains("parameters")) {
        for (const auto& one : parameters->as_array()) {
          if (one.at("in") == "path") named.emplace(view(one.at("name").as_string()));
        }
      }
      for (const std::string& name : named) {
        CHECK(path.key().find("{" + name + "}") != std::string::npos);
      }
      const std::string text(path.key());
      CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '{')) == named.size());
    }
  }
  CHECK(ids.size() == operations);
}

TEST_CASE("metrics are in the Prometheus text format and count what happens") {
  const Reply before = server().get("/metrics");
  CHECK(before.header("Content-Type").value_or("").starts_with("text/plain; version=0.0.4"));
  std::string_view rest = before.body;
  std::size_t lines = 0;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    INFO(std::string(rest.substr(0, end)));
    CHECK(is_metric(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++lines;
  }
  CHECK(lines > 20);
  const auto commands = [](const std::string& text) {
    return std::atoll(text.c_str() + text.find("\nholdpoint_commands_total ") + 26);
  };
  REQUIRE(server().post("/api/v1/workspaces", R"({"name":"counted"})").status == 201);
  CHECK(commands(server().get("/metrics").body) > commands(before.body));
}

TEST_CASE("health and readiness answer without a sign-in") {
  CHECK(server().ask_as("", {.target = "/healthz"}).body == "ok\n");
  CHECK(server().ask_as("", {.target = "/readyz"}).status == 200);
  const Reply head = server().ask_as("", {.method = "HEAD", .target = "/healthz"});
  CHECK(head.status != 405);
}

TEST_CASE("the page is served with headers that keep foreign scripts out") {
  const Reply page = server().ask_as("", {.target = "/"});
  CHECK(page.status == 200);
  CHECK(page.header("X-Content-Type-Options") == "nosniff");
  const std::string policy = page.header("Content-Security-Policy").value_or("");
  CHECK(policy.find("default-src") != std::string::npos);
  CHECK(policy.find("unsafe-inline") == std::string::npos);
}

TEST_CASE("the event stream tells of a commit when it happens, and only of its workspace") {
  Wire wire(server().port());
  const Ask follow{.target = "/api/v1/main/events"};
  REQUIRE(wire.send(ServerProcess::head_of(server().session(), follow, "")));
  REQUIRE(wire.await("text/event-stream"));
  REQUIRE(server().post("/api/v1/workspaces", R"({"name":"unheard"})").status == 201);
  REQUIRE(server().post("/api/v1/main/service-accounts", R"({"name":"heard"})").status == 201);
  CHECK(wire.await("service_account.created"));
  CHECK(wire.await("id: "));
  CHECK(!wire.await("workspace.created", 200));
}

TEST_CASE("the program speaks for the server: who am I, version, help") {
  const Finished who = server().run({"whoami"});
  INFO(who.all());
  CHECK(who.code == 0);
  CHECK(who.out.find(admin_name) != std::string::npos);
  CHECK(server().run({"version"}).code == 0);
  CHECK(server().run({"--help"}).code == 0);
  CHECK(server().run({}).code == 2);
  const Finished listed = server().run({"--format", "json", "release", "list"});
  INFO(listed.all());
  CHECK(listed.code == 0);
  CHECK(parse_json(listed.out).has_value());
}

}  // namespace holdpoint::test
