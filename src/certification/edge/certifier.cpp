// See certifier.hpp.
#include "certification/edge/certifier.hpp"

#include <algorithm>

#include "catalog/edge/catalog_queries.hpp"
#include "catalog/edge/configuration_queries.hpp"
#include "certification/edge/certification_edge.hpp"
#include "certification/looked_for.hpp"
#include "evidence/edge/evidence_queries.hpp"
#include "evidence/edge/triage_queries.hpp"
#include "waivers/edge/waiver_queries.hpp"

namespace holdpoint::certification {
namespace {

/// By the release that showed what it waives, as that was judged last.
bool was_looked_for(engine::Unit& unit, const EvidenceFacts& there, const waivers::Waiver& waiver) {
  const auto seen = latest_certification(unit.tables(), unit.workspace(), waiver.release);
  const auto facts = seen ? facts_of(unit.objects(), *seen) : Result<Facts>(Facts{});
  return facts && was_looked_for(facts->evidence, there, waiver.violation);
}

constexpr Duration kRejudgeInterval = Duration::hours(1);

using engine::must;

ObjectRef keep(engine::Unit& unit, std::string_view bytes) {
  return ObjectRef{must(unit.objects().put(bytes)).digest};
}

std::vector<JudgedPiece> pieces_of(engine::Unit& unit,
                                   const std::vector<evidence::Evidence>& current) {
  std::vector<JudgedPiece> pieces;
  for (const evidence::Evidence& one : current) {
    pieces.push_back({one.id.text(), one.name, one.kind, one.received_at, one.metadata,
                      must(evidence::summary_of(unit.objects(), one))});
  }
  return pieces;
}

/// Without what moves with the time of the judgement: a remedy stays due when it was, as long as
/// nothing else changed.
Verdict undated(Verdict verdict) {
  for (CriteriaView& criteria : verdict.criteria) {
    for (RuleView& rule : criteria.rules) {
      if (rule.remedy) rule.remedy->due.reset();
    }
  }
  return verdict;
}

}  // namespace

Certifier::Certifier(std::shared_ptr<policy::CriteriaLibrary> library, Ed25519Key key,
                     std::string server_name, CountDeployments count_deployments)
    : library_(std::move(library)),
      key_(std::move(key)),
      server_name_(std::move(server_name)),
      count_deployments_(std::move(count_deployments)) {}

Certifier::Judged Certifier::judge_release(engine::Unit& unit, const releases::Release& release) {
  auto& tables = unit.tables();
  const auto application =
      catalog::Applications::find(tables, unit.workspace(), release.application);
  HP_ASSERT(application.has_value(), "CE-1: a release's application is never removed");
  const auto current = evidence::current_evidence(tables, unit.workspace(), release.id.text());
  const auto in_force = policy::criteria_in_force(tables, unit.workspace());
  Judged judged;
  std::vector<policy::CompiledCriteria> compiled;
  std::vector<evidence::Piece> named;
  for (const auto& one : current) named.push_back(one.piece());
  for (const policy::Policy& criteria : in_force) {
    judged.record.criteria.push_back({criteria.name, criteria.digest, {criteria.document}});
    auto ready = library_->compiled(criteria, unit.objects());
    if (ready) {
      compiled.push_back(std::move(*ready));
    } else {
      judged.verdict.obstacles = {Obstacle::criteria_unreadable};
    }
  }
  const auto contents = must(releases::contents_of(unit.objects(), release));
  judged.facts = make_facts(unit.now(), application->record, release.id.text(), release.version,
                            contents, pieces_of(unit, current));
  judged.facts.record = team_record(tables, unit.workspace(), application->record,
                                    release.id.text(), count_deployments_, unit.now());
  set_waivers(judged.facts, waivers::waivers_in_force(tables, unit.workspace(), release.application,
                                                      release.id.text(), unit.now()));
  const auto triage = evidence::triage_of(tables, unit.workspace(), release.application);
  if (!triage.empty()) {
    add_dispositions(judged.facts, triage, evidence::contributors_of(tables, contents));
  }
  const bool unreadable = !judged.verdict.obstacles.empty();
  judged.verdict = judge(judged.facts, compiled);
  if (unreadable) {
    judged.verdict.obstacles.push_back(Obstacle::criteria_unreadable);
    judged.verdict.passed = false;
    // Time does not make them readable, and no document on trial would have changed that.
    judged.verdict.unblocks_at.reset();
    for (CriteriaView& one : judged.verdict.criteria) {
      if (one.would_flip) one.would_flip = false;
    }
  }
  judged.time_matters = depends_on_time(compiled);
  judged.application_changed_at = application->changed_at;
  judged.record.release = release.id.text();
  judged.record.application = release.application;
  judged.record.version = release.version;
  judged.record.evidence_digest = evidence::evidence_digest(named);
  judged.record.criteria_digest = policy::criteria_digest(in_force);
  return judged;
}

void Certifier::end_moot_waivers(engine::Unit& unit, const Judged& judged) {
  const Record& record = judged.record;
  const auto open =
      waivers::open_waivers(unit.tables(), unit.workspace(), record.application, record.release);
  if (open.empty()) return;
  const bool is_newest = newest_judged_release(unit.tables(), unit.workspace(), record.application,
                                               record.release) == record.release;
  const bool is_whole = is_complete(judged.facts, judged.verdict);
  for (const waivers::Waiver& one : open) {
    const auto standing = rule_standing(judged.verdict, one.criteria, one.rule);
    waivers::Judgement judgement{record.release, is_newest, is_whole};
    if (one.scope == waivers::Scope::application && waivers::is_moot(one, judgement, standing)) {
      judgement.is_complete = was_looked_for(unit, judged.facts.evidence, one);
    }
    if (!waivers::is_moot(one, judgement, standing)) continue;
    std::string because = "the violation is gone";
    if (one.scope == waivers::Scope::application) {
      because += " from " + record.application + "@" + record.version +
                 ", the newest release that was judged";
    }
    unit.record({"waiver", one.id.text()},
                waivers::WaiverEnded{one.id, waivers::State::moot, std::move(because)});
  }
}

Certification Certifier::certify(engine::Unit& unit, const releases::Release& release,
                                 Occasion occasion) {
  Judged judged = judge_release(unit, release);
  end_moot_waivers(unit, judged);
  if (judged.time_matters) {
    const Instant next = unit.now() + kRejudgeInterval;
    const Instant opens = judged.verdict.unblocks_at.value_or(next);
    unit.set_timer(kRejudgeTimer, release.id.text(), std::min(next, opens));
  }
  const auto standing = latest_certification(unit.tables(), unit.workspace(), release.id.text());
  const bool same_application = standing && standing->at >= judged.application_changed_at;
  const bool same_inputs = standing && standing->evidence_digest == judged.record.evidence_digest &&
                           standing->criteria_digest == judged.record.criteria_digest;
  const bool drifted =
      standing && occasion == Occasion::asked &&
      catalog::has_drifted(unit.tables(), unit.workspace(), release.application, standing->at);
  if (same_application && same_inputs && !drifted && standing->state != State::revoked) {
    // An earlier verdict that cannot be read counts as another one: the release is recorded anew.
    const auto earlier = verdict_of(unit.objects(), *standing);
    if (earlier && to_json_text(undated(*earlier)) == to_json_text(undated(judged.verdict))) {
      return *standing;
    }
  }
  if (standing) judged.record.supersedes = standing->id;
  judged.record.id = unit.new_id<CertificationId>();
  record(unit, judged);
  return *get_certification(unit.tables(), unit.workspace(), judged.record.id.text());
}

void Certifier::record(engine::Unit& unit, Judged& judged) {
  judged.record.facts = keep(unit, to_json_text(judged.facts));
  judged.record.verdict = keep(unit, to_json_text(judged.verdict));
  const ledger::Subject subject{"release", judged.record.release};
  if (!judged.verdict.passed) {
    unit.record(subject,
                CertificationRefused{judged.record, shortfall_of(judged.facts, judged.verdict)});
    return;
  }
  const auto statement =
      make_statement(judged.record, judged.facts, waivers_used(judged.verdict.criteria),
                     server_name_ + "/" + unit.workspace());
  if (!statement) {
    throw engine::StoreFailed(engine::StoreFailure::other,
                              Fault{FaultKind::invalid, "statement", statement.error().text()});
  }
  const auto envelope =
      ledger::sign_dsse(std::string(ledger::in_toto_payload_type), *statement, key_);
  const auto rekor = ledger::rekor_entry_of(envelope, key_.public_key());
  HP_ASSERT(rekor.has_value(), "CE-2: our own signature verifies");
  unit.record(subject, CertificationIssued{judged.record, keep(unit, *statement),
                                           keep(unit, ledger::encode_dsse(envelope))});
  unit.record_rekor(*rekor);
}

}  // namespace holdpoint::certification
