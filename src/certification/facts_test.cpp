// The facts a release is judged on: sums over complete evidence, and no section at all where a
// report is missing its word, so that nothing is ever read as clean that nobody looked at.
#include "certification/facts.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace holdpoint::certification {
namespace {

using evidence::FindingStatus;
using evidence::Kind;
using evidence::ReportStatus;
using evidence::Severity;

const Instant kNow{1'795'154'400'000'000};

JudgedPiece piece(std::string name, Kind kind) {
  JudgedPiece piece;
  piece.id = "evd_" + name;
  piece.name = std::move(name);
  piece.kind = kind;
  piece.received_at = kNow;
  piece.summary.format = "test";
  piece.summary.kind = kind;
  return piece;
}

JudgedPiece tests(std::string name, std::int64_t passed, std::int64_t failed) {
  JudgedPiece made = piece(std::move(name), Kind::tests);
  auto& section = made.summary.tests.emplace();
  section.total = passed + failed;
  section.passed = passed;
  section.failed = failed;
  for (std::int64_t i = 0; i < failed; ++i) {
    section.failures.push_back({made.name, "case " + std::to_string(i), "not equal"});
  }
  return made;
}

JudgedPiece coverage(std::string name, std::int64_t covered, std::int64_t valid) {
  JudgedPiece made = piece(std::move(name), Kind::coverage);
  made.summary.coverage.emplace();
  made.summary.coverage->lines_covered = covered;
  made.summary.coverage->lines_valid = valid;
  return made;
}

/// A scan with one open finding of each severity named, in that order.
JudgedPiece scan(std::string name, Kind kind, const std::vector<Severity>& open) {
  JudgedPiece made = piece(std::move(name), kind);
  auto& findings = made.summary.findings.emplace();
  for (const Severity severity : open) {
    if (severity == Severity::critical) ++findings.open.critical;
    if (severity == Severity::high) ++findings.open.high;
    if (severity == Severity::low) ++findings.open.low;
    evidence::Finding finding;
    finding.rule_id = "R" + std::to_string(findings.items.size());
    finding.severity = severity;
    findings.items.push_back(std::move(finding));
  }
  return made;
}

JudgedPiece sbom(std::string name, const std::vector<std::string>& components) {
  JudgedPiece made = piece(std::move(name), Kind::sbom);
  auto& section = made.summary.components.emplace();
  section.count = static_cast<std::int64_t>(components.size());
  for (const auto& component : components) {
    section.names.push_back({component, std::nullopt, std::nullopt});
  }
  return made;
}

JudgedPiece incomplete(JudgedPiece piece, ReportStatus status) {
  piece.summary.status = status;
  piece.summary.reason = "The tool did not finish.";
  return piece;
}

Facts facts_of(const std::vector<JudgedPiece>& pieces, const releases::Contents& contents = {}) {
  catalog::Application application;
  application.name = "payments-api";
  application.owners = {"team-payments"};
  application.criticality = catalog::Criticality::high;
  return make_facts(kNow, application, "rel_1", "1.4.0", contents, pieces);
}

EvidenceFacts evidence_of(const std::vector<JudgedPiece>& pieces) {
  return facts_of(pieces).evidence;
}

TEST_CASE("facts name the release, its application and the time of the decision") {
  releases::Contents contents;
  contents.commits = {{"aaaa", "per_1", std::nullopt, {}}};
  contents.artifacts = {{"api.tar", sha256("api"), "application/x-tar"}};
  const Facts facts = facts_of({}, contents);
  CHECK(facts.now.at == kNow);
  CHECK(facts.application.name == "payments-api");
  CHECK(facts.application.criticality == catalog::Criticality::high);
  CHECK(facts.application.owners == std::vector<std::string>{"team-payments"});
  CHECK(facts.release.id == "rel_1");
  CHECK(facts.release.version == "1.4.0");
  REQUIRE(facts.release.commits.size() == 1);
  REQUIRE(facts.release.artifacts.size() == 1);
  CHECK(facts.release.artifacts[0].digest == sha256("api"));
  CHECK(to_json_text(facts.evidence) == R"({"declared":{},"incomplete":[],"items":[]})");
}

TEST_CASE("test reports are added up with their failures") {
  const auto section = evidence_of({tests("unit", 10, 1), tests("e2e", 5, 2)}).tests;
  REQUIRE(section);
  CHECK(section->reports == 2);
  CHECK(section->total == 18);
  CHECK(section->passed == 15);
  CHECK(section->failed == 3);
  REQUIRE(section->failures);
  REQUIRE(section->failures->size() == 3);
  CHECK(section->failures->at(0).suite == "unit");
  CHECK(section->failures->at(2).name == "case 1");
}

TEST_CASE("failures are absent when they are not all listed, and are still counted") {
  auto cut = tests("unit", 0, 2);
  cut.summary.tests->failures_cut = 1;
  auto section = evidence_of({cut, tests("e2e", 1, 1)}).tests;
  REQUIRE(section);
  CHECK_FALSE(section->failures);
  CHECK(section->failed == 3);
  const auto most = static_cast<std::int64_t>(facts_failures_max);
  CHECK(evidence_of({tests("unit", 0, most)}).tests->failures);
  CHECK_FALSE(evidence_of({tests("unit", 0, most), tests("e2e", 0, 1)}).tests->failures);
}

TEST_CASE("a kind of which one report is incomplete has no section") {
  for (const auto status : {ReportStatus::failed_to_run, ReportStatus::unparsed}) {
    CAPTURE(describe::enum_text(status));
    const auto found = evidence_of(
        {tests("unit", 10, 0), incomplete(tests("e2e", 0, 0), status), coverage("lines", 1, 2)});
    CHECK_FALSE(found.tests);
    CHECK(found.coverage);
    CHECK(found.items.size() == 3);
    REQUIRE(found.incomplete.size() == 1);
    CHECK(found.incomplete[0].name == "e2e");
    CHECK(found.incomplete[0].status == status);
    CHECK(found.incomplete[0].reason == "The tool did not finish.");
  }
}

TEST_CASE("the order of the reports does not matter for what is withheld") {
  const auto broken = incomplete(scan("b", Kind::sast, {}), ReportStatus::failed_to_run);
  const auto clean = scan("a", Kind::sast, {});
  CHECK_FALSE(evidence_of({broken, clean}).sast);
  CHECK_FALSE(evidence_of({clean, broken}).sast);
}

TEST_CASE("every kind of scan is withheld by an incomplete one of its own kind only") {
  const std::vector<Kind> kinds{Kind::sast, Kind::sca,  Kind::secrets,
                                Kind::iac,  Kind::dast, Kind::license};
  for (const Kind broken : kinds) {
    std::vector<JudgedPiece> pieces;
    for (const Kind kind : kinds) pieces.push_back(scan("clean", kind, {}));
    pieces.push_back(incomplete(piece("broken", broken), ReportStatus::unparsed));
    const auto found = evidence_of(pieces);
    const bool present[] = {found.sast.has_value(),    found.sca.has_value(),
                            found.secrets.has_value(), found.iac.has_value(),
                            found.dast.has_value(),    found.license.has_value()};
    CAPTURE(describe::enum_text(broken));
    for (std::size_t i = 0; i < kinds.size(); ++i) CHECK(present[i] == (kinds[i] != broken));
  }
}

TEST_CASE("an SBOM that could not be read leaves components and their vulnerabilities unknown") {
  const auto broken = incomplete(piece("bom", Kind::sbom), ReportStatus::unparsed);
  const auto found = evidence_of({scan("deps", Kind::sca, {}), sbom("other", {"zlib"}), broken});
  CHECK_FALSE(found.sbom);
  CHECK_FALSE(found.sca);
}

TEST_CASE("the rate of covered lines is over all reports and rounded down") {
  const auto section = evidence_of({coverage("a", 79'999, 100'000)}).coverage;
  REQUIRE(section);
  CHECK(section->line_bp == 7'999);
  CHECK(evidence_of({coverage("a", 2, 2), coverage("b", 0, 1)}).coverage->line_bp == 6'666);
  CHECK(evidence_of({coverage("a", 3, 3)}).coverage->line_bp == 10'000);
  CHECK(evidence_of({coverage("a", 0, 3)}).coverage->line_bp == 0);
}

TEST_CASE("coverage of no lines has no rate") {
  const auto section = evidence_of({coverage("a", 0, 0)}).coverage;
  REQUIRE(section);
  CHECK(section->reports == 1);
  CHECK_FALSE(section->line_bp);
  CHECK_FALSE(section->branch_bp);
}

TEST_CASE("the rate of branches is over the reports that count them") {
  auto counted = coverage("a", 1, 2);
  counted.summary.coverage->branches_valid = 3;
  counted.summary.coverage->branches_covered = 1;
  const auto section = evidence_of({counted, coverage("b", 1, 2)}).coverage;
  REQUIRE(section);
  CHECK(section->branch_bp == 3'333);
  CHECK(section->line_bp == 5'000);
}

TEST_CASE("sums stop at the largest exact integer") {
  const auto most = evidence::count_max;
  const auto summed = evidence_of({tests("a", most, 0), tests("b", most, 0),
                                   coverage("c", most, most), coverage("d", most, most)});
  CHECK(summed.tests->total == most);
  CHECK(summed.tests->passed == most);
  CHECK(summed.coverage->lines_valid == most);
  CHECK(summed.coverage->line_bp == 10'000);
  CHECK(canonical_json(to_json(summed)));
}

TEST_CASE("open findings of one kind are added up and listed") {
  auto second = scan("b", Kind::sast, {Severity::critical, Severity::low});
  second.summary.findings->suppressed = 4;
  second.summary.findings->items[1].status = FindingStatus::suppressed;
  second.summary.findings->items[0].location = {"src/pay.cpp", 17, std::nullopt};
  second.summary.tools = {{"lint", "2.0"}};
  const auto section = evidence_of({scan("a", Kind::sast, {Severity::high}), second}).sast;
  REQUIRE(section);
  CHECK(section->reports == 2);
  CHECK(section->open.critical == 1);
  CHECK(section->open.high == 1);
  CHECK(section->suppressed == 4);
  REQUIRE(section->findings);
  REQUIRE(section->findings->size() == 2);
  CHECK(section->findings->at(0).line == 0);
  CHECK(section->findings->at(1).path == "src/pay.cpp");
  CHECK(section->findings->at(1).line == 17);
  CHECK(section->findings->at(1).tool == "lint");
}

TEST_CASE("findings are absent when any report's list was cut, and are still counted") {
  auto cut = scan("a", Kind::sast, {Severity::high});
  cut.summary.findings->cut = 1;
  const auto section = evidence_of({cut, scan("b", Kind::sast, {Severity::high})}).sast;
  REQUIRE(section);
  CHECK_FALSE(section->findings);
  CHECK(section->open.high == 2);
  const std::vector<Severity> most(facts_findings_max, Severity::low);
  CHECK(evidence_of({scan("a", Kind::sast, most)}).sast->findings);
  const auto more = evidence_of({scan("a", Kind::sast, most), scan("b", Kind::sast, most)}).sast;
  CHECK_FALSE(more->findings);
  CHECK(more->open.low == 2 * static_cast<std::int64_t>(facts_findings_max));
}

TEST_CASE("an SBOM without vulnerabilities does not say that anybody looked for them") {
  auto bom = sbom("bom", {"zlib", "curl"});
  bom.summary.findings.emplace();
  const auto found = evidence_of({bom});
  CHECK(found.sbom);
  CHECK_FALSE(found.sca);
  auto with_one = sbom("bom", {"zlib"});
  with_one.summary.findings = scan("x", Kind::sbom, {Severity::critical}).summary.findings;
  const auto vulnerable = evidence_of({with_one});
  REQUIRE(vulnerable.sca);
  CHECK(vulnerable.sca->open.critical == 1);
}

TEST_CASE("the components of all SBOMs are counted, and named in order") {
  auto first = sbom("a", {"zlib", "curl"});
  first.summary.components->with_version = 1;
  first.summary.components->with_purl = 2;
  auto section = evidence_of({first, sbom("b", {"bash"})}).sbom;
  REQUIRE(section);
  CHECK(section->reports == 2);
  CHECK(section->components == 3);
  CHECK(section->without_version == 2);
  CHECK(section->without_purl == 1);
  CHECK(section->without_license == 3);
  CHECK(section->names == std::vector<std::string>{"bash", "curl", "zlib"});
  first.summary.components->names_cut = 1;
  CHECK_FALSE(evidence_of({first, sbom("b", {"bash"})}).sbom->names);
}

TEST_CASE("declared values stand under the name of their evidence") {
  auto declared = piece("load-test", Kind::generic);
  declared.summary.generic = json::object{{"p99_ms", 120}};
  const auto found = evidence_of({declared});
  REQUIRE(found.declared.contains("load-test"));
  CHECK(found.declared.at("load-test").at("p99_ms") == 120);
  CHECK(evidence_of({incomplete(declared, ReportStatus::unparsed)}).declared.empty());
}

TEST_CASE("an item says whether its commit is one of the release") {
  releases::Contents contents;
  contents.commits = {{"aaaa", "per_1", std::nullopt, {}}};
  auto inside = tests("a", 1, 0);
  inside.metadata = {{"commit", "aaaa"}, {"tool", "ctest"}};
  auto outside = tests("b", 1, 0);
  outside.metadata = {{"commit", "bbbb"}};
  const std::vector<JudgedPiece> pieces{inside, outside, tests("c", 1, 0)};
  const auto items = facts_of(pieces, contents).evidence.items;
  REQUIRE(items.size() == 3);
  CHECK(items[0].commit_in_release == true);
  CHECK(items[0].commit == "aaaa");
  CHECK(items[0].tool == "ctest");
  CHECK(items[1].commit_in_release == false);
  CHECK_FALSE(items[2].commit_in_release);
  CHECK(items[2].commit == "");
  CHECK_FALSE(facts_of(pieces).evidence.items[0].commit_in_release);
}

TEST_CASE("the case of a commit's hash says nothing, and an abbreviated hash is no commit") {
  releases::Contents contents;
  contents.commits = {{"00c0ffee", "per_1", std::nullopt, {}}, {"BEEFCAFE", "per_1", {}, {}}};
  auto shouted = tests("a", 1, 0);
  shouted.metadata = {{"commit", "00C0FFEE"}};
  auto whispered = tests("b", 1, 0);
  whispered.metadata = {{"commit", "beefcafe"}};
  auto abbreviated = tests("c", 1, 0);
  abbreviated.metadata = {{"commit", "00c0ff"}};
  const auto items =
      facts_of(std::vector{shouted, whispered, abbreviated}, contents).evidence.items;
  REQUIRE(items.size() == 3);
  CHECK(items[0].commit_in_release == true);
  CHECK_MESSAGE(items[0].commit == "00C0FFEE", "it stands as the sender wrote it");
  CHECK(items[1].commit_in_release == true);
  CHECK(items[2].commit_in_release == false);
}

TEST_CASE("the same pieces give the same bytes, and facts read back equal") {
  const std::vector<JudgedPiece> pieces{tests("unit", 2, 1), coverage("lines", 1, 3),
                                        scan("lint", Kind::sast, {Severity::high})};
  const std::string text = to_json_text(facts_of(pieces));
  CHECK(text == to_json_text(facts_of(pieces)));
  const auto again = from_json_text<Facts>(text);
  REQUIRE(again);
  CHECK(to_json_text(*again) == text);
}

std::vector<std::string> required_of(const json::value& schema, std::string_view type) {
  std::vector<std::string> names;
  const auto& definition = schema.at("$defs").at("certification." + std::string(type)).as_object();
  if (const auto* required = definition.if_contains("required")) {
    for (const auto& name : required->as_array()) names.emplace_back(name.as_string());
  }
  return names;
}

TEST_CASE("the schema of the facts requires every list that is never cut") {
  const json::value schema = facts_schema();
  CHECK(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
  const auto has = [&](std::string_view type, std::string_view name) {
    const auto names = required_of(schema, type);
    return std::ranges::count(names, name) == 1;
  };
  CHECK(has("EvidenceFacts", "items"));
  CHECK(has("EvidenceFacts", "incomplete"));
  CHECK(has("ReleaseFacts", "commits"));
  CHECK(has("ReleaseFacts", "artifacts"));
  CHECK(has("ApplicationFacts", "owners"));
  CHECK(has("TestFacts", "failed"));
  CHECK_FALSE(has("TestFacts", "failures"));
  CHECK_FALSE(has("ScanFacts", "findings"));
  CHECK_FALSE(has("SbomFacts", "names"));
  CHECK_FALSE(has("CoverageFacts", "line_bp"));
  CHECK_FALSE(has("EvidenceFacts", "tests"));
  CHECK_FALSE(json::serialize(schema).contains("#/components/"));
}

TEST_CASE("the schema of the facts says how long each list and text of them may be") {
  const json::value schema = facts_schema();
  std::string without;
  for (const auto& type : schema.at("$defs").as_object()) {
    for (const auto& [name, member] : type.value().at("properties").as_object()) {
      const auto& has = member.as_object();
      const auto* kind = has.if_contains("type");
      if (kind == nullptr || has.contains("enum")) continue;
      const bool is_bounded = (*kind != "array" || has.contains("maxItems")) &&
                              (*kind != "object" || has.contains("maxProperties")) &&
                              (*kind != "string" || has.contains("x-maxBytes"));
      if (!is_bounded) without += " " + std::string(type.key()) + "." + std::string(name);
    }
  }
  CHECK(without.empty());
}

TEST_CASE("a disposition is a fact where it counts for the release, and takes nothing away") {
  Facts facts;
  ScanFacts scan;
  scan.open.high = 2;
  scan.findings.emplace();
  for (const std::string fingerprint : {"f1", "f2"}) {
    scan.findings->push_back(
        {.rule = "R", .severity = evidence::Severity::high, .fingerprint = fingerprint});
  }
  facts.evidence.sast = scan;
  const auto said = [](std::string fingerprint, evidence::Disposition disposition) {
    evidence::Triage triage;
    triage.fingerprint = std::move(fingerprint);
    triage.disposition = disposition;
    triage.triaged_by = "ann";
    return triage;
  };
  const std::vector<evidence::Triage> triage{said("f1", evidence::Disposition::false_positive),
                                             said("f2", evidence::Disposition::accepted_risk)};
  const auto shown = [&](Facts copy, const evidence::Contributors& contributors) {
    add_dispositions(copy, triage, contributors);
    std::string out;
    for (const FindingFacts& one : *copy.evidence.sast->findings) {
      out += one.disposition ? std::string(describe::enum_text(*one.disposition)) + " " : "- ";
    }
    CHECK(copy.evidence.sast->open.high == 2);
    return out;
  };
  CHECK(shown(facts, {{"ben"}, false}) == "false_positive - ");
  CHECK(shown(facts, {{"ann"}, false}) == "- - ");
  facts.waivers = {{"wvr_1", "baseline", "one", "f2", "per_1", {Instant{}}}};
  CHECK(shown(facts, {{"ann"}, false}) == "- accepted_risk ");
  add_dispositions(facts, triage, {{"ben"}, false});
  set_waivers(facts, {});
  CHECK_FALSE(facts.waivers);
  CHECK(shown(facts, {{"ann"}, false}) == "false_positive - ");
}

}  // namespace
}  // namespace holdpoint::certification
