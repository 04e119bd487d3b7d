// When time alone opens a rule: the instant is exact, found by judging again, and absent when no
// time is known to help.
#include "policy/unblock.hpp"

#include <doctest/doctest.h>

#include "policy/advice_testing.hpp"

namespace holdpoint::policy {
namespace {

std::string opens(std::string_view require, std::string_view more = "") {
  const RuleVerdict rule = advised_rule(require, more);
  CHECK(rule.result != RuleResult::pass);
  return rule.unblocks_at ? rule.unblocks_at->text() : "never by itself";
}

TEST_CASE("a rule says from when on time alone opens it") {
  CHECK(opens("now - created >= duration('48h')") == "2026-11-22T10:00:00Z");
  CHECK(opens("now - created > duration('48h')") == "2026-11-22T10:00:00.000001Z");
  CHECK(opens("duration('48h') <= now - created") == "2026-11-22T10:00:00Z");
  CHECK(opens("now > freeze_until") == "2026-11-20T16:00:00.000001Z");
  CHECK(opens("!(now < freeze_until)") == "2026-11-20T16:00:00Z");
  CHECK(opens("now >= created + duration('3h')") == "2026-11-20T13:00:00Z");
  CHECK(opens("(now - created).getHours() >= 48") == "2026-11-22T10:00:00Z");
  CHECK(opens("int(now) >= 1795176060") == "2026-11-20T12:01:00Z");
  CHECK(opens("now > timestamp('2026-12-01T00:00:00Z') || failed == 0") ==
        "2026-12-01T00:00:00.000001Z");
}

TEST_CASE("elements wait each for their own time, and all of them for the last") {
  CHECK(opens("approvals.all(a, now - a.at >= duration('2h'))") == "2026-11-20T13:50:00Z");
  CHECK(opens("approvals.exists(a, now - a.at >= duration('2h'))") == "2026-11-20T13:00:00Z");
  CHECK(opens("size(approvals.filter(a, now - a.at >= duration('2h'))) == 2") ==
        "2026-11-20T13:50:00Z");
  CHECK(opens("approvals.filter(a, a.state == 'open').all(a, a.at + duration('1h') <= now)") ==
        "2026-11-20T12:50:00Z");
}

TEST_CASE("the calendar opens a rule at the turn of its hour or day") {
  CHECK(opens("now.getDayOfWeek() != 5") == "2026-11-21T00:00:00Z");
  CHECK(opens("now.getHours() >= 9 && now.getDayOfWeek() in [1, 2, 3, 4]") ==
        "2026-11-23T09:00:00Z");
  CHECK(opens("now.getDayOfWeek('Asia/Kolkata') != 5") == "2026-11-20T18:30:00Z");
}

TEST_CASE("a window that closes again is met when it is open") {
  CHECK(opens("now - created >= duration('3h') && now < freeze_until") == "2026-11-20T13:00:00Z");
  CHECK(opens("now - created >= duration('9h') && now < freeze_until") == "never by itself");
}

TEST_CASE("a time of the decision beyond all years opens nothing, and nothing is due") {
  for (const std::int64_t now : {INT64_MAX, INT64_MIN}) {
    json::object facts = advice_facts();
    facts["now"] = now;
    const CriteriaVerdict verdict = advised(
        "  rules:\n    - {id: grid, message: m, require: now.getHours() > 9,\n"
        "       remedy: {do: wait, by: anyone, within: 4h}}\n"
        "    - {id: gap, message: m, require: '(signed ? now : created) > freeze_until'}\n"
        "    - {id: calendar, message: m, require: 'created < freeze_until ? "
        "(signed ? now : created).getFullYear() > 2030 : now > created'}\n",
        facts);
    CHECK_FALSE(verdict.unblocks_at);
    for (const RuleVerdict& rule : verdict.rules) {
      CHECK_FALSE(rule.unblocks_at);
      if (rule.remedy) CHECK_FALSE(rule.remedy->due);
    }
  }
}

TEST_CASE("what time cannot mend is never said to open by itself") {
  CHECK(opens("failed == 0") == "never by itself");
  CHECK(opens("now - created < duration('1h')") == "never by itself");
  CHECK(opens("now > freeze_until && failed == 0") == "never by itself");
  CHECK(opens("now > freeze_until && lost == 0") == "never by itself");
  CHECK(opens("now == created") == "never by itself");
}

TEST_CASE("a condition of the rule and variables count as well") {
  CHECK(opens("false", "      when: now < freeze_until\n") == "2026-11-20T16:00:00Z");
  const CriteriaVerdict verdict = advised(
      "  variables:\n    - {name: soaked, expression: now - created}\n"
      "    - {name: ready, expression: \"variables.soaked >= duration('4h')\"}\n"
      "  rules: [{id: a, require: variables.ready, message: m}]\n");
  REQUIRE(verdict.unblocks_at);
  CHECK(verdict.unblocks_at->text() == "2026-11-20T14:00:00Z");
}

TEST_CASE("criteria open when every rule is open at the same time") {
  const auto of = [](std::string_view second) {
    return advised(
               "  rules:\n    - {id: a, require: now > freeze_until, message: m}\n"
               "    - {id: b, require: \"" +
               std::string(second) + "\", message: m}\n")
        .unblocks_at;
  };
  CHECK(of("now - created >= duration('48h')")->text() == "2026-11-22T10:00:00Z");
  CHECK(of("true")->text() == "2026-11-20T16:00:00.000001Z");
  CHECK_FALSE(of("failed == 0"));
  // It passes now and no longer when the freeze is over, but again a day later.
  CHECK(of("now <= freeze_until || now - created > duration('24h')")->text() ==
        "2026-11-21T10:00:00.000001Z");
  CHECK_FALSE(of("now <= freeze_until"));
  // Criteria that no longer apply did not pass.
  CHECK_FALSE(advised("  match: now < freeze_until\n"
                      "  rules: [{id: a, require: \"false\", message: m}]\n")
                  .unblocks_at);
}

TEST_CASE("at the instant that is told the criteria pass, and just before they do not") {
  const auto criteria = compile_criteria(
      advice_document("  rules:\n    - {id: a, require: now > freeze_until, message: m}\n"
                      "    - {id: b, require: \"approvals.all(a, now - a.at >= duration('6h'))\","
                      " message: m}\n"),
      advice_schema());
  REQUIRE(criteria);
  const CriteriaVerdict verdict = judge(*criteria, advice_facts(), Depth::advice);
  REQUIRE(verdict.unblocks_at);
  CHECK(evaluate_at(*criteria, advice_facts(), *verdict.unblocks_at).passed);
  CHECK_FALSE(evaluate_at(*criteria, advice_facts(), *verdict.unblocks_at - Duration{1}).passed);
}

TEST_CASE("facts without a time, or with it as text, are no trouble") {
  json::object facts = advice_facts();
  facts["now"] = "2026-11-20T12:00:00Z";
  const std::string rule = "  rules: [{id: a, require: now > freeze_until, message: m}]\n";
  CHECK(advised(rule, facts).unblocks_at->text() == "2026-11-20T16:00:00.000001Z");
  facts.erase("now");
  CHECK_FALSE(advised(rule, facts).unblocks_at);
}

}  // namespace
}  // namespace holdpoint::policy
