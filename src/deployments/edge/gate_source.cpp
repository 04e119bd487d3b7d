// See gate_source.hpp.
#include "deployments/edge/gate_source.hpp"

#include "catalog/edge/catalog_queries.hpp"
#include "catalog/edge/configuration_queries.hpp"
#include "deployments/edge/change_record.hpp"
#include "deployments/promotion.hpp"
#include "evidence/edge/evidence_queries.hpp"
#include "incidents/edge/incident_queries.hpp"
#include "releases/edge/release_queries.hpp"
#include "waivers/edge/waiver_queries.hpp"

namespace holdpoint::deployments {
namespace {

GateFacts::Standing standing_of(engine::ObjectStore& objects,
                                const certification::Certification& found) {
  GateFacts::Standing standing{.state = found.state,
                               .id = found.id.text(),
                               .at = found.at,
                               .evidence_digest = found.evidence_digest,
                               .criteria_digest = found.criteria_digest,
                               .revoked_because = found.revoked_because,
                               .verdict = std::nullopt};
  if (found.state == certification::State::refused) {
    if (auto verdict = certification::verdict_of(objects, found)) {
      standing.verdict = std::move(*verdict);
    }
  }
  return standing;
}

}  // namespace

void GateSource::gather_policies(const Snapshot& snapshot, Purpose purpose, Gathered& out) const {
  bool asks_for_record = purpose == Purpose::record;
  const auto in_force =
      policy::policies_in_force(snapshot.tables, snapshot.workspace, policy::Kind::gate_policy);
  out.policies_digest = policy::criteria_digest(in_force);
  for (const policy::Policy& one : in_force) {
    out.policies.push_back({one.name, one.digest, ObjectRef{one.document}});
    auto ready = library_->compiled(one, snapshot.objects);
    if (!ready) {
      out.facts.policies.reset();
      out.lasts = false;
      return;
    }
    const policy::CriteriaDocument& document = ready->document();
    if (document.mode != policy::Mode::off) {
      asks_for_record |= policy::mentions(document, "record");
      if (asks_for_record || policy::mentions(document, "now")) out.lasts = false;
    }
    out.facts.policies->push_back(std::move(*ready));
  }
  if (asks_for_record) {
    out.facts.record =
        certification::team_record(snapshot.tables, snapshot.workspace, out.facts.application,
                                   out.facts.release_id, count_deployments, snapshot.now);
  }
}

void GateSource::judge_now(const Snapshot& snapshot, const certification::Certification& found,
                           Gathered& out) const {
  GateFacts::Standing& standing = *out.facts.certification;
  if (standing.state != certification::State::certified) return;
  const auto cannot_tell = [&] {
    standing.state = certification::State::refused;  // without a verdict: the gate is unknown
    out.lasts = false;
  };
  std::vector<policy::CompiledCriteria> compiled;
  for (const auto& criteria : policy::criteria_in_force(snapshot.tables, snapshot.workspace)) {
    auto ready = library_->compiled(criteria, snapshot.objects);
    if (!ready) return cannot_tell();
    compiled.push_back(std::move(*ready));
  }
  const bool is_waived = waivers::may_be_waived(snapshot.tables, snapshot.workspace,
                                                found.application, found.release, found.at);
  const bool moves = certification::depends_on_time(compiled);
  if (!moves && !is_waived) return;
  auto facts = certification::facts_of(snapshot.objects, found);
  if (!facts) return cannot_tell();
  facts->now = {snapshot.now};
  auto waivers = waivers::waivers_in_force(snapshot.tables, snapshot.workspace, found.application,
                                           found.release, snapshot.now);
  for (const policy::WaiverFacts& one : waivers) {
    out.waived_until = std::min(out.waived_until.value_or(one.until.at), one.until.at);
  }
  certification::set_waivers(*facts, std::move(waivers));
  facts->record =
      certification::team_record(snapshot.tables, snapshot.workspace, out.facts.application,
                                 found.release, count_deployments, snapshot.now);
  auto verdict = certification::judge(*facts, compiled);
  if (!verdict.passed) {
    standing.state = certification::State::refused;
    standing.verdict = std::move(verdict);
  } else {
    standing.waivers =
        static_cast<std::int64_t>(certification::waivers_used(verdict.criteria).size());
  }
  if (!moves) return;
  out.lasts = false;
  out.facts.certification_moves = true;
}

void GateSource::gather_certification(const Snapshot& snapshot, const GateQuestion& question,
                                      Gathered& out) const {
  GateFacts& facts = out.facts;
  facts.evidence_digest =
      evidence::current_evidence_digest(snapshot.tables, snapshot.workspace, facts.release_id);
  facts.criteria_digest =
      policy::criteria_digest(policy::criteria_in_force(snapshot.tables, snapshot.workspace));
  const auto found =
      certification::latest_certification(snapshot.tables, snapshot.workspace, facts.release_id);
  if (!found) return;
  facts.certification = standing_of(snapshot.objects, *found);
  judge_now(snapshot, *found, out);
  out.certification = found->id.text();
  facts.drift = catalog::configuration_drift(snapshot.tables, snapshot.workspace,
                                             question.application, question.environment, found->at);
}

void GateSource::gather_approval(const Snapshot& snapshot, const GateQuestion& question,
                                 Gathered& out) const {
  out.facts.approval = approvals_.standing(
      snapshot, promotion_id(question.application, question.version, question.environment));
  if (!out.facts.approval.lasts) out.lasts = false;
}

void GateSource::gather_changes(const Snapshot& snapshot, const GateQuestion& question,
                                Gathered& out) const {
  const changes::Place place{question.application, question.environment};
  out.facts.change = changes_.governing(snapshot, out.facts.release_id, place);
  // Windows open and close, and approvals run out.
  if (out.facts.change) out.lasts = false;
  const auto frozen = catalog::freezes_at(
      out.facts.freezes, {question.application, question.environment}, snapshot.now);
  if (frozen.empty()) return;
  out.facts.lift = changes_.lift(snapshot, place, out.facts.release_id);
  if (out.facts.lift) out.lasts = false;
}

Result<Decided<Gathered>> GateSource::gather(const Snapshot& snapshot, const GateQuestion& question,
                                             Purpose purpose) const {
  Gathered out;
  GateFacts& facts = out.facts;
  facts.now = snapshot.now;
  auto& tables = snapshot.tables;
  auto application = catalog::Applications::find(tables, snapshot.workspace, question.application);
  if (!application) {
    return Decided<Gathered>(catalog::Applications::not_found(question.application));
  }
  auto environment = catalog::Environments::find(tables, snapshot.workspace, question.environment);
  if (!environment) {
    return Decided<Gathered>(refuse(environment_not_found(question.environment)));
  }
  facts.application_changed_at = application->changed_at;
  facts.application = std::move(application->record);
  facts.environment = std::move(environment->record);
  facts.freezes = catalog::freezes_in_force(tables, snapshot.workspace);
  const auto release = releases::find_release(tables, snapshot.workspace,
                                              question.application + "@" + question.version);
  if (!release) return Decided<Gathered>(std::move(out));
  facts.release_exists = true;
  facts.release_id = release->id.text();
  HP_TRY(auto contents, releases::contents_of(snapshot.objects, *release));
  facts.artifacts = std::move(contents.artifacts);
  gather_certification(snapshot, question, out);
  facts.incidents = incidents::open_incidents(tables, snapshot.workspace);
  gather_policies(snapshot, purpose, out);
  gather_approval(snapshot, question, out);
  gather_changes(snapshot, question, out);
  return Decided<Gathered>(std::move(out));
}

}  // namespace holdpoint::deployments
