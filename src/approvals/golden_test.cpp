// The bytes of the event bodies of approvals, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "approvals/approvals.hpp"
#include "support/golden.hpp"

namespace holdpoint::approvals {
namespace {

using test::digest;
using test::frozen;

const RequestId kId = *RequestId::parse("apr_01J00000000000000000000000");

TEST_CASE("approval.requested is frozen") {
  ApprovalRequested body;
  body.id = kId;
  body.subject = {"promotion", "shop@1.0.0/production", digest(0x11)};
  body.title = "shop@1.0.0 to production";
  body.application = "shop";
  body.environment = "production";
  body.policies = {{"changes", digest(0x22)}};
  Demand demand;
  demand.policy = "changes";
  demand.route = "main";
  demand.stage = "board";
  demand.order = 1;
  demand.roles = {"approver"};
  demand.approval_roles = {"board"};
  demand.people = {"per_01J00000000000000000000000"};
  demand.quorum = {QuorumKind::percent, 60};
  demand.capacity = "business";
  body.demands = {demand};
  body.terms = {Instant{1'795'521'600'000'000}, 86'400'000'000, 1, true, false};
  body.reason = "quarter end";
  body.fields = {{"backout_plan", "redeploy"}};
  frozen(body, "approval.requested",
         R"({"application":"shop","demands":[{"approval_roles":["board"],"capacity":"business",)"
         R"("order":1,"people":["per_01J00000000000000000000000"],"policy":"changes",)"
         R"("quorum":{"kind":"percent","value":60},"roles":["approver"],"route":"main",)"
         R"("stage":"board"}],"environment":"production",)"
         R"("fields":{"backout_plan":"redeploy"},"id":"apr_01J00000000000000000000000",)"
         R"("policies":[{"digest":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("name":"changes"}],"reason":"quarter end","subject":{"digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("id":"shop@1.0.0/production","kind":"promotion"},"terms":{"needs_password":false,)"
         R"("needs_rationale":true,"pending_until":"2026-11-24T12:00:00Z","rejections":1,)"
         R"("validity_us":86400000000},"title":"shop@1.0.0 to production"})");
}

TEST_CASE("approval.signed is frozen") {
  frozen(ApprovalSigned{kId,
                        Choice::reject,
                        "per_01J00000000000000000000001",
                        {"board"},
                        digest(0x11),
                        "not yet",
                        Authentication::password},
         "approval.signed",
         R"({"authentication":"password","choice":"reject","id":"apr_01J00000000000000000000000",)"
         R"("presented":"sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("reason":"not yet","roles":["board"],"seat":"per_01J00000000000000000000001"})");
}

TEST_CASE("the ends of a request are frozen") {
  frozen(SignatureWithdrawn{kId, "per_01J00000000000000000000001", "a doubt"},
         "approval.signature_withdrawn",
         R"({"id":"apr_01J00000000000000000000000","person":"per_01J00000000000000000000001",)"
         R"("reason":"a doubt"})");
  frozen(ApprovalGranted{kId, digest(0x11), Instant{1'795'521'600'000'000}}, "approval.granted",
         R"({"digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("id":"apr_01J00000000000000000000000","valid_until":"2026-11-24T12:00:00Z"})");
  frozen(ApprovalEnded{kId, State::invalidated, "the content changed", digest(0x33)},
         "approval.ended",
         R"({"because":"the content changed","digest":)"
         R"("sha256:3333333333333333333333333333333333333333333333333333333333333333",)"
         R"("id":"apr_01J00000000000000000000000","state":"invalidated"})");
  frozen(ApprovalConsumed{kId, "deployment dpl_1"}, "approval.consumed",
         R"({"id":"apr_01J00000000000000000000000","use":"deployment dpl_1"})");
  frozen(SignatureRefused{kId, "own_part"}, "approval.signature_refused",
         R"({"code":"own_part","id":"apr_01J00000000000000000000000"})");
}

}  // namespace
}  // namespace holdpoint::approvals
