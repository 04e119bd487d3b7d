// Triggers of rollback policies over facts: what holds fires, what does not is left, and what was
// not measured is named and fires nothing.
#include "policy/triggering.hpp"

#include <doctest/doctest.h>

namespace holdpoint::policy {
namespace {

const FactsSchemas& schemas() {
  static const FactsSchemas all = [] {
    FactsSchemas read;
    auto compiled = cel::Schema::from_json(own_facts_schemas().at(Kind::rollback_policy));
    REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error()));
    read.emplace(Kind::rollback_policy, std::move(*compiled));
    return read;
  }();
  return all;
}

CompiledCriteria policy(const std::string& mode = "enforce") {
  const auto compiled = compile_policy(
      "apiVersion: holdpoint/v1\nkind: RollbackPolicy\nmetadata: {name: production, owner: sre}\n"
      "spec:\n  mode: \"" +
          mode +
          "\"\n  match: environment.kind == \"production\"\n  triggers:\n"
          "    - {name: errors, when: health.error_rate_bp > 500}\n"
          "    - {name: checks, when: 'health.checks.exists(c, !c.healthy)'}\n"
          "    - name: alert\n"
          "      when: 'health.alerts.exists(a, a.name == \"ErrorRateHigh\" && "
          "a.labels[\"severity\"] == \"critical\")'\n"
          "  target: last_certified\n  execution: automatic\n  due: 15m\n",
      schemas());
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

RollbackFacts facts() {
  RollbackFacts out;
  out.application.name = "shop";
  out.environment.name = "production";
  out.environment.kind = catalog::EnvironmentKind::production;
  out.deployment = {"2.0.0", {Instant{1}}, "succeeded"};
  return out;
}

Triggering over(const RollbackFacts& facts, const std::string& mode = "enforce") {
  const json::value document = to_json(facts);
  return triggered(policy(mode), document.as_object());
}

std::vector<std::string> names(const Triggering& triggering) {
  std::vector<std::string> all;
  for (const FiredTrigger& one : triggering.fired) all.push_back(one.name);
  return all;
}

using Names = std::vector<std::string>;

TEST_CASE("a trigger fires when its condition holds, and says what it was") {
  RollbackFacts bad = facts();
  bad.health.error_rate_bp = 501;
  const Triggering triggering = over(bad);
  CHECK(triggering.applies);
  REQUIRE(names(triggering) == Names{"errors"});
  CHECK(triggering.fired[0].condition == "health.error_rate_bp > 500");
  CHECK(triggering.terms.due == "15m");
  bad.health.error_rate_bp = 500;
  CHECK(over(bad).fired.empty());
}

TEST_CASE("what was not measured fires nothing, and is named as not told") {
  const Triggering triggering = over(facts());
  CHECK(triggering.applies);
  CHECK(triggering.fired.empty());
  CHECK(triggering.unknown == Names{"errors"});
}

TEST_CASE("checks and alerts fire by what they say of themselves") {
  RollbackFacts bad = facts();
  bad.health.checks = {{"home page", "probe", true, {}, {}}};
  CHECK(over(bad).fired.empty());
  bad.health.checks.push_back({"checkout", "probe", false, {}, {}});
  CHECK(names(over(bad)) == Names{"checks"});
  bad.health.checks.clear();
  bad.health.alerts = {{"ErrorRateHigh", {{"severity", "warning"}}, {Instant{2}}}};
  CHECK(over(bad).fired.empty());
  bad.health.alerts[0].labels["severity"] = "critical";
  CHECK(names(over(bad)) == Names{"alert"});
}

TEST_CASE("a policy that does not match, or is not enforced, applies to nothing") {
  RollbackFacts bad = facts();
  bad.health.error_rate_bp = 10'000;
  CHECK_FALSE(over(bad, "warn").applies);
  CHECK_FALSE(over(bad, "off").applies);
  bad.environment.kind = catalog::EnvironmentKind::staging;
  CHECK_FALSE(over(bad).applies);
}

}  // namespace
}  // namespace holdpoint::policy
