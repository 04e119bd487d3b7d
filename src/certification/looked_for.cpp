// See looked_for.hpp.
#include "certification/looked_for.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace holdpoint::certification {
namespace {

using evidence::Kind;
using evidence::ReportStatus;

using Source = std::pair<Kind, std::string>;  // with the tool

struct Section {
  Kind kind{};
  const std::optional<ScanFacts>& scan;
};

std::vector<Section> sections_of(const EvidenceFacts& evidence) {
  return {{Kind::sast, evidence.sast},       {Kind::sca, evidence.sca},
          {Kind::secrets, evidence.secrets}, {Kind::iac, evidence.iac},
          {Kind::dast, evidence.dast},       {Kind::license, evidence.license}};
}

/// The tools with a finding that satisfies this, each with the kind it was found as.
template <class Meant>
std::set<Source> finders(const EvidenceFacts& evidence, Meant&& meant) {
  std::set<Source> found;
  for (const Section& section : sections_of(evidence)) {
    if (!section.scan || !section.scan->findings) continue;
    for (const FindingFacts& finding : *section.scan->findings) {
      if (meant(finding)) found.emplace(section.kind, finding.tool);
    }
  }
  return found;
}

std::set<Source> complete_items(const EvidenceFacts& evidence) {
  std::set<Source> found;
  for (const ItemFacts& item : evidence.items) {
    if (item.status == ReportStatus::complete) found.emplace(item.kind, item.tool);
  }
  return found;
}

bool is_incomplete(const EvidenceFacts& evidence, Kind kind) {
  return std::ranges::any_of(evidence.items, [&](const ItemFacts& item) {
    return item.kind == kind && item.status != ReportStatus::complete;
  });
}

}  // namespace

bool was_looked_for(const EvidenceFacts& seen, const EvidenceFacts& there,
                    std::string_view violation) {
  auto wanted =
      finders(seen, [&](const FindingFacts& finding) { return finding.fingerprint == violation; });
  if (wanted.empty()) wanted = complete_items(seen);
  auto looked = complete_items(there);
  // Also those whose findings stand inside an SBOM; one without any says nothing of who looked.
  looked.merge(finders(there, [](const FindingFacts&) { return true; }));
  return !wanted.empty() && std::ranges::all_of(wanted, [&](const Source& source) {
    return looked.contains(source) && !is_incomplete(there, source.first);
  });
}

}  // namespace holdpoint::certification
