// What is gone and what nobody looked for yet: a violation is missed only where the tool that found
// it reported again.
#include "certification/looked_for.hpp"

#include <doctest/doctest.h>

namespace holdpoint::certification {
namespace {

using evidence::Kind;
using evidence::ReportStatus;

struct Report {
  Kind kind{};
  std::string tool;
  std::vector<std::string> findings;
  ReportStatus status = ReportStatus::complete;
};

std::optional<ScanFacts>& section_of(EvidenceFacts& facts, Kind kind) {
  return kind == Kind::secrets ? facts.secrets : kind == Kind::sast ? facts.sast : facts.sca;
}

EvidenceFacts evidence(const std::vector<Report>& reports) {
  EvidenceFacts facts;
  for (const Report& one : reports) {
    ItemFacts item;
    item.kind = one.kind;
    item.status = one.status;
    item.tool = one.tool;
    facts.items.push_back(item);
    if (one.findings.empty()) continue;
    auto& section = section_of(facts, one.kind);
    if (!section) section.emplace().findings.emplace();
    for (const std::string& fingerprint : one.findings) {
      FindingFacts finding;
      finding.fingerprint = fingerprint;
      finding.tool = one.tool;
      section->findings->push_back(finding);
    }
  }
  return facts;
}

const EvidenceFacts kSeen = evidence(
    {{Kind::sast, "semgrep", {"f1"}}, {Kind::sast, "codeql", {"f2"}}, {Kind::tests, "", {}}});

TEST_CASE("a finding is looked for where its tool reported as the same kind") {
  CHECK(was_looked_for(kSeen, evidence({{Kind::sast, "semgrep", {}}}), "f1"));
  CHECK_FALSE(was_looked_for(kSeen, evidence({{Kind::sast, "codeql", {}}}), "f1"));
  CHECK(was_looked_for(kSeen, evidence({{Kind::sast, "codeql", {}}}), "f2"));
  CHECK_FALSE(was_looked_for(kSeen, evidence({{Kind::secrets, "semgrep", {}}}), "f1"));
  CHECK_FALSE(was_looked_for(kSeen, evidence({}), "f1"));
}

TEST_CASE("a kind of which a report is not complete has not been looked at") {
  CHECK_FALSE(was_looked_for(
      kSeen, evidence({{Kind::sast, "semgrep", {}, ReportStatus::failed_to_run}}), "f1"));
  CHECK_FALSE(was_looked_for(kSeen,
                             evidence({{Kind::sast, "semgrep", {}},
                                       {Kind::sast, "codeql", {}, ReportStatus::failed_to_run}}),
                             "f1"));
  CHECK(was_looked_for(
      kSeen,
      evidence({{Kind::sast, "semgrep", {}}, {Kind::tests, "", {}, ReportStatus::failed_to_run}}),
      "f1"));
}

TEST_CASE("what is no finding that is known asks for every tool that spoke") {
  CHECK(was_looked_for(kSeen, kSeen, "the tests of module a"));
  CHECK_FALSE(was_looked_for(kSeen, evidence({{Kind::sast, "semgrep", {}}, {Kind::tests, "", {}}}),
                             "the tests of a"));
  CHECK_FALSE(was_looked_for(evidence({}), kSeen, "f1"));
}

TEST_CASE("a bill of materials says who looked only by what was found") {
  EvidenceFacts seen = evidence({{Kind::sbom, "trivy", {"CVE-1"}}});
  CHECK_FALSE(was_looked_for(seen, evidence({{Kind::sbom, "trivy", {}}}), "CVE-1"));
  CHECK(was_looked_for(seen, evidence({{Kind::sbom, "trivy", {"CVE-2"}}}), "CVE-1"));
  CHECK(was_looked_for(seen, evidence({{Kind::sca, "trivy", {}}}), "CVE-1"));
}

}  // namespace
}  // namespace holdpoint::certification
