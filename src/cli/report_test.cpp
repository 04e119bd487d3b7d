// What people read of releases, certifications and the audit log: golden text.
#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Rehearsal;

const std::string refused =
    R"({"id":"cer_1","state":"refused","at":"2026-11-20T06:00:00Z","facts_digest":"sha256:f",)"
    R"("evidence_digest":"sha256:e","criteria":[{"name":"security","mode":"enforce",)"
    R"("applicable":true,"passed":false,"rules":[)"
    R"({"rule_id":"tests","result":"pass"},)"
    R"({"rule_id":"findings","result":"fail","message":"No critical findings.",)"
    R"("detail":"critical is 2, needs == 0","remedy":{"action":"Fix or waive them.",)"
    R"("by":"developer","command":"holdpoint release status billing@1.0"}},)"
    R"({"rule_id":"sbom","result":"unknown","missing":["evidence.sbom"]},)"
    R"({"rule_id":"gdpr","result":"not_applicable"}]},)"
    R"({"name":"style","mode":"warn","applicable":true,"passed":true,"rules":[)"
    R"({"rule_id":"lint","result":"pass"}]}]})";

}  // namespace

TEST_CASE("a refusal says of each criterion why, what to do and who can") {
  Rehearsal rehearsal;
  rehearsal.reply(200, refused);
  const auto outcome = rehearsal.run({"certify", "billing@1.0"});
  CHECK(outcome.exit == 1);
  CHECK(outcome.out ==
        "✗ refused  billing@1.0\n"
        "✗ failed  security\n"
        "  ✓ passed          tests\n"
        "  ✗ failed          findings\n"
        "      No critical findings.\n"
        "      critical is 2, needs == 0\n"
        "      → developer: Fix or waive them.\n"
        "          holdpoint release status billing@1.0\n"
        "  … waiting         sbom\n"
        "      missing: evidence.sbom\n"
        "      → owner of security: see to what the rule names (not verified: no remedy\n"
        "        is known)\n"
        "          holdpoint policy list\n"
        "  – not applicable  gdpr\n"
        "✓ passed  style (warn only)\n"
        "  ✓ passed          lint\n"
        "facts    sha256:f\n"
        "evidence sha256:e\n"
        "record   cer_1\n");
}

TEST_CASE(
    "a refusal says by when a remedy is due, whether it was proved, and what time alone does") {
  Rehearsal rehearsal;
  rehearsal.reply(
      200,
      R"({"id":"cer_1","state":"refused","at":"2026-11-20T06:00:00Z","facts_digest":"sha256:f",)"
      R"("evidence_digest":"sha256:e","unblocks_at":"2026-11-22T06:00:00Z",)"
      R"("criteria":[{"name":"ready","mode":"enforce",)"
      R"("applicable":true,"passed":false,"rules":[{"id":"soak","result":"fail",)"
      R"("message":"It ran for a day.","unblocks_at":"2026-11-21T06:00:00Z","remedy":)"
      R"({"action":"Wait.","by":"qa","command":"","due":"2026-11-20T10:00:00Z",)"
      R"("verified":false,"unverified_because":"only time changes it"}},)"
      R"({"id":"tests","result":"fail","message":"All pass.","remedy":)"
      R"({"action":"bring failed from 3 to 0","by":"","command":"","verified":true}}]}]})");
  const auto outcome = rehearsal.run({"certify", "billing@1.0"});
  CHECK(outcome.out.starts_with(
      "✗ refused  billing@1.0\n  opens by itself at 2026-11-22T06:00:00Z\n"));
  CHECK(outcome.out.contains(
      "      It ran for a day.\n"
      "      opens by itself at 2026-11-21T06:00:00Z\n"
      "      → qa, by 2026-11-20T10:00:00Z: Wait. (not verified: only time changes it)\n"));
  CHECK(outcome.out.contains("      → next: bring failed from 3 to 0 ✓ verified\n"));
}

TEST_CASE("the status of a release shows criteria, evidence and what comes next") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"id":"rel_1","ref":"billing@1.0","readiness":"blocked",)"
                       R"("created_at":"2026-11-20T05:00:00.25Z"})");
  rehearsal.reply(
      200,
      R"({"items":[{"name":"r.xml","format":"junit","kind":"test_report",)"
      R"("status":"complete","counts":{"tests":{"total":12,"failed":1}}},{"name":"scan.sarif",)"
      R"("format":"sarif","kind":"security_scan","status":"failed_to_run",)"
      R"("reason":"the tool reported an error"}]})");
  rehearsal.reply(200, R"({"state":"certified","superseded_by":"crt_2","at":1795500000000000,)"
                       R"("criteria":[]})");
  const auto outcome = rehearsal.run({"release", "status", "billing@1.0"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out ==
        "billing@1.0  ✗ blocked  created 2026-11-20T05:00:00Z\n"
        "\n"
        "↻ stale  judged 2026-11-24T06:00:00Z\n"
        "\n"
        "EVIDENCE    FORMAT  KIND           STATUS           COUNTS\n"
        "r.xml       junit   test_report    ✓ complete       12 tests (failed 1)\n"
        "scan.sarif  sarif   security_scan  ✗ failed to run  the tool reported an error\n"
        "\n"
        "Next: holdpoint certify billing@1.0\n");
}

TEST_CASE("a release that was never judged is not evaluated, and needs evidence first") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"id":"rel_1","ref":"billing@1.0","readiness":"not_started"})");
  rehearsal.reply(200, R"({"items":[]})");
  rehearsal.reply(404, R"({"code":"not_found","detail":"Not judged."})");
  const auto outcome = rehearsal.run({"release", "status", "billing@1.0"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out.find("? not evaluated  No criterion was judged yet.") != std::string::npos);
  CHECK(outcome.out.ends_with("Next: holdpoint evidence add billing@1.0 REPORT…\n"));
}

TEST_CASE("all pages of the evidence are shown, and a list that does not end is no answer") {
  Rehearsal rehearsal;
  const std::string item =
      R"("name":"a.xml","format":"junit","kind":"test_report","status":"complete")";
  rehearsal.reply(200, R"({"items":[{)" + item + R"(}],"next_cursor":"c1"})");
  rehearsal.reply(200, R"({"items":[{)" + item + R"(,"counts":{"coverage":{"line_bp":8099}}}]})");
  const auto outcome = rehearsal.run({"evidence", "list", "billing@1.0"});
  CHECK(outcome.out ==
        "EVIDENCE  FORMAT  KIND         STATUS      COUNTS\n"
        "a.xml     junit   test_report  ✓ complete\n"
        "a.xml     junit   test_report  ✓ complete  lines 80 % covered\n");
  CHECK(rehearsal.transport.calls[1].url.ends_with("/evidence?limit=200&cursor=c1"));
  for (int i = 0; i < 60; ++i) {
    rehearsal.reply(200, R"({"items":[],"next_cursor":")" + std::to_string(i) + R"("})");
  }
  CHECK(rehearsal.run({"evidence", "list", "billing@1.0"}).exit == 3);
}

TEST_CASE("a refusal without criteria says what kept the judgement") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"state":"refused","obstacles":["No criteria apply."],"criteria":[]})");
  CHECK(rehearsal.run({"certify", "billing@1.0"})
            .out.starts_with("✗ refused  billing@1.0\n  ✗ No criteria apply.\n"));
}

TEST_CASE("a status that cannot be known completely is not shown as if it were") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"id":"rel_1","ref":"billing@1.0","readiness":"ready"})");
  rehearsal.reply(200, R"({"items":[]})");
  const auto outcome = rehearsal.run({"release", "status", "billing@1.0"});
  CHECK(outcome.exit == 3);
  CHECK(outcome.out.empty());
}

TEST_CASE("releases are listed with where to continue") {
  Rehearsal rehearsal;
  rehearsal.reply(200,
                  R"({"items":[{"ref":"billing@1.0","readiness":"needs_attention","created_at":)"
                  R"("2026-11-20T05:00:00Z","certification":{"state":"certified"}},)"
                  R"({"ref":"a@2","readiness":"ready","created_at":"2026-11-20T05:00:00Z"}],)"
                  R"("next_cursor":"abc"})");
  const auto outcome = rehearsal.run({"release", "list", "--application", "billing"});
  CHECK(outcome.out ==
        "RELEASE      READINESS          CERTIFICATION  CREATED\n"
        "billing@1.0  ! needs attention  ✓ certified    2026-11-20T05:00:00Z\n"
        "a@2          ✓ ready            –              2026-11-20T05:00:00Z\n");
  CHECK(outcome.err == "More: add --cursor abc\n");
  CHECK(rehearsal.transport.calls[0].url.ends_with("/releases?application=billing&limit=50"));
}

TEST_CASE("the audit log is followed from the last entry that was seen") {
  Rehearsal rehearsal;
  const std::string entry =
      R"({"items":[{"index":7,"at":1795500000000000,"type":"release.created","subject":)"
      R"({"kind":"release","id":"rel_1"},"actor":{"kind":"person","id":"per_1"}}]})";
  rehearsal.reply(200, entry);
  rehearsal.reply(200, R"({"items":[]})");
  rehearsal.pauses_left = 2;
  const auto outcome = rehearsal.run({"audit", "log", "--follow", "--after", "6"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out ==
        "INDEX  AT                    TYPE             SUBJECT AND ACTOR\n"
        "7      2026-11-24T06:00:00Z  release.created  release rel_1 by person per_1\n");
  REQUIRE(rehearsal.transport.calls.size() == 2);
  CHECK(rehearsal.transport.calls[1].url.ends_with("entries?after=7&limit=50"));
}

TEST_CASE("tokens are listed without secrets and revoked by id") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"items":[{"id":"tok_1","name":"ci","expires_at":"2026-12-20T06:00:00Z",)"
                       R"("scopes":["gate.check","evidence.add"]}]})");
  CHECK(rehearsal.run({"token", "list"}).out ==
        "ID     NAME  EXPIRES               SCOPES\n"
        "tok_1  ci    2026-12-20T06:00:00Z  gate.check, evidence.add\n");
  rehearsal.reply(204, "");
  CHECK(rehearsal.run({"token", "revoke", "tok_1"}).out == "Revoked tok_1.\n");
  CHECK(rehearsal.transport.calls[1].method == "DELETE");
}

}  // namespace holdpoint
