// Figures from a few facts whose answers can be counted by hand.
#include <doctest/doctest.h>

#include <algorithm>

#include "metrics/metrics.hpp"

namespace holdpoint::metrics {
namespace {

const Instant kNow = *Instant::parse("2026-11-30T00:00:00Z");

Instant hours_ago(std::int64_t hours) { return kNow - Duration::hours(hours); }

Deployed deployed(std::string id, std::int64_t hours) {
  Deployed one;
  one.id = std::move(id);
  one.application = "shop";
  one.environment = "production";
  one.is_production = true;
  one.at = hours_ago(hours);
  one.governed = true;
  return one;
}

Slice month() { return {.applications = {}, .environment = "", .span = {hours_ago(240), kNow}}; }

Figure figure(const Facts& facts, FigureName name, const Slice& slice = month()) {
  const auto all = figures_of(facts, slice);
  const auto found = std::ranges::find(all, name, &Figure::name);
  REQUIRE(found != all.end());
  return *found;
}

}  // namespace

TEST_CASE("of nothing there are shares and times without a value, and no zero") {
  for (const Figure& one : figures_of({}, month())) {
    if (one.name == FigureName::deployment_frequency) {
      CHECK(one.value == 0);
    } else {
      CHECK_MESSAGE(!one.value, describe::enum_text(one.name));
    }
    CHECK(one.records.empty());
  }
}

TEST_CASE("deployments that arrived count per day, those that failed do not") {
  Facts facts;
  facts.deployed = {deployed("a", 100), deployed("b", 90), deployed("c", 80)};
  facts.deployed[1].failed_at = facts.deployed[1].at;
  const Figure frequency = figure(facts, FigureName::deployment_frequency);
  CHECK(frequency.value == 200);  // 2 in 10 days
  CHECK(frequency.records_total == 2);
  CHECK(frequency.records.front().id == "c");
  const Figure failures = figure(facts, FigureName::change_failure_rate);
  CHECK(failures.value == 3'333);
  CHECK(failures.records.front().id == "b");
}

TEST_CASE("what caused an incident arrived, and is a failed change all the same") {
  Facts facts;
  facts.deployed = {deployed("a", 100)};
  facts.deployed[0].failed_at = hours_ago(98);
  CHECK(figure(facts, FigureName::deployment_frequency).count == 1);
  CHECK(figure(facts, FigureName::change_failure_rate).value == 10'000);
}

TEST_CASE("it works again when the incident ends, or when the next deployment arrives") {
  Facts facts;
  facts.deployed = {deployed("a", 100), deployed("b", 90)};
  facts.deployed[0].failed_at = hours_ago(100);
  CHECK(figure(facts, FigureName::time_to_restore).value == Duration::hours(10).us);
  facts.deployed[0].restored_at = hours_ago(97);
  CHECK(figure(facts, FigureName::time_to_restore).value == Duration::hours(3).us);
}

TEST_CASE("what does not work again yet is counted, and has no time") {
  Facts facts;
  facts.deployed = {deployed("a", 100)};
  facts.deployed[0].failed_at = hours_ago(100);
  const Figure restoring = figure(facts, FigureName::time_to_restore);
  CHECK(!restoring.value);
  CHECK(restoring.count == 0);
  CHECK(restoring.of == 1);
}

TEST_CASE("times are told by their median and by what nine of ten stay within") {
  Facts facts;
  for (int i = 1; i <= 10; ++i) {
    facts.approved.push_back(
        {"r" + std::to_string(i), "shop", "production", hours_ago(50 + i), hours_ago(50)});
  }
  const Figure cycle = figure(facts, FigureName::approval_cycle_time);
  CHECK(cycle.value == Duration::hours(5).us);
  CHECK(cycle.p90 == Duration::hours(9).us);
  CHECK(cycle.count == 10);
}

TEST_CASE("a slice takes its applications, its environment and its time alone") {
  Facts facts;
  facts.deployed = {deployed("a", 100), deployed("b", 300)};
  facts.deployed.push_back(deployed("c", 50));
  facts.deployed.back().application = "cart";
  facts.deployed.push_back(deployed("d", 40));
  facts.deployed.back().environment = "staging";
  facts.deployed.back().is_production = false;
  CHECK(figure(facts, FigureName::deployment_frequency).count == 2);
  Slice shop = month();
  shop.applications = {"shop"};
  CHECK(figure(facts, FigureName::deployment_frequency, shop).count == 1);
  shop.environment = "staging";
  CHECK(figure(facts, FigureName::deployment_frequency, shop).count == 1);
}

TEST_CASE("exceptions are a share of what was certified, not of what was refused") {
  Facts facts;
  facts.judged = {{"c1", "shop", hours_ago(9), true, true, true},
                  {"c2", "shop", hours_ago(8), true, true, false},
                  {"c3", "shop", hours_ago(7), false, false, false}};
  CHECK(figure(facts, FigureName::exception_rate).value == 5'000);
  CHECK(figure(facts, FigureName::evidence_completeness).value == 6'666);
}

TEST_CASE("a span is told month by month, the newest when there are too many") {
  const Span span{*Instant::parse("2026-10-15T00:00:00Z"), kNow};
  const auto parts = months_of(span, 12);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].from == span.from);
  CHECK(parts[0].until.text() == "2026-11-01T00:00:00Z");
  CHECK(parts[1].until == kNow);
  REQUIRE(months_of(span, 1).size() == 1);
  CHECK(months_of(span, 1)[0].until == kNow);
}

}  // namespace holdpoint::metrics
