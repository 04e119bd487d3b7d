// The bytes of the event bodies of policy, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "policy/policy.hpp"
#include "support/golden.hpp"

namespace holdpoint::policy {

namespace {

using test::digest;
using test::frozen;

TEST_CASE("criteria.applied is frozen") {
  frozen(CriteriaApplied{"baseline", "team:quality", "enforce", 3, digest(0x11),
                         ObjectRef{digest(0x22)}},
         "criteria.applied",
         R"({"digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("document":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("mode":"enforce","name":"baseline","owner":"team:quality","revision":3})");
}

PolicyChange change() {
  PolicyChange change;
  change.kind = "GatePolicy";
  change.name = "window";
  change.change = Change::changed;
  change.mode_before = "shadow";
  change.mode_after = "enforce";
  change.owner = "team:platform";
  change.digest = digest(0x33);
  change.document = ObjectRef{digest(0x44)};
  change.review_by = "2027-06-30";
  return change;
}

PolicyChange removal() {
  PolicyChange change;
  change.kind = "SlaPolicy";
  change.name = "decisions";
  change.change = Change::removed;
  change.mode_before = "warn";
  change.owner = "team:compliance";
  return change;
}

constexpr std::string_view kChanges =
    R"("changes":[{"change":"changed","digest":)"
    R"("sha256:3333333333333333333333333333333333333333333333333333333333333333","document":)"
    R"("sha256:4444444444444444444444444444444444444444444444444444444444444444",)"
    R"("kind":"GatePolicy","mode_after":"enforce","mode_before":"shadow","name":"window",)"
    R"("owner":"team:platform","review_by":"2027-06-30"},{"change":"removed",)"
    R"("kind":"SlaPolicy","mode_after":"","mode_before":"warn","name":"decisions",)"
    R"("owner":"team:compliance"}])";

const ProposalId kProposal = *ProposalId::parse("prp_01J00000000000000000000000");

TEST_CASE("policy.activated is frozen") {
  const std::string bundle =
      R"("sha256:5555555555555555555555555555555555555555555555555555555555555555",)";
  frozen(PolicyActivated{7, ObjectRef{digest(0x55)}, {change(), removal()}, kProposal, 4},
         "policy.activated",
         R"({"bundle":)" + bundle + std::string(kChanges) +
             R"(,"proposal":"prp_01J00000000000000000000000","revision":7,"rolls_back_to":4})");
  frozen(PolicyActivated{1, ObjectRef{digest(0x55)}, {change(), removal()}, {}, {}},
         "policy.activated",
         R"({"bundle":)" + bundle + std::string(kChanges) + R"(,"revision":1})");
}

TEST_CASE("policy.proposed is frozen") {
  frozen(PolicyProposed{kProposal, 6, {change(), removal()}, {}}, "policy.proposed",
         R"({"base_revision":6,)" + std::string(kChanges) +
             R"(,"id":"prp_01J00000000000000000000000"})");
  frozen(PolicyProposed{kProposal, 6, {change(), removal()}, 2}, "policy.proposed",
         R"({"base_revision":6,)" + std::string(kChanges) +
             R"(,"id":"prp_01J00000000000000000000000","rolls_back_to":2})");
}

TEST_CASE("policy.approved and policy.rejected are frozen") {
  frozen(PolicyApproved{kProposal}, "policy.approved",
         R"({"proposal":"prp_01J00000000000000000000000"})");
  frozen(PolicyRejected{kProposal, "too wide"}, "policy.rejected",
         R"({"proposal":"prp_01J00000000000000000000000","reason":"too wide"})");
}

TEST_CASE("the bytes that name a bundle are frozen") {
  CHECK(manifest_text({{"GatePolicy", "window", digest(0x33), "enforce", "team:platform",
                        ObjectRef{digest(0x44)}, "2027-06-30"}}) ==
        R"([{"digest":"sha256:3333333333333333333333333333333333333333333333333333333333333333",)"
        R"("document":"sha256:4444444444444444444444444444444444444444444444444444444444444444",)"
        R"("kind":"GatePolicy","mode":"enforce","name":"window","owner":"team:platform",)"
        R"("review_by":"2027-06-30"}])");
}

}  // namespace
}  // namespace holdpoint::policy
