// Whether a release may ship: what keeps it from passing although no rule fails, what only warns,
// and the statement that a passed judgement is signed as.
#include <doctest/doctest.h>

#include <algorithm>

#include "certification/certification.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::certification {
namespace {

Facts facts() {
  Facts facts;
  facts.now = {Instant{1'795'154'400'000'000}};
  facts.application.name = "payments-api";
  facts.release.id = "rel_01J00000000000000000000000";
  facts.release.version = "1.4.0";
  facts.release.artifacts = {{"api.tar", sha256("api")}, {"web.tar", sha256("web")}};
  TestFacts tests;
  tests.reports = 1;
  tests.total = 3;
  tests.passed = 3;
  tests.failures.emplace();
  facts.evidence.tests = tests;
  return facts;
}

policy::CompiledCriteria criteria(std::string_view require, std::string_view mode = "enforce",
                                  std::string_view more = "") {
  static const auto schema = policy::cel::Schema::from_json(facts_schema());
  REQUIRE_MESSAGE(schema, (schema ? "" : schema.error()));
  const std::string text =
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: baseline, owner: team-quality}\nspec:\n  mode: \"" +
      std::string(mode) + "\"\n" + std::string(more) +
      "  rules:\n    - id: one\n      message: It must hold.\n      require: |-\n        " +
      std::string(require) + "\n";
  auto compiled = policy::compile_criteria(text, *schema);
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return *compiled;
}

Verdict judged(const Facts& facts, const std::vector<policy::CompiledCriteria>& all) {
  return judge(facts, all);
}

Facts with_finding(std::string fingerprint, std::vector<policy::WaiverFacts> waivers = {}) {
  Facts out = facts();
  ScanFacts scan;
  scan.reports = 1;
  scan.open.high = 1;
  scan.findings.emplace().push_back(
      {.rule = "R0", .severity = evidence::Severity::high, .fingerprint = std::move(fingerprint)});
  out.evidence.sast = scan;
  if (!waivers.empty()) out.waivers = std::move(waivers);
  return out;
}

policy::WaiverFacts waiver(std::string violation, Instant until) {
  return {"wvr_1", "baseline", "one", std::move(violation), "per_1", {until}};
}

constexpr std::string_view kNoHigh = "evidence.sast.findings.all(f, f.severity != 'high')";
constexpr std::string_view kHolds = "evidence.tests.failed == 0";
constexpr std::string_view kFails = "evidence.tests.total > 100";
constexpr std::string_view kUnknown = "evidence.coverage.line_bp >= 7000";

TEST_CASE("what is waived is shown as waived, and the release passes with its waivers named") {
  const Facts bare = with_finding("f1");
  const Verdict refused = judged(bare, {criteria(kNoHigh)});
  CHECK_FALSE(refused.passed);
  const auto standing = rule_standing(refused, "baseline", "one");
  REQUIRE(standing);
  CHECK(waivers::presence_of(standing, "f1") == waivers::Presence::there);
  CHECK(waivers::presence_of(standing, "f2") == waivers::Presence::gone);

  const Instant later = bare.now.at + Duration::days(1);
  const Facts covered = with_finding("f1", {waiver("f1", later)});
  const Verdict verdict = judged(covered, {criteria(kNoHigh)});
  CHECK(verdict.passed);
  CHECK_FALSE(verdict.criteria.at(0).passed);
  CHECK(verdict.criteria.at(0).waived == true);
  CHECK(verdict.criteria.at(0).rules.at(0).result == "waived");
  CHECK(waivers_used(verdict.criteria) == std::vector<std::string>{"wvr_1"});
  // The stored facts give the same answer, and at the end of the waiver another one.
  const auto stored = from_json_text<Facts>(to_json_text(covered));
  REQUIRE(stored);
  CHECK(to_json_text(judged(*stored, {criteria(kNoHigh)})) == to_json_text(verdict));
  Facts over = *stored;
  over.now = {later};
  CHECK_FALSE(judged(over, {criteria(kNoHigh)}).passed);
  CHECK_FALSE(judged(with_finding("f2", {waiver("f1", later)}), {criteria(kNoHigh)}).passed);
}

TEST_CASE("the waiver of a document on trial is none that the release rests on") {
  const Facts covered = with_finding("f1", {waiver("f1", facts().now.at + Duration::days(1))});
  const Verdict verdict = judged(covered, {criteria(kNoHigh, "warn")});
  CHECK(waivers_used(verdict.criteria).empty());
  CHECK_FALSE(rule_standing(verdict, "baseline", "one"));
}

TEST_CASE("a release passes when enforced criteria apply and every rule passes") {
  const Verdict verdict = judged(facts(), {criteria(kHolds)});
  CHECK(verdict.passed);
  CHECK(verdict.obstacles.empty());
  REQUIRE(verdict.criteria.size() == 1);
  CHECK(verdict.criteria[0].name == "baseline");
  CHECK(verdict.criteria[0].mode == "enforce");
  CHECK(verdict.criteria[0].digest == criteria(kHolds).digest());
  CHECK(verdict.criteria[0].applicable);
  CHECK(verdict.criteria[0].passed);
  CHECK(verdict.criteria[0].rules.at(0).result == "pass");
}

TEST_CASE("a rule that fails blocks and says what the facts have") {
  const Verdict verdict = judged(facts(), {criteria(kHolds), criteria(kFails)});
  CHECK_FALSE(verdict.passed);
  CHECK(verdict.obstacles.empty());
  const RuleView& rule = verdict.criteria.at(1).rules.at(0);
  CHECK(rule.result == "fail");
  CHECK(rule.message == "It must hold.");
  REQUIRE(rule.blame.size() == 1);
  CHECK(rule.blame[0].expression == "evidence.tests.total");
  CHECK(rule.blame[0].have == "3");
  CHECK(rule.blame[0].relation == ">");
  CHECK(rule.blame[0].need == "100");
}

TEST_CASE("what is unknown blocks") {
  const Verdict verdict = judged(facts(), {criteria(kUnknown)});
  CHECK_FALSE(verdict.passed);
  const RuleView& rule = verdict.criteria.at(0).rules.at(0);
  CHECK(rule.result == "unknown");
  CHECK(rule.missing == std::vector<std::string>{"evidence.coverage"});
}

TEST_CASE("without criteria nothing passes") {
  const Verdict verdict = judged(facts(), {});
  CHECK_FALSE(verdict.passed);
  CHECK(verdict.obstacles == std::vector{Obstacle::no_criteria});
}

TEST_CASE("criteria that do not apply, are off, or only warn are no criteria to pass by") {
  for (const auto& one :
       {criteria(kHolds, "warn"), criteria(kHolds, "shadow"), criteria(kHolds, "off"),
        criteria(kHolds, "enforce", "  match: application.name == 'other'\n")}) {
    const Verdict verdict = judged(facts(), {one});
    CAPTURE(verdict.criteria.at(0).mode);
    CHECK_FALSE(verdict.passed);
    CHECK(verdict.obstacles == std::vector{Obstacle::no_criteria});
  }
}

TEST_CASE("criteria none of whose rules applies are no criteria to pass by") {
  static const auto schema = policy::cel::Schema::from_json(facts_schema());
  const auto idle = policy::compile_criteria(
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: idle, owner: team-quality}\nspec:\n  rules:\n"
      "    - {id: one, message: m, when: 'false', require: evidence.tests.failed == 0}\n",
      *schema);
  REQUIRE(idle);
  const Verdict verdict = judged(facts(), {*idle});
  CHECK_FALSE(verdict.passed);
  CHECK(verdict.obstacles == std::vector{Obstacle::no_criteria});
  CHECK_FALSE(verdict.criteria.front().applicable);
  CHECK(judged(facts(), {*idle, criteria(kHolds)}).passed);
}

TEST_CASE("criteria that warn or are in the shadow are shown and do not block") {
  for (const std::string_view mode : {"warn", "shadow"}) {
    CAPTURE(mode);
    const Verdict verdict = judged(facts(), {criteria(kHolds), criteria(kFails, mode)});
    CHECK(verdict.passed);
    REQUIRE(verdict.criteria.size() == 2);
    CHECK(verdict.criteria[1].mode == mode);
    CHECK_FALSE(verdict.criteria[1].passed);
  }
}

TEST_CASE("a release without artifacts has nothing to certify") {
  Facts empty = facts();
  empty.release.artifacts.clear();
  const Verdict verdict = judged(empty, {criteria(kHolds)});
  CHECK_FALSE(verdict.passed);
  CHECK(verdict.obstacles == std::vector{Obstacle::no_artifacts});
  CHECK(judged(empty, {}).obstacles == std::vector{Obstacle::no_criteria, Obstacle::no_artifacts});
}

TEST_CASE("every obstacle has a sentence") {
  for (const auto obstacle :
       {Obstacle::no_criteria, Obstacle::no_artifacts, Obstacle::criteria_unreadable}) {
    CHECK(sentence(obstacle).ends_with('.'));
  }
}

TEST_CASE("the same facts and criteria give the same bytes of a verdict") {
  const std::vector<policy::CompiledCriteria> all{criteria(kHolds), criteria(kUnknown)};
  const std::string text = to_json_text(judged(facts(), all));
  CHECK(text == to_json_text(judged(facts(), all)));
  const auto again = from_json_text<Verdict>(text);
  REQUIRE(again);
  CHECK(to_json_text(*again) == text);
}

TEST_CASE("a refused verdict says what to do, by when, and whether it was proved") {
  const Verdict verdict = judged(
      facts(), {criteria("evidence.tests.total > 100\n      remedy: {do: Test more., by: qa, "
                         "within: 1h}")});
  const RuleView& rule = verdict.criteria.at(0).rules.at(0);
  REQUIRE(rule.remedy);
  CHECK(rule.remedy->due == facts().now.at + Duration::hours(1));
  CHECK(rule.remedy->verified == true);
  CHECK_FALSE(rule.remedy->unverified_because);
  REQUIRE(rule.remedy->changes.size() == 1);
  CHECK(rule.remedy->changes[0].path == "evidence.tests.total");
  CHECK(rule.remedy->changes[0].to == "101");
  CHECK(verdict.criteria.at(0).remedies_suffice == true);
}

TEST_CASE("a release opens by itself only when all enforced criteria do, at the same time") {
  const auto at = [](std::string_view time) {
    return criteria("now >= timestamp('" + std::string(time) + "')");
  };
  const auto opens = [&](const std::vector<policy::CompiledCriteria>& all) {
    const auto instant = judged(facts(), all).unblocks_at;
    return instant ? instant->text() : "never by itself";
  };
  const auto early = at("2026-12-01T00:00:00Z");
  const auto late = at("2026-12-02T00:00:00Z");
  CHECK(opens({early}) == "2026-12-01T00:00:00Z");
  CHECK(opens({late, early, criteria(kHolds)}) == "2026-12-02T00:00:00Z");
  CHECK(opens({early, criteria(kFails)}) == "never by itself");
  CHECK(opens({early, criteria(kFails, "warn")}) == "2026-12-01T00:00:00Z");
  CHECK(opens({early, criteria("now < timestamp('2026-11-30T00:00:00Z')")}) == "never by itself");
  const std::string_view from_december = "  match: \"now >= timestamp('2026-12-01T00:00:00Z')\"\n";
  CHECK(opens({early, criteria(kFails, "enforce", from_december)}) == "never by itself");
  CHECK(opens({early, criteria(kHolds, "enforce", from_december)}) == "2026-12-01T00:00:00Z");
  Facts empty = facts();
  empty.release.artifacts.clear();
  CHECK_FALSE(judged(empty, {early}).unblocks_at);
}

/// Documents whose rules all fail, with long messages.
std::vector<policy::CompiledCriteria> talkative(std::size_t documents) {
  std::string rules = "  rules:\n";
  for (int i = 0; i < 200; ++i) {
    rules += "    - {id: r" + std::to_string(i) + ", message: " + std::string(560, 'm') +
             ", require: evidence.tests.total > 100, remedy: {do: " + std::string(560, 'd') +
             ", by: qa}}\n";
  }
  static const auto schema = policy::cel::Schema::from_json(facts_schema());
  const auto compiled = policy::compile_criteria(
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: talkative, owner: team-quality}\nspec:\n" +
          rules,
      *schema);
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return {documents, *compiled};
}

TEST_CASE("a verdict that says more than can be kept loses reasons, never results") {
  const Verdict verdict = judged(facts(), talkative(100));
  CHECK(to_json_text(verdict).size() < verdict_bytes_max);
  CHECK_FALSE(verdict.passed);
  REQUIRE(verdict.criteria.size() == 100);
  for (const CriteriaView& one : verdict.criteria) {
    REQUIRE(one.rules.size() == 200);
    for (const RuleView& rule : one.rules) CHECK(rule.result == "fail");
  }
  CHECK(verdict.criteria.front().rules.front().remedy);
  const RuleView& last = verdict.criteria.back().rules.back();
  CHECK(last.id == "r199");
  CHECK(last.message.empty());
  CHECK(last.detail == "left out: the verdict says more than can be kept");
}

TEST_CASE("a verdict that was recorded before remedies were proved can still be read") {
  const auto old = from_json_text<Verdict>(
      R"({"criteria":[{"applicable":true,"digest":)"
      R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
      R"("mode":"enforce","name":"baseline","passed":false,"rules":[{"blame":[],"detail":"d",)"
      R"("elements":[],"evidence":"","id":"one","line":1,"message":"m","missing":[],)"
      R"("remedy":{"action":"a","by":"qa","command":""},"result":"fail"}]}],)"
      R"("obstacles":[],"passed":false})");
  REQUIRE_MESSAGE(old, (old ? "" : old.error().front().text()));
  CHECK_FALSE(old->criteria.at(0).rules.at(0).remedy->verified);
  CHECK_FALSE(old->unblocks_at);
}

Record record() {
  Record record;
  record.id = *CertificationId::parse("crt_01J00000000000000000000000");
  record.release = "rel_01J00000000000000000000000";
  record.application = "payments-api";
  record.version = "1.4.0";
  record.evidence_digest = sha256("evidence");
  record.criteria_digest = sha256("criteria");
  record.criteria = {{"baseline", sha256("baseline"), {sha256("document")}}};
  record.facts = {sha256("facts")};
  record.verdict = {sha256("verdict")};
  return record;
}

TEST_CASE("the statement of a certification names every artifact and what it was judged on") {
  const auto statement = make_statement(record(), facts(), {}, "holdpoint.example/acme");
  REQUIRE_MESSAGE(statement, (statement ? "" : statement.error().text()));
  const auto summary = ledger::parse_statement(*statement);
  REQUIRE(summary);
  REQUIRE(summary->subjects.size() == 2);
  CHECK(summary->subjects[0].name == "api.tar");
  CHECK(summary->subjects[0].sha256 == sha256("api"));
  CHECK(summary->subjects[1].sha256 == sha256("web"));
  CHECK(summary->result == ledger::SummaryResult::passed);
  CHECK(summary->verified_levels == std::vector<std::string>{"HOLDPOINT_CERTIFIED"});
  CHECK(summary->verifier_id == "https://holdpoint.example/acme/verifier/v1");
  CHECK(summary->time_verified == facts().now.at);
  CHECK(summary->resource_uri == "pkg:generic/payments-api@1.4.0");
  CHECK(summary->policy_digest == sha256("criteria"));
  const json::value extension(summary->certification);
  CHECK(extension.at("id") == "crt_01J00000000000000000000000");
  CHECK(extension.at("origin") == "holdpoint.example/acme");
  CHECK(extension.at("release") == "rel_01J00000000000000000000000");
  CHECK(extension.at("facts") == json::value(sha256("facts").text()));
  CHECK(extension.at("evidence") == json::value(sha256("evidence").text()));
  CHECK(extension.at("verdict") == json::value(sha256("verdict").text()));
  CHECK(extension.at("criteria").at(0).at("name") == "baseline");
  CHECK(extension.at("criteria").at(0).at("digest") == json::value(sha256("baseline").text()));
}

TEST_CASE("a release without artifacts has no statement") {
  Facts empty = facts();
  empty.release.artifacts.clear();
  CHECK_FALSE(make_statement(record(), empty, {}, "holdpoint.example/acme"));
}

TEST_CASE("criteria depend on the time when any of their expressions reads it") {
  const auto depends = [](const policy::CompiledCriteria& one) {
    return depends_on_time(std::vector{one});
  };
  const std::string late = "now > timestamp('2026-11-01T00:00:00Z')";
  const std::string variable = "  variables:\n    - {name: late, expression: \"" + late + "\"}\n";
  CHECK_FALSE(depends_on_time({}));
  CHECK_FALSE(depends(criteria(kHolds)));
  CHECK(depends(criteria(late)));
  CHECK(depends(criteria(kHolds, "enforce", "  match: " + late + "\n")));
  CHECK(depends(criteria(kHolds, "enforce", variable)));
  CHECK(judged(facts(), {criteria(late)}).passed);
}

TEST_CASE("criteria on trial say whether they alone would have changed the decision") {
  for (const std::string_view mode : {"shadow", "warn"}) {
    const Verdict passed =
        judged(facts(), {criteria(kHolds), criteria(kFails, mode), criteria(kHolds, mode)});
    CHECK(passed.passed);
    CHECK(!passed.criteria[0].would_flip);
    CHECK(passed.criteria[1].would_flip == true);
    CHECK(passed.criteria[2].would_flip == false);
    const Verdict refused = judged(facts(), {criteria(kFails), criteria(kUnknown, mode)});
    CHECK_FALSE(refused.passed);
    CHECK(refused.criteria[1].would_flip == false);
  }
}

TEST_CASE("where nothing is enforced, criteria on trial that pass would have certified") {
  const Verdict verdict = judged(facts(), {criteria(kHolds, "shadow"), criteria(kFails, "warn")});
  CHECK_FALSE(verdict.passed);
  CHECK(verdict.criteria[0].would_flip == true);
  CHECK(verdict.criteria[1].would_flip == false);
}

TEST_CASE("criteria on trial that do not apply change nothing and have not passed") {
  const Verdict verdict = judged(
      facts(),
      {criteria(kHolds), criteria(kFails, "shadow", "  match: application.name == \"other\"\n")});
  CHECK(verdict.passed);
  CHECK_FALSE(verdict.criteria[1].applicable);
  CHECK_FALSE(verdict.criteria[1].passed);
  CHECK(verdict.criteria[1].would_flip == false);
}

TEST_CASE("a refusal counts as a failed attempt only when nothing was missing") {
  Facts with_evidence = facts();
  with_evidence.evidence.items.emplace_back();
  const auto shortfall = [&](const Facts& facts, std::vector<policy::CompiledCriteria> all) {
    return shortfall_of(facts, judged(facts, all));
  };
  CHECK(shortfall(with_evidence, {criteria(kFails)}) == Shortfall::failed);
  CHECK(shortfall(with_evidence, {criteria(kFails), criteria(kUnknown)}) == Shortfall::incomplete);
  CHECK(shortfall(with_evidence, {criteria(kFails), criteria(kUnknown, "shadow")}) ==
        Shortfall::failed);
  CHECK(shortfall(facts(), {criteria(kFails)}) == Shortfall::incomplete);
  CHECK(shortfall(with_evidence, {}) == Shortfall::incomplete);
}

TEST_CASE("rules may ask for the record of the team and for regulated data") {
  Facts known = facts();
  CHECK(judged(known, {criteria("record.revoked == 0")}).criteria[0].rules[0].result == "unknown");
  policy::TeamRecord record;
  record.certified = 3;
  known.record = record;
  known.flags = policy::RegulatedFlags{.phi = true};
  CHECK(
      judged(known, {criteria("record.revoked == 0 && record.certified > 2 && flags.phi")}).passed);
  CHECK(judged(known, {criteria("record.first_attempt_pass_bp >= 9000")})
            .criteria[0]
            .rules[0]
            .result == "unknown");
  const std::vector<policy::CompiledCriteria> timed{criteria("record.revoked == 0")};
  CHECK(depends_on_time(timed));
}

}  // namespace
}  // namespace holdpoint::certification
