// Triage over the real server: what people say of findings is on the record, criteria see it only
// where they ask for it, and whoever wrote the release does not clear it alone (E4).
#include <doctest/doctest.h>

#include <algorithm>

#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view dora_email = "dora@holdpoint-e2e.example";

constexpr std::string_view documents = R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: shop}
spec: {owners: [team:shop], criticality: high, data_classes: []}
---
apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: {name: strict, owner: team:quality}
spec:
  mode: warn
  rules:
    - id: no-high-findings
      require: evidence.sast.findings.all(f, f.severity != "high")
      message: Static analysis leaves no high finding.
---
apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: {name: triaged, owner: team:quality}
spec:
  rules:
    - id: no-high-findings
      require: >-
        evidence.sast.findings.all(f, f.severity != "high" ||
        (has(f.disposition) && f.disposition == "false_positive"))
      message: Every high finding is looked at, and is none.
)";

struct Shop {
  ServerProcess server;
  Someone dora, ben;

  Shop() {
    dora = server.someone("Dora", dora_email, "developer");
    ben = server.someone("Ben", "ben@holdpoint-e2e.example", "developer");
    write_file(server.path("shop.yaml"), std::string(documents));
    const Finished applied = server.run({"apply", "--file", server.path("shop.yaml")});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  /// A release that dora wrote, with findings of these levels.
  void release(const std::string& version, const std::vector<std::string>& levels) const {
    const json::object commit{{"sha", std::string(40, 'a')},
                              {"author", json::object{{"name", "Dora"}, {"email", dora_email}}}};
    const json::object artifact{{"name", "shop.tar"}, {"digest", "sha256:" + std::string(64, '1')}};
    const json::object body{{"application", "shop"},
                            {"version", version},
                            {"commits", json::array{commit}},
                            {"artifacts", json::array{artifact}},
                            {"ci", json::object{}}};
    REQUIRE(server.post("/api/v1/main/releases", json::serialize(body)).status == 201);
    write_file(server.path("code.sarif"), sarif(levels));
    REQUIRE(server
                .run({"evidence", "add", "shop@" + version, server.path("code.sarif"), "--name",
                      "code.sarif"})
                .code <= 1);
  }

  [[nodiscard]] std::vector<std::string> findings(const std::string& version) const {
    const json::value listed =
        server.get("/api/v1/main/releases/shop@" + version + "/findings").document();
    std::vector<std::string> out;
    for (const json::value& one : listed.at("items").as_array()) {
      out.emplace_back(view(one.at("fingerprint").as_string()));
    }
    return out;
  }

  [[nodiscard]] Finished say(const Someone& who, const std::string& version,
                             const std::string& what, std::vector<std::string> fingerprints,
                             std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"finding", what, "shop@" + version, "--reason",
                                       "Quillfeather saw that it is never reached"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), fingerprints.begin(), fingerprints.end());
    return server.run_as(who.token, arguments);
  }

  /// "strict fail, triaged pass"
  [[nodiscard]] std::string results(const std::string& version) const {
    const json::value document =
        server.get("/api/v1/main/releases/shop@" + version + "/certification").document();
    std::vector<std::string> all;
    for (const json::value& one : document.at("criteria").as_array()) {
      all.push_back(std::string(view(one.at("name").as_string())) + " " +
                    std::string(view(one.at("rules").at(0).at("result").as_string())));
    }
    std::ranges::sort(all);
    return all.at(0) + ", " + all.at(1);
  }
};

Shop& shop() {
  static Shop one;
  return one;
}

}  // namespace

TEST_CASE("a false positive counts where criteria ask for it, and not by its author alone") {
  const Shop& there = shop();
  there.release("1.0.0", {"error"});
  const auto findings = there.findings("1.0.0");
  REQUIRE(findings.size() == 1);
  CHECK(there.results("1.0.0") == "strict fail, triaged fail");
  const Finished own =
      there.say(there.dora, "1.0.0", "triage", findings, {"--as", "false_positive"});
  INFO(own.all());
  REQUIRE(own.code == 0);
  CHECK(there.results("1.0.0") == "strict fail, triaged fail");
  CHECK(says(there.server.run({"finding", "list", "shop@1.0.0"}), "does not count yet"));
  CHECK(says(there.say(there.dora, "1.0.0", "confirm", findings), "own_triage"));

  const Finished agreed = there.say(there.ben, "1.0.0", "confirm", findings);
  INFO(agreed.all());
  REQUIRE(agreed.code == 0);
  CHECK(there.results("1.0.0") == "strict fail, triaged pass");
  const Finished listed = there.server.run({"finding", "list", "shop@1.0.0"});
  CHECK(says(listed, "Quillfeather saw"));
  CHECK(says(listed, "confirmed by Ben"));
  CHECK(there.server.run({"audit", "log", "--format", "json"}).out.find("Quillfeather") ==
        std::string::npos);

  // Looked at again, it counts no more.
  REQUIRE(there.say(there.dora, "1.0.0", "triage", findings, {"--as", "open"}).code == 0);
  CHECK(there.results("1.0.0") == "strict fail, triaged fail");
}

TEST_CASE("many findings are triaged at once, by somebody else, for every release of them") {
  const Shop& there = shop();
  there.release("2.0.0", {"error", "error", "note"});
  const auto findings = there.findings("2.0.0");
  REQUIRE(findings.size() == 3);
  const Finished done =
      there.say(there.ben, "2.0.0", "triage", findings, {"--as", "false_positive"});
  CHECK(done.code == 0);
  CHECK(says(done, "3 findings"));
  CHECK(there.results("2.0.0") == "strict fail, triaged pass");
  there.release("2.1.0", {"error", "error"});
  CHECK(there.results("2.1.0") == "strict fail, triaged pass");
  there.release("2.2.0", {"error", "error", "note", "error"});
  CHECK(there.results("2.2.0") == "strict fail, triaged fail");
}

TEST_CASE("what is not there, not waived or not a person's word is refused") {
  const Shop& there = shop();
  there.release("3.0.0", {"error"});
  const auto findings = there.findings("3.0.0");
  CHECK(says(there.say(there.ben, "3.0.0", "triage", {std::string(64, '0')}, {"--as", "confirmed"}),
             "finding_not_found"));
  CHECK(says(there.say(there.ben, "3.0.0", "triage", findings, {"--as", "accepted_risk"}),
             "waiver_needed"));
  CHECK(says(there.say(there.ben, "3.0.0", "triage", findings, {"--as", "duplicate"}),
             "invalid_triage"));
  const Finished verified = there.server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

}  // namespace holdpoint::test
