// Change requests over the real server, by the program: a risky change to cardholder data goes to
// security and a board, a change of several places needs what each of them needs, and a freeze is
// overridden once (B3, B5, B11).
#include <doctest/doctest.h>

#include <algorithm>

#include "e2e/change_house.hpp"

namespace holdpoint::test {

TEST_CASE("a risky change to cardholder data goes to security and a board, and is used once") {
  const ChangeHouse& there = change_house();
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
  const ChangeHouse& there = change_house();
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

TEST_CASE("a change that was approved and is rejected before it begins is over") {
  const ChangeHouse& there = change_house();
  there.release("shop", "2.1.0");
  const std::string change = there.created(there.zoe, "shop", "shop@2.1.0");
  REQUIRE(there.run(there.zoe, {"change", "submit", change}).code == 0);
  const std::string request = there.request(change);
  REQUIRE(there.approve(there.ben, request).code == 0);
  REQUIRE(there.approve(there.cat, request).code == 0);
  CHECK(there.gate("shop@2.1.0", "production").code == 0);
  CHECK(there.run(there.cat, {"reject", request, "--reason", "the vendor warns"}).code == 0);
  CHECK(there.phase(change) == "rejected");
  CHECK(there.gate("shop@2.1.0", "production").code == 1);
}

TEST_CASE("a change of several applications needs what each of them needs") {
  const ChangeHouse& there = change_house();
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
  const ChangeHouse& there = change_house();
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
  const ChangeHouse& there = change_house();
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
  const ChangeHouse& there = change_house();
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

TEST_CASE("a policy of the gate reads the change that governs a release, and is closed without") {
  const ChangeHouse& there = change_house();
  there.apply(R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: portal}
spec: {owners: [team:web], criticality: low}
---
apiVersion: holdpoint/v1
kind: GatePolicy
metadata: {name: portal-changes, owner: "team:operations"}
spec:
  match: application.name == "portal"
  rules:
    - id: planned
      require: change.type == "normal" && !change.overdue_review
      message: The portal is changed by normal changes.
    - id: begun
      when: has(change.state)
      require: change.state == "implementing"
      message: The change of the portal has begun.
)");
  there.release("portal", "1.0.0");
  const auto refuses = [&](std::string_view rule) {
    const json::value gate =
        there.server
            .get("/api/v1/main/gate?application=portal&version=1.0.0&environment=production")
            .document();
    return std::ranges::any_of(gate.at("reasons").as_array(), [&](const json::value& reason) {
      const json::value* of = reason.as_object().if_contains("criterion");
      return of != nullptr && view(of->as_string()) == rule;
    });
  };
  const Finished without = there.gate("portal@1.0.0", "production");
  CHECK(without.code == 1);
  CHECK(says(without, "The portal is changed by normal changes."));
  CHECK(refuses("planned"));
  CHECK_FALSE(refuses("begun"));
  const std::string change = there.created(there.ann, "portal", "portal@1.0.0");
  CHECK(there.run(there.ann, {"change", "submit", change}).code == 0);
  const Finished with = there.gate("portal@1.0.0", "production");
  CHECK_FALSE(refuses("planned"));
  CHECK(refuses("begun"));
  CHECK(says(with, "The change of the portal has begun."));
  CHECK(says(with, "change.state is \"submitted\""));
}

TEST_CASE("an incident in any of the environments of a change pauses its approval") {
  const ChangeHouse& there = change_house();
  auto both = there.options("wiki", "");
  both.insert(both.end(), {"--env", "staging", "--customer-impact", "nobody notices"});
  const Finished made = there.run(there.ann, {"change", "create"}, both);
  INFO(made.err);
  REQUIRE(made.code == 0);
  const std::string change(view(json::parse(made.out).at("change").at("id").as_string()));
  REQUIRE(there.run(there.ann, {"change", "submit", change}).code == 0);
  const std::string request = there.request(change);
  const auto declared = [&](const std::string& environment, const std::string& application) {
    const Finished done =
        there.server.run({"incident", "declare", "--title", "It is down", "--severity", "sev1",
                          "--env", environment, "--application", application, "--format", "json"});
    INFO(done.err);
    REQUIRE(done.code == 0);
    return std::string(view(json::parse(done.out).at("id").as_string()));
  };
  const auto resolve = [&](const std::string& incident) {
    CHECK(there.server.run({"incident", "resolve", incident, "--reason", "It answers."}).code == 0);
  };
  const auto stopped_by = [&] { return there.kept(request).at("stopped_by").as_array().size(); };
  const std::string elsewhere = declared("staging", "blog");
  CHECK(stopped_by() == 0);
  const std::string first = declared("staging", "wiki");
  CHECK(stopped_by() == 1);
  const Finished paused = there.approve(there.ben, request);
  CHECK(paused.code != 0);
  CHECK(says(paused, first));
  const std::string second = declared("production", "wiki");
  CHECK(stopped_by() == 2);
  resolve(first);
  CHECK(says(there.approve(there.ben, request), second));
  resolve(second);
  CHECK(stopped_by() == 0);
  CHECK(there.approve(there.ben, request).code == 0);
  resolve(elsewhere);
}

}  // namespace holdpoint::test
