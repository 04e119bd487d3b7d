// Freezes on the running server: one closes the gate of a release that nothing else speaks against,
// and the gate opens when it ends, by the clock alone and although its answer was remembered.
#include <doctest/doctest.h>

#include "support/server_process.hpp"
#include "support/wall_clock.hpp"

namespace holdpoint::test {
namespace {

constexpr const char* criteria = R"(apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: { name: tested, owner: "team:quality" }
spec:
  rules:
    - id: reported
      require: evidence.items.size() > 0
      message: There is a report.
)";

constexpr const char* report =
    R"(<testsuite name="unit" tests="1"><testcase name="one"/></testsuite>)";

std::string freeze(const std::string& name, const std::string& when) {
  return "apiVersion: holdpoint/v1\nkind: Freeze\nmetadata: { name: " + name +
         " }\nspec:\n  owner: team-finance\n  reason: The books are closed.\n"
         "  environments: [production]\n" +
         when;
}

/// A server with a certified release that may be deployed to production.
class House {
 public:
  House() {
    write_file(server.path("all.yaml"), example("application.yaml") + "---\n" +
                                            example("environments.yaml") + "---\n" + criteria);
    write_file(server.path("image"), "bytes");
    write_file(server.path("unit.xml"), report);
    CHECK(run({"apply", "-f", server.path("all.yaml")}).code == 0);
    CHECK(run({"release", "create", "payments@2", "--artifact", "image=" + server.path("image")})
              .code == 0);
    CHECK(run({"evidence", "add", "payments@2", server.path("unit.xml")}).code == 0);
  }

  Finished run(const std::vector<std::string>& arguments) {
    Finished done = server.run(arguments);
    INFO(done.all());
    CHECK(done.code != 3);
    return done;
  }
  Finished apply(const std::string& text) {
    write_file(server.path("freeze.yaml"), text);
    return run({"apply", "-f", server.path("freeze.yaml")});
  }

  ServerProcess server;
};

const std::vector<std::string> kGate{"gate", "check", "payments@2", "--env", "production"};

TEST_CASE("a freeze closes the gate, everybody is told until when, and it opens at its end") {
  House house;
  CHECK(house.run(kGate).code == 0);
  CHECK(house.run({"freeze", "check", "payments", "--env", "production"}).code == 0);
  const Instant until = now() + Duration::seconds(15);
  const std::string once =
      "  once: { from: \"2026-01-01T00:00:00Z\", until: \"" + until.text() + "\" }\n";
  REQUIRE(house.apply(freeze("year-end", once)).code == 0);
  const Finished closed = house.run(kGate);
  CHECK(closed.code == 1);
  CHECK(closed.out.find("frozen") != std::string::npos);
  CHECK(closed.out.find("year-end") != std::string::npos);
  CHECK(house.run(kGate).code == 1);  // the remembered answer
  const Finished asked = house.run({"freeze", "check", "payments", "--env", "production"});
  CHECK(asked.code == 1);
  CHECK(asked.out.find("The books are closed.") != std::string::npos);
  const Finished window =
      house.run({"freeze", "next-window", "payments", "--env", "production", "--for", "2h"});
  CHECK(window.code == 0);
  CHECK(house.run({"freeze", "list"}).out.find("year-end") != std::string::npos);
  CHECK(house.run({"freeze", "show", "year-end"}).out.find("team-finance") != std::string::npos);
  REQUIRE(now() < until);
  CHECK(house
            .run({"gate", "wait", "payments@2", "--env", "production", "--timeout", "60s",
                  "--interval", "1s"})
            .code == 0);
  CHECK(now() >= until);
}

TEST_CASE("a freeze that is retired, or moved, lets the gate open before its time") {
  House house;
  const auto once = [](const std::string& until) {
    return "  once: { from: \"2026-01-01T00:00:00Z\", until: \"" + until + "\" }\n";
  };
  const std::string later = (now() + Duration::days(10)).text();
  REQUIRE(house.apply(freeze("year-end", once(later))).code == 0);
  CHECK(house.run(kGate).code == 1);
  REQUIRE(house.apply(freeze("year-end", once("2026-01-02T00:00:00Z"))).code == 0);
  CHECK(house.run(kGate).code == 0);
  REQUIRE(house.apply(freeze("year-end", once(later))).code == 0);
  CHECK(house.run(kGate).code == 1);
  REQUIRE(house.run({"freeze", "retire", "year-end"}).code == 0);
  CHECK(house.run(kGate).code == 0);
}

TEST_CASE("a weekly freeze holds on the evening of its own zone, when Greenwich is a day further") {
  House house;
  const std::string weekly =
      "  zone: America/New_York\n"
      "  recurring: { repeats: weekly, weekdays: [fri], from: \"18:00\", until: \"24:00\" }\n";
  REQUIRE(house.apply(freeze("friday-evening", weekly)).code == 0);
  const std::string token =
      house.server.token_of("main", "pipeline", {"gate.check", "catalog.read"}, "30d");
  // A Saturday at three in Greenwich, which is Friday evening in New York, winter and summer.
  constexpr std::int64_t week_seconds = 7 * 24 * 3'600;
  const Instant saturday = *Instant::parse("2026-11-21T03:00:00Z");
  const std::int64_t since = (now() - saturday).us / 1'000'000;
  const std::int64_t ahead = week_seconds - since % week_seconds;
  house.server.stop();
  house.server.start({}, clock_ahead(ahead));
  CHECK(house.server.run_as(token, kGate).code == 1);
  house.server.stop();
  house.server.start({}, clock_ahead(ahead + 4 * 3'600));
  CHECK(house.server.run_as(token, kGate).code == 0);
}

TEST_CASE("a freeze of what does not exist is refused, with the place") {
  House house;
  const std::string rule = "  zone: UTC\n  recurring: { repeats: daily, from: \"01:00\", ";
  Finished refused =
      house.apply(freeze("one", "  applications: [paymets]\n" + rule + "until: \"02:00\" }\n"));
  CHECK(refused.code == 2);
  CHECK(refused.all().find("/spec/applications/0") != std::string::npos);
  refused = house.apply(freeze("one", rule + "until: \"01:00\" }\n"));
  CHECK(refused.code == 2);
  CHECK(refused.all().find("/spec/recurring/until") != std::string::npos);
  CHECK(house.apply(example("freezes.yaml") + "---\n" + example("calendar.yaml")).code == 0);
}

}  // namespace
}  // namespace holdpoint::test
