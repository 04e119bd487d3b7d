// The bytes of the event bodies of approvals, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "approvals/earlier_events.hpp"
#include "approvals/friction.hpp"
#include "support/golden.hpp"

namespace holdpoint::approvals {
namespace {

using test::digest;
using test::frozen;

const RequestId kId = *RequestId::parse("apr_01J00000000000000000000000");

/// What both forms say.
template <class Event>
Event requested() {
  Event body;
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
  body.fields = {{"backout_plan", "redeploy"}};
  return body;
}

TEST_CASE("the first form of approval.requested is frozen") {
  auto body = requested<ApprovalRequestedV1>();
  body.reason = "quarter end";
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

TEST_CASE("the second form of approval.requested is frozen") {
  auto body = requested<ApprovalRequestedV2>();
  body.reasoned = true;
  body.escalation = {{"changes",
                      "deputies",
                      EscalationKind::backup,
                      Instant{1'795'521'600'000'000},
                      "office",
                      {"approver"},
                      {"deputies"},
                      {"per_01J00000000000000000000002"},
                      {"board"},
                      std::nullopt}};
  body.owners = {"team:compliance"};
  frozen(body, "approval.requested",
         R"({"application":"shop","demands":[{"approval_roles":["board"],"capacity":"busin)"
         R"(ess","order":1,"people":["per_01J00000000000000000000000"],"policy":"changes",)"
         R"("quorum":{"kind":"percent","value":60},"roles":["approver"],"route":"main","st)"
         R"(age":"board"}],"environment":"production","escalation":[{"approval_roles":["de)"
         R"(puties"],"calendar":"office","due":"2026-11-24T12:00:00Z","kind":"backup","lev)"
         R"(el":"deputies","people":["per_01J00000000000000000000002"],"policy":"changes",)"
         R"("roles":["approver"],"stages":["board"]}],"fields":{"backout_plan":"redeploy"})"
         R"(,"id":"apr_01J00000000000000000000000","owners":["team:compliance"],"policies")"
         R"(:[{"digest":"sha256:2222222222222222222222222222222222222222222222222222222222)"
         R"(222222","name":"changes"}],"reasoned":true,"subject":{"digest":"sha256:1111111)"
         R"(111111111111111111111111111111111111111111111111111111111","id":"shop@1.0.0/pr)"
         R"(oduction","kind":"promotion"},"terms":{"needs_password":false,"needs_rationale)"
         R"(":true,"pending_until":"2026-11-24T12:00:00Z","rejections":1,"validity_us":864)"
         R"(00000000},"title":"shop@1.0.0 to production"})",
         2);
}

TEST_CASE("approval.requested is frozen") {
  auto body = requested<ApprovalRequested>();
  body.demands.clear();
  body.retries = 2;
  const std::string_view first =
      R"({"application":"shop","demands":[],"environment":"production","escalation":[],)"
      R"("fields":{"backout_plan":"redeploy"},"id":"apr_01J00000000000000000000000",)"
      R"("owners":[],"policies":[{"digest":)"
      R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
      R"("name":"changes"}],"reasoned":false,"retries":2,)";
  const std::string_view last =
      R"("subject":{"digest":)"
      R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
      R"("id":"shop@1.0.0/production","kind":"promotion"},"terms":{"needs_password":false,)"
      R"("needs_rationale":true,"pending_until":"2026-11-24T12:00:00Z","rejections":1,)"
      R"("validity_us":86400000000},"title":"shop@1.0.0 to production"})";
  frozen(body, "approval.requested", std::string(first) + std::string(last), 3);
  body.routing = RoutingGrounds{
      {{digest(0x33)}, {digest(0x44)}}, {{"changes", digest(0x22), {digest(0x55)}}}, digest(0x66)};
  const std::string_view routing =
      R"("routing":{"documents":[{"digest":)"
      R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
      R"("document":)"
      R"("sha256:5555555555555555555555555555555555555555555555555555555555555555",)"
      R"("name":"changes"}],"documents_digest":)"
      R"("sha256:6666666666666666666666666666666666666666666666666666666666666666",)"
      R"("facts":["sha256:3333333333333333333333333333333333333333333333333333333333333333",)"
      R"("sha256:4444444444444444444444444444444444444444444444444444444444444444"]},)";
  frozen(body, "approval.requested", std::string(first) + std::string(routing) + std::string(last),
         3);
}

TEST_CASE("approval.requested is frozen, also of a policy that its editors do not sign") {
  auto body = requested<ApprovalRequested>();
  body.demands.clear();
  body.exclude_editors_us = Duration::days(7).us;
  frozen(body, "approval.requested",
         R"({"application":"shop","demands":[],"environment":"production","escalation":[],)"
         R"("exclude_editors_us":604800000000,"fields":{"backout_plan":"redeploy"},)"
         R"("id":"apr_01J00000000000000000000000","owners":[],"policies":[{"digest":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("name":"changes"}],"reasoned":false,"retries":0,"subject":{"digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("id":"shop@1.0.0/production","kind":"promotion"},"terms":{"needs_password":false,)"
         R"("needs_rationale":true,"pending_until":"2026-11-24T12:00:00Z","rejections":1,)"
         R"("validity_us":86400000000},"title":"shop@1.0.0 to production"})",
         3);
  const Stamp stamp{"person", "ann", Instant{1'795'521'600'000'000}, 4};
  CHECK(evolve(body, stamp).exclude_editors_us == Duration::days(7).us);
}

TEST_CASE(
    "earlier forms of a request and of its use are read as the last, without what they lack") {
  const Stamp stamp{"person", "ann", Instant{1'795'521'600'000'000}, 4};
  Request request = evolve(requested<ApprovalRequestedV2>(), stamp);
  CHECK(request.retries == 0);
  CHECK_FALSE(request.exclude_editors_us);
  CHECK(request.uses == 0);
  evolve(request, ApprovalConsumedV1{kId, "deployment dpl_1"}, stamp);
  CHECK(request.state == State::consumed);
  CHECK(request.used_for == "deployment dpl_1");
  CHECK(request.uses == 1);
}

TEST_CASE("the first form of approval.signed is frozen") {
  frozen(ApprovalSignedV1{kId,
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

TEST_CASE("approval.signed is frozen, also of an approval that counts later") {
  ApprovalSigned body{kId,
                      Choice::approve,
                      "per_01J00000000000000000000001",
                      {"board"},
                      digest(0x11),
                      true,
                      Authentication::session,
                      std::nullopt};
  frozen(body, "approval.signed",
         R"({"authentication":"session","choice":"approve","id":"apr_01J000000000000000000)"
         R"(00000","presented":"sha256:111111111111111111111111111111111111111111111111111)"
         R"(1111111111111","reasoned":true,"roles":["board"],"seat":"per_01J00000000000000)"
         R"(000000001"})",
         2);
  body.effective_from = Instant{1'795'521'600'000'000};
  frozen(body, "approval.signed",
         R"({"authentication":"session","choice":"approve","effective_from":"2026-11-24T12)"
         R"(:00:00Z","id":"apr_01J00000000000000000000000","presented":"sha256:11111111111)"
         R"(11111111111111111111111111111111111111111111111111111","reasoned":true,"roles")"
         R"(:["board"],"seat":"per_01J00000000000000000000001"})",
         2);
}

TEST_CASE("escalation and pauses are frozen") {
  frozen(ApprovalEscalated{kId,
                           "changes",
                           "deputies",
                           EscalationKind::backup,
                           Instant{1'795'521'600'000'000},
                           true,
                           {"per_01J00000000000000000000002"}},
         "approval.escalated",
         R"({"due":"2026-11-24T12:00:00Z","id":"apr_01J00000000000000000000000","kind":"ba)"
         R"(ckup","late":true,"level":"deputies","people":["per_01J00000000000000000000002)"
         R"("],"policy":"changes"})");
  frozen(ApprovalPaused{kId, "inc_01J00000000000000000000000"}, "approval.paused",
         R"({"id":"apr_01J00000000000000000000000","incident":"inc_01J00000000000000000000)"
         R"(000"})");
  frozen(ApprovalResumed{kId,
                         "inc_01J00000000000000000000000",
                         true,
                         Instant{1'795'521'600'000'000},
                         {Instant{1'795'525'200'000'000}},
                         std::nullopt},
         "approval.resumed",
         R"({"due":["2026-11-24T13:00:00Z"],"id":"apr_01J00000000000000000000000","inciden)"
         R"(t":"inc_01J00000000000000000000000","pending_until":"2026-11-24T12:00:00Z","ru)"
         R"(nning":true})");
}

TEST_CASE("by which calendar and zones a level is due is frozen") {
  const CalendarUsed used{"office", digest(0x33), "2025b"};
  const std::string_view name =
      R"({"name":"office","record":)"
      R"("sha256:3333333333333333333333333333333333333333333333333333333333333333",)"
      R"("zones":"2025b"})";
  const std::string_view due = R"("due":["2026-11-24T13:00:00Z"],)";
  frozen(ApprovalResumed{kId,
                         "inc_01J00000000000000000000000",
                         true,
                         Instant{1'795'521'600'000'000},
                         {Instant{1'795'525'200'000'000}},
                         std::vector{used}},
         "approval.resumed",
         R"({"calendars":[)" + std::string(name) + "]," + std::string(due) +
             R"("id":"apr_01J00000000000000000000000",)"
             R"("incident":"inc_01J00000000000000000000000",)"
             R"("pending_until":"2026-11-24T12:00:00Z","running":true})");
  Escalation level{"changes",
                   "deputies",
                   EscalationKind::backup,
                   Instant{1'795'521'600'000'000},
                   "office",
                   {},
                   {},
                   {},
                   {},
                   used};
  CHECK(to_json_text(level) ==
        R"({"approval_roles":[],"calendar":"office","due":"2026-11-24T12:00:00Z",)"
        R"("kind":"backup","level":"deputies","people":[],"policy":"changes",)"
        R"("reckoned_by":)" +
            std::string(name) + R"(,"roles":[],"stages":[]})");
}

TEST_CASE("approval.friction_reported is frozen") {
  frozen(FrictionReported{*FrictionId::parse("frc_01J00000000000000000000000"), kId, "changes",
                          FrictionCategory::too_many_signatures, true},
         "approval.friction_reported",
         R"({"category":"too_many_signatures","id":"frc_01J00000000000000000000000","noted)"
         R"(":true,"policy":"changes","request":"apr_01J00000000000000000000000"})");
}

TEST_CASE("that people are short who may sign, and are not any more, is frozen") {
  frozen(ApprovalStranded{kId, {"technical", "board"}}, "approval.stranded",
         R"({"id":"apr_01J00000000000000000000000","stages":["technical","board"]})");
  frozen(ApprovalUnstranded{kId}, "approval.unstranded",
         R"({"id":"apr_01J00000000000000000000000"})");
}

TEST_CASE("the ends of a request are frozen") {
  frozen(SignatureWithdrawn{kId, "per_01J00000000000000000000001"}, "approval.signature_withdrawn",
         R"({"id":"apr_01J00000000000000000000000","person":"per_01J0000000000000000000000)"
         R"(1"})",
         2);
  frozen(SignatureWithdrawnV1{kId, "per_01J00000000000000000000001", "a doubt"},
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
  frozen(ApprovalConsumedV1{kId, "deployment dpl_1"}, "approval.consumed",
         R"({"id":"apr_01J00000000000000000000000","use":"deployment dpl_1"})");
  frozen(ApprovalConsumed{kId, "deployment dpl_1", 2}, "approval.consumed",
         R"({"attempt":2,"id":"apr_01J00000000000000000000000","use":"deployment dpl_1"})", 2);
  frozen(SignatureRefused{kId, "own_part"}, "approval.signature_refused",
         R"({"code":"own_part","id":"apr_01J00000000000000000000000"})");
}

}  // namespace
}  // namespace holdpoint::approvals
