// See evidence.hpp.
#include "evidence/evidence.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace holdpoint::evidence {
namespace {

bool is_plain(std::string_view text) {
  return is_utf8(text) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

bool is_scan(Kind kind) {
  return kind == Kind::sast || kind == Kind::sca || kind == Kind::secrets || kind == Kind::iac ||
         kind == Kind::dast || kind == Kind::license;
}

}  // namespace

Counts counts_of(const Summary& summary) {
  Counts counts;
  if (summary.tests) {
    counts.tests = summary.tests;
    counts.tests->failures_cut += static_cast<std::int64_t>(counts.tests->failures.size());
    counts.tests->failures.clear();
  }
  counts.coverage = summary.coverage;
  if (summary.findings) {
    counts.open = summary.findings->open;
    counts.suppressed = summary.findings->suppressed;
  }
  if (summary.components) counts.components = summary.components->count;
  return counts;
}

Decided<Declared> check(Declared declared) {
  JsonIssues issues;
  if (declared.name.size() > evidence_name_bytes_max || !is_plain(declared.name)) {
    issues.push_back({"name", "expected at most 255 bytes without control characters", 0});
  }
  if (declared.metadata.size() > metadata_values_max) {
    issues.push_back({"", "more than 40 values of metadata", 0});
  }
  for (const auto& [name, value] : declared.metadata) {
    if (value.size() > metadata_value_bytes_max || !is_plain(value) || !is_plain(name)) {
      issues.push_back({is_plain(name) ? name : "",
                        "expected at most 1024 bytes without control characters", 0});
    }
  }
  if (issues.empty()) return declared;
  Refusal refusal{RefusalKind::invalid, "invalid_evidence",
                  "What is stated beside the report is not as expected."};
  refusal.issues = std::move(issues);
  return refuse(std::move(refusal));
}

Kind effective_kind(const Summary& summary, std::optional<Kind> declared,
                    std::optional<Kind> superseded) {
  if (!declared) {
    const bool lost = summary.kind == Kind::unknown && summary.status != ReportStatus::complete;
    return lost ? superseded.value_or(Kind::unknown) : summary.kind;
  }
  const bool undecided = summary.kind == Kind::unknown || summary.kind == Kind::generic;
  if (undecided || (is_scan(summary.kind) && is_scan(*declared))) return *declared;
  return summary.kind;
}

Digest evidence_digest(std::span<const Piece> pieces) {
  std::vector<Piece> sorted(pieces.begin(), pieces.end());
  std::ranges::sort(sorted, {}, &Piece::id);
  return sha256(to_json_text(sorted));
}

Refusal evidence_not_found(std::string_view id) {
  return Refusal{RefusalKind::not_found, "evidence_not_found",
                 "There is no evidence " + std::string(id) + " in this workspace."};
}

}  // namespace holdpoint::evidence
