// A backtest that is too old ends after the decision it is at, not after a page of them, and the
// next one goes on from there: none is left out, and none is tried twice.
#include "certification/edge/backtest.hpp"

#include <doctest/doctest.h>

#include "certification/edge/certification_edge.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::certification {
namespace {

/// Decisions whose facts are gone: they are counted as such, and that is all a run has to do.
class Past {
 public:
  explicit Past(int decisions) {
    rig_.modules = {module(nullptr)};
    rig_.open();
    for (int i = 0; i < decisions; ++i) {
      const auto decided = rig_.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
        Record record;
        record.id = unit.new_id<CertificationId>();
        record.release = "rel_" + std::to_string(i);
        record.application = "billing";
        record.version = std::to_string(i);
        unit.record({"release", record.release}, CertificationRefused{record, Shortfall::failed});
        return engine::Answer{200, ""};
      }));
      REQUIRE(decided);
      rig_.clock.advance(Duration::seconds(1));
    }
  }

  Backtest run(const BacktestBounds& bounds) {
    Backtester backtester(rig_.engine(), library_);
    auto done = backtester.run("main", {}, Baseline::then, bounds);
    REQUIRE(done);
    return std::move(*done);
  }

 private:
  test::EngineRig rig_;
  std::shared_ptr<policy::CriteriaLibrary> library_ =
      std::make_shared<policy::CriteriaLibrary>(policy::FactsSchemas{});
};

std::vector<std::string> tried(const Backtest& run) {
  std::vector<std::string> subjects;
  for (const auto& one : run.report.not_replayed()) subjects.push_back(one.subject);
  return subjects;
}

TEST_CASE("a run that is too old ends at the decision it is at, and tries one at least") {
  Past past(3);
  const Backtest first = past.run({.age_max = Duration{}});
  CHECK(first.report.totals().decisions == 1);
  CHECK(tried(first) == std::vector<std::string>{"billing@2"});
  REQUIRE(first.cut_at);
  const Backtest second = past.run({.after = *first.cut_at, .age_max = Duration{}});
  CHECK(tried(second) == std::vector<std::string>{"billing@1"});
  REQUIRE(second.cut_at);
  const Backtest last = past.run({.after = *second.cut_at, .age_max = Duration{}});
  CHECK(tried(last) == std::vector<std::string>{"billing@0"});
  CHECK_FALSE(last.cut_at);
}

TEST_CASE("a run that is young enough tries all, over any number of pages") {
  Past past(260);
  const Backtest all = past.run({});
  CHECK(all.report.totals().decisions == 260);
  CHECK_FALSE(all.cut_at);
  const Backtest some = past.run({.limit = 251});
  CHECK(some.report.totals().decisions == 251);
  REQUIRE(some.cut_at);
  CHECK(past.run({.after = *some.cut_at}).report.totals().decisions == 9);
}

}  // namespace
}  // namespace holdpoint::certification
