// An older release does not go where a newer one was started, unless somebody says that it goes
// back, and why.
#include "deployments/release_order.hpp"

#include <doctest/doctest.h>

namespace holdpoint::deployments {
namespace {

const GateQuestion kQuestion{"shop", "1.0.0", "production", std::nullopt};
const std::optional<RollbackWanted> kForward;
const std::optional<RollbackWanted> kBack = RollbackWanted{"2.0.0 loses orders"};

ReleaseThere there(std::int64_t entry) {
  return {"rel_2", "2.0.0", entry, *DeploymentId::parse("dpl_01J00000000000000000000000")};
}

std::string code(const std::optional<Refusal>& refusal) { return refusal ? refusal->code : ""; }

TEST_CASE("what was proposed earlier does not start where something later was started") {
  CHECK(code(why_out_of_order({kQuestion, 7, kForward}, std::nullopt)).empty());
  CHECK(code(why_out_of_order({kQuestion, 7, kForward}, there(6))).empty());
  // The same release again is no step back.
  CHECK(code(why_out_of_order({kQuestion, 7, kForward}, there(7))).empty());
  const auto refusal = why_out_of_order({kQuestion, 7, kForward}, there(8));
  REQUIRE(refusal);
  CHECK(refusal->code == "newer_release_started");
  CHECK(refusal->kind == RefusalKind::conflict);
  CHECK(refusal->sentence.find("shop@2.0.0") != std::string::npos);
  REQUIRE(refusal->next.size() == 2);
  CHECK(refusal->next[1].command ==
        "holdpoint deployment start shop@1.0.0 --env production --rollback --reason REASON");
}

TEST_CASE("a rollback goes back past a newer release, and says from where") {
  CHECK(code(why_out_of_order({kQuestion, 7, kBack}, there(8))).empty());
  const auto recorded = rollback_of({kQuestion, 7, kBack}, there(8));
  REQUIRE(recorded);
  CHECK(recorded->from == "rel_2");
  CHECK_FALSE(rollback_of({kQuestion, 7, kForward}, there(6)));
}

TEST_CASE("what may have been proposed later keeps an older release out, and is no place left") {
  ReleaseThere perhaps = there(8);
  perhaps.is_no_later = true;
  const auto refusal = why_out_of_order({kQuestion, 7, kForward}, perhaps);
  REQUIRE(refusal);
  CHECK(refusal->sentence.find("may have been proposed after") != std::string::npos);
  CHECK(code(why_out_of_order({kQuestion, 9, kForward}, perhaps)).empty());
  CHECK_FALSE(rollback_of({kQuestion, 7, kBack}, perhaps)->from.has_value());
}

TEST_CASE("a rollback where nothing newer was started is recorded as what was said, from nowhere") {
  CHECK(code(why_out_of_order({kQuestion, 7, kBack}, there(6))).empty());
  const auto recorded = rollback_of({kQuestion, 7, kBack}, std::nullopt);
  REQUIRE(recorded);
  CHECK_FALSE(recorded->from.has_value());
}

TEST_CASE("a rollback without a reason does not start") {
  for (const std::string& reason :
       {std::string(), std::string("  \n"), std::string(rollback_reason_bytes_max + 1, 'x')}) {
    const std::optional<RollbackWanted> wanted = RollbackWanted{reason};
    CHECK(code(why_out_of_order({kQuestion, 7, wanted}, there(8))) == "reason_needed");
    CHECK(code(why_out_of_order({kQuestion, 7, wanted}, std::nullopt)) == "reason_needed");
  }
}

}  // namespace
}  // namespace holdpoint::deployments
