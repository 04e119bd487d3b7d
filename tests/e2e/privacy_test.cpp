// After a day in the life of a server, its files are searched byte by byte: no password, token,
// mail address, name or address of a client stands in them as plain text, and nobody else can read
// them.
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <filesystem>

#include "base/encoding.hpp"
#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

namespace files = std::filesystem;

struct Secret {
  std::string what;
  std::string text;
};

/// Everything that leaves a trace: people, commits, sign-ins that fail, denials, evidence.
std::vector<Secret> live_a_day(ServerProcess& server) {
  std::vector<Secret> secrets{{"the administrator's mail address", std::string(admin_email)},
                              {"the administrator's name", std::string(admin_name)},
                              {"the administrator's password", std::string(admin_password)},
                              {"the client's address", std::string(client_address)},
                              {"a session", server.session()}};
  const auto add = [&](const std::string& what, const std::string& text) {
    secrets.push_back({what, text});
    return text;
  };
  const Reply person =
      server.post("/api/v1/people",
                  json::serialize(json::object{
                      {"name", add("a person's name", "Wilhelmina Quackenbush")},
                      {"email", add("a person's mail address", "w.quackenbush@private.example")},
                      {"password", add("a person's password", "Plain-Text-Secret-12345")}}));
  REQUIRE(person.status == 201);
  const json::object role{
      {"actor_kind", "person"}, {"actor_id", person.text("id")}, {"role", "developer"}};
  const Ask assign{.method = "POST",
                   .target = "/api/v1/main/role-assignments",
                   .body = json::serialize(role),
                   .headers = {{"Idempotency-Key", "assign-1"}}};
  REQUIRE(server.ask(assign).status == 201);
  const Reply session = server.ask_as(
      "", {.method = "POST",
           .target = "/api/v1/sessions",
           .body = R"({"email":"w.quackenbush@private.example",)"
                   R"("password":"Plain-Text-Secret-12345"})",
           .headers = {{"User-Agent", add("a client's device", "PrivateBrowser/99.1")}}});
  REQUIRE(session.status == 201);
  add("a person's session", session.text("token"));
  for (const std::string& guess :
       {add("a mistyped password", "Mistyped-Secret-98765"), std::string("x-x-x-x-x-x-x")}) {
    const json::object body{{"email", "w.quackenbush@private.example"}, {"password", guess}};
    CHECK(server.post("/api/v1/sessions", json::serialize(body)).status == 401);
  }
  const json::object unknown{
      {"email", add("a mail address that is not known", "stranger@unknown.example")},
      {"password", "whatever-it-is"}};
  CHECK(server.post("/api/v1/sessions", json::serialize(unknown)).status == 401);
  const std::string token =
      add("a service account's token", server.token_of("main", "viewer", {"releases.read"}));
  CHECK(server.ask_as(token, {.target = "/api/v1/main/ledger/entries"}).status == 403);
  CHECK(server
            .ask_as(add("a token of nobody", "hp_guessed-by-somebody-0123456789"),
                    {.target = "/api/v1/main/releases"})
            .status == 401);
  const Ask apply{.method = "POST",
                  .target = "/api/v1/main/apply",
                  .body = example("environments.yaml") + "---\n" + example("application.yaml"),
                  .media = "application/yaml"};
  REQUIRE(server.ask(apply).status == 200);
  const Ask release{
      .method = "POST",
      .target = "/api/v1/main/releases",
      .body =
          R"({"application":"payments","version":"1","ci":{},"artifacts":[],"commits":[{"sha":")" +
          std::string(40, 'd') + R"(","author":{"name":")" +
          add("an author's name", "Bartholomew Featherstone") + R"(","email":")" +
          add("an author's mail address", "bart@feather.example") +
          R"("},"co_authors":[{"name":")" + add("a co-author's name", "Philippa Wrigglesworth") +
          R"(","email":")" + add("a co-author's mail address", "pip@wriggle.example") + R"("}]}]})",
      .headers = {{"Idempotency-Key", "run-1"}}};
  const Reply made = server.ask(release);
  INFO(made.body);
  REQUIRE(made.status == 201);
  const Reply read = server.get("/api/v1/main/releases/" + made.text("id"));
  CHECK(read.text("created_by_name") == admin_name);
  CHECK(server.ask(release).body == made.body);
  // Broken requests quote what they choke on to their sender, and to nobody else.
  CHECK(server.post("/api/v1/people", R"({"name":"Wilhelmina Quackenbush","email":1})").status ==
        422);
  CHECK(server.post("/api/v1/people", R"({"email":"w.quackenbush@private.example")").status == 400);
  CHECK(server.get("/api/v1/main/releases?limit=w.quackenbush@private.example").status == 422);
  return secrets;
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& entry : files::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) found.push_back(entry.path());
  }
  return found;
}

}  // namespace

TEST_CASE("no secret and nothing personal stands in the files or in the log as plain text") {
  ServerProcess server({"--log-level", "debug"});
  const auto secrets = live_a_day(server);
  CHECK(server.stop() == 0);
  auto searched = files_below(server.directory());
  searched.push_back(server.path("serve.log"));
  REQUIRE(searched.size() > 5);
  std::size_t bytes_searched = 0;
  for (const std::string& file : searched) {
    const std::string bytes = read_file(file);
    bytes_searched += bytes.size();
    for (const auto& [what, text] : secrets) {
      INFO(what, " in ", file);
      CHECK(bytes.find(text) == std::string::npos);
      CHECK(bytes.find(to_hex(text)) == std::string::npos);
      CHECK(bytes.find(to_base64(text).substr(0, text.size() / 3 * 4)) == std::string::npos);
    }
  }
  CHECK(bytes_searched > 100'000);
}

TEST_CASE("the search finds what is there: an id of the same day stands in the database") {
  ServerProcess server;
  const Reply account = server.post("/api/v1/main/service-accounts", R"({"name":"found-here"})");
  REQUIRE(account.status == 201);
  CHECK(server.stop() == 0);
  CHECK(read_file(server.directory() + "/holdpoint.db").find(account.text("id")) !=
        std::string::npos);
}

TEST_CASE("nobody but the owner can read a file of the data directory") {
  ServerProcess server;
  REQUIRE(server.post("/api/v1/workspaces", R"({"name":"another"})").status == 201);
  for (const auto& entry : files::recursive_directory_iterator(server.directory())) {
    struct stat status{};
    REQUIRE(::stat(entry.path().c_str(), &status) == 0);
    INFO(entry.path().string());
    CHECK((status.st_mode & 077U) == 0);
  }
}

}  // namespace holdpoint::test
