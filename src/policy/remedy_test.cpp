// Advice is proved or says that it is not: what has to change, in the smallest set that makes the
// rule pass, and never a change that was only guessed.
#include "policy/remedy.hpp"

#include <doctest/doctest.h>

#include "policy/advice_testing.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::string_view kAsk = "      remedy: {do: Mend it., by: role:developer}\n";

std::string derived(std::string_view require) { return changes_text(advised_rule(require, kAsk)); }

TEST_CASE("a fact is moved to the nearest value that satisfies the comparison") {
  CHECK(derived("failed == 0") == "failed: 3 -> 0");
  CHECK(derived("failed < 1") == "failed: 3 -> 0");
  CHECK(derived("failed <= 2") == "failed: 3 -> 2");
  CHECK(derived("failed > 10") == "failed: 3 -> 11");
  CHECK(derived("failed != 3") == "failed: 3 -> 4");
  CHECK(derived("8000 <= line_bp") == "line_bp: 7312 -> 8000");
  CHECK(derived("!(line_bp < 8000)") == "line_bp: 7312 -> 8000");
  CHECK(derived("line_bp >= dyn(7999.5)") == "line_bp: 7312 -> 8000");
  CHECK(derived("ratio >= 2.5") == "ratio: 2 -> 2.5");
  CHECK(derived("scan.open == 0") == "scan.open: 2 -> 0");
  CHECK(derived("signed") == "signed: false -> true");
  CHECK(derived("signed == true") == "signed: false -> true");
  CHECK(derived("state == 'closed'") == "state: \"open\" -> \"closed\"");
  CHECK(derived("state in ['closed', 'gone']") == "state: \"open\" -> \"closed\"");
  CHECK(derived("owner == 'qa'") == "owner: null -> \"qa\"");
  CHECK(derived("age <= duration('30m')") == "age: 3600s -> 1800s");
  CHECK(derived("built > timestamp('2026-11-20T11:30:00Z')")
            .starts_with("built: 2026-11-20T11:00:00Z -> \"2026-11-20T11:30:00.000000001Z\""));
  CHECK(derived("created == timestamp('2026-11-20T11:30:00Z')") ==
        "created: 2026-11-20T10:00:00Z -> 2026-11-20T11:30:00Z");
}

TEST_CASE("what is together needed is advised together, and of alternatives the smallest") {
  CHECK(derived("failed == 0 && signed") == "failed: 3 -> 0; signed: false -> true");
  CHECK(derived("(failed == 0 && signed) || line_bp > 8000") == "line_bp: 7312 -> 8001");
  CHECK(derived("failed == 0 || signed") == "failed: 3 -> 0");
  CHECK(derived("lost > 1 || signed") == "signed: false -> true");
  CHECK(derived("(signed ? failed : line_bp) == 0") ==
        "unverified: what would change '(signed ? failed : line_bp)' cannot be derived");
  // Setting one side first and the other then would undo the first.
  CHECK(derived("failed == limit && limit == 5") == "limit: 7000 -> 5; failed: 3 -> 5");
  CHECK(derived("failed == 0 && failed <= 2") == "failed: 3 -> 0");
}

TEST_CASE("elements that fail are mended where that is one thing, and removed otherwise") {
  CHECK(derived("findings.all(f, f.severity != 'critical' || f.waived)") ==
        "findings[0].waived: false -> true; findings[2].waived: false -> true");
  CHECK(derived("findings.all(f, f.severity != 'critical')") ==
        "findings[0]: id f1, severity critical -> absent; "
        "findings[2]: id f3, severity critical -> absent");
  CHECK(derived("!findings.exists(f, f.severity == 'critical' && !f.waived)") ==
        "findings[0].waived: false -> true; findings[2].waived: false -> true");
  CHECK(derived("findings.all(f, f.places.all(p, p.muted))") ==
        "findings[0].places[0].muted: false -> true; findings[2].places[1].muted: false -> true");
  CHECK(derived("findings.filter(f, f.severity == 'critical').all(f, f.waived)") ==
        "findings[0].waived: false -> true; findings[2].waived: false -> true");
  CHECK(derived("size(findings.filter(f, f.severity == 'critical' && !f.waived)) == 0") ==
        "findings[0].waived: false -> true; findings[2].waived: false -> true");
  CHECK(derived("size(findings.filter(f, f.severity == 'critical')) <= 1") ==
        "findings[2]: id f3, severity critical -> absent");
  CHECK(derived("size(tags) < 2") == "tags[1]:  -> absent");
  CHECK(derived("tags == []") == "tags[0]:  -> absent; tags[1]:  -> absent");
  CHECK(derived("!('a' in tags)") == "tags[0]: \"a\" -> absent");
  CHECK(derived("'c' in tags") == "tags:  -> with \"c\"");
}

TEST_CASE("what is missing, too few, or only a matter of time is not derived and says so") {
  const auto because = [](std::string_view require) {
    const RuleVerdict rule = advised_rule(require, kAsk);
    REQUIRE(rule.remedy);
    CHECK_FALSE(rule.remedy->verified);
    CHECK(rule.remedy->changes.empty());
    return rule.remedy->unverified_because;
  };
  CHECK(because("lost == 0") == "the facts lack lost, and what it would be cannot be derived");
  CHECK(because("has(scan.closed) && scan.open == 0").starts_with("the facts lack scan.closed"));
  CHECK(because("size(approvals.filter(a, a.state == 'approved')) >= 2")
            .ends_with("needs more elements, and what has to be added cannot be derived"));
  CHECK(because("approvals.exists(a, a.user == 'u9')").contains("needs more elements"));
  CHECK(because("now - created >= duration('48h')") ==
        "only time changes 'now - created >= duration('48h')'");
  CHECK(because("approvals.all(a, now - a.at >= duration('2h'))") ==
        "only time changes 'now - a.at >= duration('2h')'");
  CHECK(because("findings.all(f, f.owner == 'x')") ==
        "the facts lack findings[0].owner, and what it would be cannot be derived");
  CHECK(because("state != 'open'") == "what would change 'state' cannot be derived");
  CHECK(because("state.startsWith('x')") ==
        "what would change 'state.startsWith('x')' cannot be derived");
  CHECK(because("1 / (failed - 3) == 1") ==
        "'1 / (failed - 3)' has no value that a remedy could be derived from");
  CHECK(because("failed + line_bp == 0") ==
        "what would change 'failed + line_bp' cannot be derived");
  CHECK(because("failed == 0 && failed == 1") ==
        "the changes that could be derived do not suffice");
  CHECK(because("false") == "what would change 'false' cannot be derived");
}

TEST_CASE("a declared effect is what is tried, and only what flips the rule is verified") {
  const auto with_effect = [](std::string_view require, std::string_view effect) {
    return advised_rule(require,
                        "      remedy: {do: Ask., by: role:approver, within: 4h, effect: " +
                            std::string(effect) + "}\n");
  };
  const std::string two = "size(approvals.filter(a, a.state == 'approved')) >= 2";
  const RuleVerdict enough =
      with_effect(two, "{approvals: [{state: approved}, {state: approved}]}");
  CHECK(enough.remedy->verified);
  CHECK(enough.remedy->unverified_because.empty());
  CHECK(enough.remedy->due->text() == "2026-11-20T16:00:00Z");
  const RuleVerdict few = with_effect(two, "{approvals: [{state: approved}]}");
  CHECK_FALSE(few.remedy->verified);
  CHECK(few.remedy->unverified_because == "with its declared effect the rule is still failed");
  CHECK(with_effect("lost == 0", "{lost: 0}").remedy->verified);
  CHECK(with_effect("lost == 0", "{lost: null}").remedy->unverified_because ==
        "with its declared effect the rule is still unknown");
}

TEST_CASE("without a remedy the derived changes are the advice, and nothing is made up") {
  const RuleVerdict derivable = advised_rule("failed == 0 && signed");
  REQUIRE(derivable.remedy);
  CHECK(derivable.remedy->by.empty());
  CHECK(derivable.remedy->verified);
  CHECK(derivable.remedy->action == "bring failed from 3 to 0; bring signed from false to true");
  CHECK_FALSE(derivable.remedy->due);
  CHECK_FALSE(advised_rule("failed == 3", kAsk).remedy);
}

TEST_CASE("where no remedy is written and none is found, the owner is asked and told why") {
  const RuleVerdict lost = advised_rule("lost == 0");
  REQUIRE(lost.remedy);
  CHECK(lost.remedy->by == "team-quality");
  CHECK(lost.remedy->action == "see to what the rule names");
  CHECK(lost.remedy->command == "holdpoint policy show CertificationCriteria ready");
  CHECK_FALSE(lost.remedy->verified);
  CHECK(lost.remedy->unverified_because ==
        "the facts lack lost, and what it would be cannot be derived");
  CHECK(lost.remedy->changes.empty());
  CHECK(advised_rule("size(approvals.filter(a, a.state == 'approved')) >= 2")
            .remedy->unverified_because.ends_with("what has to be added cannot be derived"));
  const RuleVerdict written = advised_rule("lost == 0", kAsk);
  CHECK(written.remedy->by == "role:developer");
  CHECK(written.remedy->action == "Mend it.");
}

TEST_CASE("remedies are proved together for the whole document") {
  const auto both = [](std::string_view second) {
    return advised(
        "  rules:\n    - {id: a, require: failed == 0, message: m}\n"
        "    - {id: b, require: \"" +
        std::string(second) + "\", message: m}\n");
  };
  CHECK(both("signed").remedies_suffice);
  CHECK(both("findings.all(f, f.severity != 'critical')").remedies_suffice);
  CHECK_FALSE(both("lost == 1").remedies_suffice);
  // Each alone can be mended, but not both.
  const CriteriaVerdict torn = both("failed == 1");
  CHECK(torn.rules.at(0).remedy->verified);
  CHECK(torn.rules.at(1).remedy->verified);
  CHECK_FALSE(torn.remedies_suffice);
  CHECK_FALSE(both("failed == 3").passed);
  CHECK_FALSE(advised("  rules: [{id: a, require: failed == 3, message: m}]\n").remedies_suffice);
}

TEST_CASE("advice does not show what the schema withholds") {
  for (const std::string_view require :
       {"mail == 'x'", "mail == state", "state == mail", "approvals.all(a, a.mail == 'x')",
        "approvals.all(a, a.user == a.mail)", "approvals.all(a, size(a.mail) > 99)"}) {
    INFO(require);
    const RuleVerdict rule = advised_rule(require, kAsk);
    REQUIRE(rule.result == RuleResult::fail);
    CHECK_FALSE(json::serialize(to_json(rule)).contains("@x"));
  }
}

TEST_CASE("advice is bounded: too costly to work out is said, and many changes are cut") {
  json::object facts = advice_facts();
  json::array many;
  for (int i = 0; i < 100; ++i)
    many.push_back({{"id", "f"}, {"severity", "low"}, {"waived", false}});
  facts["findings"] = many;
  const std::string rule =
      "  rules: [{id: a, message: m, require: \"findings.all(f, f.waived)\"}]\n";
  const RuleVerdict some = advised(rule, facts).rules.at(0);
  CHECK(some.remedy->verified);
  CHECK(some.remedy->changes.size() == Advice::changes_shown_max);
  CHECK(some.remedy->action.ends_with(" and 97 more"));
  for (int i = 0; i < 4'900; ++i) {
    many.push_back({{"id", "f"}, {"severity", "low"}, {"waived", false}});
  }
  facts["findings"] = many;
  const RuleVerdict costly = advised(rule, facts).rules.at(0);
  CHECK_FALSE(costly.remedy->verified);
  CHECK(costly.remedy->unverified_because ==
        "too many elements of 'findings' would have to change");
}

TEST_CASE("an element that does not count says why") {
  const RuleVerdict rule =
      advised_rule("size(approvals.filter(a, a.state == 'approved' && a.user != 'u1')) >= 1");
  REQUIRE(rule.excluded.size() == 2);
  CHECK(rule.detail.ends_with(
      "; approvals[1] does not count: a.state is \"open\", needs == \"approved\""));
  CHECK(rule.excluded[0].path == "approvals[0]");
  CHECK(json::serialize(rule.excluded[0].keys) == R"({"id":"a1","state":"approved","user":"u1"})");
  CHECK(rule.excluded[0].reason == R"(does not count: a.user is "u1", needs != "u1")");
  CHECK(rule.excluded[1].reason == R"(does not count: a.state is "open", needs == "approved")");
  CHECK(advised_rule("size(findings.filter(f, f.waived == false)) == 0").excluded.empty());
  const CriteriaVerdict through = advised(
      "  variables:\n    - {name: good, expression: \"approvals.filter(a, a.state == "
      "'approved')\"}\n"
      "    - {name: count, expression: size(variables.good)}\n"
      "  rules: [{id: a, require: variables.count >= 2, message: m}]\n");
  REQUIRE(through.rules.at(0).excluded.size() == 1);
  CHECK(through.rules.at(0).excluded[0].path == "approvals[1]");
}

TEST_CASE(
    "documents share what they may spend on advice, and say when nothing is left to prove it") {
  const auto criteria = compile_criteria(
      advice_document("  rules:\n    - {id: one, message: m, require: failed == 0,\n"
                      "       remedy: {do: mend it, by: qa}}\n"),
      advice_schema());
  REQUIRE(criteria);
  AdviceBudget budget;
  const CriteriaVerdict proved = evaluate(*criteria, advice_facts(), budget);
  CHECK(proved.rules.at(0).remedy->verified);
  CHECK(budget.units < AdviceBudget{}.units);
  budget.units = 0;
  const CriteriaVerdict spent = evaluate(*criteria, advice_facts(), budget);
  CHECK(spent.rules.at(0).result == RuleResult::fail);
  CHECK_FALSE(spent.rules.at(0).remedy->verified);
  CHECK(spent.rules.at(0).remedy->unverified_because == "it is too costly to work out");
}

}  // namespace
}  // namespace holdpoint::policy
