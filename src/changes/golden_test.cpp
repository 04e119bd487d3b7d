// The bytes of the event bodies of changes, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "changes/documents.hpp"
#include "changes/freeze_overrides.hpp"
#include "engine/records.hpp"
#include "support/golden.hpp"

namespace holdpoint::changes {
namespace {

using test::digest;
using test::frozen;

const ChangeId kId = *ChangeId::parse("chg_01J00000000000000000000000");
const OverrideId kOverride = *OverrideId::parse("fro_01J00000000000000000000000");
constexpr Instant kNoon{1'795'521'600'000'000};

ChangeContent content() {
  ChangeContent out;
  out.type = ChangeType::emergency;
  out.title = "Enlarge the pool";
  out.applications = {"shop"};
  out.environments = {"production"};
  out.window = {kNoon, kNoon + Duration::hours(2)};
  out.zone = "Europe/Berlin";
  out.releases = {{"shop@1.0.0", "rel_01J00000000000000000000000", digest(0x11)}};
  out.risk = {{"built-in", 0, {{"tested", "Where?", 2, {{"no", 10}, {"yes", 0}}}}, 5, 20},
              {{"tested", "no"}},
              20,
              RiskClass::high};
  out.texts = {TextField::backout_plan, TextField::justification};
  out.path = PinnedDocument{"shop-outage", 2};
  out.category = "outage";
  return out;
}

constexpr std::string_view kContent =
    R"({"applications":["shop"],"category":"outage","environments":["production"],)"
    R"("path":{"name":"shop-outage","revision":2},"releases":[{"contents":)"
    R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
    R"("id":"rel_01J00000000000000000000000","name":"shop@1.0.0"}],)"
    R"("risk":{"answers":{"tested":"no"},"risk":"high","scale":{"high_from":20,"medium_from":5,)"
    R"("name":"built-in","questions":[{"answers":{"no":10,"yes":0},"id":"tested",)"
    R"("question":"Where?","weight":2}],"revision":0},"score":20},)"
    R"("texts":["backout_plan","justification"],"title":"Enlarge the pool","type":"emergency",)"
    R"("window":{"from":"2026-11-24T12:00:00Z","until":"2026-11-24T14:00:00Z"},)"
    R"("zone":"Europe/Berlin"})";

TEST_CASE("change.created and change.edited are frozen") {
  frozen(ChangeCreated{kId, content()}, "change.created",
         R"({"content":)" + std::string(kContent) + R"(,"id":"chg_01J00000000000000000000000"})");
  ChangeContent standard = content();
  standard.type = ChangeType::standard;
  standard.releases.clear();
  standard.texts.clear();
  standard.risk = {{"built-in", 0, {}, 5, 20}, {}, 0, RiskClass::low};
  standard.path.reset();
  standard.category.reset();
  standard.pattern = PinnedDocument{"certificates", 3};
  frozen(ChangeEdited{kId, 4, standard}, "change.edited",
         R"({"content":{"applications":["shop"],"environments":["production"],)"
         R"("pattern":{"name":"certificates","revision":3},"releases":[],"risk":{"answers":{},)"
         R"("risk":"low","scale":{"high_from":20,"medium_from":5,"name":"built-in",)"
         R"("questions":[],"revision":0},"score":0},"texts":[],"title":"Enlarge the pool",)"
         R"("type":"standard","window":{"from":"2026-11-24T12:00:00Z",)"
         R"("until":"2026-11-24T14:00:00Z"},"zone":"Europe/Berlin"},)"
         R"("id":"chg_01J00000000000000000000000","revision":4})");
}

TEST_CASE("what happens to a change is frozen") {
  frozen(ChangeSubmitted{kId}, "change.submitted", R"({"id":"chg_01J00000000000000000000000"})");
  frozen(ChangeReopened{kId, 2, "another window"}, "change.reopened",
         R"({"id":"chg_01J00000000000000000000000","reason":"another window","revision":2})");
  frozen(ChangeUsed{kId, "shop", "production", "by hand", std::nullopt, std::nullopt},
         "change.used",
         R"({"application":"shop","environment":"production",)"
         R"("id":"chg_01J00000000000000000000000","use":"by hand"})");
  frozen(ChangeUsed{kId, "shop", "production", "deployment dpl_1", "apr_1", kNoon}, "change.used",
         R"({"application":"shop","approval":"apr_1","environment":"production",)"
         R"("id":"chg_01J00000000000000000000000","review_due":"2026-11-24T12:00:00Z",)"
         R"("use":"deployment dpl_1"})");
  frozen(ChangeClosed{kId, Ending::unsuccessful, "taken back"}, "change.closed",
         R"({"ending":"unsuccessful","id":"chg_01J00000000000000000000000","note":"taken back"})");
  frozen(ChangeCancelled{kId, "not wanted"}, "change.cancelled",
         R"({"id":"chg_01J00000000000000000000000","reason":"not wanted"})");
  frozen(ChangeRejected{kId, "apr_1", "too early"}, "change.rejected",
         R"({"approval":"apr_1","because":"too early","id":"chg_01J00000000000000000000000"})");
}

TEST_CASE("what happens to an emergency is frozen") {
  frozen(ChangeEndorsed{kId, digest(0x22), "it cannot wait"}, "change.endorsed",
         R"({"digest":"sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("id":"chg_01J00000000000000000000000","reason":"it cannot wait"})");
  frozen(EmergencyReviewed{kId, true}, "emergency.reviewed",
         R"({"id":"chg_01J00000000000000000000000","late":true})");
  frozen(EmergencyActRefused{kId, EmergencyAct::review, "endorser_reviews"},
         "emergency.act_refused",
         R"({"act":"review","code":"endorser_reviews","id":"chg_01J00000000000000000000000"})");
  frozen(EmergencyReviewOverdue{kId, {"cart", "shop"}}, "emergency.review_overdue",
         R"({"applications":["cart","shop"],"id":"chg_01J00000000000000000000000"})");
}

TEST_CASE("freeze overrides are frozen") {
  frozen(FreezeOverrideAsked{kOverride,
                             {"shop", "production"},
                             LinkedRelease{"shop@1.0.0", "rel_1", digest(0x11)},
                             std::nullopt,
                             {"year-end"},
                             "inc_1",
                             kNoon},
         "freeze_override.asked",
         R"({"expires_at":"2026-11-24T12:00:00Z","freezes":["year-end"],)"
         R"("id":"fro_01J00000000000000000000000","incident":"inc_1",)"
         R"("place":{"application":"shop","environment":"production"},"release":{"contents":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("id":"rel_1","name":"shop@1.0.0"}})");
  frozen(FreezeOverrideUsed{kOverride, "deployment dpl_1", {"year-end"}, "apr_1"},
         "freeze_override.used",
         R"({"approval":"apr_1","freezes":["year-end"],"id":"fro_01J00000000000000000000000",)"
         R"("use":"deployment dpl_1"})");
}

TEST_CASE("what is declared in advance is frozen") {
  ChangeTemplate pattern;
  pattern.id = *Id<TemplateTag>::parse("ctp_01J00000000000000000000000");
  pattern.name = "certificates";
  pattern.title = "Rotate the certificates";
  pattern.owner = "team:operations";
  pattern.applications = {"shop"};
  pattern.environments = {"production"};
  pattern.backout_plan = "Put the old one back.";
  pattern.customer_impact = "None.";
  pattern.risk = {{"tested", "yes"}};
  pattern.window_max_us = Duration::hours(2).us;
  pattern.varies = {Varying::releases};
  frozen(engine::RecordCreated<ChangeTemplate>{pattern}, "change_template.created",
         R"({"record":{"applications":["shop"],"backout_plan":"Put the old one back.",)"
         R"("customer_impact":"None.","description":"","environments":["production"],)"
         R"("id":"ctp_01J00000000000000000000000","name":"certificates",)"
         R"("owner":"team:operations","risk":{"tested":"yes"},"state":"active",)"
         R"("title":"Rotate the certificates","varies":["releases"],)"
         R"("window_max_us":7200000000}})");
  EmergencyPath path;
  path.id = *Id<PathTag>::parse("emp_01J00000000000000000000000");
  path.name = "shop-outage";
  path.title = "The shop is down";
  path.owner = "team:operations";
  path.categories = {"outage"};
  path.declarers = {"on-call"};
  path.endorsers = {"duty-manager"};
  frozen(engine::RecordChanged<EmergencyPath>{2, path}, "emergency_path.changed",
         R"({"record":{"applications":[],"categories":["outage"],"declarers":["on-call"],)"
         R"("endorsers":["duty-manager"],"environments":[],"id":"emp_01J00000000000000000000000",)"
         R"("name":"shop-outage","owner":"team:operations","state":"active",)"
         R"("title":"The shop is down"},"revision":2})");
  path.at_most = EmergencyLimit{3, Duration::days(7).us};
  frozen(engine::RecordChanged<EmergencyPath>{3, path}, "emergency_path.changed",
         R"({"record":{"applications":[],"at_most":{"count":3,"within_us":604800000000},)"
         R"("categories":["outage"],"declarers":["on-call"],"endorsers":["duty-manager"],)"
         R"("environments":[],"id":"emp_01J00000000000000000000000","name":"shop-outage",)"
         R"("owner":"team:operations","state":"active","title":"The shop is down"},"revision":3})");
  RiskTable table;
  table.id = *Id<ScaleTag>::parse("rsk_01J00000000000000000000000");
  table.name = "house";
  table.title = "Our scale";
  table.owner = "team:quality";
  table.questions = {{"tested", "Where?", 2, {{"no", 10}, {"yes", 0}}}};
  table.medium_from = 5;
  table.high_from = 20;
  frozen(
      engine::RecordCreated<RiskTable>{table}, "risk_table.created",
      R"({"record":{"high_from":20,"id":"rsk_01J00000000000000000000000","medium_from":5,)"
      R"("name":"house","owner":"team:quality","questions":[{"answers":{"no":10,"yes":0},)"
      R"("id":"tested","question":"Where?","weight":2}],"state":"active","title":"Our scale"}})");
}

}  // namespace
}  // namespace holdpoint::changes
