// Which release is the newest in an environment: by the order in which releases were proposed, also
// where deployments of an earlier ledger do not say it.
#include "deployments/edge/deployment_queries.hpp"

#include <doctest/doctest.h>

#include "deployments/edge/deployments_edge.hpp"
#include "releases/edge/release_queries.hpp"
#include "releases/releases.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::deployments {
namespace {

/// As much of the table of releases as the order is read from.
engine::Module proposals() {
  engine::Module module{.name = "releases"};
  module.tables.push_back({"release_record", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS release_record (workspace TEXT NOT NULL,"
                           " seq BIGINT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (workspace, id));",
                           "workspace, id"});
  module.events.push_back(engine::event<releases::ReleaseCreated>(
      [](engine::Connection& tables, const engine::Recorded& recorded,
         const releases::ReleaseCreated& event) {
        tables.exec("INSERT INTO release_record (workspace, seq, id) VALUES ($1, $2, $3)",
                    recorded.workspace, recorded.seq, event.id);
      }));
  return module;
}

class Ledger {
 public:
  Ledger() {
    rig_.modules = {proposals(), module()};
    rig_.open();
  }

  /// The id of a release that is proposed now.
  std::string proposed(const std::string& version) {
    std::string id;
    run([&](engine::Unit& unit) {
      releases::ReleaseCreated event;
      event.id = unit.new_id<releases::ReleaseId>();
      event.application = "shop";
      event.version = version;
      event.contents.emplace();
      event.contents_digest = sha256(version);
      id = event.id.text();
      unit.record({"release", id}, event);
    });
    return id;
  }

  template <class Event>
  void deployed(const std::string& release, const std::string& version,
                std::optional<DeploymentOutcome> outcome = DeploymentOutcome::succeeded) {
    run([&](engine::Unit& unit) {
      Event event;
      event.id = unit.new_id<DeploymentId>();
      event.application = "shop";
      event.version = version;
      event.release = release;
      event.environment = "production";
      if constexpr (requires { event.release_entry; }) {
        event.release_entry = releases::release_entry(unit.tables(), unit.workspace(), release);
      }
      unit.record({"deployment", event.id.text()}, event);
      if (outcome) {
        unit.record({"deployment", event.id.text()}, DeploymentFinished{event.id, *outcome, ""});
      }
    });
  }

  std::optional<ReleaseThere> newest_there() {
    return newest_release_there(*rig_.engine().read(), "main", "shop", "production");
  }

  std::string newest() {
    const auto found = newest_there();
    return found ? found->version : "";
  }

 private:
  template <class Record>
  void run(Record&& record) {
    const auto done = rig_.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
      record(unit);
      return engine::Answer{200, ""};
    }));
    REQUIRE(done);
    rig_.clock.advance(Duration::seconds(1));
  }

  test::EngineRig rig_;
};

}  // namespace

TEST_CASE("the newest release there is the one proposed last, not the one started last") {
  Ledger ledger;
  CHECK(ledger.newest().empty());
  const std::string first = ledger.proposed("1");
  const std::string second = ledger.proposed("2");
  const std::string third = ledger.proposed("3");
  ledger.deployed<DeploymentStarted>(third, "3", DeploymentOutcome::failed);
  CHECK(ledger.newest().empty());
  ledger.deployed<DeploymentStarted>(second, "2");
  ledger.deployed<DeploymentStarted>(first, "1");
  CHECK(ledger.newest() == "2");
  ledger.deployed<DeploymentStarted>(third, "3", DeploymentOutcome::cancelled);
  CHECK(ledger.newest() == "2");
  ledger.deployed<DeploymentStarted>(third, "3", std::nullopt);
  CHECK(ledger.newest() == "3");
}

TEST_CASE("deployments of earlier forms count in the order of their releases too") {
  Ledger ledger;
  const std::string first = ledger.proposed("1");
  const std::string second = ledger.proposed("2");
  const std::string third = ledger.proposed("3");
  ledger.deployed<DeploymentStartedV2>(third, "3");
  ledger.deployed<DeploymentStartedV1>(first, "1");
  ledger.deployed<DeploymentStarted>(second, "2");
  CHECK(ledger.newest() == "3");
  ledger.deployed<DeploymentStartedV1>("rel_gone", "0");
  CHECK(ledger.newest() == "3");
}

TEST_CASE("of too many deployments of earlier forms the rest count as late as they can be") {
  Ledger ledger;
  const std::string hidden = ledger.proposed("hidden");
  const std::string shown = ledger.proposed("shown");
  ledger.deployed<DeploymentStartedV1>(hidden, "hidden");
  for (std::size_t i = 1; i < earlier_releases_max; ++i) {
    ledger.deployed<DeploymentStartedV1>("rel_gone_" + std::to_string(i), "gone");
  }
  ledger.deployed<DeploymentStartedV1>(shown, "shown");
  const auto newest = ledger.newest_there();
  REQUIRE(newest);
  CHECK(newest->version == "hidden");
  CHECK(newest->is_no_later);
  // What is proposed after all of them is newer for certain.
  const std::string last = ledger.proposed("last");
  ledger.deployed<DeploymentStarted>(last, "last");
  CHECK(ledger.newest() == "last");
  CHECK_FALSE(ledger.newest_there()->is_no_later);
}

}  // namespace holdpoint::deployments
