// Test cases, what tests show of a release, and tests that keep failing, over HTTP.
#include "engine/edge/query_values.hpp"
#include "engine/edge/record_routes.hpp"
#include "validation/edge/validation_edge.hpp"
#include "workitems/edge/workitem_queries.hpp"

namespace holdpoint::validation {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kBodyBytesMax = 65'536;
constexpr std::int64_t kRunsMax = 100;
constexpr std::int64_t kFailingShownMax = 200;
constexpr std::int64_t kSinceDefaultUs = 90LL * 86'400 * 1'000'000;

struct RequirementRef {
  std::string id;
  std::string key;
  std::string title;
};
HP_DESCRIBE(RequirementRef, id, key, title)

struct TestCaseView {
  TestCase test_case;
  std::int64_t revision = 0;
  std::vector<RequirementRef> requirements;
};
HP_DESCRIBE(TestCaseView, test_case, revision, requirements)

struct FailingTests {
  std::vector<FailingTest> items;
};
HP_DESCRIBE(FailingTests, items)

TestCaseView view_of(engine::Connection& tables, std::string_view workspace,
                     const engine::Stored<TestCase>& stored) {
  TestCaseView view{stored.record, stored.revision, {}};
  for (const std::string& id : requirements_of(tables, workspace, stored.record)) {
    const auto item = workitems::find_work_item(tables, workspace, id);
    if (item) view.requirements.push_back({id, item->record.name, item->record.title});
  }
  return view;
}

/// The requirements named, as ids; an issue for each that is none.
Decided<std::set<std::string>> requirement_ids(engine::Unit& unit,
                                               const std::vector<std::string>& keys) {
  std::set<std::string> ids;
  JsonIssues issues;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const auto item = find_requirement(unit.tables(), unit.workspace(), keys[i])) {
      ids.insert(item->id.text());
    } else {
      issues.push_back({"/requirements/" + std::to_string(i), "there is no such requirement", 0});
    }
  }
  if (!issues.empty()) return refuse(invalid_test_case(std::move(issues)));
  return ids;
}

/// The links of the test case become those to exactly these requirements.
void link_to(engine::Unit& unit, const TestCase& item, const std::set<std::string>& wanted) {
  const auto link = [&](const std::string& id) {
    return engine::Link{end_of(item), std::string(validates), {"work_item", id}};
  };
  for (const std::string& id : requirements_of(unit.tables(), unit.workspace(), item)) {
    if (!wanted.contains(id)) (void)engine::remove_link(unit, link(id));
  }
  for (const std::string& id : wanted) engine::make_link(unit, link(id));
}

class ValidationRoutes {
 public:
  explicit ValidationRoutes(engine::Engine& engine) : engine_(engine) {}

  http::Response create(const http::Request& request) const {
    const auto command = edge::body_of<CreateTestCase>(request);
    if (!command) return command.error();
    return edge::run(
        engine_, request, "test_case.create", [&](engine::Unit& unit) -> engine::Outcome {
          auto item = validation::create(*command);
          if (!item) return refuse(item.error());
          const auto ids =
              requirement_ids(unit, command->requirements.value_or(std::vector<std::string>{}));
          if (!ids) return refuse(ids.error());
          if (count_active_test_cases(unit.tables(), unit.workspace()) >= test_cases_max) {
            return refuse(too_many_test_cases());
          }
          const auto created = TestCases::create(unit, std::move(*item));
          if (!created) return refuse(created.error());
          link_to(unit, created->record, *ids);
          return edge::answer(view_of(unit.tables(), unit.workspace(), *created), 201);
        });
  }

  http::Response change(const http::Request& request) const {
    const auto command = edge::body_of<ChangeTestCase>(request);
    if (!command) return command.error();
    const std::string reference(request.parameter("name"));
    return edge::run(
        engine_, request, "test_case.change", [&](engine::Unit& unit) -> engine::Outcome {
          const auto stored = find_test_case(unit.tables(), unit.workspace(), reference);
          if (!stored) return refuse(test_case_not_found(reference));
          auto item = validation::change(stored->record, *command);
          if (!item) return refuse(item.error());
          const auto changed = TestCases::change(unit, *item, stored->revision);
          if (!changed) return refuse(changed.error());
          if (command->requirements) {
            const auto ids = requirement_ids(unit, *command->requirements);
            if (!ids) return refuse(ids.error());
            link_to(unit, changed->record, *ids);
          }
          return edge::answer(view_of(unit.tables(), unit.workspace(), *changed));
        });
  }

  http::Response get(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto stored = find_test_case(*tables, workspace, request.parameter("name"));
    if (!stored) return edge::respond(test_case_not_found(request.parameter("name")));
    return edge::ok(view_of(*tables, workspace, *stored));
  }

  http::Response coverage(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto release = releases::find_release(*tables, workspace, request.parameter("ref"));
    if (!release) return edge::respond(releases::release_not_found(request.parameter("ref")));
    return edge::ok(coverage_of(coverage_facts(*tables, workspace, *release)));
  }

  http::Response failing(const http::Request& request) const {
    FailingQuestion question;
    std::int64_t limit = static_cast<std::int64_t>(question.limit);
    std::optional<Instant> since;
    JsonIssues issues;
    edge::read_count(request, "runs", kRunsMax, question.runs, issues);
    edge::read_count(request, "failed", kRunsMax, question.failed_min, issues);
    edge::read_count(request, "limit", kFailingShownMax, limit, issues);
    edge::read_instant(request, "since", since, issues);
    if (!issues.empty()) return edge::respond(issues);
    question.limit = static_cast<std::size_t>(limit);
    question.since = since.value_or(Instant{engine_.ports().clock.now().us - kSinceDefaultUs});
    if (const auto application = request.query("application")) {
      question.application = std::string(*application);
    }
    const auto tables = engine_.read();
    return edge::ok(
        FailingTests{failing_tests(*tables, edge::caller_of(request).workspace, question)});
  }

 private:
  engine::Engine& engine_;
};

using All = std::shared_ptr<ValidationRoutes>;

http::Route row(std::string method, std::string path, std::string permission, std::string summary,
                std::string operation) {
  return http::Route{.method = std::move(method),
                     .path = "/api/v1/{workspace}/" + std::move(path),
                     .permission = std::move(permission),
                     .summary = std::move(summary),
                     .operation_id = std::move(operation),
                     .tag = "tests"};
}

template <class Command>
http::Route act(std::string path, std::string summary, std::string operation,
                std::vector<int> statuses) {
  auto route =
      row("POST", std::move(path), "tests.write", std::move(summary), std::move(operation));
  route.request = edge::schema_of<Command>();
  route.response = edge::schema_of<TestCaseView>();
  route.statuses = std::move(statuses);
  route.body_bytes_max = kBodyBytesMax;
  route.mode = http::BodyMode::buffered;
  return route;
}

http::Route failing_route(const All& all) {
  auto failing =
      row("GET", "failing-tests", "tests.read",
          "Tests that failed in several of their last runs, the worst first", "list_failing_tests");
  failing.query = {
      {"runs", "How many last runs of each test count, 1 to 100 (10)", "integer",
       http::Presence::optional},
      {"failed", "In how many of these it failed at least (2)", "integer",
       http::Presence::optional},
      {"application", "Only tests of its releases", "string", http::Presence::optional},
      {"since", "Runs from then on (90 days ago)", "string", http::Presence::optional},
      {"limit", "Items in the answer, 1 to 200 (50)", "integer", http::Presence::optional}};
  failing.response = edge::schema_of<FailingTests>();
  failing.statuses = {200, 422};
  failing.handler = [all](http::Request& request) { return all->failing(request); };
  return failing;
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine) {
  const All all = std::make_shared<ValidationRoutes>(engine);
  auto create = act<CreateTestCase>("test-cases", "Declare a test case", "create_test_case",
                                    {201, 409, 422, 429});
  create.handler = [all](http::Request& request) { return all->create(request); };
  auto change = act<ChangeTestCase>("test-cases/{name}/changes", "Change a test case",
                                    "change_test_case", {200, 404, 409, 422});
  change.handler = [all](http::Request& request) { return all->change(request); };
  auto records =
      edge::record_routes<TestCase>(engine, {"test-cases", "tests.read", "tests", {"state"}});
  auto get = row("GET", "test-cases/{name}", "tests.read",
                 "One test case by key or id, with its requirements", "get_test_case");
  get.response = edge::schema_of<TestCaseView>();
  get.statuses = {200, 404};
  get.handler = [all](http::Request& request) { return all->get(request); };
  auto coverage = row("GET", "releases/{ref}/test-coverage", "tests.read",
                      "What the tests of a release show of its requirements", "get_test_coverage");
  coverage.response = edge::schema_of<Coverage>();
  coverage.statuses = {200, 404};
  coverage.handler = [all](http::Request& request) { return all->coverage(request); };
  auto retire = edge::retirement_route<TestCase>(engine, "test-cases", "tests.write", "tests");
  return {std::move(create), std::move(records.front()), std::move(get),    std::move(change),
          std::move(retire), std::move(coverage),        failing_route(all)};
}

}  // namespace holdpoint::validation
