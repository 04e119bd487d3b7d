// What auditors ask, by the real program against the real server: controls that stand as the
// records say and fall when one says otherwise, the five questions, searches that are kept, signed
// exports, and the figures of teams.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/digest.hpp"
#include "support/approval_house.hpp"
#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

const std::string kApi = "/api/v1/main/";

constexpr std::string_view documents =
    "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: staging}\n"
    "spec: {order: 10, kind: staging, requires_certification: false}\n---\n"
    "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: production}\n"
    "spec: {order: 30, kind: production}\n---\n"
    "apiVersion: holdpoint/v1\nkind: Application\nmetadata: {name: shop}\n"
    "spec: {owners: [\"team:shop\"], criticality: high, data_classes: [cardholder],"
    " environments: [staging, production]}\n---\n"
    "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
    "metadata: {name: baseline, owner: team-q}\nspec:\n  rules:\n    - id: tests\n"
    "      require: evidence.tests.failed == 0\n      message: The tests pass.\n---\n"
    "apiVersion: holdpoint/v1\nkind: Framework\nmetadata: {name: acme}\n"
    "spec:\n  title: Contract with Acme\n  source: contract\n  applies: {applications: [shop]}\n"
    "  controls:\n    - id: \"1\"\n      title: Releases are tested\n"
    "      needs: [{proof: tests}, {proof: criteria, criteria: baseline}]\n"
    "    - id: \"2\"\n      title: Deployments are verified\n"
    "      needs: [{proof: verification}, {proof: approvals}]\n"
    "    - id: \"3\"\n      title: Code is scanned\n      needs: [{proof: scans}]\n"
    "    - id: \"4\"\n      title: The trail is verified\n      needs: [{proof: "
    "audit_trail}]\n---\n"
    "apiVersion: holdpoint/v1\nkind: SavedSearch\nmetadata: {name: tests}\n"
    "spec: {search: {evidence: [tests]}}\n";

class Shop {
 public:
  Shop() {
    ben = server.someone("Ben", "ben@holdpoint-compliance.example", "release_manager");
    apply(std::string(documents));
    const json::object artifact{{"name", "shop.tar"}, {"digest", "sha256:" + std::string(64, '1')}};
    const json::object release{{"application", "shop"},
                               {"version", "1.0.0"},
                               {"commits", json::array{}},
                               {"artifacts", json::array{artifact}},
                               {"ci", json::object{}}};
    REQUIRE(server.post(kApi + "releases", json::serialize(release)).status == 201);
  }

  ServerProcess server;
  Someone ben;

  void apply(const std::string& text) const {
    write_file(server.path("documents.yaml"), text);
    const Finished applied = server.run({"apply", "-f", server.path("documents.yaml")});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  void report() const {
    const Reply reply = server.ask({.method = "POST",
                                    .target = kApi + "releases/shop%401.0.0/evidence?name=unit.xml",
                                    .body = junit(3, 0),
                                    .media = "application/octet-stream"});
    INFO(reply.body);
    REQUIRE(reply.status == 201);
  }

  [[nodiscard]] std::string deploy() const {
    const Reply begun =
        server.post(kApi + "deployments",
                    R"({"application":"shop","version":"1.0.0","environment":"production"})");
    INFO(begun.body);
    REQUIRE(begun.status == 201);
    const std::string id = begun.text("id");
    REQUIRE(
        server.post(kApi + "deployments/" + id + "/finish", R"({"outcome":"succeeded"})").status ==
        200);
    return id;
  }

  /// How the contract's control stands.
  [[nodiscard]] std::string standing(const std::string& control) const {
    const Reply reply = server.get(kApi + "controls/acme/" + control);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return std::string(view(reply.document().at("standing").at("status").as_string()));
  }
};

}  // namespace

TEST_CASE("controls stand as the records say, from nothing to satisfied") {
  const Shop shop;
  for (const char* control : {"1", "2", "3", "4"}) CHECK(shop.standing(control) == "no_evidence");
  shop.report();
  CHECK(shop.standing("1") == "satisfied");
  CHECK(shop.standing("3") == "no_evidence");
  const std::string deployment = shop.deploy();
  CHECK(shop.standing("2") == "at_risk");  // nobody looked at it yet
  const Reply verified = shop.server.ask_as(
      shop.ben.token, {.method = "POST",
                       .target = kApi + "deployments/" + deployment + "/verification",
                       .body = "{}"});
  INFO(verified.body);
  REQUIRE(verified.status == 200);
  CHECK(shop.standing("2") == "satisfied");
  CHECK(shop.server.run({"audit", "verify"}).code == 0);
  CHECK(shop.standing("4") == "satisfied");

  const Finished shown = shop.server.run({"control", "show", "acme/2"});
  INFO(shown.all());
  CHECK(shown.code == 0);
  CHECK(says(shown, "✓ satisfied"));
  CHECK(says(shown, "✓ passed"));
  CHECK(says(shown, deployment));
  const Finished unproved = shop.server.run({"control", "show", "acme/3"});
  CHECK(unproved.code == 1);
  CHECK(says(unproved, "? not evaluated"));
  const Finished listed = shop.server.run({"control", "list", "--framework", "acme"});
  CHECK(listed.code == 0);
  CHECK(says(listed, "? no evidence"));
  CHECK(shop.server.run({"audit", "verify"}).code == 0);
}

TEST_CASE("frameworks about the data of an application are in force, others when adopted") {
  const Shop shop;
  const auto in_force = [&](const std::string& name) {
    const json::value page = shop.server.get(kApi + "frameworks?limit=200").document();
    for (const auto& one : page.at("items").as_array()) {
      if (view(one.at("name").as_string()) == name) return one.at("in_force").as_bool();
    }
    FAIL("there is no framework ", name);
    return false;
  };
  CHECK(in_force("pci-dss"));
  CHECK(!in_force("soc2"));
  shop.apply(
      "apiVersion: holdpoint/v1\nkind: Framework\nmetadata: {name: soc2}\n"
      "spec: {source: standard, applies: {every: true}}\n");
  CHECK(in_force("soc2"));
  const Reply hipaa = shop.server.get(kApi + "controls/hipaa/164.312(b)");
  CHECK(hipaa.status == 200);
  CHECK(shop.server.get(kApi + "controls/soc2/CC99").code() == "control_not_found");
  CHECK(shop.server.get(kApi + "controls?framework=none").code() == "framework_not_found");
  const Reply nowhere =
      shop.server.ask({.method = "POST",
                       .target = kApi + "apply",
                       .body = "apiVersion: holdpoint/v1\nkind: Framework\nmetadata: {name: own}\n"
                               "spec: {source: own, applies: {applications: [nothing]}}\n",
                       .media = "application/yaml"});
  CHECK(nowhere.status == 422);
  CHECK(nowhere.code() == "framework_of_nothing");
}

TEST_CASE("controls are listed once each, however small the pages") {
  const Shop shop;
  std::vector<std::string> ids;
  std::size_t about_us = 0;
  std::string cursor;
  for (int pages = 0; pages < 100; ++pages) {
    const Reply reply =
        shop.server.get(kApi + "controls?limit=4" + (cursor.empty() ? "" : "&cursor=" + cursor));
    REQUIRE(reply.status == 200);
    const json::value page = reply.document();
    for (const auto& one : page.at("items").as_array()) {
      const std::string framework(view(one.at("framework").as_string()));
      ids.push_back(framework + "/" + std::string(view(one.at("id").as_string())));
      if (framework == "acme" || framework == "pci-dss") {
        ++about_us;
      } else {
        CHECK(one.at("status") == "not_applicable");
      }
    }
    const auto* next = page.as_object().if_contains("next_cursor");
    if (next == nullptr) break;
    cursor = std::string(view(next->as_string()));
  }
  std::vector<std::string> once = ids;
  std::ranges::sort(once);
  const auto repeated = std::ranges::unique(once);
  CHECK(repeated.empty());
  CHECK(about_us == 17);  // the contract's four and those of PCI DSS
}

TEST_CASE("the five questions are answered of a release, each with records") {
  const Shop shop;
  shop.report();
  static_cast<void>(shop.deploy());
  const Finished all = shop.server.run({"question", "answer", "--release", "shop@1.0.0"});
  INFO(all.all());
  CHECK(all.code == 1);  // nothing shows that access was reviewed
  CHECK(says(all, "Was every change to production authorised"));
  CHECK(says(all, "No review of who may approve was ever closed."));
  const Reply one = shop.server.get(kApi + "questions/test_validation?release=shop%401.0.0");
  INFO(one.body);
  REQUIRE(one.status == 200);
  CHECK(one.document().at("answer").at("release") == "shop@1.0.0");
  CHECK(one.document().at("records").as_array().size() == 1);
  CHECK(shop.server.get(kApi + "questions/what").code() == "question_not_found");
  CHECK(shop.server.get(kApi + "questions?period=summer").status == 422);
  CHECK(shop.server.get(kApi + "questions?release=shop%409").status == 404);
}

TEST_CASE("records are found by what they are about, and a search is kept by its name") {
  const Shop shop;
  shop.report();
  const std::string deployment = shop.deploy();
  const auto count = [&](const std::string& query) {
    const Reply reply = shop.server.get(kApi + "records?" + query);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return reply.document().at("items").as_array().size();
  };
  CHECK(count("kind=evidence") == 1);
  CHECK(count("evidence=tests&application=shop") == 1);
  CHECK(count("security=true") == 0);
  CHECK(count("saved=tests") == 1);
  CHECK(count("thing=" + deployment) == 2);
  CHECK(count("kind=deployment&environment=staging") == 0);
  CHECK(count("release=shop%401.0.0&kind=certification") == 2);
  CHECK(count("control=acme%2F1&kind=evidence") == 1);
  CHECK(count("period=1999") == 0);
  CHECK(shop.server.get(kApi + "records?kind=nothing").status == 422);
  CHECK(shop.server.get(kApi + "records?control=acme%2F9").code() == "control_not_found");
  CHECK(shop.server.get(kApi + "records?saved=none").status == 404);
  const Finished found = shop.server.run({"question", "search", "--saved", "tests"});
  INFO(found.all());
  CHECK(found.code == 0);
  CHECK(says(found, "evidence.received tests, complete"));
  CHECK(says(found, std::string(admin_name)));
}

TEST_CASE("each record of a release names who signed for it, and segregation is told by them") {
  ApprovalHouse house;
  const Someone first = house.person("Iris", "approver");
  const Someone second = house.person("Jonas", "approver");
  const Someone author = house.person("Kim", "developer");
  house.release("1.0.0", {author.email});
  const std::string request = house.request("1.0.0");
  REQUIRE(house.approve(first, request).status < 300);
  REQUIRE(house.approve(second, request).status < 300);
  const Reply found = house.server.get(kApi + "records?release=shop%401.0.0&kind=release");
  INFO(found.body);
  REQUIRE(found.status == 200);
  const json::value page = found.document();
  REQUIRE(page.at("items").as_array().size() == 1);
  CHECK(page.at("items").at(0).at("reviewers").as_array().size() == 2);
  CHECK(found.body.find(first.id) != std::string::npos);
  CHECK(found.body.find(second.id) != std::string::npos);
  const Reply by_person = house.server.get(kApi + "records?kind=approval&person=" + first.id);
  CHECK(by_person.document().at("items").as_array().size() == 1);
  const Reply control = house.server.get(kApi + "controls/iso27001/A.5.3?application=shop");
  INFO(control.body);
  CHECK(control.document().at("standing").at("status") == "satisfied");
  CHECK(control.document().at("in_force") == false);
  CHECK(house.server.run({"audit", "verify"}).code == 0);
}

TEST_CASE("an export is the file that its signed statement names") {
  const Shop shop;
  shop.report();
  const std::string file = shop.server.path("tests.csv");
  const Finished made =
      shop.server.run({"question", "export", "--saved", "tests", "--output", file});
  INFO(made.all());
  REQUIRE(made.code == 0);
  const std::string bytes = read_file(file);
  CHECK(bytes.starts_with("entry,at,kind,type,id,"));
  CHECK(bytes.find(",evidence.received,") != std::string::npos);
  const auto envelope = parse_json(read_file(file + ".dsse.json"));
  REQUIRE(envelope.has_value());
  CHECK(envelope->at("payloadType") == "application/vnd.in-toto+json");
  const Reply key = shop.server.get("/api/v1/main/certification-key");
  CHECK(view(envelope->at("signatures").at(0).at("keyid").as_string()) == key.text("key_id"));
  const std::string pem = shop.server.path("key.pem");
  write_file(pem, shop.server.get("/api/v1/main/certification-key.pem").body);
  const Finished verified = shop.server.run({"question", "verify", file, "--key", pem});
  INFO(verified.all());
  CHECK(verified.code == 0);
  CHECK(says(verified, "1 record of"));
  write_file(file, bytes + " ");
  const Finished changed = shop.server.run({"question", "verify", file, "--key", pem});
  CHECK(changed.code == 1);
  CHECK(says(changed, "another one than was signed"));
  CHECK(shop.server.run({"question", "verify", file, "--key", file}).code == 2);
  const Reply same = shop.server.post(
      kApi + "exports", R"({"format":"json","search":{"kinds":["release"],"application":"shop"}})");
  INFO(same.body);
  REQUIRE(same.status == 200);
  CHECK(same.text("digest") == sha256(same.text("content")).text());
  CHECK(same.document().at("rows") == 1);
  CHECK(shop.server.post(kApi + "exports", R"({"format":"csv"})").code() == "invalid_export");
}

TEST_CASE("figures count what happened, by team, with the records behind them") {
  const Shop shop;
  shop.report();
  const std::string deployment = shop.deploy();
  const Reply reply = shop.server.get(kApi + "figures?by=team");
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  const json::value view_of = reply.document();
  CHECK(view_of.at("complete") == true);
  REQUIRE(view_of.at("rows").as_array().size() == 1);
  CHECK(view_of.at("rows").at(0).at("team") == "team:shop");
  const auto figure = [&](const std::string& name) -> json::value {
    for (const auto& one : view_of.at("rows").at(0).at("figures").as_array()) {
      if (view(one.at("name").as_string()) == name) return one;
    }
    FAIL("there is no figure ", name);
    return {};
  };
  CHECK(figure("deployment_frequency").at("count") == 1);
  CHECK(view(figure("deployment_frequency").at("records").at(0).at("id").as_string()) ==
        deployment);
  CHECK(figure("change_failure_rate").at("value") == 0);
  CHECK(figure("first_attempt_pass_rate").at("value") == 10'000);
  CHECK(figure("governed_deployments").at("value") == 10'000);
  CHECK(!figure("time_to_restore").as_object().contains("value"));
  CHECK(shop.server.get(kApi + "figures?team=team%3Anobody").code() == "team_not_found");
  const Reply lines = shop.server.get(kApi + "figures/prometheus");
  CHECK(lines.status == 200);
  CHECK(lines.body.find("holdpoint_figure_deployment_frequency{") != std::string::npos);
  CHECK(lines.body.find("team=\"team:shop\"") != std::string::npos);
  const Finished shown = shop.server.run({"figures", "--by", "team", "--records"});
  INFO(shown.all());
  CHECK(shown.code == 0);
  CHECK(says(shown, "first attempt pass rate"));
  CHECK(says(shown, deployment));
}

TEST_CASE("who may not look at controls or figures is told so") {
  const Shop shop;
  const Someone dev = shop.server.someone("Dev", "dev@holdpoint-compliance.example", "developer");
  CHECK(shop.server.ask_as(dev.token, {.target = kApi + "controls"}).status == 403);
  CHECK(shop.server.ask_as(dev.token, {.target = kApi + "records"}).status == 403);
  CHECK(shop.server.ask_as(dev.token, {.target = kApi + "figures"}).status == 200);
}

}  // namespace holdpoint::test
