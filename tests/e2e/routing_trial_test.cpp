// Approval policies tried on the requests there were, by the real program against the real server:
// each request is kept with what it was routed by, and is routed again by other policies.
#include <doctest/doctest.h>

#include "support/approval_house.hpp"

namespace holdpoint::test {
namespace {

struct Village : ApprovalHouse {
  Someone ann = person("Ann", "developer");
  Someone ben = person("Ben", "approver");
  Someone cat = person("Cat", "approver");

  [[nodiscard]] Finished tried(const std::string& text,
                               const std::vector<std::string>& more = {}) const {
    write_file(server.path("candidate.yaml"), text);
    std::vector<std::string> arguments{"policy", "backtest", server.path("candidate.yaml")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return server.run(arguments);
  }
};

}  // namespace

TEST_CASE("an approval policy says which requests it would have routed otherwise") {
  Village here;
  here.release("1.0", {here.ann.email});
  const std::string first = here.request("1.0");
  REQUIRE(code_of(here.approve(here.ben, first)).empty());
  here.release("1.1", {here.ann.email});
  CHECK_FALSE(here.request("1.1").empty());

  for (const std::string baseline : {"then", "now"}) {
    const Finished same = here.tried(ApprovalHouse::policy(2), {"--baseline", baseline});
    INFO(same.all());
    CHECK(same.code == 0);
    CHECK(says(same, "2  decisions tried"));
    CHECK(says(same, "2  unchanged"));
  }
  const Finished stricter = here.tried(ApprovalHouse::policy(3));
  INFO(stricter.all());
  CHECK(stricter.code == 1);
  CHECK(says(stricter, "shop@1.0 to production"));
  CHECK(says(stricter, "approval to production  ✓ passed as before, by other rules"));
  CHECK(says(stricter, "~ changes/main/board: 2 of approver → 3 of approver"));
  const Finished closed =
      here.tried(ApprovalHouse::policy(2,
                                       "  rules: [{id: never, message: It must hold., require: "
                                       "'application.name == \"nobody\"'}]\n"));
  INFO(closed.all());
  CHECK(says(closed, "2  passed, would be blocked"));
  CHECK(here.server.run({"audit", "verify"}).code == 0);
}

}  // namespace holdpoint::test
