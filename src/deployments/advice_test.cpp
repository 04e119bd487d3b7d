// Releases that are blocked, each with a fix that is known: the gate names exactly that fix and who
// has to do it, and doing what it says opens the gate. Where a fix cannot be worked out, it says
// so.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "deployments/deployments.hpp"

namespace holdpoint::deployments {
namespace {

using certification::Facts;

const GateQuestion kQuestion{"payments", "1.4.0", "production", std::nullopt};
constexpr Instant kNow{1'795'176'000'000'000};  // 2026-11-20T12:00:00Z

constexpr std::string_view kBaseline = R"yaml(
apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: {name: baseline, owner: team:quality}
spec:
  variables:
    - {name: open, expression: evidence.sast.open}
  rules:
    - id: tests-passed
      require: evidence.tests.total > 0 && evidence.tests.failed == 0 && evidence.tests.errors == 0
      message: Every test passes, and there are tests.
      remedy: {do: Correct the tests., by: role:developer, within: 4h}
    - id: coverage
      require: evidence.coverage.line_bp >= 7000
      message: The tests reach 70 % of the lines.
      remedy: {do: Add tests., by: role:developer, within: 2d}
    - id: no-severe-findings
      require: variables.open.critical == 0 && variables.open.high == 0
      message: No severe finding is open.
      remedy: {do: Correct the finding., by: role:security, within: 1d}
    - id: listed-findings
      require: evidence.sast.findings.all(f, f.severity != 'critical')
      message: No critical finding is listed.
      remedy: {do: Correct what is listed., by: role:security}
    - id: components
      require: evidence.sbom.without_version == 0
      message: Every component has a version.
      remedy: {do: Hand in a whole bill., by: role:developer}
    - id: readable
      require: evidence.incomplete.size() == 0
      message: Every report could be read.
      remedy: {do: Run the tool again., by: role:developer}
    - id: of-this-release
      require: evidence.items.all(i, i.commit_in_release)
      message: Evidence is of the commits of the release.
      remedy: {do: Build what is released., by: role:pipeline}
)yaml";

/// Rules whose remedies only their author can describe, or nobody.
constexpr std::string_view kDeclared = R"yaml(
apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: {name: declared, owner: team:quality}
spec:
  rules:
    - id: penetration-test
      require: evidence.declared['pentest'].passed == true
      message: The penetration test was passed.
      remedy:
        do: Have the application tested.
        by: role:security
        within: 5d
        effect: {evidence: {declared: {pentest: {passed: true}}}}
    - id: dynamic-scan
      require: evidence.dast.open.high == 0
      message: A dynamic scan found nothing severe.
      remedy:
        do: Run the scanner.
        by: role:security
        effect: {evidence: {dast: {reports: 1, suppressed: 0, open: {high: 0}}}}
    - id: two-owners
      require: size(application.owners) >= 2
      message: Two teams own the application.
      remedy: {do: Name another owner., by: role:manager}
    - id: licenses
      require: evidence.license.open.high == 0
      message: No forbidden license is in it.
      remedy:
        do: Replace the component.
        by: role:developer
        effect: {evidence: {license: {reports: 1, open: {high: 2}}}}
)yaml";

constexpr std::string_view kSoak = R"yaml(
apiVersion: holdpoint/v1
kind: CertificationCriteria
metadata: {name: soak, owner: team:quality}
spec:
  rules:
    - id: soaked
      require: evidence.items.all(i, now - i.received_at >= duration('24h'))
      message: All evidence is a day old.
      remedy: {do: Wait., by: role:manager}
)yaml";

Facts good_facts() {
  Facts facts;
  facts.now = {kNow};
  facts.application.name = "payments";
  facts.application.owners = {"team:payments", "team:platform"};
  facts.release.id = "rel_01J00000000000000000000000";
  facts.release.version = "1.4.0";
  facts.release.artifacts = {{"image", sha256("image")}};
  certification::TestFacts tests;
  tests.reports = 1;
  tests.total = 40;
  tests.passed = 40;
  facts.evidence.tests = tests;
  certification::CoverageFacts coverage;
  coverage.line_bp = 8'300;
  facts.evidence.coverage = coverage;
  facts.evidence.sast.emplace().findings.emplace();
  facts.evidence.dast.emplace();
  facts.evidence.license.emplace();
  facts.evidence.sbom.emplace();
  facts.evidence.declared["pentest"] = {{"passed", true}};
  certification::ItemFacts item;
  item.id = "evi_1";
  item.name = "junit.xml";
  item.received_at = {kNow - Duration::days(2)};
  item.commit_in_release = true;
  facts.evidence.items = {item};
  return facts;
}

certification::FindingFacts finding(std::string rule, evidence::Severity severity) {
  certification::FindingFacts out;
  out.rule = std::move(rule);
  out.severity = severity;
  return out;
}

/// One way in which a release is broken, and the fix that is known.
struct Break {
  std::string rule;  // the criterion that fails
  std::string by;    // who has to mend it
  std::function<void(Facts&)> apply;
  std::set<std::string> fix;  // "path: from -> to"
};

Break number(std::string rule, std::string by, std::string path, std::int64_t value,
             std::int64_t needed, std::function<std::int64_t&(Facts&)> fact) {
  return {std::move(rule),
          std::move(by),
          [value, fact](Facts& facts) { fact(facts) = value; },
          {path + ": " + std::to_string(value) + " -> " + std::to_string(needed)}};
}

std::vector<Break> breaks() {
  using F = Facts;
  const std::string developer = "role:developer";
  const std::string security = "role:security";
  return {
      number("tests-passed", developer, "evidence.tests.failed", 3, 0,
             [](F& f) -> std::int64_t& { return f.evidence.tests->failed; }),
      number("tests-passed", developer, "evidence.tests.errors", 1, 0,
             [](F& f) -> std::int64_t& { return f.evidence.tests->errors; }),
      number("tests-passed", developer, "evidence.tests.total", 0, 1,
             [](F& f) -> std::int64_t& { return f.evidence.tests->total; }),
      number("coverage", developer, "evidence.coverage.line_bp", 6'999, 7'000,
             [](F& f) -> std::int64_t& { return *f.evidence.coverage->line_bp; }),
      number("no-severe-findings", security, "evidence.sast.open.critical", 2, 0,
             [](F& f) -> std::int64_t& { return f.evidence.sast->open.critical; }),
      number("no-severe-findings", security, "evidence.sast.open.high", 11, 0,
             [](F& f) -> std::int64_t& { return f.evidence.sast->open.high; }),
      {"listed-findings",
       security,
       [](F& f) {
         f.evidence.sast->findings = {{finding("r1", evidence::Severity::low),
                                       finding("r2", evidence::Severity::critical),
                                       finding("r3", evidence::Severity::critical)}};
       },
       {"evidence.sast.findings[1]: rule r2, severity critical -> absent",
        "evidence.sast.findings[2]: rule r3, severity critical -> absent"}},
      number("components", developer, "evidence.sbom.without_version", 4, 0,
             [](F& f) -> std::int64_t& { return f.evidence.sbom->without_version; }),
      {"readable",
       developer,
       [](F& f) { f.evidence.incomplete.push_back({"scan.sarif", {}, "the tool failed"}); },
       {"evidence.incomplete[0]:  -> absent"}},
      {"of-this-release",
       "role:pipeline",
       [](F& f) { f.evidence.items[0].commit_in_release = false; },
       {"evidence.items[0].commit_in_release: false -> true"}},
  };
}

const policy::CompiledCriteria& compiled(std::string_view text) {
  static const auto schema = policy::cel::Schema::from_json(certification::facts_schema());
  static std::map<std::string_view, policy::CompiledCriteria> known;
  if (const auto found = known.find(text); found != known.end()) return found->second;
  auto criteria = policy::compile_criteria(text, *schema);
  REQUIRE_MESSAGE(criteria, (criteria ? "" : criteria.error().front().text()));
  return known.emplace(text, std::move(*criteria)).first->second;
}

certification::Verdict judged(const Facts& facts, std::string_view criteria) {
  return certification::judge(facts, std::vector{compiled(criteria)});
}

/// The gate in front of production for a release that was judged on these facts.
GateVerdict asked(const Facts& facts, std::string_view criteria) {
  GateFacts known;
  known.approval.state = approvals::Standing::State::not_needed;
  known.release_exists = true;
  GateFacts::Standing standing;
  standing.verdict = judged(facts, criteria);
  standing.state =
      standing.verdict->passed ? certification::State::certified : certification::State::refused;
  known.certification = standing;
  return decide_gate(kQuestion, known);
}

/// The part of a document that a path such as `a.b[1].c` names, and where its parent stands.
struct Named {
  json::value* parent = nullptr;
  std::string key;
  std::size_t index = 0;
  bool is_index = false;
};

Named named(json::value& document, std::string_view path) {
  Named out;
  json::value* at = &document;
  while (!path.empty()) {
    if (out.parent != nullptr) {
      at = out.is_index ? &at->get_array().at(out.index) : &at->get_object().at(out.key);
    }
    out.parent = at;
    out.is_index = path[0] == '[';
    const auto end = path.find_first_of(".[", 1);
    const std::string_view step = path.substr(0, end);
    if (out.is_index) {
      out.index = std::stoul(std::string(step.substr(1)));
    } else {
      out.key = step.starts_with('.') ? step.substr(1) : step;
    }
    path = end == std::string_view::npos ? "" : path.substr(end);
  }
  return out;
}

/// Does what the advice says, on the document of the facts, from the last change to the first.
Facts after(const Facts& facts, const certification::Verdict& verdict) {
  json::value document = to_json(facts);
  for (const auto& rule : verdict.criteria.at(0).rules) {
    if (!rule.remedy) continue;
    for (auto change = rule.remedy->changes.rbegin(); change != rule.remedy->changes.rend();
         ++change) {
      const Named place = named(document, change->path);
      if (change->to == "absent") {
        auto& list = place.parent->get_array();
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(place.index));
      } else {
        place.parent->get_object().at(place.key) = json::parse(change->to);
      }
    }
  }
  const auto changed = from_json_text<Facts>(json::serialize(document));
  REQUIRE_MESSAGE(changed, (changed ? "" : changed.error().front().text()));
  return *changed;
}

std::set<std::string> changes_of(const certification::Verdict& verdict) {
  std::set<std::string> out;
  for (const auto& rule : verdict.criteria.at(0).rules) {
    if (!rule.remedy) continue;
    for (const auto& change : rule.remedy->changes) {
      out.insert(change.path + ": " + change.from + " -> " + change.to);
    }
  }
  return out;
}

void check_blocked(const std::vector<Break>& broken) {
  Facts facts = good_facts();
  std::set<std::string> fix;
  std::map<std::string, std::string> who;  // has to mend which criterion
  for (const Break& one : broken) {
    one.apply(facts);
    fix.insert(one.fix.begin(), one.fix.end());
    who[one.rule] = one.by;
    INFO(one.rule);
  }
  const GateVerdict gate = asked(facts, kBaseline);
  CHECK(gate.decision == Decision::closed);
  CHECK_FALSE(gate.opens_at);
  REQUIRE(gate.reasons.size() == who.size());
  for (const Reason& reason : gate.reasons) {
    CAPTURE(*reason.criterion);
    REQUIRE(reason.next.size() == 1);
    CHECK(reason.next[0].actor == who.at(*reason.criterion));
    CHECK(reason.next[0].verified == true);
  }
  const auto verdict = judged(facts, kBaseline);
  CHECK(verdict.criteria.at(0).remedies_suffice == true);
  CHECK(changes_of(verdict) == fix);
  CHECK(asked(after(facts, verdict), kBaseline).decision == Decision::open);
}

TEST_CASE("a blocked release is told exactly the fix that is known, and the fix opens the gate") {
  REQUIRE(asked(good_facts(), kBaseline).decision == Decision::open);
  const std::vector<Break> all = breaks();
  int blocked = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    check_blocked({all[i]});
    ++blocked;
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      check_blocked({all[i], all[j]});
      ++blocked;
    }
  }
  check_blocked(all);
  CHECK(blocked + 1 >= 50);
}

TEST_CASE("a declared effect is proved, and a fix that is none is told to be unproved") {
  Facts facts = good_facts();
  REQUIRE(asked(facts, kDeclared).decision == Decision::open);
  facts.evidence.declared.clear();
  facts.evidence.dast.reset();
  facts.application.owners = {"team:payments"};
  facts.evidence.license.reset();
  const GateVerdict gate = asked(facts, kDeclared);
  REQUIRE(gate.reasons.size() == 4);
  const auto step = [&](std::string_view criterion) -> const Next& {
    const auto found = std::ranges::find_if(
        gate.reasons, [&](const Reason& reason) { return reason.criterion == criterion; });
    REQUIRE(found != gate.reasons.end());
    return found->next.at(0);
  };
  CHECK(step("penetration-test").verified == true);
  CHECK(step("penetration-test").due == kNow + Duration::days(5));
  CHECK(step("dynamic-scan").verified == true);
  CHECK_FALSE(step("dynamic-scan").due);
  CHECK(step("two-owners").verified == false);  // who would own it nobody can derive
  CHECK(step("licenses").verified == false);    // its effect does not mend it
  CHECK(judged(facts, kDeclared).criteria.at(0).remedies_suffice == false);
  // Doing what is verified mends those criteria and no other.
  facts.evidence.declared["pentest"] = {{"passed", true}};
  facts.evidence.dast.emplace();
  const GateVerdict later = asked(facts, kDeclared);
  REQUIRE(later.reasons.size() == 2);
  CHECK(later.reasons[0].criterion == "two-owners");
  CHECK(later.reasons[1].criterion == "licenses");
}

TEST_CASE("a gate that time alone opens says when, and opens then") {
  Facts facts = good_facts();
  facts.evidence.items[0].received_at = {kNow - Duration::hours(20)};
  const GateVerdict gate = asked(facts, kSoak);
  REQUIRE(gate.reasons.size() == 1);
  CHECK(gate.opens_at == kNow + Duration::hours(4));
  CHECK(gate.reasons[0].unblocks_at == gate.opens_at);
  CHECK(gate.reasons[0].next.at(0).verified == false);
  facts.now = {*gate.opens_at};
  CHECK(asked(facts, kSoak).decision == Decision::open);
  facts.now = {*gate.opens_at - Duration{1}};
  CHECK(asked(facts, kSoak).decision == Decision::closed);
}

TEST_CASE("a gate that also waits for somebody does not say that it opens by itself") {
  GateFacts known;
  known.approval.state = approvals::Standing::State::not_needed;
  known.release_exists = true;
  GateFacts::Standing standing;
  Facts facts = good_facts();
  facts.evidence.items[0].received_at = {kNow - Duration::hours(20)};
  standing.verdict = judged(facts, kSoak);
  standing.state = certification::State::refused;
  known.certification = standing;
  CHECK(decide_gate(kQuestion, known).opens_at);
  known.evidence_digest = sha256("newer");
  const GateVerdict gate = decide_gate(kQuestion, known);
  REQUIRE(gate.reasons.size() == 2);
  CHECK_FALSE(gate.opens_at);
}

TEST_CASE("without a remedy the gate says what was worked out, or only where to begin") {
  constexpr std::string_view plain =
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: plain, owner: qa}\nspec:\n  rules:\n"
      "    - {id: failed, require: evidence.tests.failed == 0, message: All tests pass.}\n"
      "    - {id: scanned, require: evidence.iac.open.high == 0, message: It was scanned.}\n";
  Facts facts = good_facts();
  facts.evidence.tests->failed = 2;
  const GateVerdict gate = asked(facts, plain);
  REQUIRE(gate.reasons.size() == 2);
  const Next& worked_out = gate.reasons[0].next.at(0);
  CHECK(worked_out.actor == "developer");
  CHECK(worked_out.action == "bring evidence.tests.failed from 2 to 0, and add new evidence");
  CHECK(worked_out.command == "holdpoint evidence add payments@1.4.0 REPORT");
  CHECK(worked_out.verified == true);
  CHECK(gate.reasons[1].next.at(0).verified == false);
}

}  // namespace
}  // namespace holdpoint::deployments
