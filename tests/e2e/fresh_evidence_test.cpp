// Criteria that depend on the time of the decision: what was fresh when the release was certified
// may be stale when it is to be deployed, and the gate judges at the moment it is asked.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr const char* criteria = R"(apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: { name: freshness, owner: "team:quality" }
spec:
  rules:
    - id: fresh-enough
      require: >-
        evidence.items.size() > 0 &&
        evidence.items.all(i, now - i.received_at < duration("3s"))
      message: No report is older than three seconds.
)";

TEST_CASE("evidence that has become stale closes the gate at the moment it is asked") {
  ServerProcess server;
  const auto run = [&](const std::vector<std::string>& arguments) {
    const Finished done = server.run(arguments);
    INFO(done.all());
    return done;
  };
  write_file(server.path("all.yaml"), example("application.yaml") + "---\n" +
                                          example("environments.yaml") + "---\n" + criteria);
  write_file(server.path("image"), "bytes");
  write_file(server.path("unit.xml"), junit(3, 0));
  REQUIRE(run({"apply", "-f", server.path("all.yaml")}).code == 0);
  REQUIRE(run({"release", "create", "payments@2", "--artifact", "image=" + server.path("image")})
              .code == 0);
  REQUIRE(run({"evidence", "add", "payments@2", server.path("unit.xml")}).code == 0);
  const std::vector<std::string> question{"gate", "check", "payments@2", "--env", "production"};
  CHECK(run(question).code == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(3'200));
  const Finished stale = run(question);
  CHECK(stale.code == 1);
  CHECK(stale.out.find("fresh-enough") != std::string::npos);
  // New evidence under the same name is fresh again.
  write_file(server.path("unit.xml"), junit(4, 0));
  REQUIRE(run({"evidence", "add", "payments@2", server.path("unit.xml")}).code == 0);
  CHECK(run(question).code == 0);
}

}  // namespace
}  // namespace holdpoint::test
