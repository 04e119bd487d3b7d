// What is measured: what a report may hold, how it becomes facts, and when a watch ends.
#include "rollback/health.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace holdpoint::rollback {
namespace {

Measured value(const std::string& name, bool healthy = true) {
  return {name, healthy, 10, 500, "prometheus"};
}

std::string refused_at(const ReportHealth& command, const std::vector<std::string>& kept = {}) {
  const auto event = report(command, {"dpl_1", "shop", "production", {}, {}}, kept);
  if (event) return "";
  return event.error().issues.empty() ? event.error().code : event.error().issues.front().path;
}

TEST_CASE("a report names what was measured and by what, each once") {
  struct Row {
    std::string_view what;
    std::function<void(std::vector<Measured>&)> change;
    std::string path;
  };
  const std::vector<Row> rows{
      {"as it should be", [](auto&) {}, ""},
      {"nothing", [](auto& v) { v.clear(); }, "/values"},
      {"no name", [](auto& v) { v[0].name = ""; }, "/values/0/name"},
      {"two lines", [](auto& v) { v[0].name = "a\nb"; }, "/values/0/name"},
      {"a long name", [](auto& v) { v[0].name = std::string(201, 'n'); }, "/values/0/name"},
      {"no source", [](auto& v) { v[1].source = " "; }, "/values/1/source"},
      {"one twice", [](auto& v) { v[1].name = v[0].name; }, "/values/1"},
      {"one of two sources",
       [](auto& v) {
         v[1].name = v[0].name;
         v[1].source = "probe";
       },
       ""},
      {"too many", [](auto& v) { v.resize(values_max + 1); }, "/values"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    ReportHealth command{{value("error_rate_bp"), value("latency_p95_ms")}};
    row.change(command.values);
    CHECK(refused_at(command) == row.path);
  }
}

TEST_CASE("the names that a deployment has values of are bounded") {
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < values_max; ++i) kept.push_back(std::to_string(i) + "\nprometheus");
  CHECK(refused_at({{value("0")}}, kept).empty());
  CHECK(refused_at({{value("new")}}, kept) == "too_many_values");
}

TEST_CASE("facts hold the worst value of several sources, and nothing that was not measured") {
  const auto nothing = health_facts({}, {}, 0);
  CHECK_FALSE(nothing.error_rate_bp);
  CHECK_FALSE(nothing.latency_p95_ms);
  CHECK(nothing.incidents_open == 0);
  CHECK(nothing.checks.empty());
  HealthValue one;
  one.name = "error_rate_bp";
  one.source = "a";
  one.measured = 700;
  HealthValue other = one;
  other.source = "b";
  other.measured = 20;
  HealthValue check;
  check.name = "latency_p95_ms";
  check.source = "probe";
  const auto facts = health_facts(std::vector{one, other, check}, {}, 2);
  CHECK(facts.error_rate_bp == 700);
  CHECK_FALSE(facts.latency_p95_ms);
  CHECK(facts.checks.size() == 3);
  CHECK(facts.incidents_open == 2);
}

TEST_CASE("an alert keeps its labels within bounds") {
  TakenAlert alert;
  alert.fingerprint = "f";
  alert.name = std::string(300, 'n');
  for (int i = 0; i < 100; ++i) alert.labels["l" + std::to_string(i)] = std::string(900, 'v');
  const AlertReceived event =
      received(*AlertId::parse("alr_01J00000000000000000000000"), "alertmanager", alert);
  CHECK(event.name.size() == value_text_bytes_max);
  CHECK(event.labels.size() == labels_max);
  CHECK(event.labels.begin()->second.size() == label_bytes_max);
}

TEST_CASE("a watch ends by somebody who did not deploy it, while all is well") {
  struct Row {
    std::string_view what;
    std::function<void(ClearRollback&, WatchFacts&)> change;
    std::string code;
  };
  const std::vector<Row> rows{
      {"as it should be", [](auto&, auto&) {}, ""},
      {"who deployed it", [](auto&, auto& f) { f.actor = "per_2"; }, "own_deployment"},
      {"nobody knows who", [](auto&, auto& f) { f.deployers.clear(); }, "deployer_unknown"},
      {"a program", [](auto&, auto& f) { f.actor_kind = "service_account"; }, "not_a_person"},
      {"no reason", [](auto& c, auto&) { c.reason = ""; }, "invalid_rollback"},
      {"ill", [](auto&, auto& f) { f.values = {value("checkout", false)}; }, "not_healthy"},
      {"an alert", [](auto&, auto& f) { f.firing = {"Slow"}; }, "not_healthy"},
      {"unmeasured", [](auto&, auto& f) { f.values.clear(); }, "health_unknown"},
      {"under way", [](auto&, auto& f) { f.is_over = false; }, "not_watched"},
      {"cleared", [](auto&, auto& f) { f.ended = WatchEnd::cleared; }, "watch_ended"},
      {"taken back", [](auto&, auto& f) { f.ended = WatchEnd::taken_back; }, "watch_ended"},
      {"being taken back", [](auto&, auto& f) { f.rollback = Decision{}; }, "rollback_under_way"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    ClearRollback command{"a quiet day", {}, {}};
    WatchFacts facts;
    facts.actor_kind = "person";
    facts.actor = "per_1";
    facts.deployers = {"per_2"};
    facts.values = {value("error_rate_bp")};
    facts.is_over = true;
    row.change(command, facts);
    const auto event = clear_watch({"dpl_1", "shop", "production", {}, false}, command, facts);
    CHECK((event ? "" : event.error().code) == row.code);
  }
}

}  // namespace
}  // namespace holdpoint::rollback
