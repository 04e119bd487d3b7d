// The bytes of the event bodies of waivers, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "support/golden.hpp"
#include "waivers/waivers.hpp"

namespace holdpoint::waivers {
namespace {

using test::frozen;

const WaiverId kId = *WaiverId::parse("wvr_01J00000000000000000000000");

TEST_CASE("waiver.requested is frozen") {
  WaiverRequested body;
  body.id = kId;
  body.scope = Scope::application;
  body.application = "shop";
  body.release = "rel_01J00000000000000000000000";
  body.version = "1.0.0";
  body.criteria = "baseline";
  body.rule = "no-severe-findings";
  body.violation = std::string(64, 'a');
  body.what = "evidence.sast.findings[0], rule R0";
  body.owner = "per_01J00000000000000000000000";
  body.until = {Instant{1'795'521'600'000'000}};
  body.extends = *WaiverId::parse("wvr_01J00000000000000000000001");
  frozen(body, "waiver.requested",
         R"({"application":"shop","criteria":"baseline",)"
         R"("extends":"wvr_01J00000000000000000000001","id":"wvr_01J00000000000000000000000",)"
         R"("owner":"per_01J00000000000000000000000","release":"rel_01J00000000000000000000000",)"
         R"("rule":"no-severe-findings","scope":"application","until":1795521600000000,)"
         R"("version":"1.0.0",)"
         R"("violation":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
         R"("what":"evidence.sast.findings[0], rule R0"})");
}

TEST_CASE("waiver.granted is frozen") {
  frozen(WaiverGranted{kId, "apr_01J00000000000000000000000"}, "waiver.granted",
         R"({"approval":"apr_01J00000000000000000000000","id":"wvr_01J00000000000000000000000"})");
}

TEST_CASE("waiver.ended is frozen") {
  frozen(WaiverEnded{kId, State::moot, "the violation is gone"}, "waiver.ended",
         R"({"because":"the violation is gone","id":"wvr_01J00000000000000000000000",)"
         R"("state":"moot"})");
}

}  // namespace
}  // namespace holdpoint::waivers
