// What the tests of a release show of its requirements, by the program that people use: reports
// come as evidence and nothing is done by hand, what fails wants a follow-up, and what did not run
// is not shown.
#include <doctest/doctest.h>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

/// The shop with three requirements, of which two have test cases.
class Bench {
 public:
  Bench() {
    write_file(server.path("shop.yaml"),
               "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: production}\n"
               "spec: {order: 1, kind: production}\n---\n"
               "apiVersion: holdpoint/v1\nkind: Application\nmetadata: {name: shop}\n"
               "spec: {owners: [team-shop], criticality: high}\n");
    write_file(server.path("image"), "the bytes of the image");
    run(0, {"apply", "--file", server.path("shop.yaml")});
    for (const char* key : {"REQ-1", "REQ-2", "REQ-3"}) {
      run(0,
          {"work", "create", "requirement", "--title", key, "--key", key, "--application", "shop"});
    }
    run(0, {"test", "create", "TC-1", "--title", "Pays once", "--requirement", "REQ-1", "--suite",
            "RefundTest", "--name", "paysOnce"});
    run(0, {"test", "create", "TC-2", "--title", "Pays in time", "--requirement", "REQ-2"});
    release("1.0");
  }

  ServerProcess server;

  std::string run(int code, const std::vector<std::string>& arguments) const {
    const Finished finished = server.run(arguments);
    INFO(finished.all());
    CHECK(finished.code == code);
    return finished.all();
  }
  void release(const std::string& version) const {
    run(0, {"release", "create", "shop@" + version, "--artifact", "image=" + server.path("image")});
  }
  /// The cases are the inside of a suite.
  void report(const std::string& version, const std::string& cases) const {
    write_file(server.path("unit.xml"), "<testsuite name=\"s\">" + cases + "</testsuite>");
    run(0, {"evidence", "add", "shop@" + version, server.path("unit.xml"), "--name", "unit"});
  }
  /// What is shown of that requirement.
  [[nodiscard]] std::string shown(const json::value& coverage, std::string_view key) const {
    for (const json::value& one : coverage.at("requirements").as_array()) {
      if (view(one.at("key").as_string()) == key) {
        return std::string(view(one.at("shown").as_string()));
      }
    }
    return "nothing";
  }
  [[nodiscard]] json::value coverage(int code, const std::string& version = "1.0") const {
    const Finished finished =
        server.run({"test", "coverage", "shop@" + version, "--format", "json"});
    INFO(finished.all());
    REQUIRE(finished.code == code);
    return json::parse(finished.out);
  }
};

const std::string kPaysOnce = R"(<testcase classname="RefundTest" name="paysOnce"/>)";

std::string keyed(const std::string& properties, const std::string& outcome = "") {
  return R"(<testcase classname="X" name="y"><properties>)" + properties + "</properties>" +
         outcome + "</testcase>";
}

TEST_CASE("reports show requirements by names, by the key of a test, and by their own word") {
  const Bench bench;
  CHECK(bench.shown(bench.coverage(1), "REQ-1") == "not_run");
  CHECK(bench.shown(bench.coverage(1), "REQ-3") == "no_test");
  bench.report("1.0", kPaysOnce);
  json::value coverage = bench.coverage(1);
  CHECK(bench.shown(coverage, "REQ-1") == "passed");
  CHECK(bench.shown(coverage, "REQ-2") == "not_run");
  bench.report("1.0", kPaysOnce + keyed(R"(<property name="test_key" value="TC-2"/>)") +
                          keyed(R"(<property name="requirement" value="REQ-3"/>)"));
  coverage = bench.coverage(0);
  CHECK(bench.shown(coverage, "REQ-2") == "passed");
  CHECK(bench.shown(coverage, "REQ-3") == "passed");
  CHECK(coverage.at("covered_bp").as_int64() == 10'000);
  bench.run(0, {"audit", "verify"});
}

TEST_CASE("a failed test wants a follow-up, and the requirement is not shown until it passes") {
  const Bench bench;
  const std::string rest = keyed(R"(<property name="requirement" value="REQ-3"/>)") + kPaysOnce;
  bench.report("1.0", rest + keyed(R"(<property name="test_key" value="TC-2"/>)", "<failure/>"));
  CHECK(bench.shown(bench.coverage(1), "REQ-2") == "failed");
  CHECK(bench.run(1, {"test", "coverage", "shop@1.0"}).find("without a follow-up: TC-2") !=
        std::string::npos);
  bench.run(0, {"work", "create", "bug", "--title", "Refunds are late"});
  bench.run(0, {"work", "link", "BUG-1", "follows_up", "test_case:TC-2"});
  CHECK(bench.coverage(1).at("unfollowed").as_array().empty());
  bench.run(0, {"work", "close", "BUG-1", "--as", "rejected", "--reason", "seen otherwise"});
  CHECK(bench.coverage(1).at("unfollowed").as_array().size() == 1);
  bench.report("1.0", rest + keyed(R"(<property name="test_key" value="TC-2"/>)"));
  CHECK(bench.coverage(0).at("unfollowed").as_array().empty());
}

TEST_CASE("a skipped test blocks its requirement, and a failing case of nobody is counted") {
  const Bench bench;
  bench.report("1.0", R"(<testcase classname="RefundTest" name="paysOnce"><skipped/></testcase>
                        <testcase name="other"><failure/></testcase>)");
  const json::value coverage = bench.coverage(1);
  CHECK(bench.shown(coverage, "REQ-1") == "blocked");
  CHECK(coverage.at("failing_unmatched").as_int64() == 1);
}

TEST_CASE("a test that fails again and again is listed, with how often") {
  const Bench bench;
  const std::string failed =
      R"(<testcase classname="RefundTest" name="paysOnce"><failure/></testcase>)";
  bench.report("1.0", failed);
  CHECK(bench.run(0, {"test", "failing"}).find("TC-1") == std::string::npos);
  bench.release("1.1");
  bench.report("1.1", failed);
  bench.release("1.2");
  bench.report("1.2", kPaysOnce);
  CHECK(bench.run(0, {"test", "failing"}).find("2 of 3") != std::string::npos);
  CHECK(bench.run(0, {"test", "failing", "--failed", "3"}).find("TC-1") == std::string::npos);
}

TEST_CASE("a report of thousands of tests is told in several events, and counted whole") {
  const Bench bench;
  std::string cases;
  for (int i = 0; i < 3'000; ++i) {
    cases +=
        "<testcase classname=\"LongNamedSuite\" name=\"case " + std::to_string(i) +
        R"("><properties><property name="requirement" value="REQ-3"/></properties></testcase>)";
  }
  bench.report("1.0", cases);
  const json::value coverage = bench.coverage(1);
  CHECK(coverage.at("tests").as_int64() == 3'000);
  CHECK(bench.shown(coverage, "REQ-3") == "passed");
  bench.run(0, {"audit", "verify"});
}

TEST_CASE("a retired test case is no test of its requirement") {
  const Bench bench;
  bench.run(0, {"test", "retire", "TC-2"});
  CHECK(bench.shown(bench.coverage(1), "REQ-2") == "no_test");
  CHECK(bench.run(0, {"test", "show", "TC-2"}).find("retired") != std::string::npos);
}

}  // namespace
}  // namespace holdpoint::test
