// See model.hpp.
#include "sim/model.hpp"

namespace holdpoint::sim {

void Model::apply_criteria(CriteriaVariant variant) {
  if (criteria_ == variant) return;
  criteria_ = variant;
  criteria_changed_ = true;
}

int Model::create_release(const std::string& version, bool with_artifact) {
  const auto found = releases_.find(version);
  if (found != releases_.end()) return found->second.with_artifact == with_artifact ? 200 : 409;
  releases_[version].with_artifact = with_artifact;
  changed_.insert(version);
  return 201;
}

int Model::add_evidence(const std::string& version, const std::string& name, const Report& report) {
  const auto found = releases_.find(version);
  if (found == releases_.end()) return 404;
  ModelRelease& release = found->second;
  const auto same = release.current.find(name);
  if (same != release.current.end() && same->second == report) return 200;
  release.current[name] = report;
  release.received.emplace_back(name, report);
  ++release.evidence_version;
  changed_.insert(version);
  return 201;
}

int Model::certify(const std::string& version) {
  const auto found = releases_.find(version);
  if (found == releases_.end()) return 404;
  judge(found->second);
  return 200;
}

int Model::revoke(const std::string& version, int certification) {
  ModelRelease& release = releases_.at(version);
  const bool stands =
      release.certifications == certification && release.standing == Standing::certified;
  if (!stands) return 409;
  release.standing = Standing::revoked;
  return 200;
}

void Model::react() {
  for (const std::string& version : changed_) rejudge(releases_.at(version));
  changed_.clear();
}

void Model::fire_timers() {
  if (!criteria_changed_) return;
  criteria_changed_ = false;
  for (auto& [version, release] : releases_) {
    if (release.standing != Standing::none) rejudge(release);
  }
}

bool Model::passes(const ModelRelease& release) const {
  if (!criteria_ || !criteria_->enforced || !release.with_artifact) return false;
  int tests = 0;
  int failures = 0;
  int criticals = 0;
  bool scanned = false;
  for (const auto& [name, report] : release.current) {
    tests += report.tests + report.failures;
    failures += report.failures;
    criticals += report.criticals;
    scanned |= report.kind == Report::Kind::sast;
  }
  return tests > 0 && failures == 0 && scanned && criticals <= criteria_->criticals_allowed;
}

void Model::judge(ModelRelease& release) const {
  const bool as_before =
      release.judged_evidence == release.evidence_version && release.judged_criteria == criteria_;
  const bool stands =
      release.standing == Standing::certified || release.standing == Standing::refused;
  if (stands && as_before) return;
  release.standing = passes(release) ? Standing::certified : Standing::refused;
  release.judged_evidence = release.evidence_version;
  release.judged_criteria = criteria_;
  ++release.certifications;
}

void Model::rejudge(ModelRelease& release) const {
  if (release.standing != Standing::revoked) judge(release);
}

GateExpectation Model::gate(const std::string& version, const std::string& environment) const {
  GateExpectation expected;
  const auto found = releases_.find(version);
  if (found == releases_.end()) {
    expected.codes.insert("release_not_found");
  } else if (environment == "production") {
    const ModelRelease& release = found->second;
    if (release.standing == Standing::none) expected.codes.insert("not_certified");
    if (release.standing == Standing::revoked) expected.codes.insert("certification_revoked");
    if (release.standing == Standing::refused) expected.codes.insert("certification_refused");
    if (release.judged_evidence != release.evidence_version) {
      expected.codes.insert("evidence_changed");
    }
    if (release.judged_criteria != criteria_) expected.codes.insert("criteria_changed");
  }
  expected.open = expected.codes.empty();
  return expected;
}

}  // namespace holdpoint::sim
