// What approvals do besides counting signatures, over the real server: people are told and what was
// decided is taken back, levels of escalation fire once and survive a restart, an incident stops
// the clocks, an approval counts later, what got in the way is counted, changes of policies wait
// for an approval, and an auditor gets a statement of who did what (B5, B7, B8, B9, B10, B17).
#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view ann_email = "ann.blumenkohl@holdpoint-e2e.example";
constexpr std::string_view reason = "looked at it with the neighbour of Rosenquist";

constexpr std::string_view documents = R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: shop}
spec: {owners: [team:shop], criticality: critical}
---
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: production}
spec: {order: 30, kind: production, requires_certification: false}
---
apiVersion: holdpoint/v1
kind: Calendar
metadata: {name: always}
spec: {zone: Europe/Berlin, working_hours: "Mon-Sun 00:00-24:00"}
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: production-changes, owner: team:compliance}
spec:
  match: has(environment.kind) && environment.kind == "production"
  pendingTimeout: 10d
  routes:
    - name: main
      stages: [{name: board, roles: [approver], minimum: 2}]
  escalation:
    - name: remind
      to: reminder
      after: 24h
      afterByCriticality: {critical: 20m}
      calendar: always
    - {name: deputies, to: backup, after: 60m, roles: [developer]}
)";

struct House {
  ServerProcess server;
  Someone ann, ben, cat, zoe;

  House() {
    ann = server.someone("Ann Blumenkohl", ann_email, "developer");
    ben = server.someone("Ben Okafor", "ben@holdpoint-e2e.example", "approver");
    cat = server.someone("Cat Lindqvist", "cat@holdpoint-e2e.example", "approver");
    zoe = server.someone("Zoe Marchetti", "zoe@holdpoint-e2e.example", "developer");
    apply(documents);
  }

  [[nodiscard]] Finished applying(std::string_view text) const {
    std::ofstream(server.path("house.yaml")) << text;
    return server.run({"apply", "--file", server.path("house.yaml")});
  }
  void apply(std::string_view text) const {
    const Finished applied = applying(text);
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  /// A release that ann wrote and the administrator proposed, and the request for it.
  [[nodiscard]] std::string asked(const std::string& version) const {
    const json::object commit{
        {"sha", std::string(40, 'a')},
        {"author", json::object{{"name", "Ann Blumenkohl"}, {"email", ann_email}}}};
    const json::object body{{"application", "shop"},
                            {"version", version},
                            {"commits", json::array{commit}},
                            {"artifacts", json::array{}},
                            {"ci", json::object{}}};
    REQUIRE(server.post("/api/v1/main/releases", json::serialize(body)).status == 201);
    const Finished request = server.run(
        {"approvals", "request", "shop@" + version, "--env", "production", "--format", "json"});
    INFO(request.all());
    REQUIRE(request.code == 0);
    return std::string(view(json::parse(request.out).at("id").as_string()));
  }

  [[nodiscard]] Finished approve(const Someone& who, const std::string& id) const {
    return server.run_as(who.token, {"approve", id, "--reason", std::string(reason)});
  }

  [[nodiscard]] json::value shown(const std::string& id) const {
    return server.get("/api/v1/main/approvals/" + id).document();
  }
  [[nodiscard]] std::string state(const std::string& id) const {
    return std::string(view(shown(id).at("request").at("state").as_string()));
  }

  /// "topic state" of what was queued for the person about that thing, the oldest first.
  [[nodiscard]] std::vector<std::string> told(const Someone& who, const std::string& about) const {
    std::vector<std::string> out;
    const json::value list = server.get("/api/v1/main/deliveries?limit=200").document();
    for (const auto& item : list.at("items").as_array()) {
      if (view(item.at("recipient").as_string()) != who.id) continue;
      if (view(item.at("about").as_string()) != about) continue;
      out.insert(out.begin(), std::string(view(item.at("topic").as_string())) + " " +
                                  std::string(view(item.at("state").as_string())));
    }
    return out;
  }
};

House& house() {
  static House one;
  return one;
}

/// Waits until the request is so, since timers fire by themselves.
template <class Holds>
bool awaited(Holds holds) {
  for (int look = 0; look < 400; ++look) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("those who may sign are told once, and a decision takes back what was not sent") {
  const House& there = house();
  const std::string id = there.asked("1.0.0");
  const std::string about = "approval/" + id;
  CHECK(there.told(there.ben, about) == Lines{"approval.asked waiting"});
  CHECK(there.told(there.cat, about) == Lines{"approval.asked waiting"});
  CHECK(there.told(there.ann, about).empty());
  REQUIRE(there.approve(there.ben, id).code == 0);
  CHECK(there.told(there.ben, about) == Lines{"approval.asked withdrawn"});
  CHECK(there.told(there.cat, about) ==
        Lines{"approval.asked withdrawn", "approval.asked waiting"});
  REQUIRE(there.approve(there.cat, id).code == 0);
  CHECK(there.told(there.cat, about) ==
        Lines{"approval.asked withdrawn", "approval.asked withdrawn"});
  const json::value request = there.shown(id).at("request");
  const Someone asker{std::string(view(request.at("requested_by").as_string())), ""};
  CHECK(there.told(asker, "approval_outcome/" + id) == Lines{"approval.outcome waiting"});
}

TEST_CASE("people are shown by their names, and what they said is sealed") {
  const House& there = house();
  const std::string id = there.asked("1.1.0");
  REQUIRE(there.approve(there.ben, id).code == 0);
  const Finished shown = there.server.run({"approvals", "show", id});
  CHECK(says(shown, "Ben Okafor (" + there.ben.id + "): approve"));
  CHECK(says(shown, reason));
  const Finished log = there.server.run({"audit", "log", "--subject", id, "--format", "json"});
  CHECK(!says(log, reason));
}

TEST_CASE("somebody may abstain, and take that back to approve") {
  const House& there = house();
  const std::string id = there.asked("1.2.0");
  REQUIRE(there.server.run_as(there.ben.token, {"abstain", id}).code == 0);
  CHECK(says(there.approve(there.ben, id), "one person has one vote"));
  REQUIRE(
      there.server.run_as(there.ben.token, {"approvals", "revoke", id, "--reason", "read it again"})
          .code == 0);
  CHECK(there.approve(there.ben, id).code == 0);
}

TEST_CASE("a request that an entry cannot hold is refused, naming what to shorten") {
  const House& there = house();
  std::vector<std::string> command{"approvals", "request", "shop@1.2.0", "--env", "production"};
  for (int field = 0; field < 33; ++field) {
    command.push_back("--field");
    command.push_back("field_" + std::to_string(field) + "=" +
                      std::string(1'900 + static_cast<std::size_t>(field), 'x'));
  }
  const Finished refused = there.server.run(command);
  CHECK(refused.code != 0);
  CHECK(says(refused, "/fields/field_32"));
}

TEST_CASE("while a major incident is open the clocks of a request stand still") {
  const House& there = house();
  const std::string id = there.asked("1.3.0");
  const auto until = [&] {
    return std::string(
        view(there.shown(id).at("request").at("terms").at("pending_until").as_string()));
  };
  const std::string before = until();
  const Finished declared =
      there.server.run({"incident", "declare", "--title", "the database is slow", "--severity",
                        "sev1", "--env", "production", "--format", "json"});
  INFO(declared.all());
  REQUIRE(declared.code == 0);
  const std::string incident(view(json::parse(declared.out).at("id").as_string()));
  CHECK(says(there.approve(there.ben, id), "pause while an incident is open"));
  CHECK(there.shown(id).at("request").at("stopped_by").as_array().size() == 1);
  CHECK(says(there.server.run({"approvals", "show", id}), "Its clocks stood still from"));
  REQUIRE(there.server.run({"incident", "resolve", incident, "--reason", "mended"}).code == 0);
  CHECK(there.shown(id).at("request").at("stopped_by").as_array().empty());
  CHECK(until() > before);
  CHECK(there.approve(there.ben, id).code == 0);
}

TEST_CASE("what got in the way is said by approvers and counted for each policy") {
  const House& there = house();
  const std::string id = there.asked("1.4.0");
  const auto feedback = [&](const Someone& who) {
    return there.server.run_as(who.token, {"approvals", "feedback", id, "--category",
                                           "false_positive", "--note", "a change of a comment"});
  };
  CHECK(says(feedback(there.ann), "gets in the way") == false);
  CHECK(feedback(there.ann).code != 0);
  CHECK(feedback(there.ben).code == 0);
  CHECK(says(feedback(there.ben), "already"));
  const Finished report = there.server.run({"approvals", "friction"});
  CHECK(says(report, "production-changes"));
  CHECK(says(report, "false_positive 1"));
  CHECK(says(report, "a change of a comment"));
}

TEST_CASE("an auditor gets a statement of who did what, and who was refused") {
  const House& there = house();
  const std::string id = there.asked("1.5.0");
  CHECK(there.approve(there.ann, id).code != 0);
  REQUIRE(there.approve(there.ben, id).code == 0);
  REQUIRE(there.approve(there.cat, id).code == 0);
  const Finished started = there.server.run(
      {"deployment", "start", "shop@1.5.0", "--env", "production", "--format", "json"});
  INFO(started.all());
  REQUIRE(started.code == 0);
  const Finished statement = there.server.run({"approvals", "segregation", "shop@1.5.0"});
  INFO(statement.all());
  CHECK(statement.code == 0);
  CHECK(says(statement, "author: Ann Blumenkohl (" + there.ann.id + ") wrote a commit of it"));
  CHECK(says(statement, "approver: Ben Okafor (" + there.ben.id + ") approved it"));
  CHECK(says(statement, "refused: Ann Blumenkohl (" + there.ann.id + "), own_part"));
  CHECK(says(statement, "deployer: "));
  CHECK(says(statement, "Nobody acted in two roles that have to be apart."));
  CHECK(there.server.run({"approvals", "segregation", "--since", "1d"}).code == 0);
  CHECK(there.server.run({"approvals", "segregation"}).code == 2);
  const std::string deployment(view(json::parse(started.out).at("id").as_string()));
  REQUIRE(there.server.run({"deployment", "finish", deployment, "--outcome", "succeeded"}).code ==
          0);
}

TEST_CASE("a configuration is approved by somebody who did not record it") {
  const House& there = house();
  there.apply(R"(apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: configurations, owner: team:compliance}
spec:
  match: subject.kind == "configuration"
  routes: [{name: main, stages: [{name: peer, roles: [approver, developer], minimum: 1}]}]
)");
  std::ofstream(there.server.path("c.json")) << R"({"replicas":3})";
  const Finished recorded =
      there.server.run({"configuration", "record", "shop", "--env", "production",
                        there.server.path("c.json"), "--format", "json"});
  INFO(recorded.all());
  REQUIRE(recorded.code == 0);
  const std::string digest(view(json::parse(recorded.out).at("digest").as_string()));
  const Finished request = there.server.run({"approvals", "request", "shop", "--env", "production",
                                             "--configuration", digest, "--format", "json"});
  INFO(request.all());
  REQUIRE(request.code == 0);
  const std::string id(view(json::parse(request.out).at("id").as_string()));
  CHECK(there.approve(there.zoe, id).code == 0);
  CHECK(there.state(id) == "granted");
}

TEST_CASE("a change of policies waits for the approval that a policy demands of it") {
  const House& there = house();
  there.apply(R"(apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: policy-changes, owner: team:compliance}
spec:
  match: subject.kind == "policy_proposal"
  routes: [{name: main, stages: [{name: compliance, roles: [approver, administrator], minimum: 1}]}]
)");
  constexpr std::string_view gate = R"(apiVersion: holdpoint/v1
kind: GatePolicy
metadata: {name: versions, owner: team:compliance}
spec:
  rules: [{id: known, require: 'release.version != ""', message: The version is known.}]
)";
  const Finished waits = there.applying(gate);
  INFO(waits.all());
  const json::value open = there.server.get("/api/v1/main/policy-proposals?state=open").document();
  REQUIRE(open.at("items").as_array().size() == 1);
  const std::string proposal(view(open.at("items").at(0).at("id").as_string()));
  CHECK(there.server.run({"policy", "show", "GatePolicy", "versions"}).code != 0);

  const Finished request =
      there.server.run({"approvals", "request", "--proposal", proposal, "--format", "json"});
  INFO(request.all());
  REQUIRE(request.code == 0);
  const std::string id(view(json::parse(request.out).at("id").as_string()));
  CHECK(says(there.server.run({"approve", id}), "You may not decide on this"));
  // Agreeing to the proposal in the old way does not take the place of the approval.
  CHECK(there.applying(gate).code == waits.code);
  CHECK(there.server.run({"policy", "show", "GatePolicy", "versions"}).code != 0);
  REQUIRE(there.approve(there.ben, id).code == 0);
  // In force with the last signature, and the approval is used up.
  CHECK(there.server.run({"policy", "show", "GatePolicy", "versions"}).code == 0);
  CHECK(there.state(id) == "consumed");
  CHECK(there.server.get("/api/v1/main/policy-proposals/" + proposal)
            .document()
            .at("proposal")
            .at("state") == "activated");
  there.apply(gate);
}

TEST_CASE("a change that was overtaken does not come into force when it is approved") {
  const House& there = house();
  const auto gate = [](const std::string& name) {
    return "apiVersion: holdpoint/v1\nkind: GatePolicy\nmetadata: {name: " + name +
           ", owner: team:compliance}\nspec:\n  rules: [{id: known, require: 'release.version != "
           "\"\"', message: The version is known.}]\n";
  };
  const auto asked = [&](const std::string& name) {
    static_cast<void>(there.applying(gate(name)));
    const json::value open =
        there.server.get("/api/v1/main/policy-proposals?state=open").document();
    for (const json::value& one : open.at("items").as_array()) {
      if (json::serialize(one).find(name) == std::string::npos) continue;
      const Finished request =
          there.server.run({"approvals", "request", "--proposal",
                            std::string(view(one.at("id").as_string())), "--format", "json"});
      INFO(request.all());
      REQUIRE(request.code == 0);
      return std::string(view(json::parse(request.out).at("id").as_string()));
    }
    FAIL("no such proposal");
    return std::string();
  };
  const std::string first = asked("first-one");
  const std::string second = asked("second-one");
  REQUIRE(there.approve(there.ben, first).code == 0);
  CHECK(there.server.run({"policy", "show", "GatePolicy", "first-one"}).code == 0);
  CHECK(there.approve(there.ben, second).code != 0);
  CHECK(there.server.run({"policy", "show", "GatePolicy", "second-one"}).code != 0);
}

TEST_CASE("levels of escalation fire once, also over a restart, and add who may sign") {
  House& there = house();
  const std::string id = there.asked("2.0.0");
  CHECK(says(there.approve(there.zoe, id), "none of the roles"));
  const auto fired = [&] { return there.shown(id).at("request").at("fired").as_array(); };
  CHECK(fired().empty());
  const auto levels = there.shown(id).at("request").at("escalation").as_array();
  const auto reckoned_by = [](const json::value& level) { return level.at("reckoned_by"); };
  REQUIRE(reckoned_by(levels[0]).is_object());
  CHECK(reckoned_by(levels[0]).at("name") == "always");
  CHECK(reckoned_by(levels[0]).at("record").as_string().starts_with("sha256:"));
  CHECK_FALSE(reckoned_by(levels[0]).at("zones").as_string().empty());
  CHECK_FALSE(levels[1].as_object().contains("reckoned_by"));
  CHECK(says(there.server.run_as(there.ben.token, {"approvals", "show", id}),
             "by calendar always (sha256:"));

  // Another calendar is another version, for what is asked from then on only.
  there.apply(
      "apiVersion: holdpoint/v1\nkind: Calendar\nmetadata: {name: always}\n"
      "spec: {zone: Europe/Paris, working_hours: \"Mon-Sun 00:00-24:00\"}\n");
  CHECK(there.shown(id).at("request").at("escalation").as_array() == levels);
  const std::string other = there.asked("2.0.1");
  const auto now = there.shown(other).at("request").at("escalation").as_array();
  CHECK(reckoned_by(now[0]).at("record") != reckoned_by(levels[0]).at("record"));
  REQUIRE(there.server.run({"approvals", "withdraw", other, "--reason", "seen"}).code == 0);

  there.server.stop();
  there.server.start({}, clock_ahead(25 * 60));
  REQUIRE(awaited([&] { return fired().size() == 1; }));
  CHECK(fired()[0].at("level") == "remind");
  CHECK(there.told(there.ben, "approval/" + id) ==
        Lines{"approval.asked waiting", "approval.reminded waiting"});

  there.server.stop();
  there.server.start({}, clock_ahead(80 * 60));
  REQUIRE(awaited([&] { return fired().size() == 2; }));
  CHECK(fired()[1].at("level") == "deputies");
  CHECK(fired()[1].at("late") == true);
  CHECK(there.approve(there.zoe, id).code == 0);
  CHECK(says(there.approve(there.ann, id), "wrote a commit of it"));
  CHECK(there.state(id) == "pending");
  CHECK(there.approve(there.ben, id).code == 0);
  CHECK(there.state(id) == "granted");
  CHECK(fired().size() == 2);
}

TEST_CASE("an approval that counts later is on the record now, and grants then") {
  House& there = house();
  const std::string id = there.asked("2.1.0");
  // The clock of the program is not ahead as the server's is: a quarter of an hour from its now.
  const Finished later =
      there.server.run_as(there.ben.token, {"approve", id, "--effective-from", "95m"});
  INFO(later.all());
  REQUIRE(later.code == 0);
  REQUIRE(there.approve(there.cat, id).code == 0);
  CHECK(there.state(id) == "pending");
  CHECK(says(there.server.run({"approvals", "show", id}), "counts from"));
  there.server.stop();
  there.server.start({}, clock_ahead(100 * 60));
  CHECK(awaited([&] { return there.state(id) == "granted"; }));
}

TEST_CASE("everything that was recorded agrees with what is shown") {
  const Finished verified = house().server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

}  // namespace holdpoint::test
