// The bytes of the event bodies of compliance, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "compliance/search.hpp"
#include "compliance/verification.hpp"
#include "engine/records.hpp"
#include "support/golden.hpp"

namespace holdpoint::compliance {
namespace {

using test::frozen;

TEST_CASE("ledger.verified is frozen") {
  frozen(LedgerVerified{1'200, 7, 0}, "ledger.verified",
         R"({"entries":1200,"findings":0,"objects":7})");
}

TEST_CASE("framework.created is frozen") {
  Framework framework;
  framework.id = *FrameworkId::parse("fwk_01J00000000000000000000000");
  framework.name = "acme-contract";
  framework.title = "Contract with Acme";
  framework.source = Source::contract;
  framework.edition = "2026";
  framework.applies.applications = {"shop"};
  framework.controls = {
      {"c1", "Scans every week", {"c1.a"}, {{Proof::scans, 7, {EvidenceKind::sast}, {}}}}};
  frozen(engine::RecordCreated<Framework>{framework}, "framework.created",
         R"({"record":{"applies":{"applications":["shop"],"criticality":[],"data_classes":[],)"
         R"("owners":[]},"controls":[{"also":["c1.a"],"id":"c1","needs":[{"kinds":["sast"],)"
         R"("proof":"scans","within_days":7}],"title":"Scans every week"}],"edition":"2026",)"
         R"("id":"fwk_01J00000000000000000000000","name":"acme-contract","source":"contract",)"
         R"("state":"active","title":"Contract with Acme"}})");
}

TEST_CASE("saved_search.created is frozen") {
  SavedSearch search;
  search.id = *SavedSearchId::parse("sqs_01J00000000000000000000000");
  search.name = "q3-security";
  search.title = "Security scans of the third quarter";
  search.search.security = true;
  search.search.period = "2026-Q3";
  frozen(engine::RecordCreated<SavedSearch>{search}, "saved_search.created",
         R"({"record":{"id":"sqs_01J00000000000000000000000","name":"q3-security","search":)"
         R"({"evidence":[],"kinds":[],"period":"2026-Q3","security":true},"state":"active",)"
         R"("title":"Security scans of the third quarter"}})");
}

}  // namespace
}  // namespace holdpoint::compliance
