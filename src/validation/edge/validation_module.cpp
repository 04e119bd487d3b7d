// The tables of validation, how they are folded, and how a report of tests reaches them: once it is
// evidence, its summary is read and what it says of tests is recorded. Folds read no summary.
#include "evidence/edge/evidence_queries.hpp"
#include "validation/edge/validation_edge.hpp"

namespace holdpoint::validation {
namespace {

/// An event has to fit into an entry, with all that stands around its results.
constexpr std::size_t kResultsBytesMax = 48'000;

void fold_run(engine::Connection& tables, const engine::Recorded& recorded, const TestsRun& run) {
  if (run.part == 0) {
    tables.exec(
        "INSERT INTO test_run (workspace, evidence, release, seq, at, cases_cut, results_cut,"
        " unknown_requirements) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        recorded.workspace, run.evidence, run.release, static_cast<std::int64_t>(recorded.seq),
        recorded.at, run.cases_cut, run.results_cut, run.unknown_requirements);
  }
  for (const Result& result : run.results) {
    engine::columns::Bound bound;
    bound.add(recorded.workspace);
    bound.add(run.evidence);
    bound.add(result.test());
    bound.add(result.name);
    bound.add(result.test_case);
    bound.add(run.release);
    bound.add(run.application);
    bound.add(recorded.seq);
    bound.add(recorded.at);
    bound.add(result.outcome);
    bound.add(result.cases);
    bound.add(result.failing);
    bound.add(result.requirements);
    tables.run(
        "INSERT INTO test_execution (workspace, evidence, test, name, test_case, release,"
        " application, seq, at, outcome, cases, failing, requirements)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        bound.args(), {});
  }
}

void record_parts(engine::Unit& unit, TestsRun run, std::vector<Result> results) {
  const ledger::Subject subject{"release", run.release};
  std::size_t bytes = 0;
  const auto record = [&] {
    unit.record(subject, run);
    ++run.part;
    run.results.clear();
    bytes = 0;
  };
  for (Result& result : results) {
    const std::size_t size = to_json_text(result).size() + 1;
    if (!run.results.empty() && bytes + size > kResultsBytesMax) record();
    bytes += size;
    run.results.push_back(std::move(result));
  }
  record();
}

/// Reads the report again only in so far as its summary tells the cases.
void read_report(engine::Unit& unit, const std::string& id) {
  if (!has_anything_to_test(unit.tables(), unit.workspace())) return;
  const auto piece = evidence::get_evidence(unit.tables(), unit.workspace(), id);
  if (!piece || !piece->counts.tests) return;
  const auto release = releases::find_release(unit.tables(), unit.workspace(), piece->release);
  if (!release) return;
  const auto summary = evidence::summary_of(unit.objects(), *piece);
  // What cannot be read now is found by the audit; nothing is claimed about the tests.
  if (!summary || !summary->test_cases) return;
  auto matched = match(*summary->test_cases,
                       known_tests(unit.tables(), unit.workspace(), *summary->test_cases));
  if (matched.results.empty() && summary->test_cases->cut == 0) return;
  TestsRun run;
  run.evidence = id;
  run.release = piece->release;
  run.application = release->application;
  run.summary = {piece->summary_digest};
  run.cases_cut = summary->test_cases->cut;
  run.results_cut = matched.results_cut;
  run.unknown_requirements = matched.unknown_requirements;
  record_parts(unit, std::move(run), std::move(matched.results));
}

std::optional<std::string> tested_evidence(const engine::Recorded& recorded) {
  if (recorded.type != evidence::EvidenceReceived::event_type) return std::nullopt;
  const auto received = engine::body_of<evidence::EvidenceReceived>(recorded.body);
  return received.counts.tests ? std::optional(received.id.text()) : std::nullopt;
}

engine::Module runs_module() {
  engine::Module module{.name = "test_runs"};
  module.tables.push_back(
      {"test_run", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS test_run (workspace TEXT NOT NULL, evidence TEXT NOT NULL,"
       " release TEXT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL,"
       " cases_cut BIGINT NOT NULL, results_cut BIGINT NOT NULL,"
       " unknown_requirements BIGINT NOT NULL, PRIMARY KEY (workspace, evidence));"
       "CREATE INDEX IF NOT EXISTS test_run_release ON test_run (workspace, release);",
       "workspace, evidence"});
  module.tables.push_back(
      {"test_execution", engine::TableClass::projection,
       "CREATE TABLE IF NOT EXISTS test_execution (workspace TEXT NOT NULL,"
       " evidence TEXT NOT NULL, test TEXT NOT NULL, name TEXT NOT NULL, test_case TEXT,"
       " release TEXT NOT NULL, application TEXT NOT NULL, seq BIGINT NOT NULL,"
       " at BIGINT NOT NULL, outcome TEXT NOT NULL, cases BIGINT NOT NULL,"
       " failing BIGINT NOT NULL, requirements TEXT NOT NULL,"
       " PRIMARY KEY (workspace, evidence, test));"
       "CREATE INDEX IF NOT EXISTS test_execution_release ON test_execution"
       " (workspace, release, seq);"
       "CREATE INDEX IF NOT EXISTS test_execution_time ON test_execution (workspace, at);",
       "workspace, evidence, test"});
  module.events.push_back(engine::event<TestsRun>(fold_run));
  module.reactions.push_back({"validation.report_received", tested_evidence, read_report});
  return module;
}

}  // namespace

std::vector<engine::Module> modules() { return {TestCases::module(), runs_module()}; }

}  // namespace holdpoint::validation
