// Gate policies tried on the deployments that started, by the real program against the real server:
// each start is kept with what the gate was judged on, and is taken again under other policies.
#include <doctest/doctest.h>

#include <filesystem>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view places =
    "apiVersion: holdpoint/v1\nkind: Application\nmetadata: {name: shop}\n"
    "spec: {owners: [\"team:shop\"], criticality: high}\n---\n"
    "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: production}\n"
    "spec: {order: 30, kind: production, requires_certification: false}\n---\n";

std::string document(const std::string& kind, const std::string& name, const std::string& require,
                     const std::string& mode = "enforce") {
  return "apiVersion: holdpoint/v1\nkind: " + kind + "\nmetadata: {name: " + name +
         ", owner: \"team:quality\"}\nspec:\n  mode: " + mode + "\n  rules:\n" +
         "    - {id: one, message: It must hold., require: '" + require + "'}\n";
}

std::string gate(const std::string& require, const std::string& mode = "enforce") {
  return document("GatePolicy", "complete", require, mode);
}

/// Two releases in production, the first with one artifact and the second with two.
class Shop {
 public:
  Shop() {
    apply(std::string(places) + gate("size(artifacts) >= 1") + "---\n" +
          document("CertificationCriteria", "baseline", "size(release.artifacts) >= 1"));
    deploy("1.0.0", 1);
    deploy("2.0.0", 2);
  }

  ServerProcess server;

  [[nodiscard]] std::string file(const std::string& text) const {
    write_file(server.path("documents.yaml"), text);
    return server.path("documents.yaml");
  }

  void apply(const std::string& text) const {
    const Finished applied = server.run({"apply", "-f", file(text)});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  void deploy(const std::string& version, int artifacts) const {
    json::array listed;
    for (int i = 0; i < artifacts; ++i) {
      listed.push_back(json::object{{"name", "part" + std::to_string(i)},
                                    {"digest", "sha256:" + std::string(64, char('1' + i))}});
    }
    const json::object release{{"application", "shop"},
                               {"version", version},
                               {"commits", json::array{}},
                               {"artifacts", std::move(listed)},
                               {"ci", json::object{}}};
    const Reply made = server.post("/api/v1/main/releases", json::serialize(release));
    INFO(made.body);
    REQUIRE(made.status == 201);
    start(version);
  }

  /// With a reason, as a rollback.
  void start(const std::string& version, const std::string& rollback = "") const {
    json::object wanted{
        {"application", "shop"}, {"version", version}, {"environment", "production"}};
    if (!rollback.empty()) wanted["rollback"] = json::object{{"reason", rollback}};
    const Reply started = server.post("/api/v1/main/deployments", json::serialize(wanted));
    INFO(started.body);
    REQUIRE(started.status == 201);
    REQUIRE(server
                .post("/api/v1/main/deployments/" + started.text("id") + "/finish",
                      R"({"outcome":"succeeded"})")
                .status == 200);
  }

  [[nodiscard]] Finished backtest(const std::string& text,
                                  const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"policy", "backtest", file(text)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return server.run(arguments);
  }

  [[nodiscard]] Reply asked(const std::string& text, const std::string& query = "",
                            const std::string& token = "") const {
    return server.ask_as(token.empty() ? server.session() : token,
                         {.method = "POST",
                          .target = "/api/v1/main/policies/backtest" + query,
                          .body = text,
                          .media = "application/yaml"});
  }
};

Shop& shop() {
  static Shop one;
  return one;
}

}  // namespace

TEST_CASE("the policies of the gate make no difference to the deployments they let start") {
  for (const std::string baseline : {"then", "now"}) {
    const Finished same =
        shop().backtest(gate("size(artifacts) >= 1"), {"--baseline", baseline, "--every"});
    INFO(same.all());
    CHECK(same.code == 0);
    CHECK(says(same, "2  decisions tried"));
    CHECK(says(same, "0  could not be replayed"));
  }
}

TEST_CASE("a stricter gate policy says which deployment it would have blocked, and by what") {
  const Finished strict = shop().backtest(gate("size(artifacts) >= 2"));
  INFO(strict.all());
  CHECK(strict.code == 1);
  CHECK(says(strict, "shop@1.0.0"));
  CHECK_FALSE(says(strict, "shop@2.0.0"));
  CHECK(says(strict, "deployment to production  ✓ passed → ✗ failed"));
  CHECK(says(strict, "size(artifacts) is 1, needs >= 2"));
  CHECK(says(strict, "1  passed, would be blocked"));
  CHECK(says(strict, "1  unchanged"));
}

TEST_CASE("a gate policy in shadow says which deployment it would have flipped, and blocks none") {
  const Finished shadow = shop().backtest(gate("size(artifacts) >= 2", "shadow"));
  INFO(shadow.all());
  CHECK(shadow.code == 1);
  CHECK(says(shadow, "complete would have flipped it"));
  CHECK(says(shadow, "0  passed, would be blocked"));
  CHECK(says(shadow, "1  end the same, by other rules"));
  CHECK(says(shop().backtest(gate("size(artifacts) >= 2", "shadow"), {"--as-enforced"}),
             "1  passed, would be blocked"));
}

TEST_CASE("a policy can ask of past deployments what no policy asked when they started") {
  const Finished asked = shop().backtest(gate("record.certified >= 0"));
  INFO(asked.all());
  CHECK(asked.code == 0);
  CHECK(says(asked, "2  unchanged"));
}

TEST_CASE("certifications and deployments are tried in one run, each by its own documents") {
  const std::string both =
      gate("size(artifacts) >= 2") + "---\n" +
      document("CertificationCriteria", "baseline", "size(release.artifacts) >= 2");
  const Finished tried = shop().backtest(both);
  INFO(tried.all());
  CHECK(tried.code == 1);
  CHECK(says(tried, "4  decisions tried"));
  CHECK(says(tried, "2  of them deployments"));
  CHECK(says(tried, "2  passed, would be blocked"));
  CHECK(says(tried, "certification  ✓ passed → ✗ failed"));
  CHECK(says(tried, "deployment to production  ✓ passed → ✗ failed"));
  std::string cursor;
  std::vector<std::string> kinds;
  for (int i = 0; i < 4; ++i) {
    const Reply piece = shop().asked(both, "?limit=1" + cursor);
    INFO(piece.body);
    REQUIRE(piece.status == 200);
    const json::value answer = piece.document();
    const auto& totals = answer.at("totals").as_object();
    kinds.emplace_back(totals.at("deployments") == 1 ? "deployment" : "certification");
    const auto* next = answer.as_object().if_contains("next_cursor");
    CHECK((next != nullptr) == (i < 3));
    if (next != nullptr) cursor = "&cursor=" + std::string(view(next->as_string()));
  }
  CHECK(kinds ==
        std::vector<std::string>{"deployment", "certification", "deployment", "certification"});
}

TEST_CASE("who may not see deployments may not try gate policies on them") {
  auto& server = shop().server;
  const std::string strict = gate("size(artifacts) >= 2");
  const std::string narrow = server.token_of("main", "auditor", {"certification.read"});
  const Reply refused = shop().asked(strict, "", narrow);
  INFO(refused.body);
  CHECK(refused.status == 403);
  CHECK(refused.code() == "permission_denied");
  CHECK(refused.body.find("deployments.read") != std::string::npos);
  const std::string wide =
      server.token_of("main", "auditor", {"certification.read", "deployments.read"});
  CHECK(shop().asked(strict, "", wide).status == 200);
  const std::string half =
      gate("size(artifacts) >= 2") + "---\n" + document("SlaPolicy", "other", "true");
  CHECK(shop().asked(half).body.find("/1/kind") != std::string::npos);
}

TEST_CASE("the last start of a release in an environment stands for those before it") {
  Shop again;
  again.start("1.0.0", "back to the first");
  const Finished standing = again.backtest(gate("size(artifacts) >= 2"));
  CHECK(says(standing, "2  decisions tried"));
  const Finished every = again.backtest(gate("size(artifacts) >= 2"), {"--every"});
  CHECK(says(every, "3  decisions tried"));
  CHECK(says(every, "2  passed, would be blocked"));
}

TEST_CASE("facts of a deployment that are gone are missed by the audit and by a backtest") {
  Shop damaged;
  CHECK(damaged.server.run({"audit", "verify"}).code == 0);
  const Reply entries =
      damaged.server.get("/api/v1/main/ledger/entries?limit=1&type=deployment.started");
  INFO(entries.body);
  const json::value body = entries.document().at("items").at(0).at("body");
  const std::string hex = std::string(view(body.at("gate").at("facts").as_string())).substr(7);
  const std::filesystem::path object = std::filesystem::path(damaged.server.directory()) /
                                       "objects/sha256" / hex.substr(0, 2) / hex.substr(2, 2) / hex;
  REQUIRE(std::filesystem::remove(object));
  const Finished tried = damaged.backtest(gate("size(artifacts) >= 1"));
  INFO(tried.all());
  CHECK(tried.code == 3);
  CHECK(says(tried, "deployment to production"));
  CHECK(says(tried, "its facts are not in the object store"));
  CHECK(damaged.server.run({"audit", "verify"}).code == 1);
}

}  // namespace holdpoint::test
