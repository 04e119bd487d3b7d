// The table of certifications, and what makes a release be judged: its proposal and new evidence at
// once, inside the same commit (F2); new criteria or a changed application soon, by timers, so that
// one change does not hold up the writer; and the passing of time, hourly, for criteria that depend
// on it.
#include "catalog/edge/catalog_queries.hpp"
#include "certification/edge/certification_edge.hpp"
#include "engine/columns.hpp"
#include "evidence/evidence.hpp"

namespace holdpoint::certification {
namespace {

void insert(engine::Connection& tables, const engine::Recorded& recorded, const Record& record,
            State state, std::optional<Digest> statement, std::optional<Digest> envelope) {
  static const std::string sql =
      "INSERT INTO certification (workspace, " + engine::columns::names<Certification>() +
      ") VALUES (" + engine::columns::placeholders(1 + engine::columns::count<Certification>) + ")";
  if (record.supersedes) {
    tables.exec(
        "UPDATE certification SET superseded_by = $1, state = CASE state WHEN 'revoked' THEN"
        " 'revoked' ELSE 'superseded' END WHERE workspace = $2 AND id = $3",
        record.id, recorded.workspace, *record.supersedes);
  }
  engine::columns::Bound bound;
  bound.add(recorded.workspace);
  bound.add_all(Certification{.id = record.id,
                              .release = record.release,
                              .application = record.application,
                              .version = record.version,
                              .state = state,
                              .at = recorded.at,
                              .evidence_digest = record.evidence_digest,
                              .criteria_digest = record.criteria_digest,
                              .facts_digest = record.facts.digest,
                              .verdict_digest = record.verdict.digest,
                              .judged_by = record.criteria,
                              .statement_digest = statement,
                              .envelope_digest = envelope,
                              .superseded_by = std::nullopt,
                              .revoked_because = std::nullopt});
  tables.run(sql, bound.args(), {});
}

/// Judges again, unless a person took the last certification back: then only a person asks anew.
void rejudge(engine::Unit& unit, Certifier& certifier, std::string_view release_id) {
  const auto standing = latest_certification(unit.tables(), unit.workspace(), release_id);
  if (standing && standing->state == State::revoked) return;
  const auto release = releases::find_release(unit.tables(), unit.workspace(), release_id);
  if (release) certifier.certify(unit, *release);
}

void schedule_all(engine::Unit& unit) {
  unit.tables().exec(
      "INSERT INTO timer (workspace, kind, key, due)"
      " SELECT workspace, $1, release, $2 FROM certification"
      " WHERE workspace = $3 AND superseded_by IS NULL"
      " ON CONFLICT (workspace, kind, key) DO UPDATE SET due = excluded.due",
      kRejudgeTimer, unit.now(), unit.workspace());
}

/// An application's criticality, data classes and owners are facts of each of its releases.
void schedule_application(engine::Unit& unit, std::string_view application_id) {
  const auto id = catalog::ApplicationId::parse(application_id);
  if (!id) return;
  const auto application = catalog::Applications::get(unit.tables(), unit.workspace(), *id);
  if (!application) return;
  unit.tables().exec(
      "INSERT INTO timer (workspace, kind, key, due)"
      " SELECT workspace, $1, release, $2 FROM certification"
      " WHERE workspace = $3 AND application = $4 AND superseded_by IS NULL"
      " ON CONFLICT (workspace, kind, key) DO UPDATE SET due = excluded.due",
      kRejudgeTimer, unit.now(), unit.workspace(), application->record.name);
}

}  // namespace

engine::Module module(std::shared_ptr<Certifier> certifier) {
  engine::Module module{.name = "certification"};
  module.tables.push_back({"certification", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS certification (workspace TEXT NOT NULL, " +
                               engine::columns::definitions<Certification>() +
                               ", PRIMARY KEY (workspace, id));"
                               "CREATE INDEX IF NOT EXISTS certification_release ON certification"
                               " (workspace, release);",
                           "workspace, id"});
  module.events.push_back(engine::event<CertificationIssued>([](engine::Connection& tables,
                                                                const engine::Recorded& recorded,
                                                                const CertificationIssued& issued) {
    insert(tables, recorded, issued.record, State::certified, issued.statement.digest,
           issued.envelope.digest);
  }));
  module.events.push_back(engine::event<CertificationRefused>(
      [](engine::Connection& tables, const engine::Recorded& recorded,
         const CertificationRefused& refused) {
        insert(tables, recorded, refused.record, State::refused, std::nullopt, std::nullopt);
      }));
  module.events.push_back(engine::event<CertificationRevoked>(
      [](engine::Connection& tables, const engine::Recorded& recorded,
         const CertificationRevoked& revoked) {
        tables.exec(
            "UPDATE certification SET state = 'revoked', revoked_because = $1"
            " WHERE workspace = $2 AND id = $3",
            revoked.reason, recorded.workspace, revoked.id);
      }));
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
  module.reactions.push_back({"certification.criteria_changed",
                              [](const engine::Recorded& recorded) -> std::optional<std::string> {
                                if (recorded.type != policy::CriteriaApplied::event_type)
                                  return std::nullopt;
                                return "all";
                              },
                              [](engine::Unit& unit, const std::string&) { schedule_all(unit); }});
  module.reactions.push_back({"certification.application_changed",
                              [](const engine::Recorded& recorded) -> std::optional<std::string> {
                                const bool changed =
                                    recorded.type == catalog::Application::changed_event;
                                return changed ? std::optional(recorded.subject.id) : std::nullopt;
                              },
                              schedule_application});
  module.timers.push_back(
      {std::string(kRejudgeTimer), [certifier](engine::Unit& unit, const std::string& release) {
         rejudge(unit, *certifier, release);
       }});
  return module;
}

}  // namespace holdpoint::certification
