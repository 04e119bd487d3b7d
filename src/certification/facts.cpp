// See facts.hpp.
#include "certification/facts.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/schema_document.hpp"
#include "policy/document.hpp"

namespace holdpoint::certification {
namespace {

using evidence::Kind;
using evidence::ReportStatus;

constexpr std::int64_t kWhole = 10'000;  // basis points

std::string tool_of(const JudgedPiece& piece) {
  if (!piece.summary.tools.empty()) return piece.summary.tools.front().name;
  const auto stated = piece.metadata.find("tool");
  return stated == piece.metadata.end() ? "" : stated->second;
}

/// Sums stay within what every JSON reader holds exactly.
void accumulate(std::int64_t& to, std::int64_t from) {
  to = std::min(evidence::count_max, to + std::min(from, evidence::count_max));
}

void add_tests(std::optional<TestFacts>& section, const evidence::Tests& tests) {
  if (!section) section.emplace().failures.emplace();
  ++section->reports;
  accumulate(section->total, tests.total);
  accumulate(section->passed, tests.passed);
  accumulate(section->failed, tests.failed);
  accumulate(section->errors, tests.errors);
  accumulate(section->skipped, tests.skipped);
  if (tests.failures_cut > 0) section->failures.reset();
  if (!section->failures) return;
  for (const auto& failure : tests.failures) {
    section->failures->push_back({failure.suite, failure.name});
  }
  if (section->failures->size() > facts_failures_max) section->failures.reset();
}

class CoverageSum {
 public:
  void add(const evidence::Coverage& coverage) {
    if (!section_) section_.emplace();
    ++section_->reports;
    accumulate(section_->lines_valid, coverage.lines_valid);
    accumulate(section_->lines_covered, coverage.lines_covered);
    if (coverage.branches_valid && coverage.branches_covered) {
      accumulate(branches_valid_, *coverage.branches_valid);
      accumulate(branches_covered_, *coverage.branches_covered);
    }
  }
  std::optional<CoverageFacts> take() {
    if (section_ && section_->lines_valid > 0) {
      section_->line_bp = rate(section_->lines_covered, section_->lines_valid);
    }
    if (section_ && branches_valid_ > 0) {
      section_->branch_bp = rate(branches_covered_, branches_valid_);
    }
    return std::move(section_);
  }

 private:
  /// Rounded down; the split keeps the product inside 64 bits.
  static std::int64_t rate(std::int64_t part, std::int64_t all) {
    const std::int64_t rest = part % all;
    const std::int64_t scaled =
        all > (INT64_MAX / kWhole) ? rest / (all / kWhole) : rest * kWhole / all;
    return part / all * kWhole + scaled;
  }

  std::optional<CoverageFacts> section_;
  std::int64_t branches_valid_ = 0;
  std::int64_t branches_covered_ = 0;
};

void add_counts(evidence::SeverityCounts& to, const evidence::SeverityCounts& from) {
  accumulate(to.critical, from.critical);
  accumulate(to.high, from.high);
  accumulate(to.medium, from.medium);
  accumulate(to.low, from.low);
  accumulate(to.info, from.info);
  accumulate(to.unknown, from.unknown);
}

void add_scan(std::optional<ScanFacts>& section, const JudgedPiece& piece,
              const evidence::Findings& findings) {
  if (!section) section.emplace().findings.emplace();
  ++section->reports;
  add_counts(section->open, findings.open);
  accumulate(section->suppressed, findings.suppressed);
  if (findings.cut > 0) section->findings.reset();
  if (!section->findings) return;
  for (const evidence::Finding& finding : findings.items) {
    if (finding.status != evidence::FindingStatus::open) continue;
    section->findings->push_back({.rule = finding.rule_id,
                                  .severity = finding.severity,
                                  .title = finding.title,
                                  .fingerprint = finding.fingerprint,
                                  .path = finding.location ? finding.location->path : "",
                                  .line = finding.location ? finding.location->line.value_or(0) : 0,
                                  .component = finding.component ? finding.component->name : "",
                                  .tool = tool_of(piece),
                                  .ids = finding.ids,
                                  .disposition = std::nullopt});
  }
  if (section->findings->size() > facts_findings_max) section->findings.reset();
}

void add_sbom(std::optional<SbomFacts>& section, const evidence::Components& components) {
  if (!section) section.emplace().names.emplace();
  ++section->reports;
  accumulate(section->components, components.count);
  accumulate(section->without_version, components.count - components.with_version);
  accumulate(section->without_purl, components.count - components.with_purl);
  accumulate(section->without_license, components.count - components.with_license);
  if (components.names_cut > 0) section->names.reset();
  if (!section->names) return;
  for (const auto& component : components.names) section->names->push_back(component.name);
  std::ranges::sort(*section->names);
  const auto repeated = std::ranges::unique(*section->names);
  section->names->erase(repeated.begin(), repeated.end());
  if (section->names->size() > facts_components_max) section->names.reset();
}

std::optional<ScanFacts>* scan_section(EvidenceFacts& facts, Kind kind) {
  switch (kind) {
    case Kind::sast: return &facts.sast;
    case Kind::sca:
    case Kind::sbom: return &facts.sca;  // vulnerabilities inside an SBOM are of its components
    case Kind::secrets: return &facts.secrets;
    case Kind::iac: return &facts.iac;
    case Kind::dast: return &facts.dast;
    case Kind::license: return &facts.license;
    case Kind::tests:
    case Kind::coverage:
    case Kind::performance:
    case Kind::generic:
    case Kind::unknown: return nullptr;
  }
  return nullptr;
}

/// An SBOM whose list of vulnerabilities is empty does not say that anybody looked for them.
bool speaks(Kind kind, const evidence::Findings& findings) {
  return kind != Kind::sbom || !findings.items.empty() || findings.cut > 0;
}

/// Takes away every section that an incomplete piece of that kind should have spoken for.
void withhold(EvidenceFacts& facts, Kind kind) {
  if (kind == Kind::tests) facts.tests.reset();
  if (kind == Kind::coverage) facts.coverage.reset();
  if (kind == Kind::sbom) facts.sbom.reset();
  if (auto* scan = scan_section(facts, kind)) scan->reset();
}

std::string lower_case(std::string hash) {
  for (char& c : hash) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return hash;
}

/// `commits` in lower case. Hashes are hexadecimal, so their case says nothing. An abbreviated hash
/// is not equal to the one it begins: another commit may begin the same.
ItemFacts item_of(const JudgedPiece& piece, const std::set<std::string>& commits) {
  ItemFacts item{.id = piece.id,
                 .name = piece.name,
                 .kind = piece.kind,
                 .format = piece.summary.format,
                 .status = piece.summary.status,
                 .tool = tool_of(piece),
                 .received_at = {piece.received_at},
                 .commit = {},
                 .commit_in_release = std::nullopt,
                 .flags = piece.summary.flags};
  if (const auto stated = piece.metadata.find("commit"); stated != piece.metadata.end()) {
    item.commit = stated->second;
    if (!commits.empty()) item.commit_in_release = commits.contains(lower_case(item.commit));
  }
  return item;
}

}  // namespace

Facts make_facts(Instant now, const catalog::Application& application, std::string_view release_id,
                 std::string_view version, const releases::Contents& contents,
                 std::span<const JudgedPiece> pieces) {
  Facts facts;
  facts.now = {now};
  facts.application = {application.name, application.criticality, application.data_classes,
                       application.owners};
  facts.flags = policy::flags_of(application.data_classes);
  facts.release.id = release_id;
  facts.release.version = version;
  facts.release.commits = contents.commits;
  std::set<std::string> commits;
  for (const auto& commit : contents.commits) commits.insert(lower_case(commit.sha));
  for (const auto& artifact : contents.artifacts) {
    facts.release.artifacts.push_back({artifact.name, artifact.digest});
  }
  CoverageSum coverage;
  std::set<Kind> incomplete;
  for (const JudgedPiece& piece : pieces) {
    facts.evidence.items.push_back(item_of(piece, commits));
    const evidence::Summary& summary = piece.summary;
    if (summary.status != ReportStatus::complete) {
      facts.evidence.incomplete.push_back(
          {piece.name, summary.status, summary.reason.value_or("")});
      incomplete.insert(piece.kind);
      continue;
    }
    if (summary.tests) add_tests(facts.evidence.tests, *summary.tests);
    if (summary.coverage) coverage.add(*summary.coverage);
    if (summary.components) add_sbom(facts.evidence.sbom, *summary.components);
    if (summary.generic) facts.evidence.declared[piece.name] = *summary.generic;
    auto* scan = scan_section(facts.evidence, piece.kind);
    if (scan != nullptr && summary.findings && speaks(piece.kind, *summary.findings)) {
      add_scan(*scan, piece, *summary.findings);
    }
  }
  facts.evidence.coverage = coverage.take();
  for (const Kind kind : incomplete) withhold(facts.evidence, kind);
  return facts;
}

namespace {

bool is_waived(const Facts& facts, const std::string& violation) {
  return facts.waivers &&
         std::ranges::find(*facts.waivers, violation, &policy::WaiverFacts::violation) !=
             facts.waivers->end();
}

template <class Then>
void each_finding(EvidenceFacts& evidence, Then&& then) {
  for (auto* section : {&evidence.sast, &evidence.sca, &evidence.secrets, &evidence.iac,
                        &evidence.dast, &evidence.license}) {
    if (!*section || !(*section)->findings) continue;
    for (FindingFacts& finding : *(*section)->findings) then(finding);
  }
}

}  // namespace

void set_waivers(Facts& facts, std::vector<policy::WaiverFacts> waivers) {
  facts.waivers.reset();
  if (!waivers.empty()) facts.waivers = std::move(waivers);
  each_finding(facts.evidence, [&](FindingFacts& finding) {
    const bool is_accepted = finding.disposition == evidence::Disposition::accepted_risk;
    if (is_accepted && !is_waived(facts, finding.fingerprint)) finding.disposition.reset();
  });
}

void add_dispositions(Facts& facts, std::span<const evidence::Triage> triage,
                      const evidence::Contributors& contributors) {
  std::map<std::string_view, evidence::Disposition> said;
  for (const evidence::Triage& one : triage) {
    const bool is_accepted = one.disposition == evidence::Disposition::accepted_risk;
    if (is_accepted && !is_waived(facts, one.fingerprint)) continue;
    if (evidence::counts_for(one, contributors)) said.emplace(one.fingerprint, one.disposition);
  }
  if (said.empty()) return;
  each_finding(facts.evidence, [&](FindingFacts& finding) {
    const auto found = said.find(finding.fingerprint);
    if (found != said.end()) finding.disposition = found->second;
  });
}

std::vector<LengthBound> facts_bounds() {
  using namespace evidence;
  constexpr std::size_t id = policy::id_bytes_max;
  constexpr std::size_t word = metadata_value_bytes_max;
  return {
      bound(&ApplicationFacts::name, catalog::name_bytes_max),
      bound(&ApplicationFacts::data_classes, catalog::data_classes_max),
      bound(&ApplicationFacts::owners, catalog::list_items_max, catalog::text_bytes_max),
      bound(&ArtifactFacts::name, releases::text_bytes_max),
      bound(&ArtifactFacts::digest, policy::digest_bytes_max),
      bound(&releases::Commit::sha, releases::commit_hash_bytes_max),
      bound(&releases::Commit::author, id),
      bound(&releases::Commit::committer, id),
      bound(&releases::Commit::co_authors, releases::co_authors_max, id),
      bound(&ReleaseFacts::id, id),
      bound(&ReleaseFacts::version, releases::version_bytes_max),
      bound(&ReleaseFacts::commits, releases::commits_max),
      bound(&ReleaseFacts::artifacts, releases::artifacts_max),
      bound(&FailureFacts::suite, name_bytes_max),
      bound(&FailureFacts::name, name_bytes_max),
      bound(&TestFacts::failures, facts_failures_max),
      bound(&FindingFacts::rule, name_bytes_max),
      bound(&FindingFacts::title, title_bytes_max),
      bound(&FindingFacts::fingerprint, fingerprint_bytes_max),
      bound(&FindingFacts::path, path_bytes_max),
      bound(&FindingFacts::component, name_bytes_max),
      bound(&FindingFacts::tool, word),
      bound(&FindingFacts::ids, finding_ids_max, name_bytes_max),
      bound(&ScanFacts::findings, facts_findings_max),
      bound(&SbomFacts::names, facts_components_max, name_bytes_max),
      bound(&ItemFacts::id, id),
      bound(&ItemFacts::name, evidence_name_bytes_max),
      bound(&ItemFacts::format, code_bytes_max),
      bound(&ItemFacts::tool, word),
      bound(&ItemFacts::commit, word),
      bound(&ItemFacts::flags, flags_max, code_bytes_max),
      bound(&IncompleteFacts::name, evidence_name_bytes_max),
      bound(&IncompleteFacts::reason, reason_bytes_max),
      bound(&EvidenceFacts::declared, evidence_per_release_max),
      bound(&EvidenceFacts::items, evidence_per_release_max),
      bound(&EvidenceFacts::incomplete, evidence_per_release_max),
      bound(&Facts::waivers, 2 * policy::waivers_in_force_max),
      bound(&policy::WaiverFacts::id, id),
      bound(&policy::WaiverFacts::criteria, policy::CriteriaDocument::name_length_max),
      bound(&policy::WaiverFacts::rule, policy::CriteriaDocument::name_length_max),
      bound(&policy::WaiverFacts::violation, fingerprint_bytes_max),
      bound(&policy::WaiverFacts::owner, id),
  };
}

json::value facts_schema() {
  json::value document = facts_document<Facts>("https://holdpoint.dev/schemas/facts.json",
                                               "Facts that a release is judged on", facts_bounds(),
                                               {"failures", "findings", "names", "waivers"});
  // What the description cannot say: declared values are flat (evidence/formats/generic.cpp).
  auto& declared = document.at_pointer("/$defs/certification.EvidenceFacts/properties/declared");
  declared.at("additionalProperties") = {{"type", "object"},
                                         {"maxProperties", evidence::declared_values_max},
                                         {"additionalProperties",
                                          {{"type", {"string", "integer", "boolean"}},
                                           {"maxLength", evidence::message_bytes_max},
                                           {"x-maxBytes", evidence::message_bytes_max}}}};
  return document;
}

}  // namespace holdpoint::certification
