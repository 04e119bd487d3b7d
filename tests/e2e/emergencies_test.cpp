// Emergencies over the real server, by the program: they go a way that was declared in advance and
// wait for no incident, and one that nobody looked back at stops what comes next (B5, B12).
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "e2e/change_house.hpp"

namespace holdpoint::test {

TEST_CASE("what has become an emergency does not wait for the end of an incident") {
  const ChangeHouse& there = change_house();
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

TEST_CASE("whoever approves, endorses and carries out an emergency are kept apart to the end") {
  ChangeHouse& there = change_house();
  // Both may approve and endorse, so nothing but the segregation of duties keeps them apart.
  there.apply(R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: forum}
spec: {owners: [team:web], criticality: low}
---
apiVersion: holdpoint/v1
kind: ApprovalRole
metadata: {name: duty}
spec: {people: [rob@holdpoint-e2e.example, eva@holdpoint-e2e.example]}
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: forum, owner: "team:compliance"}
spec:
  match: subject.kind == "change" && application.name == "forum"
  routes:
    - name: duty
      stages: [{name: duty, approvalRoles: [duty], minimum: 1}]
)");
  there.release("forum", "1.0.0");
  auto options = there.options("forum", "forum@1.0.0");
  options.insert(options.end(), {"--customer-impact", "none", "--category", "outage",
                                 "--justification", "Nobody can write anything since 11:20."});
  const Finished declared = there.run(there.zoe, {"emergency", "declare"}, options);
  INFO(declared.err);
  REQUIRE(declared.code == 0);
  const std::string change(view(json::parse(declared.out).at("change").at("id").as_string()));
  const std::string request = there.request(change);
  const auto endorse = [&](const Someone& who) {
    return there.run(who, {"emergency", "endorse", change, "--reason", "it cannot wait"});
  };
  const auto look_back = [&](const Someone& who) {
    return there.run(who, {"emergency", "review", change, "--findings", "A disk was full."});
  };
  CHECK(endorse(there.rob).code == 0);
  const Finished both = there.approve(there.rob, request);
  CHECK(both.code != 0);
  CHECK(says(both, "endorsed it as an emergency"));
  CHECK(there.approve(there.eva, request).code == 0);
  CHECK(says(endorse(there.eva), "You approved this emergency"));
  CHECK(there.approve(there.ben, request).code == 0);
  const Finished started = there.start("forum@1.0.0", "production");
  INFO(started.all());
  there.finish(started);
  CHECK(says(look_back(there.rob), "You endorsed this emergency"));
  CHECK(look_back(there.ben).code == 0);
  const Finished shown = there.run(there.eva, {"change", "show", change});
  CHECK(says(shown, "approver_endorses"));
  CHECK(says(shown, "endorser_reviews"));
  CHECK(says(there.run(there.rob, {"audit", "log", "--type", "emergency.act_refused"}), change));
}

TEST_CASE("a way takes as many emergencies as it says, and is told of when it takes no more") {
  const ChangeHouse& there = change_house();
  there.apply(R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: chat}
spec: {owners: [team:web], criticality: low}
---
apiVersion: holdpoint/v1
kind: EmergencyPath
metadata: {name: chat-noise}
spec:
  owner: team:operations
  applications: [chat]
  categories: [noise]
  declarers: [developer]
  endorsers: [release_manager]
  limit: {count: 1, within: 7d}
)");
  const auto declare = [&] {
    auto options = there.options("chat", "");
    options.insert(options.end(), {"--customer-impact", "none", "--category", "noise",
                                   "--justification", "Everybody is written to twice."});
    return there.run(there.zoe, {"emergency", "declare"}, options);
  };
  const Finished first = declare();
  INFO(first.all());
  REQUIRE(first.code == 0);
  const Finished second = declare();
  CHECK(second.code != 0);
  CHECK(says(second, "Emergencies of the way chat-noise"));
  CHECK(says(second, "It takes 1 within 7d"));
  // Cancelled or not, it was submitted.
  const std::string id(view(json::parse(first.out).at("change").at("id").as_string()));
  CHECK(there.run(there.zoe, {"change", "cancel", id, "--reason", "It went away."}).code == 0);
  CHECK(says(declare(), "It takes 1 within 7d"));
  CHECK(says(there.run(there.rob, {"emergency", "report"}), "chat-noise"));
  const std::string normal = there.created(there.ann, "chat", "");
  CHECK(there.run(there.ann, {"change", "submit", normal}).code == 0);
}

TEST_CASE("an emergency goes its declared way during an incident, and is looked back at") {
  ChangeHouse& there = change_house();
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
  there.finish(there.run(
      there.eva, {"deployment", "start", "blog@2.0.0", "--env", "production", "--format", "json"}));
  CHECK(says(there.run(there.rob, {"emergency", "reviews"}), change));
  CHECK(says(there.server.run({"approvals", "segregation", "blog@2.0.0"}),
             "endorsed the emergency " + change));

  // A day later nobody has looked back at it.
  there.ahead = Duration::hours(25);
  CHECK(there.server.stop() == 0);
  there.server.start({}, clock_ahead(25 * 3'600));
  for (Someone* who : {&there.ann, &there.ben, &there.cat, &there.zoe, &there.rob, &there.eva}) {
    who->token = there.server.sign_in_as(who->email);
  }
  // The timer that records it runs beside the requests.
  const auto overdue = [&] {
    return says(there.run(there.rob, {"audit", "log", "--type", "emergency.review_overdue"}),
                change);
  };
  for (int i = 0; i < 200 && !overdue(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(overdue());
  const std::string next = there.created(there.ann, "blog", "");
  CHECK(says(there.run(there.ann, {"change", "submit", next}), "Nobody looked back"));
  auto another = there.options("blog", "");
  another.insert(another.end(), {"--customer-impact", "none", "--category", "outage",
                                 "--justification", "Nobody can read anything since 11:20."});
  CHECK(says(there.run(there.zoe, {"emergency", "declare"}, another), "Nobody looked back"));
  const std::string elsewhere = there.created(there.ann, "shop", "");
  CHECK(there.run(there.ann, {"change", "submit", elsewhere}).code == 0);
  const auto look_back = [&](const Someone& who) {
    return there.run(who, {"emergency", "review", change, "--findings", "The pool was small."});
  };
  // Who stood for it and who carried it out do not judge it afterwards.
  const Finished own = look_back(there.rob);
  CHECK(own.code != 0);
  CHECK(says(own, "You endorsed this emergency"));
  CHECK(says(own, "holdpoint emergency review " + change));
  CHECK(says(look_back(there.eva), "You carried this emergency out"));
  const Finished tried = there.run(there.cat, {"change", "show", change});
  CHECK(says(tried, "endorser_reviews"));
  CHECK(says(tried, "executor_reviews"));
  CHECK(look_back(there.cat).code == 0);
  CHECK(there.run(there.ann, {"change", "submit", next}).code == 0);
  const Finished report = there.run(there.rob, {"emergency", "report"});
  CHECK(says(report, "blog"));
}

}  // namespace holdpoint::test
