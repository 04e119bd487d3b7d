// A disk that lost or changed something under a running server: the request that needs it is told
// that the server failed, the log and the metrics say so, and everything else goes on.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/digest.hpp"
#include "platform/storage/sqlite.hpp"
#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view release_path = "/api/v1/main/releases/payments%401.0.0";

/// A server with one release that has one report.
class Damaged {
 public:
  Damaged() {
    const Ask apply{.method = "POST",
                    .target = "/api/v1/main/apply",
                    .body = example("environments.yaml") + "---\n" + example("application.yaml"),
                    .media = "application/yaml"};
    REQUIRE(server.ask(apply).status == 200);
    REQUIRE(server
                .post("/api/v1/main/releases",
                      R"({"application":"payments","version":"1.0.0","commits":[],"ci":{},)"
                      R"("artifacts":[]})")
                .status == 201);
    const Reply added = server.ask({.method = "POST",
                                    .target = std::string(release_path) + "/evidence?name=unit",
                                    .body = report,
                                    .media = "application/octet-stream"});
    REQUIRE(added.status == 201);
    evidence = "/api/v1/main/evidence/" + added.text("id");
  }

  void lose(const Digest& digest) const {
    namespace files = std::filesystem;
    for (const auto& entry : files::recursive_directory_iterator(server.directory() + "/objects")) {
      if (entry.path().filename() == digest.hex() || entry.path().filename() == digest.text()) {
        files::remove(entry.path());
        return;
      }
    }
    FAIL("no such object: " << digest.text());
  }

  long faults_counted() const {
    const std::string text = server.get("/metrics").body;
    constexpr std::string_view name = "\nholdpoint_integrity_faults_total ";
    const auto at = text.find(name);
    REQUIRE(at != std::string::npos);
    return std::atol(text.c_str() + at + name.size());
  }

  ServerProcess server;
  const std::string report = junit(3, 0);
  std::string evidence;
};

TEST_CASE("an object that is gone behind its row is the server's fault, logged and counted") {
  const Damaged house;
  CHECK(house.faults_counted() == 0);
  house.lose(sha256(house.report));
  const Reply raw = house.server.get(house.evidence + "/raw");
  CHECK(raw.status == 500);
  CHECK(raw.code() == "internal_error");
  CHECK(house.server.log().find(sha256(house.report).text()) != std::string::npos);
  CHECK(house.faults_counted() == 1);
  CHECK(house.server.get(house.evidence).status == 200);
  CHECK(house.server.get("/readyz").status == 200);
}

TEST_CASE("a damaged row fails the request that reads it, and not the server") {
  Damaged house;
  REQUIRE(house.server.stop() == 0);
  {
    auto store = storage::open_sqlite({.path = house.server.directory() + "/holdpoint.db"});
    REQUIRE(store.has_value());
    REQUIRE((*store)->writer().exec("UPDATE evidence SET counts = '{', kind = 'test'") == 1);
  }
  house.server.start();
  const Reply damaged = house.server.get(house.evidence);
  CHECK(damaged.status == 500);
  CHECK(damaged.code() == "internal_error");
  CHECK(house.server.log().find("column kind") != std::string::npos);
  CHECK(house.faults_counted() == 1);
  // The writer meets it too: its command fails, and the next one does not.
  CHECK(house.server.post(std::string(release_path) + "/certification", "").status == 500);
  CHECK(house.faults_counted() == 2);
  CHECK(house.server.post("/api/v1/main/service-accounts", R"({"name":"after"})").status == 201);
  CHECK(house.server.get("/readyz").status == 200);
}

TEST_CASE("the audit names the damaged row") {
  Damaged house;
  REQUIRE(house.server.stop() == 0);
  {
    auto store = storage::open_sqlite({.path = house.server.directory() + "/holdpoint.db"});
    REQUIRE(store.has_value());
    REQUIRE((*store)->writer().exec("UPDATE evidence SET counts = '{'") == 1);
  }
  house.server.start();
  const Finished verified = house.server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 1);
  CHECK(verified.all().find("table evidence") != std::string::npos);
}

TEST_CASE("the list of releases needs the contents of none") {
  const Damaged house;
  json::array commits;
  for (int i = 0; i < 500; ++i) {
    std::string sha = std::to_string(1'000'000 + i);
    sha += std::string(40 - sha.size(), 'a');
    commits.push_back(
        {{"sha", sha}, {"author", {{"name", "Bo"}, {"email", "bo@holdpoint-e2e.example"}}}});
  }
  const json::object proposal{{"application", "payments"},
                              {"version", "2.0.0"},
                              {"commits", std::move(commits)},
                              {"artifacts", json::array{}},
                              {"ci", json::object{}}};
  REQUIRE(house.server.post("/api/v1/main/releases", json::serialize(proposal)).status == 201);
  const auto event =
      house.server.get("/api/v1/main/ledger/entries?type=release.created").document();
  const auto& body = event.at("items").as_array().back().at("body");
  house.lose(*Digest::parse(view(body.at("contents_object").as_string())));
  CHECK(house.server.get("/api/v1/main/releases/payments%402.0.0").status == 500);
  const Reply list = house.server.get("/api/v1/main/releases");
  REQUIRE(list.status == 200);
  const auto items = list.document().at("items").as_array();
  REQUIRE(items.size() == 2);
  CHECK(items.at(0).at("ref") == "payments@2.0.0");
  CHECK(items.at(0).at("commit_count") == 500);
  CHECK(items.at(0).at("artifact_count") == 0);
  CHECK(items.at(0).at("created_by_name") == json::value(admin_name));
  CHECK(items.at(0).as_object().contains("readiness"));
}

TEST_CASE("what never was is still not found, and no fault") {
  const Damaged house;
  const Reply absent = house.server.get("/api/v1/main/evidence/evi_01J00000000000000000000000/raw");
  CHECK(absent.status == 404);
  CHECK(absent.code() == "evidence_not_found");
  CHECK(house.faults_counted() == 0);
}

}  // namespace
}  // namespace holdpoint::test
