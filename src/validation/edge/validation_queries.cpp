// See validation_queries.hpp.
#include "validation/edge/validation_queries.hpp"

#include <algorithm>

#include "evidence/edge/evidence_queries.hpp"
#include "workitems/edge/workitem_queries.hpp"

namespace holdpoint::validation {
namespace {

using workitems::WorkItem;
using workitems::WorkItems;

/// The reader that lists cases, and those after it.
constexpr std::int64_t kListingParserVersion = 2;

bool is_requirement(const WorkItem& item) { return item.type == workitems::Type::requirement; }

std::set<std::string> delivered_by(engine::Connection& tables, std::string_view workspace,
                                   const releases::Release& release) {
  std::set<std::string> ids;
  tables.query(
      "SELECT from_id FROM record_link WHERE workspace = $1 AND to_kind = 'release' AND to_id = $2"
      " AND from_kind = 'work_item' AND relation IN ('delivers', 'implements')",
      [&](const engine::Row& row) { ids.emplace(row.text(0)); }, workspace, release.id);
  return ids;
}

void add_requirements(engine::Connection& tables, std::string_view workspace,
                      const releases::Release& release, CoverageFacts& facts) {
  const std::set<std::string> delivered = delivered_by(tables, workspace, release);
  constexpr std::size_t page = 500;
  std::string after;
  while (true) {
    const auto rows = WorkItems::list(tables, workspace, after, page, {{"type", "requirement"}});
    for (const auto& stored : rows) {
      const WorkItem& item = stored.record;
      const bool is_delivered = delivered.contains(item.id.text());
      const bool is_of_application =
          std::ranges::find(item.applications, release.application) != item.applications.end() &&
          item.state != workitems::State::rejected;
      if (!is_delivered && !is_of_application) continue;
      if (facts.requirements.size() >= requirements_max) {
        ++facts.requirements_cut;
        continue;
      }
      facts.requirements.push_back(
          {item.id.text(), item.name, item.title, item.state, is_delivered});
    }
    if (rows.size() < page) return;
    after = rows.back().record.name;
  }
}

void add_cases(engine::Connection& tables, std::string_view workspace, CoverageFacts& facts) {
  tables.query(
      "SELECT l.to_id, c.id, c.name FROM record_link l JOIN test_case c"
      " ON c.workspace = l.workspace AND c.id = l.from_id"
      " WHERE l.workspace = $1 AND l.from_kind = 'test_case' AND l.relation = $2"
      " AND l.to_kind = 'work_item' AND c.state = 'active'",
      [&](const engine::Row& row) {
        facts.cases_of[std::string(row.text(0))].emplace(row.text(1), row.text(2));
      },
      workspace, validates);
}

Execution read_execution(const engine::Row& row) {
  Execution execution;
  execution.test = row.text(1);
  execution.name = row.text(2);
  if (!row.null(3)) execution.test_case = std::string(row.text(3));
  engine::columns::read_column(row, 4, execution.outcome);
  execution.failing = row.integer(5);
  engine::columns::read_column(row, 6, execution.requirements);
  return execution;
}

void add_executions(engine::Connection& tables, std::string_view workspace,
                    const releases::Release& release, CoverageFacts& facts) {
  std::set<std::string> current;
  for (const evidence::Evidence& piece :
       evidence::current_evidence(tables, workspace, release.id.text())) {
    if (!piece.counts.tests) {
      if (piece.kind == evidence::Kind::tests) ++facts.reports_incomplete;
      continue;
    }
    current.insert(piece.id.text());
    facts.failing_cases += piece.counts.tests->failed + piece.counts.tests->errors;
    if (piece.parser.version < kListingParserVersion) ++facts.reports_incomplete;
  }
  std::size_t read = 0;
  tables.query(
      "SELECT evidence, test, name, test_case, outcome, failing, requirements FROM test_execution"
      " WHERE workspace = $1 AND release = $2 ORDER BY seq DESC, test LIMIT $3",
      [&](const engine::Row& row) {
        if (++read > executions_read_max) return;
        if (current.contains(std::string(row.text(0)))) {
          facts.executions.push_back(read_execution(row));
        }
      },
      workspace, release.id, static_cast<std::int64_t>(executions_read_max + 1));
  if (read > executions_read_max) ++facts.reports_incomplete;
  tables.query(
      "SELECT evidence FROM test_run WHERE workspace = $1 AND release = $2"
      " AND (cases_cut > 0 OR results_cut > 0)",
      [&](const engine::Row& row) {
        if (current.contains(std::string(row.text(0)))) ++facts.reports_incomplete;
      },
      workspace, release.id);
}

}  // namespace

std::optional<engine::Stored<TestCase>> find_test_case(engine::Connection& tables,
                                                       std::string_view workspace,
                                                       std::string_view reference) {
  if (const auto id = TestCaseId::parse(reference)) return TestCases::get(tables, workspace, *id);
  return TestCases::find(tables, workspace, reference);
}

std::size_t count_active_test_cases(engine::Connection& tables, std::string_view workspace) {
  const auto count = tables.integer(
      "SELECT count(*) FROM test_case WHERE workspace = $1 AND state = 'active'", workspace);
  return static_cast<std::size_t>(count.value_or(0));
}

engine::LinkEnd end_of(const TestCase& item) { return {"test_case", item.id.text()}; }

std::vector<std::string> requirements_of(engine::Connection& tables, std::string_view workspace,
                                         const TestCase& item) {
  std::vector<std::string> ids;
  for (const engine::Link& link : engine::links_of(tables, workspace, end_of(item))) {
    const bool leads = link.from == end_of(item) && link.relation == validates;
    if (leads && link.to.kind == "work_item") ids.push_back(link.to.id);
  }
  return ids;
}

std::optional<WorkItem> find_requirement(engine::Connection& tables, std::string_view workspace,
                                         std::string_view key) {
  const auto stored = workitems::find_work_item(tables, workspace, key);
  if (stored && is_requirement(stored->record)) return stored->record;
  auto outside = WorkItems::list(tables, workspace, "", 2,
                                 {{"external_key", std::string(key)}, {"type", "requirement"}});
  if (outside.size() != 1) return std::nullopt;
  return std::move(outside.front().record);
}

bool has_anything_to_test(engine::Connection& tables, std::string_view workspace) {
  return tables.integer("SELECT 1 FROM test_case WHERE workspace = $1 LIMIT 1", workspace) ||
         tables.integer(
             "SELECT 1 FROM work_item WHERE workspace = $1 AND type = 'requirement' LIMIT 1",
             workspace);
}

KnownTests known_tests(engine::Connection& tables, std::string_view workspace,
                       const evidence::TestCases& cases) {
  KnownTests known;
  tables.query(
      "SELECT id, name, suite, test_name FROM test_case WHERE workspace = $1"
      " AND state = 'active' ORDER BY id",
      [&](const engine::Row& row) {
        const auto id = engine::columns::intact(TestCaseId::parse(row.text(0)), row, 0);
        known.by_key.emplace(row.text(1), id);
        if (row.null(3)) return;
        const std::string suite(row.null(2) ? std::string_view() : row.text(2));
        known.key_by_names.emplace(std::pair(suite, std::string(row.text(3))),
                                   std::string(row.text(1)));
      },
      workspace);
  std::set<std::string_view> looked_up;
  for (const evidence::TestCase& one : cases.items) {
    for (const std::string& key : one.requirements) {
      if (looked_up.size() >= keys_looked_up_max || !looked_up.insert(key).second) continue;
      if (const auto item = find_requirement(tables, workspace, key)) {
        known.requirement_ids.emplace(key, item->id.text());
      }
    }
  }
  return known;
}

CoverageFacts coverage_facts(engine::Connection& tables, std::string_view workspace,
                             const releases::Release& release) {
  CoverageFacts facts;
  facts.release = release.id.text();
  add_requirements(tables, workspace, release, facts);
  add_cases(tables, workspace, facts);
  add_executions(tables, workspace, release, facts);
  for (const Execution& execution : facts.executions) {
    if (!execution.test_case || execution.outcome == evidence::TestOutcome::passed) continue;
    if (workitems::has_open_follow_up(tables, workspace, "test_case", *execution.test_case)) {
      facts.followed.insert(*execution.test_case);
    }
  }
  return facts;
}

std::vector<FailingTest> failing_tests(engine::Connection& tables, std::string_view workspace,
                                       const FailingQuestion& question) {
  std::string sql =
      "SELECT test, max(name), application, count(*), sum(is_failed), max(at) FROM"
      " (SELECT test, name, application, at,"
      " CASE WHEN outcome IN ('failed', 'error') THEN 1 ELSE 0 END AS is_failed,"
      " ROW_NUMBER() OVER (PARTITION BY application, test ORDER BY seq DESC) AS nth"
      " FROM test_execution WHERE workspace = $1 AND at >= $2";
  std::vector<engine::Arg> args{engine::arg(workspace), engine::arg(question.since.us),
                                engine::arg(question.runs), engine::arg(question.failed_min),
                                engine::arg(static_cast<std::int64_t>(question.limit))};
  if (question.application) {
    args.push_back(engine::arg(std::string_view(*question.application)));
    sql += " AND application = $6";
  }
  sql +=
      ") AS numbered WHERE nth <= $3 GROUP BY application, test HAVING sum(is_failed) >= $4"
      " ORDER BY 5 DESC, application, test LIMIT $5";
  std::vector<FailingTest> found;
  tables.run(sql, args, [&](const engine::Row& row) {
    found.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                     row.integer(3), row.integer(4), Instant{row.integer(5)}});
  });
  return found;
}

}  // namespace holdpoint::validation
