// The main job, by the program that people and pipelines use: a release is proposed, proved and
// certified, and the gate opens; then one thing at a time is broken, and the gate closes and names
// it; mended, it opens again.
#include <doctest/doctest.h>

#include "base/digest.hpp"
#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr const char* release = "payments@1.4.0";

/// The criteria of the example, and one that asks for a package in the bill of materials and one
/// that reads declared evidence.
std::string criteria(const std::string& coverage_minimum = "7000") {
  std::string text = example("criteria.yaml");
  const std::string from = "line_bp >= 7000";
  text.replace(text.find(from), from.size(), "line_bp >= " + coverage_minimum);
  const std::string rules = "  rules:\n";
  text.insert(text.find(rules) + rules.size(),
              "    - id: openssl-listed\n"
              "      require: evidence.sbom.names.exists(n, n == \"openssl\")\n"
              "      message: The bill of materials lists openssl.\n"
              "    - id: fast-enough\n"
              "      require: evidence.declared[\"load.json\"].p95_ms <= 200\n"
              "      message: The load test stays under 200 ms.\n");
  // The tests of the example know nothing of the rules added here.
  return text.substr(0, text.find("  tests:\n"));
}

class Pipeline {
 public:
  Pipeline() {
    apply(example("application.yaml") + "---\n" + example("environments.yaml") + "---\n" +
          criteria());
    write_file(server.path("image"), "the bytes of the image");
  }

  ServerProcess server;

  void apply(const std::string& text) const {
    write_file(server.path("apply.yaml"), text);
    const Finished applied = server.run({"apply", "-f", server.path("apply.yaml")});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  /// Adds the report under that name; the exit code.
  int add(const std::string& name, const std::string& report, const std::string& kind = "") const {
    write_file(server.path(name), report);
    std::vector<std::string> arguments{"evidence",        "add",    release,
                                       server.path(name), "--name", name};
    if (!kind.empty()) arguments.insert(arguments.end(), {"--kind", kind});
    const Finished added = server.run(arguments);
    INFO(name, ": ", added.all());
    CHECK(added.code <= 1);
    return added.code;
  }

  void add_all() const {
    CHECK(add("unit.xml", junit(12, 0)) == 0);
    CHECK(add("coverage.xml", cobertura(80, 100)) == 0);
    CHECK(add("coverage.info", lcov(90, 100)) == 0);
    CHECK(add("code.sarif", sarif({"warning", "note"})) == 0);
    CHECK(add("secrets.sarif", sarif({}), "secrets") == 0);
    CHECK(add("bom.cdx.json", cyclonedx({"openssl", "zlib"})) == 0);
    CHECK(add("bom.spdx.json", spdx({"boost"})) == 0);
    CHECK(add("load.json", declared("performance", R"({"p95_ms":180})")) == 0);
  }

  Finished certify() const { return server.run({"certify", release}); }
  Finished gate(const std::string& environment = "production",
                const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"gate", "check", release, "--env", environment};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return server.run(arguments);
  }

  void check_open() const {
    const Finished certified = certify();
    INFO(certified.all());
    CHECK(certified.code == 0);
    const Finished asked = gate();
    INFO(asked.all());
    CHECK(asked.code == 0);
  }

  /// Closed at once, and still closed after it was judged again; the reason is named both times.
  void check_closed(const std::string& named) const {
    const Finished at_once = gate();
    INFO(at_once.all());
    CHECK(at_once.code == 1);
    const Finished certified = certify();
    CHECK(certified.code == 1);
    CHECK(certified.all().find(named) != std::string::npos);
    const Finished asked = gate();
    INFO(asked.all());
    CHECK(asked.code == 1);
    CHECK(asked.out.find(named) != std::string::npos);
  }

  /// The certification that stands.
  std::string certification() const {
    return server.get("/api/v1/main/releases/payments%401.4.0/certification").text("id");
  }
};

Pipeline& pipeline() {
  static Pipeline one;
  static const bool released = [] {
    const Finished created = one.server.run(
        {"release", "create", release, "--artifact", "image=" + one.server.path("image")});
    INFO(created.all());
    CHECK(created.code == 0);
    const Finished early = one.gate();
    INFO(early.all());
    CHECK(early.code == 1);
    one.add_all();
    return true;
  }();
  REQUIRE(released);
  return one;
}

}  // namespace

TEST_CASE("a release with all its evidence is certified and its gate opens") {
  pipeline().check_open();
  const Finished status = pipeline().server.run({"release", "status", release});
  INFO(status.all());
  CHECK(status.code == 0);
}

TEST_CASE("a failing test closes the gate and is named; corrected, the gate opens") {
  CHECK(pipeline().add("unit.xml", junit(11, 1)) == 0);
  pipeline().check_closed("tests-passed");
  pipeline().add("unit.xml", junit(12, 0));
  pipeline().check_open();
}

TEST_CASE("coverage under the minimum closes the gate") {
  pipeline().add("coverage.xml", cobertura(10, 100));
  pipeline().check_closed("coverage-minimum");
  pipeline().add("coverage.xml", cobertura(80, 100));
  pipeline().check_open();
}

TEST_CASE("a new error of the analyser closes the gate") {
  pipeline().add("code.sarif", sarif({"warning", "note", "error"}));
  pipeline().check_closed("no-severe-findings");
  pipeline().add("code.sarif", sarif({"warning", "note"}));
  pipeline().check_open();
}

TEST_CASE("a package missing from the bill of materials closes the gate") {
  pipeline().add("bom.cdx.json", cyclonedx({"zlib"}));
  pipeline().check_closed("openssl-listed");
  pipeline().add("bom.cdx.json", cyclonedx({"openssl", "zlib"}));
  pipeline().check_open();
}

TEST_CASE("a declared value over its limit, or not there any more, closes the gate") {
  pipeline().add("load.json", declared("performance", R"({"p95_ms":201})"));
  pipeline().check_closed("fast-enough");
  pipeline().add("load.json", declared("performance", R"({"p50_ms":1})"));
  pipeline().check_closed("fast-enough");
  pipeline().add("load.json", declared("performance", R"({"p95_ms":180})"));
  pipeline().check_open();
}

TEST_CASE("a report that is broken closes the gate, although the other report is good") {
  CHECK(pipeline().add("unit.xml", junit(12, 0).substr(0, 100)) == 1);
  pipeline().check_closed("tests-passed");
  pipeline().add("unit.xml", junit(12, 0));
  CHECK(pipeline().add("coverage.xml", "not a report at all") == 1);
  pipeline().check_closed("coverage-minimum");
  pipeline().add("coverage.xml", cobertura(80, 100));
  pipeline().check_open();
}

TEST_CASE("an empty test report closes the gate: no test failed because none ran") {
  pipeline().add("unit.xml", junit(0, 0));
  pipeline().check_closed("tests-passed");
  pipeline().add("unit.xml", junit(12, 0));
  pipeline().check_open();
}

TEST_CASE("a scan that failed to run closes the gate instead of reading as clean") {
  CHECK(pipeline().add("code.sarif", sarif({}, "false")) == 1);
  pipeline().check_closed("no-severe-findings");
  pipeline().add("code.sarif", sarif({"warning", "note"}));
  CHECK(pipeline().add("secrets.sarif", sarif({}, "false"), "secrets") == 1);
  pipeline().check_closed("card-data-needs-a-secret-scan");
  pipeline().add("secrets.sarif", sarif({}), "secrets");
  pipeline().check_open();
}

TEST_CASE("a secret that was found closes the gate, whatever its severity") {
  pipeline().add("secrets.sarif", sarif({"note"}), "secrets");
  pipeline().check_closed("card-data-needs-a-secret-scan");
  pipeline().add("secrets.sarif", sarif({}), "secrets");
  pipeline().check_open();
}

TEST_CASE("an artifact that is not of the release is not let through") {
  const std::string other = sha256("other bytes").text();
  const Finished closed = pipeline().gate("production", {"--artifact", other});
  INFO(closed.all());
  CHECK(closed.code == 1);
  CHECK(closed.out.find("artifact_not_in_release") != std::string::npos);
  const Finished open =
      pipeline().gate("production", {"--artifact", pipeline().server.path("image")});
  INFO(open.all());
  CHECK(open.code == 0);
}

TEST_CASE("stricter criteria close the gate of what was certified by the earlier ones") {
  pipeline().apply(criteria("9900"));
  pipeline().check_closed("coverage-minimum");
  pipeline().apply(criteria());
  pipeline().check_open();
}

TEST_CASE("criteria that no longer block leave nothing to certify by, and the gate stays closed") {
  std::string off = criteria();
  off.replace(off.find("mode: enforce"), 13, "mode: \"off\" ");
  pipeline().apply(off);
  const Finished certified = pipeline().certify();
  INFO(certified.all());
  CHECK(certified.code == 1);
  CHECK(pipeline().gate().code == 1);
  pipeline().apply(criteria());
  pipeline().check_open();
}

TEST_CASE("a revoked certification closes the gate with its reason, until someone certifies anew") {
  auto& server = pipeline().server;
  const std::string revocation =
      "/api/v1/main/certifications/" + pipeline().certification() + "/revocation";
  CHECK(server.post(revocation, R"({"reason":""})").status == 422);
  CHECK(server.post(revocation, R"({"reason":"A customer lost money."})").status == 200);
  CHECK(server.post(revocation, R"({"reason":"Again."})").status == 409);
  const Finished closed = pipeline().gate();
  INFO(closed.all());
  CHECK(closed.code == 1);
  CHECK(closed.out.find("certification_revoked") != std::string::npos);
  CHECK(closed.out.find("A customer lost money.") != std::string::npos);
  pipeline().add("unit.xml", junit(13, 0));
  CHECK(pipeline().gate().code == 1);
  const std::string machine = server.token_of("main", "pipeline", {"certification.evaluate"});
  const Reply again = server.ask_as(
      machine,
      {.method = "POST", .target = "/api/v1/main/releases/payments%401.4.0/certification"});
  INFO(again.body);
  CHECK(again.status == 403);
  CHECK(again.text("code") == "revocation_stands");
  CHECK(pipeline().gate().code == 1);
  pipeline().check_open();
}

TEST_CASE("what is judged of a changed application is not what was judged before") {
  pipeline().check_open();
  const std::string before = pipeline().certification();
  std::string application = example("application.yaml");
  const std::string owners = "[team:payments]";
  pipeline().apply(application.replace(application.find(owners), owners.size(), "[team:money]"));
  pipeline().check_open();
  CHECK(pipeline().certification() != before);
  pipeline().apply(example("application.yaml"));
  pipeline().check_open();
}

TEST_CASE("an environment that is not of the application stays closed") {
  std::string environments = example("environments.yaml");
  pipeline().apply(environments.replace(environments.find("name: dev"), 9, "name: lab"));
  const Finished closed = pipeline().gate("lab");
  INFO(closed.all());
  CHECK(closed.code == 1);
  CHECK(closed.out.find("environment_not_of_application") != std::string::npos);
  CHECK(pipeline().gate("staging").code == 0);
}

TEST_CASE("a version that was never proposed is closed, a name that does not exist is wrong use") {
  auto& server = pipeline().server;
  const Finished version = server.run({"gate", "check", "payments@9.9.9", "--env", "production"});
  INFO(version.all());
  CHECK(version.code == 1);
  CHECK(version.out.find("release_not_found") != std::string::npos);
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"gate", "check", "nobody@1.0.0", "--env", "production"},
           {"gate", "check", release, "--env", "nowhere"},
           {"gate", "check", "no-version", "--env", "production"},
           {"gate", "check", release},
           {"gate", "chekc", release, "--env", "production"}}) {
    const Finished asked = server.run(arguments);
    INFO(asked.all());
    CHECK(asked.code == 2);
    CHECK(!asked.err.empty());
  }
}

TEST_CASE("without a token, with a wrong one and without a server the answer is 3, never 0") {
  auto& server = pipeline().server;
  const std::vector<std::string> check{"gate", "check", release, "--env", "production"};
  const std::vector<std::string> certify{"certify", release};
  for (const auto& arguments : {check, certify}) {
    CHECK(server.run_as("", arguments).code == 3);
    CHECK(server.run_as("hp_wrong", arguments).code == 3);
    const auto elsewhere = run_program(
        {arguments,
         {{"HOLDPOINT_SERVER", "http://127.0.0.1:9"}, {"HOLDPOINT_TOKEN", server.session()}},
         {},
         server.path("")});
    INFO(elsewhere.all());
    CHECK(elsewhere.code == 3);
  }
  const std::string reader = server.token_of("main", "viewer", {"releases.read"});
  CHECK(server.run_as(reader, check).code == 3);
}

TEST_CASE("the whole history verifies afterwards, and the timeline tells it in sentences") {
  const Finished verified = pipeline().server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
  const auto timeline =
      pipeline().server.get("/api/v1/main/releases/payments%401.4.0/timeline?limit=200").document();
  CHECK(timeline.at("items").as_array().size() > 20);
  for (const auto& item : timeline.at("items").as_array()) {
    CHECK(!item.at("sentence").as_string().empty());
  }
}

}  // namespace holdpoint::test
