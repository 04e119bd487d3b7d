// Decisions of several kinds tried in one run: each by documents of its own kind, the newest first,
// and a run that is cut goes on where it ended: none is left out, and none is tried twice.
#include "policy/edge/backtest.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "policy/cel/testing.hpp"
#include "policy/edge/policy_edge.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::policy {
namespace {

std::string text_of(Kind kind, const std::string& name, const std::string& condition) {
  return "apiVersion: holdpoint/v1\nkind: " + std::string(kind_name(kind)) +
         "\nmetadata: {name: " + name + ", owner: team:quality}\nspec:\n" +
         "  rules: [{id: one, message: It must hold., require: '" + condition + "'}]\n";
}

FactsSchemas schemas() {
  return {{Kind::certification_criteria, cel::test_schema()},
          {Kind::gate_policy, cel::test_schema()}};
}

TriedDocument candidate(Kind kind, const std::string& condition, Mode mode = Mode::enforce) {
  const auto compiled = compile_policy(text_of(kind, "tried", condition), schemas());
  REQUIRE_MESSAGE(compiled, (compiled ? "" : compiled.error().front().text()));
  return {*compiled, mode};
}

TriedDocument any_criteria() { return candidate(Kind::certification_criteria, "n > 0"); }
TriedDocument any_gate() { return candidate(Kind::gate_policy, "n > 0"); }

/// Decisions in memory, listed as a capability lists its own.
class Past {
 public:
  Past() {
    rig_.modules = {module()};
    rig_.open();
  }

  /// One that passed, a second after the last; without facts when there is no `n`.
  void add(DecisionKind kind, std::optional<int> n = std::nullopt,
           std::vector<JudgedDocument> documents = {}) {
    const int number = ++count_;
    RecordedDecision decision;
    decision.id = "id_" + std::to_string(1'000'000 + number);
    decision.subject = "billing@" + std::to_string(number);
    decision.application = "billing";
    decision.decided_at = test::kRigStart + Duration::seconds(number);
    decision.passed = true;
    if (n) {
      decision.facts = rig_.objects.put(R"({"n":)" + std::to_string(*n) + "}")->digest;
    }
    decision.documents = std::move(documents);
    decision.documents_digest = sha256(std::to_string(decision.documents.size()));
    decisions_[kind].insert(decisions_[kind].begin(), std::move(decision));
  }

  JudgedDocument stored(Kind kind, const std::string& condition) {
    const std::string text = text_of(kind, "then", condition);
    return {"then", sha256(text), ObjectRef{rig_.objects.put(text)->digest}};
  }

  Backtest run(const DocumentSet& candidates, const BacktestBounds& bounds = {},
               Baseline baseline = Baseline::then) {
    Backtester backtester(rig_.engine(), std::make_shared<CriteriaLibrary>(schemas()),
                          {source(DecisionKind::certification), source(DecisionKind::deployment)});
    auto done = backtester.run("main", candidates, baseline, bounds);
    REQUIRE(done);
    return std::move(*done);
  }

 private:
  DecisionSource source(DecisionKind kind) {
    return {.decision = kind,
            .permission = "",
            .list =
                [this, kind](engine::Connection&, std::string_view, const DecisionPage& page) {
                  std::vector<RecordedDecision> rows;
                  for (const RecordedDecision& one : decisions_[kind]) {
                    if (!page.after.empty() && one.id >= page.after) continue;
                    if (rows.size() < page.limit) rows.push_back(one);
                  }
                  return rows;
                },
            .is_id = [](std::string_view) { return true; }};
  }

  test::EngineRig rig_;
  std::map<DecisionKind, std::vector<RecordedDecision>> decisions_;
  int count_ = 0;
};

std::vector<std::string> tried(const Backtest& run) {
  std::vector<std::string> subjects;
  for (const auto& one : run.report.not_replayed()) subjects.push_back(one.subject);
  return subjects;
}

using Subjects = std::vector<std::string>;

}  // namespace

TEST_CASE("a run that is too old ends at the decision it is at, and tries one at least") {
  Past past;
  for (int i = 0; i < 3; ++i) past.add(DecisionKind::certification);
  const Backtest first = past.run({any_criteria()}, {.age_max = Duration{}});
  CHECK(first.report.totals().decisions == 1);
  CHECK(tried(first) == Subjects{"billing@3"});
  REQUIRE(first.cut_at);
  const Backtest second =
      past.run({any_criteria()}, {.after = *first.cut_at, .age_max = Duration{}});
  CHECK(tried(second) == Subjects{"billing@2"});
  REQUIRE(second.cut_at);
  const Backtest last =
      past.run({any_criteria()}, {.after = *second.cut_at, .age_max = Duration{}});
  CHECK(tried(last) == Subjects{"billing@1"});
  CHECK_FALSE(last.cut_at);
}

TEST_CASE("a run that is young enough tries all, over any number of pages") {
  Past past;
  for (int i = 0; i < 260; ++i) past.add(DecisionKind::deployment);
  for (int i = 0; i < 260; ++i) past.add(DecisionKind::certification);
  const Backtest all = past.run({any_criteria(), any_gate()});
  CHECK(all.report.totals().decisions == 520);
  CHECK(all.report.totals().certifications == 260);
  CHECK(all.report.totals().deployments == 260);
  CHECK_FALSE(all.cut_at);
  const Backtest some = past.run({any_criteria(), any_gate()}, {.limit = 511});
  CHECK(some.report.totals().decisions == 511);
  REQUIRE(some.cut_at);
  const Backtest rest = past.run({any_criteria(), any_gate()}, {.after = *some.cut_at});
  CHECK(rest.report.totals().decisions == 9);
  CHECK(rest.report.totals().deployments == 9);
  CHECK_FALSE(rest.cut_at);
}

TEST_CASE("decisions of both kinds come in one row, the newest first, wherever a run is cut") {
  Past past;
  past.add(DecisionKind::certification);
  past.add(DecisionKind::deployment);
  past.add(DecisionKind::deployment);
  past.add(DecisionKind::certification);
  const DocumentSet both{any_criteria(), any_gate()};
  const Subjects expected{"billing@4", "billing@3", "billing@2", "billing@1"};
  CHECK(tried(past.run(both)) == expected);
  Subjects pieces;
  BacktestBounds bounds{.limit = 1};
  for (int i = 0; i < 4; ++i) {
    const Backtest piece = past.run(both, bounds);
    CHECK(piece.report.totals().decisions == 1);
    std::ranges::copy(tried(piece), std::back_inserter(pieces));
    CHECK(piece.cut_at.has_value() == (i < 3));
    if (piece.cut_at) bounds.after = *piece.cut_at;
  }
  CHECK(pieces == expected);
}

TEST_CASE("only decisions are tried that documents of the candidates' kinds take") {
  Past past;
  past.add(DecisionKind::certification, 7);
  past.add(DecisionKind::deployment, 7);
  const Backtest gates = past.run({any_gate()});
  CHECK(gates.report.totals().deployments == 1);
  CHECK(gates.report.totals().certifications == 0);
  CHECK(past.run({any_criteria()}).report.totals().deployments == 0);
  CHECK(past.run({}).report.totals().decisions == 0);
}

TEST_CASE("a stricter gate policy names the deployments it would have blocked, and no others") {
  Past past;
  const auto then = past.stored(Kind::gate_policy, "n > 0");
  past.add(DecisionKind::deployment, 9, {then});
  past.add(DecisionKind::deployment, 3, {then});
  past.add(DecisionKind::deployment, 4);
  const DocumentSet strict{candidate(Kind::gate_policy, "n >= 5")};
  for (const Baseline baseline : {Baseline::then, Baseline::now}) {
    const Backtest run = past.run(strict, {}, baseline);
    CHECK(run.report.totals().would_block == 2);
    CHECK(run.report.totals().unchanged == 1);
    REQUIRE(run.report.differences().size() == 2);
    const DecisionDifference& one = run.report.differences()[1];
    CHECK(one.kind == DecisionKind::deployment);
    CHECK(one.subject == "billing@2");
    REQUIRE(one.rules.size() == 1);
    CHECK(one.rules[0].after->detail == "n is 3, needs >= 5");
  }
}

TEST_CASE("what was decided before facts were recorded, or on documents that are gone, is named") {
  Past past;
  past.add(DecisionKind::deployment, 7, {{"lost", sha256("lost"), ObjectRef{sha256("lost")}}});
  past.add(DecisionKind::deployment);
  const Backtest run = past.run({any_gate()});
  CHECK(run.report.totals().not_replayed == 2);
  CHECK(run.report.totals().unchanged == 0);
  REQUIRE(run.report.not_replayed().size() == 2);
  CHECK(run.report.not_replayed()[0].reason == "it is from before facts were recorded with it");
  CHECK(run.report.not_replayed()[1].reason ==
        "the policy 'lost' of its time cannot be read any more");
}

}  // namespace holdpoint::policy
