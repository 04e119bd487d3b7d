// CycloneDX and SPDX: what a bill of materials holds, and what CycloneDX says of vulnerabilities.
#include <doctest/doctest.h>

#include "evidence/intake.hpp"
#include "evidence/one_line.hpp"

namespace holdpoint::evidence {

namespace {

std::string bom(std::string_view members) {
  return R"({"bomFormat":"CycloneDX","specVersion":"1.6",)" + std::string(members) + "}";
}

std::string vulnerable(std::string_view vulnerability) {
  return bom(R"("vulnerabilities":[{"id":"CVE-1",)" + std::string(vulnerability) + "}]");
}

void check(const std::vector<ReportRow>& rows) {
  for (const ReportRow& row : rows) {
    CAPTURE(row.what);
    CHECK(one_line(summarise(row.report)) == row.line);
  }
}

constexpr const char* kNothingOpen = "cyclonedx complete open c0 h0 m0 l0 i0 u0";

}  // namespace

TEST_CASE("CycloneDX components are counted wherever they are nested") {
  check({
      {"nested, with and without version, licence and purl",
       bom(R"("components":[{"name":"a","version":"1","purl":"pkg:npm/a@1",
             "licenses":[{"license":{"id":"MIT"}}],"components":[{"name":"b","licenses":[]}]}],
             "dependencies":[{"ref":"x","dependsOn":["y","z"]},{"ref":"y"}])"),
       "cyclonedx complete components 2 purl 1 version 1 license 1 edges 2"},
      {"no components is an empty bill", bom(R"("metadata":{})"),
       "cyclonedx complete components 0 purl 0 version 0 license 0 edges 0"},
      {"components of a wrong type", bom(R"("components":{})"),
       "cyclonedx unparsed: /components: expected array"},
      {"a version to come", R"({"bomFormat":"CycloneDX","specVersion":"2.0"})",
       "cyclonedx unparsed: a CycloneDX document of version 2.0; 1.2 to 1.7 are read"},
      {"the XML form", R"(<bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>)",
       "cyclonedx unparsed: a CycloneDX document in XML, kept as received; the JSON form is read"},
  });
}

TEST_CASE("a bill without a list of vulnerabilities makes no statement about findings") {
  const Summary summary = summarise(bom(R"("components":[])"));
  CHECK(summary.kind == Kind::sbom);
  CHECK_FALSE(summary.findings.has_value());
  CHECK(summarise(bom(R"("vulnerabilities":[])")).kind == Kind::sca);
}

TEST_CASE("CycloneDX ratings become severities") {
  check({
      {"a word", vulnerable(R"("ratings":[{"severity":"high"}])"),
       "cyclonedx complete open c0 h1 m0 l0 i0 u0"},
      {"a score", vulnerable(R"("ratings":[{"score":9.8,"method":"CVSSv31"}])"),
       "cyclonedx complete open c1 h0 m0 l0 i0 u0"},
      {"a version 2 score has no critical",
       vulnerable(R"("ratings":[{"score":9.8,"method":"CVSSv2"}])"),
       "cyclonedx complete open c0 h1 m0 l0 i0 u0"},
      {"a score of another method", vulnerable(R"("ratings":[{"score":9.8,"method":"OWASP"}])"),
       "cyclonedx complete open c0 h0 m0 l0 i0 u1"},
      {"the worst of several", vulnerable(R"("ratings":[{"severity":"low"},{"severity":"high"}])"),
       "cyclonedx complete open c0 h1 m0 l0 i0 u0"},
      {"the rating of the vulnerability's own source",
       vulnerable(R"("source":{"name":"debian"},"ratings":[{"source":{"name":"nvd"},
             "severity":"critical"},{"source":{"name":"debian"},"severity":"low"}])"),
       "cyclonedx complete open c0 h0 m0 l1 i0 u0"},
      {"no rating", vulnerable(R"("affects":[])"), "cyclonedx complete open c0 h0 m0 l0 i0 u1"},
      {"an impossible score", vulnerable(R"("ratings":[{"score":99,"method":"CVSSv3"}])"),
       "cyclonedx complete [score_ignored] open c0 h0 m0 l0 i0 u1"},
      {"an unknown word", vulnerable(R"("ratings":[{"severity":"awful"}])"),
       "cyclonedx complete [unknown_level] open c0 h0 m0 l0 i0 u1"},
  });
}

TEST_CASE("CycloneDX analysis decides whether a vulnerability is open") {
  const std::string none = kNothingOpen;
  check({
      {"not affected", vulnerable(R"("analysis":{"state":"not_affected"})"),
       none + " not_affected 1"},
      {"false positive", vulnerable(R"("analysis":{"state":"false_positive"})"),
       none + " not_affected 1"},
      {"resolved", vulnerable(R"("analysis":{"state":"resolved"})"), none + " fixed 1"},
      {"in triage is open", vulnerable(R"("analysis":{"state":"in_triage"})"),
       "cyclonedx complete open c0 h0 m0 l0 i0 u1"},
      {"exploitable is open", vulnerable(R"("analysis":{"state":"exploitable"})"),
       "cyclonedx complete open c0 h0 m0 l0 i0 u1"},
      {"one thing affected, one not",
       vulnerable(R"("affects":[{"ref":"a"},{"ref":"b","versions":[{"status":"unaffected"}]}])"),
       "cyclonedx complete open c0 h0 m0 l0 i0 u1 not_affected 1"},
  });
}

TEST_CASE("a vulnerability is one finding for each component that it affects") {
  const Summary summary = summarise(bom(
      R"("components":[{"bom-ref":"r1","group":"g","name":"a","version":"1","purl":"pkg:npm/a@1"}],
         "vulnerabilities":[{"id":"CVE-1","cwes":[79],"references":[{"id":"GHSA-1"}],
         "affects":[{"ref":"urn:cdx:x/1#r1"},{"ref":"pkg:npm/b@2"}]}])"));
  REQUIRE(summary.findings->items.size() == 2);
  const Finding& first = summary.findings->items[0];
  CHECK(to_json_text(*first.component) == R"({"name":"g/a","purl":"pkg:npm/a@1","version":"1"})");
  CHECK(to_json_text(first.ids) == R"(["CVE-1","GHSA-1","CWE-79"])");
  CHECK(summary.findings->items[1].component->purl == "pkg:npm/b@2");
  CHECK(first.fingerprint != summary.findings->items[1].fingerprint);
}

TEST_CASE("SPDX packages, their purls and their asserted licences are counted") {
  check({
      {"two packages",
       R"({"spdxVersion":"SPDX-2.3","packages":[{"name":"a","versionInfo":"1",
          "licenseDeclared":"MIT","externalRefs":[{"referenceType":"purl",
          "referenceLocator":"pkg:npm/a@1"}]},{"name":"b","versionInfo":"NOASSERTION",
          "licenseConcluded":"NOASSERTION"}],"relationships":[
          {"relationshipType":"DEPENDS_ON"},{"relationshipType":"DEV_DEPENDENCY_OF"},
          {"relationshipType":"DESCRIBES"}]})",
       "spdx complete components 2 purl 1 version 1 license 1 edges 2"},
      {"SPDX 3", R"({"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]})",
       "spdx unparsed: an SPDX document of version 3; 2.2 and 2.3 are read"},
      {"packages of a wrong type", R"({"spdxVersion":"SPDX-2.3","packages":[1]})",
       "spdx unparsed: /packages/0: expected object"},
  });
  const Summary summary = summarise(std::string_view(
      R"({"spdxVersion":"SPDX-2.3","creationInfo":{"created":"2026-11-20T06:00:00Z",
      "creators":["Tool: npm/cli-10.8.2","Organization: x"]},"packages":[]})"));
  CHECK(to_json_text(summary.tools) == R"([{"name":"npm/cli","version":"10.8.2"}])");
  CHECK(summary.finished_at.has_value());
}

}  // namespace holdpoint::evidence
