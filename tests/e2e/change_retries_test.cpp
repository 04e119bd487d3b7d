// A deployment that failed is started again under the same change, or the same override of a
// freeze, as often as their approval was demanded with, and never after it succeeded.
#include <doctest/doctest.h>

#include "e2e/change_house.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view policies = R"(apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: changes, owner: "team:compliance"}
spec:
  match: subject.kind == "change" && change.type != "standard"
  retries: 1
  routes: [{name: peer, stages: [{name: peer, roles: [approver], minimum: 1}]}]
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: overrides, owner: "team:compliance"}
spec:
  match: subject.kind == "freeze_override"
  retries: 1
  routes: [{name: duty, stages: [{name: duty, roles: [approver], minimum: 1}]}]
)";

/// Its changes and overrides may be tried once more.
ChangeHouse& patient_house() {
  static ChangeHouse one;
  static const bool is_patient = [] {
    one.apply(std::string(policies));
    return true;
  }();
  REQUIRE(is_patient);
  return one;
}

std::string approved_change(const ChangeHouse& there, const std::string& release) {
  const std::string change = there.created(there.zoe, "blog", release);
  REQUIRE(there.run(there.zoe, {"change", "submit", change}).code == 0);
  REQUIRE(there.approve(there.ben, there.request(change)).code == 0);
  return change;
}

}  // namespace

TEST_CASE("what failed under a change is tried again under it as often as declared, and no more") {
  const ChangeHouse& there = patient_house();
  there.release("blog", "1.0.0");
  const std::string change = approved_change(there, "blog@1.0.0");
  const std::string request = there.request(change);
  const Finished first = there.start("blog@1.0.0", "production");
  REQUIRE(first.code == 0);
  // It still runs: nothing has failed.
  CHECK(there.start("blog@1.0.0", "production").code != 0);
  there.finish(first, "failed");
  CHECK(there.gate("blog@1.0.0", "production").code == 0);
  there.finish(there.start("blog@1.0.0", "production"), "failed");
  CHECK(there.shown(change).at("change").at("uses").as_array().size() == 2);
  CHECK(there.kept(request).at("uses") == 2);
  CHECK(there.gate("blog@1.0.0", "production").code == 1);
  CHECK(says(there.start("blog@1.0.0", "production"), "without a change request"));
}

TEST_CASE("what succeeded under a change is not done again under it, nor once it was closed") {
  const ChangeHouse& there = patient_house();
  there.release("blog", "2.0.0");
  static_cast<void>(approved_change(there, "blog@2.0.0"));
  there.finish(there.start("blog@2.0.0", "production"));
  CHECK(there.gate("blog@2.0.0", "production").code == 1);

  there.release("blog", "2.1.0");
  const std::string change = approved_change(there, "blog@2.1.0");
  there.finish(there.start("blog@2.1.0", "production"), "failed");
  CHECK(there.gate("blog@2.1.0", "production").code == 0);
  // Another release does not go under it.
  there.release("blog", "2.2.0");
  CHECK(there.gate("blog@2.2.0", "production").code == 1);
  REQUIRE(there.run(there.zoe, {"change", "close", change, "--as", "unsuccessful"}).code == 0);
  CHECK(there.gate("blog@2.1.0", "production").code == 1);
}

TEST_CASE("what failed under an override of a freeze is tried again as often as declared") {
  const ChangeHouse& there = patient_house();
  there.release("blog", "3.0.0");
  there.apply(
      "apiVersion: holdpoint/v1\nkind: Freeze\nmetadata: {name: audit-days}\n"
      "spec:\n  owner: team-finance\n  reason: The books are audited.\n"
      "  environments: [staging]\n  once: {from: \"" +
      there.at(Duration::hours(-1)) + "\", until: \"" + there.at(Duration::hours(100)) + "\"}\n");
  const Finished asked = there.run(
      there.zoe, {"freeze", "override", "--release", "blog@3.0.0", "--env", "staging", "--hours",
                  "2", "--reason", "Readers see an error on every page.", "--format", "json"});
  INFO(asked.all());
  REQUIRE(asked.code == 0);
  const std::string request(view(json::parse(asked.out).at("request").as_string()));
  REQUIRE(there.approve(there.ben, request).code == 0);
  there.finish(there.start("blog@3.0.0", "staging"), "failed");
  CHECK(there.gate("blog@3.0.0", "staging").code == 0);
  there.finish(there.start("blog@3.0.0", "staging"), "failed");
  CHECK(there.gate("blog@3.0.0", "staging").code == 1);
  CHECK(there.kept(request).at("uses") == 2);
}

}  // namespace holdpoint::test
