// Change requests over the real server, by the program: a risky change to cardholder data goes to
// security and a board, a freeze is overridden once, and an emergency that nobody looked back at
// stops what comes next (B3, B5, B11, B12).
#include <doctest/doctest.h>

#include <chrono>
#include <fstream>

#include "base/instant.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view password = "another-Horse-78-battery";

constexpr std::string_view documents = R"(apiVersion: holdpoint/v1
kind: Environment
metadata: {name: staging}
spec: {order: 20, kind: staging, requires_certification: false}
---
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: production}
spec: {order: 30, kind: production, requires_certification: false, requires_change: true}
---
apiVersion: holdpoint/v1
kind: Application
metadata: {name: shop}
spec: {owners: [team:shop], criticality: critical, data_classes: [cardholder]}
---
apiVersion: holdpoint/v1
kind: Application
metadata: {name: blog}
spec: {owners: [team:web], criticality: low}
---
apiVersion: holdpoint/v1
kind: Application
metadata: {name: wiki}
spec: {owners: [team:web], criticality: low}
---
apiVersion: holdpoint/v1
kind: ApprovalRole
metadata: {name: change-board}
spec: {people: [cat@holdpoint-e2e.example]}
---
apiVersion: holdpoint/v1
kind: EmergencyPath
metadata: {name: outages}
spec:
  owner: team:operations
  categories: [outage]
  declarers: [developer]
  endorsers: [release_manager]
---
apiVersion: holdpoint/v1
kind: ChangeTemplate
metadata: {name: certificates}
spec:
  title: Rotate the certificates
  owner: team:operations
  applications: [shop]
  environments: [production]
  backout_plan: Put the old one back.
  customer_impact: None.
  risk: {reversal: at-once, reach: nobody, novelty: often, tested: like-production}
  window_max: 12h
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: changes, owner: "team:compliance"}
spec:
  match: subject.kind == "change" && change.type != "standard"
  requiredFields: [backout_plan, customer_impact]
  escalation:
    - {name: late, to: reminder, after: 24h, afterByCriticality: {critical: 4h}}
  routes:
    - name: emergency
      when: change.type == "emergency"
      stages: [{name: duty, roles: [approver], minimum: 1}]
    - name: board
      when: change.type == "normal" && (flags.cardholder || change.risk == "high")
      stages:
        - {name: security, roles: [approver], minimum: 1}
        - {name: board, approvalRoles: [change-board], minimum: 1}
    - name: peer
      when: change.type == "normal" && !(flags.cardholder || change.risk == "high")
      stages: [{name: peer, roles: [approver], minimum: 1}]
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: wiki, owner: "team:compliance"}
spec:
  match: subject.kind == "promotion" && application.name == "wiki"
  routes:
    - name: duty
      stages: [{name: duty, roles: [approver], minimum: 1}]
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: overrides, owner: "team:compliance"}
spec:
  match: subject.kind == "freeze_override"
  routes:
    - name: duty
      stages: [{name: duty, roles: [approver], minimum: 1}]
)";

struct Someone {
  std::string id;
  std::string email;
  std::string token;
};

Instant now() {
  return Instant{std::chrono::duration_cast<std::chrono::microseconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count()};
}

bool says(const Finished& finished, std::string_view text) {
  return finished.all().find(text) != std::string::npos;
}

std::string digits(char digit) { return std::string(64, digit); }

struct House {
  ServerProcess server;
  Someone ann, ben, cat, zoe, rob;
  Duration ahead{};

  House() {
    ann = someone("Ann", "ann@holdpoint-e2e.example", "developer");
    ben = someone("Ben", "ben@holdpoint-e2e.example", "approver");
    cat = someone("Cat", "cat@holdpoint-e2e.example", "approver");
    zoe = someone("Zoe", "zoe@holdpoint-e2e.example", "developer");
    rob = someone("Rob", "rob@holdpoint-e2e.example", "release_manager");
    apply(std::string(documents));
  }

  void apply(const std::string& text) const {
    std::ofstream(server.path("all.yaml")) << text;
    const Finished applied = server.run({"apply", "--file", server.path("all.yaml")});
    INFO(applied.err);
    REQUIRE(applied.code == 0);
  }

  [[nodiscard]] std::string sign_in(const std::string& email) const {
    const Reply in = server.ask_as(
        "", {.method = "POST",
             .target = "/api/v1/sessions",
             .body = json::serialize(json::object{{"email", email}, {"password", password}})});
    REQUIRE(in.status == 201);
    return in.text("token");
  }

  Someone someone(const std::string& name, const std::string& email, const std::string& role) {
    const Reply added = server.post(
        "/api/v1/people",
        json::serialize(json::object{{"name", name}, {"email", email}, {"password", password}}));
    REQUIRE(added.status == 201);
    const std::string id = added.text("id");
    REQUIRE(server
                .post("/api/v1/main/role-assignments",
                      json::serialize(
                          json::object{{"actor_kind", "person"}, {"actor_id", id}, {"role", role}}))
                .status == 201);
    return {id, email, sign_in(email)};
  }

  void release(const std::string& application, const std::string& version) const {
    const json::object commit{
        {"sha", std::string(40, 'a')},
        {"author", json::object{{"name", "Ann"}, {"email", "ann@holdpoint-e2e.example"}}}};
    const json::object artifact{{"name", "image"}, {"digest", "sha256:" + digits('1')}};
    const json::object body{{"application", application},
                            {"version", version},
                            {"commits", json::array{commit}},
                            {"artifacts", json::array{artifact}},
                            {"ci", json::object{}}};
    REQUIRE(server.post("/api/v1/main/releases", json::serialize(body)).status == 201);
  }

  [[nodiscard]] std::string at(Duration from_now) const {
    return (now() + ahead + from_now).text();
  }

  /// The options of a change that may begin now.
  [[nodiscard]] std::vector<std::string> options(const std::string& application,
                                                 const std::string& release) const {
    std::vector<std::string> all{"--title",        "Move the basket",
                                 "--application",  application,
                                 "--env",          "production",
                                 "--from",         at(Duration::hours(-1)),
                                 "--until",        at(Duration::hours(3)),
                                 "--risk",         "reversal=with-effort",
                                 "--risk",         "reach=some",
                                 "--risk",         "novelty=once",
                                 "--risk",         "tested=partly",
                                 "--backout-plan", "deploy the last one",
                                 "--format",       "json"};
    if (!release.empty()) {
      all.emplace_back("--release");
      all.push_back(release);
    }
    return all;
  }

  [[nodiscard]] Finished run(const Someone& who, std::vector<std::string> first,
                             const std::vector<std::string>& more = {}) const {
    first.insert(first.end(), more.begin(), more.end());
    return server.run_as(who.token, std::move(first));
  }

  [[nodiscard]] std::string created(const Someone& who, const std::string& application,
                                    const std::string& release) const {
    auto all = options(application, release);
    all.insert(all.end(), {"--customer-impact", "nobody notices"});
    const Finished made = run(who, {"change", "create"}, all);
    INFO(made.err);
    REQUIRE(made.code == 0);
    return std::string(view(json::parse(made.out).at("change").at("id").as_string()));
  }

  [[nodiscard]] json::value shown(const std::string& change) const {
    const Finished out = run(rob, {"change", "show", change, "--format", "json"});
    REQUIRE(out.code == 0);
    return json::parse(out.out);
  }
  [[nodiscard]] std::string phase(const std::string& change) const {
    return std::string(view(shown(change).at("phase").as_string()));
  }
  [[nodiscard]] std::string request(const std::string& change) const {
    return std::string(view(shown(change).at("approval").at("request").as_string()));
  }
  /// A request for approval, as it is kept.
  [[nodiscard]] json::value kept(const std::string& id) const {
    const Finished out = run(rob, {"approvals", "show", id, "--format", "json"});
    REQUIRE(out.code == 0);
    return json::parse(out.out).at("request");
  }
  [[nodiscard]] Finished approve(const Someone& who, const std::string& id) const {
    return run(who, {"approve", id, "--reason", "looked at it"});
  }
  [[nodiscard]] Finished gate(const std::string& release, const std::string& environment) const {
    return run(rob, {"gate", "check", release, "--env", environment});
  }
  [[nodiscard]] Finished start(const std::string& release, const std::string& environment) const {
    return run(rob, {"deployment", "start", release, "--env", environment, "--format", "json"});
  }
  void finish(const Finished& started) const {
    INFO(started.all());
    REQUIRE(started.code == 0);
    const std::string id(view(json::parse(started.out).at("id").as_string()));
    REQUIRE(run(rob, {"deployment", "finish", id, "--outcome", "succeeded"}).code == 0);
  }
};

House& house() {
  static House one;
  return one;
}

}  // namespace

TEST_CASE("a risky change to cardholder data goes to security and a board, and is used once") {
  const House& there = house();
  there.release("shop", "1.0.0");
  const Finished none = there.gate("shop@1.0.0", "production");
  CHECK(none.code == 1);
  CHECK(says(none, "without a change request"));

  const Finished made =
      there.run(there.ann, {"change", "create"}, there.options("shop", "shop@1.0.0"));
  INFO(made.err);
  REQUIRE(made.code == 0);
  const json::value answer = json::parse(made.out);
  const std::string change(view(answer.at("change").at("id").as_string()));
  CHECK(answer.at("needs").as_array().size() == 2);
  CHECK(view(answer.at("needs").at(0).at("stage").as_string()) == "security");
  CHECK(view(answer.at("missing_fields").at(0).as_string()) == "customer_impact");
  CHECK(says(there.run(there.ann, {"change", "submit", change}), "customer_impact"));
  auto whole = there.options("shop", "shop@1.0.0");
  whole.insert(whole.end(), {"--customer-impact", "nobody notices"});
  CHECK(there.run(there.ann, {"change", "edit", change}, whole).code == 0);
  CHECK(there.run(there.ann, {"change", "submit", change}).code == 0);
  CHECK(says(there.run(there.ann, {"change", "edit", change}, whole), "only a draft"));
  CHECK(says(there.gate("shop@1.0.0", "production"), "is not approved"));

  const std::string request = there.request(change);
  CHECK(there.approve(there.ann, request).code != 0);
  CHECK(says(there.approve(there.ann, request), "never among its approvers"));
  CHECK(there.approve(there.ben, request).code == 0);
  CHECK(there.phase(change) == "submitted");
  CHECK(there.approve(there.cat, request).code == 0);
  CHECK(there.phase(change) == "scheduled");
  const Finished open = there.gate("shop@1.0.0", "production");
  INFO(open.all());
  CHECK(open.code == 0);
  there.finish(there.start("shop@1.0.0", "production"));
  CHECK(there.phase(change) == "implementing");
  CHECK(says(there.start("shop@1.0.0", "production"), "without a change request"));
  CHECK(there.run(there.ann, {"change", "close", change, "--as", "successful"}).code == 0);
  CHECK(says(there.run(there.ann, {"change", "show", change}), "deploy the last one"));
}

TEST_CASE("a change that is written anew has to be approved anew") {
  const House& there = house();
  there.release("shop", "2.0.0");
  const std::string change = there.created(there.zoe, "shop", "shop@2.0.0");
  REQUIRE(there.run(there.zoe, {"change", "submit", change}).code == 0);
  const std::string request = there.request(change);
  REQUIRE(there.approve(there.ben, request).code == 0);
  REQUIRE(there.approve(there.cat, request).code == 0);
  CHECK(there.gate("shop@2.0.0", "production").code == 0);
  CHECK(there.run(there.zoe, {"change", "reopen", change, "--reason", "other window"}).code == 0);
  CHECK(there.gate("shop@2.0.0", "production").code == 1);
  CHECK(says(there.run(there.rob, {"approvals", "show", request}), "invalidated"));
  REQUIRE(there.run(there.zoe, {"change", "submit", change}).code == 0);
  CHECK(there.request(change) != request);
  CHECK(there.gate("shop@2.0.0", "production").code == 1);

  const std::string again = there.request(change);
  CHECK(there.run(there.ben, {"reject", again, "--reason", "not this week"}).code == 0);
  CHECK(there.phase(change) == "rejected");
  CHECK(says(there.run(there.zoe, {"change", "submit", change}), "only a draft"));
}

TEST_CASE("a change of several applications needs what each of them needs") {
  const House& there = house();
  auto options = there.options("blog", "");
  options.insert(options.end(), {"--application", "shop", "--customer-impact", "none"});
  const Finished made = there.run(there.ann, {"change", "create"}, options);
  INFO(made.err);
  REQUIRE(made.code == 0);
  std::vector<std::string> stages;
  const json::value answer = json::parse(made.out);
  for (const auto& need : answer.at("needs").as_array()) {
    stages.emplace_back(view(need.at("stage").as_string()));
  }
  CHECK(stages == std::vector<std::string>{"peer", "security", "board"});

  // People hear of it once, as soon as the most critical of them wants.
  const std::string change(view(answer.at("change").at("id").as_string()));
  REQUIRE(there.run(there.ann, {"change", "submit", change}).code == 0);
  const json::value request = there.kept(there.request(change));
  const auto instant = [](const json::value& text) {
    return *Instant::parse(std::string(view(text.as_string())));
  };
  REQUIRE(request.at("escalation").as_array().size() == 1);
  CHECK(instant(request.at("escalation").at(0).at("due")) ==
        instant(request.at("requested_at")) + Duration::hours(4));
  CHECK(there.run(there.ann, {"change", "cancel", change, "--reason", "not wanted"}).code == 0);
}

TEST_CASE("two changes at one time are told of each other, and the next free time avoids both") {
  const House& there = house();
  const std::string first = there.created(there.ann, "blog", "");
  REQUIRE(there.run(there.ann, {"change", "submit", first}).code == 0);
  auto more = there.options("blog", "");
  more.insert(more.end(), {"--customer-impact", "nobody notices"});
  const Finished second = there.run(there.zoe, {"change", "create"}, more);
  REQUIRE(second.code == 0);
  CHECK(second.out.find(first) != std::string::npos);
  const Finished free = there.run(there.zoe, {"change", "next-window", "blog", "--env",
                                              "production", "--for", "2h", "--format", "json"});
  REQUIRE(free.code == 0);
  const auto from =
      Instant::parse(std::string(view(json::parse(free.out).at("window").at("from").as_string())));
  CHECK(*from >= now() + Duration::hours(2));
  CHECK(there.run(there.ann, {"change", "cancel", first, "--reason", "not wanted"}).code == 0);
}

TEST_CASE("a freeze is overridden for one release, once, by somebody else") {
  const House& there = house();
  there.release("blog", "1.0.0");
  there.release("blog", "1.0.1");
  CHECK(there.gate("blog@1.0.0", "staging").code == 0);
  there.apply(
      "apiVersion: holdpoint/v1\nkind: Freeze\nmetadata: {name: year-end}\n"
      "spec:\n  owner: team-finance\n  reason: The books are closed.\n"
      "  environments: [staging]\n  once: {from: \"" +
      there.at(Duration::hours(-1)) + "\", until: \"" + there.at(Duration::hours(100)) + "\"}\n");
  CHECK(there.gate("blog@1.0.0", "staging").code == 1);
  const Finished asked = there.run(
      there.zoe, {"freeze", "override", "--release", "blog@1.0.0", "--env", "staging", "--hours",
                  "2", "--reason", "Readers see an error on every page.", "--format", "json"});
  INFO(asked.err);
  REQUIRE(asked.code == 0);
  const std::string request(view(json::parse(asked.out).at("request").as_string()));
  CHECK(there.gate("blog@1.0.0", "staging").code == 1);
  CHECK(there.approve(there.zoe, request).code != 0);
  CHECK(there.approve(there.ben, request).code == 0);
  CHECK(there.gate("blog@1.0.0", "staging").code == 0);
  CHECK(there.gate("blog@1.0.1", "staging").code == 1);
  there.finish(there.start("blog@1.0.0", "staging"));
  CHECK(there.gate("blog@1.0.0", "staging").code == 1);
  CHECK(says(there.start("blog@1.0.0", "staging"), "year-end"));
  CHECK(says(there.run(there.rob, {"freeze", "overrides"}), "used"));
  CHECK(there.server.run({"freeze", "retire", "year-end"}).code == 0);
  CHECK(says(there.run(there.zoe, {"freeze", "override", "--release", "blog@1.0.1", "--env",
                                   "staging", "--reason", "Readers see an error on every page."}),
             "nothing to override"));
}

TEST_CASE(
    "a standard change follows its template without being asked again, and not by its author") {
  const House& there = house();
  const std::vector<std::string> standard{"change",     "create",
                                          "--type",     "standard",
                                          "--template", "certificates",
                                          "--from",     there.at(Duration::hours(-1)),
                                          "--until",    there.at(Duration::hours(2)),
                                          "--format",   "json"};
  const auto id_of = [](const Finished& made) {
    REQUIRE(made.code == 0);
    return std::string(view(json::parse(made.out).at("change").at("id").as_string()));
  };
  CHECK(says(there.run(there.ann, standard, {"--title", "Something else"}), "does not let"));
  const std::string change = id_of(there.run(there.ann, standard));
  CHECK(there.run(there.ann, {"change", "submit", change}).code == 0);
  CHECK(there.phase(change) == "scheduled");
  const std::vector<std::string> begin{"change", "start", change,      "--application",
                                       "shop",   "--env", "production"};
  CHECK(there.run(there.ann, begin).code == 0);
  CHECK(says(there.run(there.ann, begin), "once in each place"));
  const std::string own = id_of(there.server.run(standard));
  CHECK(says(there.server.run({"change", "submit", own}), "somebody else asks"));
}

TEST_CASE("what has become an emergency does not wait for the end of an incident") {
  const House& there = house();
  there.release("wiki", "1.0.0");
  const auto id_of = [](const Finished& done) {
    INFO(done.all());
    REQUIRE(done.code == 0);
    return std::string(view(json::parse(done.out).at("id").as_string()));
  };
  const auto stopped_by = [&](const std::string& request) {
    return there.kept(request).at("stopped_by").as_array().size();
  };
  const std::string incident = id_of(
      there.server.run({"incident", "declare", "--title", "The wiki is down", "--severity", "sev1",
                        "--env", "production", "--application", "wiki", "--format", "json"}));
  const std::string promotion =
      id_of(there.run(there.ann, {"approvals", "request", "wiki@1.0.0", "--env", "production",
                                  "--format", "json"}));
  CHECK(stopped_by(promotion) == 1);
  auto options = there.options("wiki", "wiki@1.0.0");
  options.insert(options.end(), {"--customer-impact", "none", "--category", "outage",
                                 "--justification", "Nobody can read anything since 11:20."});
  const Finished declared = there.run(there.zoe, {"emergency", "declare"}, options);
  INFO(declared.err);
  REQUIRE(declared.code == 0);
  const std::string change(view(json::parse(declared.out).at("change").at("id").as_string()));
  CHECK(stopped_by(there.request(change)) == 0);
  CHECK(there.approve(there.ben, there.request(change)).code == 0);
  // Nobody senior has stood for it yet.
  CHECK(says(there.approve(there.ben, promotion), incident));
  CHECK(there.run(there.rob, {"emergency", "endorse", change, "--reason", "it cannot wait"}).code ==
        0);
  CHECK(there.approve(there.ben, promotion).code == 0);
  CHECK(stopped_by(promotion) == 0);
  const Finished open = there.gate("wiki@1.0.0", "production");
  INFO(open.all());
  CHECK(open.code == 0);
  CHECK(there.server.run({"incident", "resolve", incident, "--reason", "It answers."}).code == 0);
}

TEST_CASE("an emergency goes its declared way during an incident, and is looked back at") {
  House& there = house();
  there.release("blog", "2.0.0");
  const Finished incident =
      there.server.run({"incident", "declare", "--title", "The blog is down", "--severity", "sev1",
                        "--env", "production", "--application", "blog"});
  REQUIRE(incident.code == 0);
  auto options = there.options("blog", "blog@2.0.0");
  options.insert(options.end(), {"--customer-impact", "none", "--category", "outage",
                                 "--justification", "Nobody can read anything since 11:20."});
  CHECK(says(there.run(there.ben, {"emergency", "declare"}, options), "permission"));
  CHECK(says(there.run(there.rob, {"emergency", "declare"}, options), "No way for emergencies"));
  const Finished declared = there.run(there.zoe, {"emergency", "declare"}, options);
  INFO(declared.err);
  REQUIRE(declared.code == 0);
  const std::string change(view(json::parse(declared.out).at("change").at("id").as_string()));
  const std::string request = there.request(change);
  CHECK(there.approve(there.zoe, request).code != 0);
  CHECK(there.approve(there.ben, request).code == 0);
  CHECK(says(there.gate("blog@2.0.0", "production"), "Nobody senior"));
  const auto endorse = [&](const Someone& who) {
    return there.run(who, {"emergency", "endorse", change, "--reason", "it cannot wait"});
  };
  CHECK(says(endorse(there.zoe), "changes.endorse"));
  CHECK(says(endorse(there.ben), "not among those"));
  CHECK(endorse(there.rob).code == 0);
  const Finished open = there.gate("blog@2.0.0", "production");
  INFO(open.all());
  CHECK(open.code == 0);
  there.finish(there.start("blog@2.0.0", "production"));
  CHECK(says(there.run(there.rob, {"emergency", "reviews"}), change));

  // A day later nobody has looked back at it.
  there.ahead = Duration::hours(25);
  CHECK(there.server.stop() == 0);
  there.server.start({}, clock_ahead(25 * 3'600));
  for (Someone* who : {&there.ann, &there.ben, &there.zoe, &there.rob}) {
    who->token = there.sign_in(who->email);
  }
  const std::string next = there.created(there.ann, "blog", "");
  CHECK(says(there.run(there.ann, {"change", "submit", next}), "Nobody looked back"));
  auto another = there.options("blog", "");
  another.insert(another.end(), {"--customer-impact", "none", "--category", "outage",
                                 "--justification", "Nobody can read anything since 11:20."});
  CHECK(says(there.run(there.zoe, {"emergency", "declare"}, another), "Nobody looked back"));
  const std::string elsewhere = there.created(there.ann, "shop", "");
  CHECK(there.run(there.ann, {"change", "submit", elsewhere}).code == 0);
  CHECK(there.run(there.rob, {"emergency", "review", change, "--findings", "The pool was small."})
            .code == 0);
  CHECK(there.run(there.ann, {"change", "submit", next}).code == 0);
  const Finished report = there.run(there.rob, {"emergency", "report"});
  CHECK(says(report, "blog"));
  CHECK(says(there.run(there.rob, {"audit", "log", "--type", "emergency.review_overdue"}), change));
}

}  // namespace holdpoint::test
