// The table of certifications, and what makes a release be judged: its proposal and new evidence at
// once, inside the same commit (F2); new criteria or a changed application soon, by timers, so that
// one change does not hold up the writer; and the passing of time, hourly, for criteria that depend
// on it.
#include "catalog/edge/catalog_queries.hpp"
#include "certification/edge/certification_edge.hpp"
#include "certification/edge/outcomes.hpp"
#include "engine/columns.hpp"
#include "evidence/evidence.hpp"
#include "waivers/edge/waiver_queries.hpp"

namespace holdpoint::certification {
namespace {

void insert(engine::Connection& tables, const engine::Recorded& recorded, const Record& record,
            Certification outcome) {
  static const std::string sql =
      "INSERT INTO certification (workspace, " + engine::columns::names<Certification>() +
      ") VALUES (" + engine::columns::placeholders(1 + engine::columns::count<Certification>) + ")";
  if (record.supersedes) {
    tables.exec(
        "UPDATE certification SET superseded_by = $1, state = CASE state WHEN 'revoked' THEN"
        " 'revoked' ELSE 'superseded' END WHERE workspace = $2 AND id = $3",
        record.id, recorded.workspace, *record.supersedes);
  }
  outcome.id = record.id;
  outcome.release = record.release;
  outcome.application = record.application;
  outcome.version = record.version;
  outcome.at = recorded.at;
  outcome.evidence_digest = record.evidence_digest;
  outcome.criteria_digest = record.criteria_digest;
  outcome.facts_digest = record.facts.digest;
  outcome.verdict_digest = record.verdict.digest;
  outcome.judged_by = record.criteria;
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add_all(outcome);
  tables.run(sql, bound.args(), {});
}

void fold_issued(engine::Connection& tables, const engine::Recorded& recorded,
                 const CertificationIssued& issued) {
  Certification outcome;
  outcome.state = State::certified;
  outcome.statement_digest = issued.statement.digest;
  outcome.envelope_digest = issued.envelope.digest;
  insert(tables, recorded, issued.record, std::move(outcome));
  fold_certified(tables, recorded, issued.record.release, issued.record.application);
}

Grounds grounds_of(std::optional<Shortfall> shortfall) {
  if (!shortfall) return Grounds::untold;
  switch (*shortfall) {
    case Shortfall::failed: return Grounds::failed;
    case Shortfall::incomplete: return Grounds::incomplete;
  }
  return Grounds::untold;
}

void fold_refused(engine::Connection& tables, const engine::Recorded& recorded,
                  const Record& record, std::optional<Shortfall> shortfall) {
  Certification outcome;
  outcome.state = State::refused;
  outcome.shortfall = shortfall;
  insert(tables, recorded, record, std::move(outcome));
  fold_refusal(tables, recorded, record.release, record.application, grounds_of(shortfall));
}

void fold_revoked(engine::Connection& tables, const engine::Recorded& recorded,
                  const CertificationRevoked& revoked) {
  tables.exec(
      "UPDATE certification SET state = 'revoked', revoked_because = $1, revoked_at = $2"
      " WHERE workspace = $3 AND id = $4",
      revoked.reason, recorded.at, recorded.workspace, revoked.id);
  fold_revocation(tables, recorded, revoked.release);
}

/// "all" when other criteria came into force.
std::optional<std::string> criteria_changed(const engine::Recorded& recorded) {
  if (recorded.type != policy::PolicyActivated::event_type) return std::nullopt;
  const auto activated = engine::body_of<policy::PolicyActivated>(recorded.body);
  const auto criteria = policy::kind_name(policy::Kind::certification_criteria);
  for (const policy::PolicyChange& change : activated.changes) {
    if (change.kind == criteria) return "all";
  }
  return std::nullopt;
}

/// Judges again, unless a person took the last certification back: then only a person asks anew.
void rejudge(engine::Unit& unit, Certifier& certifier, std::string_view release_id) {
  const auto standing = latest_certification(unit.tables(), unit.workspace(), release_id);
  if (standing && standing->state == State::revoked) return;
  const auto release = releases::find_release(unit.tables(), unit.workspace(), release_id);
  if (release) certifier.certify(unit, *release, Occasion::followed);
}

void schedule_all(engine::Unit& unit) {
  unit.tables().exec(
      "INSERT INTO timer (workspace, kind, key, due)"
      " SELECT workspace, $1, release, $2 FROM certification"
      " WHERE workspace = $3 AND superseded_by IS NULL"
      " ON CONFLICT (workspace, kind, key) DO UPDATE SET due = excluded.due",
      kRejudgeTimer, unit.now(), unit.workspace());
}

void schedule_releases(engine::Unit& unit, const std::string& application) {
  unit.tables().exec(
      "INSERT INTO timer (workspace, kind, key, due)"
      " SELECT workspace, $1, release, $2 FROM certification"
      " WHERE workspace = $3 AND application = $4 AND superseded_by IS NULL"
      " ON CONFLICT (workspace, kind, key) DO UPDATE SET due = excluded.due",
      kRejudgeTimer, unit.now(), unit.workspace(), application);
}

/// An application's criticality, data classes and owners are facts of each of its releases. Those
/// of a retired one are not judged any more: nothing of it is going to ship.
void schedule_application(engine::Unit& unit, std::string_view application_id) {
  const auto id = catalog::ApplicationId::parse(application_id);
  if (!id) return;
  const auto application = catalog::Applications::get(unit.tables(), unit.workspace(), *id);
  if (!application || application->record.state == RecordState::retired) return;
  schedule_releases(unit, application->record.name);
}

/// The release that showed the findings.
std::optional<std::string> findings_triaged(const engine::Recorded& recorded) {
  const bool triaged = recorded.type == evidence::FindingsTriaged::event_type ||
                       recorded.type == evidence::TriageConfirmed::event_type;
  return triaged ? std::optional(recorded.subject.id) : std::nullopt;
}

/// The release at once; the others of its application, which may show the same, soon.
void follow_triage(engine::Unit& unit, Certifier& certifier, std::string_view release_id) {
  const auto release = releases::find_release(unit.tables(), unit.workspace(), release_id);
  if (!release) return;
  rejudge(unit, certifier, release_id);
  schedule_releases(unit, release->application);
}

std::optional<std::string> waiver_changed(const engine::Recorded& recorded) {
  const bool changed = recorded.type == waivers::WaiverGranted::event_type ||
                       recorded.type == waivers::WaiverEnded::event_type;
  return changed ? std::optional(recorded.subject.id) : std::nullopt;
}

/// What came into force or ended changes what its releases are judged on.
void follow_waiver(engine::Unit& unit, Certifier& certifier, std::string_view id) {
  const auto waiver = waivers::find_waiver(unit.tables(), unit.workspace(), id);
  if (!waiver || !waiver->granted_at) return;
  switch (waiver->scope) {
    case waivers::Scope::release: return rejudge(unit, certifier, waiver->release);
    case waivers::Scope::application: return schedule_releases(unit, waiver->application);
  }
}

}  // namespace

engine::Module module(std::shared_ptr<Certifier> certifier) {
  engine::Module module{.name = "certification"};
  module.tables.push_back({"certification", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS certification (workspace TEXT NOT NULL, " +
                               engine::columns::definitions<Certification>() +
                               ", PRIMARY KEY (workspace, id));"
                               "CREATE INDEX IF NOT EXISTS certification_release ON certification"
                               " (workspace, release);"
                               "CREATE INDEX IF NOT EXISTS certification_application ON"
                               " certification (workspace, application);",
                           "workspace, id"});
  auto outcomes = outcome_tables();
  for (engine::Table& table : outcomes) module.tables.push_back(std::move(table));
  module.events.push_back(engine::event<CertificationIssued>(fold_issued));
  module.events.push_back(engine::event<CertificationRefusedV1>(
      [](engine::Connection& tables, const engine::Recorded& recorded,
         const CertificationRefusedV1& refused) {
        fold_refused(tables, recorded, refused.record, std::nullopt);
      }));
  module.events.push_back(engine::event<CertificationRefused>(
      [](engine::Connection& tables, const engine::Recorded& recorded,
         const CertificationRefused& refused) {
        fold_refused(tables, recorded, refused.record, refused.shortfall);
      }));
  module.events.push_back(engine::event<CertificationRevoked>(fold_revoked));
  module.reactions.push_back(
      {"certification.judge",
       [](const engine::Recorded& recorded) -> std::optional<std::string> {
         const bool changes_facts = recorded.type == evidence::EvidenceReceived::event_type ||
                                    recorded.type == releases::ReleaseCreated::event_type;
         return changes_facts ? std::optional(recorded.subject.id) : std::nullopt;
       },
       [certifier](engine::Unit& unit, const std::string& release) {
         rejudge(unit, *certifier, release);
       }});
  module.reactions.push_back({"certification.criteria_changed", criteria_changed,
                              [](engine::Unit& unit, const std::string&) { schedule_all(unit); }});
  module.reactions.push_back({"certification.application_changed",
                              [](const engine::Recorded& recorded) -> std::optional<std::string> {
                                const bool changed =
                                    recorded.type == catalog::Application::changed_event;
                                return changed ? std::optional(recorded.subject.id) : std::nullopt;
                              },
                              schedule_application});
  module.reactions.push_back({"certification.findings_triaged", findings_triaged,
                              [certifier](engine::Unit& unit, const std::string& release) {
                                follow_triage(unit, *certifier, release);
                              }});
  module.reactions.push_back({"certification.waiver_changed", waiver_changed,
                              [certifier](engine::Unit& unit, const std::string& waiver) {
                                follow_waiver(unit, *certifier, waiver);
                              }});
  module.timers.push_back(
      {std::string(kRejudgeTimer), [certifier](engine::Unit& unit, const std::string& release) {
         rejudge(unit, *certifier, release);
       }});
  return module;
}

}  // namespace holdpoint::certification
