// What happens around a release: an incident that is declared closes the gate and resolved opens
// it, a configuration that drifts closes it and a new certification opens it. By the program that
// people use, over the real server.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

const std::string kApi = "/api/v1/main/";

class House {
 public:
  explicit House(const std::string& require = "evidence.tests.failed == 0") {
    const std::string documents =
        "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: staging}\n"
        "spec: {order: 1, kind: staging}\n---\n"
        "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: production}\n"
        "spec: {order: 2, kind: production}\n---\n"
        "apiVersion: holdpoint/v1\nkind: Application\nmetadata: {name: shop}\n"
        "spec: {owners: [team-shop], criticality: high}\n---\n"
        "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
        "metadata: {name: baseline, owner: team-q}\nspec:\n  rules:\n    - id: tests\n"
        "      require: " +
        require + "\n      message: The tests pass.\n";
    REQUIRE(server
                .ask({.method = "POST",
                      .target = kApi + "apply",
                      .body = documents,
                      .media = "application/yaml"})
                .status == 200);
    write_file(server.path("image"), "the bytes of the image");
    write_file(server.path("unit.xml"), junit(3, 0));
    run(0, {"release", "create", "shop@1.0", "--artifact", "image=" + server.path("image")});
    run(0, {"evidence", "add", "shop@1.0", server.path("unit.xml")});
    run(0, {"certify", "shop@1.0"});
  }

  ServerProcess server;

  /// Runs the program, which has to end with that code; its output.
  std::string run(int code, const std::vector<std::string>& arguments,
                  const std::string& input = "") const {
    const Finished finished = server.run(arguments, input);
    INFO(finished.all());
    CHECK(finished.code == code);
    return finished.out;
  }
  std::string gate(int code, const std::string& environment = "production") const {
    return run(code, {"gate", "check", "shop@1.0", "--env", environment});
  }
  std::string configure(const std::string& document,
                        const std::string& environment = "production") const {
    const std::string said =
        run(0, {"configuration", "record", "shop", "-", "--env", environment, "--source", "a test"},
            document);
    return said.substr(0, said.find(' '));
  }
  std::string declare(const std::string& severity, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"incident",          "declare",    "--title",
                                       "Payments time out", "--severity", severity};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::string said = run(0, arguments);
    return said.substr(0, said.find(' '));
  }
  /// Entries of that type in the ledger.
  std::size_t entries(const std::string& type) const {
    const auto listed = server.get(kApi + "ledger/entries?limit=200&type=" + type).document();
    return listed.at("items").as_array().size();
  }
};

House& house() {
  static House one;
  return one;
}

}  // namespace

TEST_CASE("a major incident closes the gate of what it affects until it is resolved") {
  auto& here = house();
  here.gate(0);
  const std::string id = here.declare(
      "sev1", {"--env", "production", "--description", "Mathilda saw it at the till."});
  REQUIRE(id.starts_with("inc_"));
  const std::string closed = here.gate(1);
  CHECK(closed.contains("incident_open"));
  CHECK(closed.contains("holdpoint incident resolve " + id));
  here.gate(0, "staging");
  CHECK(here.run(0, {"incident", "list"}).contains(id));
  const std::string shown = here.run(0, {"incident", "show", id});
  CHECK(shown.contains("Mathilda saw it at the till."));
  CHECK(shown.contains(admin_name));
  here.run(0, {"incident", "resolve", id, "--reason", "The pool was enlarged."});
  here.gate(0);
  CHECK(!here.run(0, {"incident", "list"}).contains(id));
  CHECK(here.run(0, {"incident", "list", "--state", "resolved"}).contains(id));
}

TEST_CASE("the gate follows the severity and the extent of an incident") {
  auto& here = house();
  const std::string id = here.declare("sev3", {"--env", "production", "--application", "shop"});
  here.gate(0);
  here.run(0, {"incident", "change", id, "--severity", "sev2", "--reason", "Half of them fail."});
  here.gate(1);
  here.run(0, {"incident", "change", id, "--env", "staging", "--reason", "It was staging."});
  here.gate(0);
  CHECK(here.gate(1, "staging").contains("incident_open"));
  const std::size_t changes = here.entries("incident.changed");
  here.run(0, {"incident", "change", id, "--env", "staging", "--reason", "Said once more."});
  CHECK(here.entries("incident.changed") == changes);
  here.run(0, {"incident", "resolve", id, "--reason", "Rolled back."});
  here.gate(0, "staging");
  const Finished again = here.server.run({"incident", "resolve", id, "--reason", "Rolled back."});
  CHECK(again.code == 1);
  CHECK(again.err.contains("incident_resolved"));
}

TEST_CASE("an incident that names what does not exist is refused with its path") {
  auto& server = house().server;
  const Reply reply =
      server.post(kApi + "incidents",
                  R"({"title":"t","severity":"sev1","environments":["production","moon"],)"
                  R"("applications":["cart"],"commander":"per_01J00000000000000000000000"})");
  CHECK(reply.status == 422);
  CHECK(reply.code() == "invalid_incident");
  for (const char* path : {"/environments/1", "/applications/0", "/commander"}) {
    CHECK(reply.body.contains(path));
  }
  CHECK(server.post(kApi + "incidents/inc_1/resolution", R"({"reason":"r"})").status == 404);
  CHECK(server.get(kApi + "incidents?state=lost").status == 422);
}

TEST_CASE("a configuration that drifts closes the gate until the release is certified again") {
  auto& here = house();
  const std::string first = here.configure(R"({"pool":10,"hosts":["a","b"]})");
  here.gate(0);
  CHECK(here.configure(R"({"hosts": ["a", "b"], "pool": 10})") == first);
  CHECK(here.entries("configuration.recorded") == 1);
  const std::string second = here.configure(R"({"pool":20,"hosts":["a"]})");
  CHECK(second != first);
  const std::string closed = here.gate(1);
  CHECK(closed.contains("configuration_changed"));
  CHECK(closed.contains("holdpoint certify shop@1.0"));
  here.gate(0, "staging");
  CHECK(here.run(0, {"release", "list"}).contains("needs attention"));
  const std::string differs =
      here.run(1, {"configuration", "diff", first, second, "--env", "production"});
  CHECK(differs.contains("~ /pool: 10 → 20"));
  CHECK(differs.contains("- /hosts/1: \"b\""));
  here.run(0, {"certify", "shop@1.0"});
  here.gate(0);
  here.configure(R"({"pool":10,"hosts":["a","b"]})");
  here.gate(1);
  here.configure(R"({"pool":20,"hosts":["a"]})");
  here.gate(0);
  const std::string listed = here.run(0, {"configuration", "list", "shop", "--env", "production"});
  CHECK(listed.starts_with(second));
  CHECK(here.run(0, {"configuration", "diff", second, second, "--env", "production"})
            .contains("No difference"));
}

TEST_CASE("a judgement that time alone brings about leaves a drifted configuration closed") {
  House here("evidence.items.all(i, now - i.received_at < duration('9000h'))");
  here.configure(R"({"pool":10})");
  here.configure(R"({"pool":20})");
  CHECK(here.gate(1).contains("configuration_changed"));
  const std::size_t judged = here.entries("certification.issued");
  CHECK(here.server.stop() == 0);
  // Criteria that depend on time are judged again every hour; this one is past due now.
  here.server.start({}, clock_ahead(3'700));
  std::this_thread::sleep_for(std::chrono::seconds(2));
  CHECK(here.gate(1).contains("configuration_changed"));
  CHECK(here.entries("certification.issued") == judged);
  here.run(0, {"certify", "shop@1.0"});
  here.gate(0);
  CHECK(here.entries("certification.issued") == judged + 1);
}

TEST_CASE("a configuration with a secret is refused with its path and never quoted") {
  auto& server = house().server;
  const Reply reply =
      server.post(kApi + "environments/production/configurations",
                  R"({"application":"shop","document":{"db":{"password":"hunter2-hunter2"}}})");
  CHECK(reply.status == 422);
  CHECK(reply.code() == "invalid_configuration");
  CHECK(reply.body.contains("/document/db/password"));
  CHECK(!reply.body.contains("hunter2"));
  CHECK(server
            .post(kApi + "environments/moon/configurations",
                  R"({"application":"shop","document":{}})")
            .status == 404);
  CHECK(server
            .post(kApi + "environments/production/configurations",
                  R"({"application":"cart","document":{}})")
            .status == 422);
}

TEST_CASE("the ledger verifies after all of this, and holds no description as plain text") {
  auto& here = house();
  here.run(0, {"audit", "verify"});
  CHECK(here.server.stop() == 0);
  for (const char* file : {"/holdpoint.db", "/holdpoint.db-wal"}) {
    CHECK(!read_file(here.server.directory() + file).contains("Mathilda"));
  }
}

}  // namespace holdpoint::test
