// See change_house.hpp.
#include "e2e/change_house.hpp"

#include <doctest/doctest.h>

#include <fstream>

namespace holdpoint::test {
namespace {

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

std::string digits(char digit) { return std::string(64, digit); }

}  // namespace

ChangeHouse::ChangeHouse() {
  ann = server.someone("Ann", "ann@holdpoint-e2e.example", "developer");
  ben = server.someone("Ben", "ben@holdpoint-e2e.example", "approver");
  cat = server.someone("Cat", "cat@holdpoint-e2e.example", "approver");
  zoe = server.someone("Zoe", "zoe@holdpoint-e2e.example", "developer");
  rob = server.someone("Rob", "rob@holdpoint-e2e.example", "release_manager");
  eva = server.someone("Eva", "eva@holdpoint-e2e.example", "release_manager");
  apply(std::string(documents));
}

void ChangeHouse::apply(const std::string& text) const {
  std::ofstream(server.path("all.yaml")) << text;
  const Finished applied = server.run({"apply", "--file", server.path("all.yaml")});
  INFO(applied.err);
  REQUIRE(applied.code == 0);
}

void ChangeHouse::release(const std::string& application, const std::string& version) const {
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

std::string ChangeHouse::at(Duration from_now) const { return (now() + ahead + from_now).text(); }

std::vector<std::string> ChangeHouse::options(const std::string& application,
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

Finished ChangeHouse::run(const Someone& who, std::vector<std::string> first,
                          const std::vector<std::string>& more) const {
  first.insert(first.end(), more.begin(), more.end());
  return server.run_as(who.token, std::move(first));
}

std::string ChangeHouse::created(const Someone& who, const std::string& application,
                                 const std::string& release) const {
  auto all = options(application, release);
  all.insert(all.end(), {"--customer-impact", "nobody notices"});
  const Finished made = run(who, {"change", "create"}, all);
  INFO(made.err);
  REQUIRE(made.code == 0);
  return std::string(view(json::parse(made.out).at("change").at("id").as_string()));
}

json::value ChangeHouse::shown(const std::string& change) const {
  const Finished out = run(rob, {"change", "show", change, "--format", "json"});
  REQUIRE(out.code == 0);
  return json::parse(out.out);
}

std::string ChangeHouse::phase(const std::string& change) const {
  return std::string(view(shown(change).at("phase").as_string()));
}

std::string ChangeHouse::request(const std::string& change) const {
  return std::string(view(shown(change).at("approval").at("request").as_string()));
}

json::value ChangeHouse::kept(const std::string& id) const {
  const Finished out = run(rob, {"approvals", "show", id, "--format", "json"});
  REQUIRE(out.code == 0);
  return json::parse(out.out).at("request");
}

Finished ChangeHouse::approve(const Someone& who, const std::string& id) const {
  return run(who, {"approve", id, "--reason", "looked at it"});
}

Finished ChangeHouse::gate(const std::string& release, const std::string& environment) const {
  return run(rob, {"gate", "check", release, "--env", environment});
}

Finished ChangeHouse::start(const std::string& release, const std::string& environment) const {
  return run(rob, {"deployment", "start", release, "--env", environment, "--format", "json"});
}

void ChangeHouse::finish(const Finished& started, const std::string& outcome) const {
  INFO(started.all());
  REQUIRE(started.code == 0);
  const std::string id(view(json::parse(started.out).at("id").as_string()));
  REQUIRE(run(rob, {"deployment", "finish", id, "--outcome", outcome}).code == 0);
}

ChangeHouse& change_house() {
  static ChangeHouse one;
  return one;
}

}  // namespace holdpoint::test
