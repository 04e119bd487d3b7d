// Facts: the one canonical document that a release is judged on. Integers only (basis points,
// microseconds); a section that no complete evidence speaks for is absent, and what is absent is
// unknown. The schema is published, so that criteria can be checked before they count.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "evidence/evidence.hpp"
#include "evidence/triage.hpp"
#include "policy/subject_facts.hpp"
#include "releases/releases.hpp"

namespace holdpoint::certification {

inline constexpr std::size_t facts_findings_max = 5'000;
inline constexpr std::size_t facts_components_max = 20'000;
inline constexpr std::size_t facts_failures_max = 100;

struct ApplicationFacts {
  std::string name;
  catalog::Criticality criticality{};
  std::vector<catalog::DataClass> data_classes;
  std::vector<std::string> owners;
};
HP_DESCRIBE(ApplicationFacts, name, criticality, data_classes, owners)

struct ArtifactFacts {
  std::string name;
  Digest digest;
};
HP_DESCRIBE(ArtifactFacts, name, digest)

struct ReleaseFacts {
  std::string id;
  std::string version;
  std::vector<releases::Commit> commits;
  std::vector<ArtifactFacts> artifacts;
};
HP_DESCRIBE(ReleaseFacts, id, version, commits, artifacts)

struct FailureFacts {
  std::string suite;
  std::string name;
};
HP_DESCRIBE(FailureFacts, suite, name)

struct TestFacts {
  std::int64_t reports = 0;
  std::int64_t total = 0;
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t errors = 0;
  std::int64_t skipped = 0;
  std::optional<std::vector<FailureFacts>> failures;  // absent when there are too many to list
};
HP_DESCRIBE(TestFacts, reports, total, passed, failed, errors, skipped, failures)

struct CoverageFacts {
  std::int64_t reports = 0;
  std::int64_t lines_valid = 0;
  std::int64_t lines_covered = 0;
  std::optional<std::int64_t> line_bp;  // absent when there are no lines
  std::optional<std::int64_t> branch_bp;
};
HP_DESCRIBE(CoverageFacts, reports, lines_valid, lines_covered, line_bp, branch_bp)

struct FindingFacts {
  std::string rule;
  evidence::Severity severity{};
  std::string title;
  std::string fingerprint;
  std::string path;
  std::int64_t line = 0;
  std::string component;
  std::string tool;
  std::vector<std::string> ids;
  /// What people made of it, where that counts for this release; it takes the finding out of no
  /// count.
  std::optional<evidence::Disposition> disposition;
};
HP_DESCRIBE(FindingFacts, rule, severity, title, fingerprint, path, line, component, tool, ids,
            disposition)

struct ScanFacts {
  std::int64_t reports = 0;
  evidence::SeverityCounts open;
  std::int64_t suppressed = 0;
  std::optional<std::vector<FindingFacts>> findings;  // open ones; absent when cut
};
HP_DESCRIBE(ScanFacts, reports, open, suppressed, findings)

struct SbomFacts {
  std::int64_t reports = 0;
  std::int64_t components = 0;
  std::int64_t without_version = 0;
  std::int64_t without_purl = 0;
  std::int64_t without_license = 0;
  std::optional<std::vector<std::string>> names;  // sorted; absent when cut
};
HP_DESCRIBE(SbomFacts, reports, components, without_version, without_purl, without_license, names)

struct ItemFacts {
  std::string id;
  std::string name;
  evidence::Kind kind{};
  std::string format;
  evidence::ReportStatus status{};
  std::string tool;
  InstantUs received_at;
  std::string commit;                     // "" when the sender named none
  std::optional<bool> commit_in_release;  // absent when either side names no commit
  std::vector<std::string> flags;
};
HP_DESCRIBE(ItemFacts, id, name, kind, format, status, tool, received_at, commit, commit_in_release,
            flags)

struct IncompleteFacts {
  std::string name;
  evidence::ReportStatus status{};
  std::string reason;
};
HP_DESCRIBE(IncompleteFacts, name, status, reason)

struct EvidenceFacts {
  std::optional<TestFacts> tests;
  std::optional<CoverageFacts> coverage;
  std::optional<ScanFacts> sast;
  std::optional<ScanFacts> sca;
  std::optional<ScanFacts> secrets;
  std::optional<ScanFacts> iac;
  std::optional<ScanFacts> dast;
  std::optional<ScanFacts> license;
  std::optional<SbomFacts> sbom;
  std::map<std::string, json::object> declared;  // values of declared JSON, by evidence name
  std::vector<ItemFacts> items;
  std::vector<IncompleteFacts> incomplete;
};
HP_DESCRIBE(EvidenceFacts, tests, coverage, sast, sca, secrets, iac, dast, license, sbom, declared,
            items, incomplete)

struct Facts {
  std::int64_t v = 1;
  InstantUs now;
  ApplicationFacts application;
  ReleaseFacts release;
  EvidenceFacts evidence;
  std::optional<policy::RegulatedFlags> flags;  // absent in facts from before there were any
  std::optional<policy::TeamRecord> record;
  /// Those in force for the release and its application when it was judged; absent when there are
  /// none. Judged again, the facts give the same answer, whatever became of the waivers.
  std::optional<std::vector<policy::WaiverFacts>> waivers;
};
HP_DESCRIBE(Facts, v, now, application, release, evidence, flags, record, waivers)

/// One piece of current evidence with what was read from it.
struct JudgedPiece {
  std::string id;
  std::string name;
  evidence::Kind kind{};
  Instant received_at;
  std::map<std::string, std::string> metadata;
  evidence::Summary summary;
};

/// Sections are sums over the complete evidence of their kind. A kind of which any current piece is
/// not complete has no section: a scan that failed to run is never read as clean.
Facts make_facts(Instant now, const catalog::Application& application, std::string_view release_id,
                 std::string_view version, const releases::Contents& contents,
                 std::span<const JudgedPiece> pieces);

/// Puts these in the place of the waivers that the facts have; a risk that none of them covers is
/// not accepted any more.
void set_waivers(Facts& facts, std::vector<policy::WaiverFacts> waivers);

/// Says of each finding what people made of it, where that counts for a release of these people. A
/// risk is accepted only as long as a waiver among the facts covers it.
void add_dispositions(Facts& facts, std::span<const evidence::Triage> triage,
                      const evidence::Contributors& contributors);

/// How long the members of the facts are at most.
std::vector<LengthBound> facts_bounds();

/// JSON Schema 2020-12 of the facts, with every list required.
json::value facts_schema();

}  // namespace holdpoint::certification
