// Records from a description: names are unique, changes carry revisions, states follow transitions.
#include "engine/records.hpp"

#include <doctest/doctest.h>

#include "base/ids.hpp"
#include "engine/heads.hpp"
#include "platform/storage/sqlite.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::test {

enum class ShipState : std::uint8_t { building, sailing, sunk };
HP_DESCRIBE_ENUM(ShipState, building, sailing, sunk)

struct ShipTag {
  static constexpr std::string_view prefix = "shp";
};

struct Ship {
  static constexpr std::string_view kind = "ship";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "ship.created";
  static constexpr std::string_view changed_event = "ship.changed";
  static constexpr Transition<ShipState> transitions[] = {{ShipState::building, ShipState::sailing},
                                                          {ShipState::sailing, ShipState::sunk}};
  Id<ShipTag> id;
  std::string name;
  ShipState state = ShipState::building;
  std::vector<std::string> crew;
};
HP_DESCRIBE(Ship, id, name, state, crew)

namespace {

using engine::Answer;
using engine::Outcome;
using engine::Unit;
using Ships = engine::Records<Ship>;
using Stored = engine::Stored<Ship>;

/// The engine with ships only.
class Harbour {
 public:
  Harbour() {
    store_ = std::move(*storage::open_sqlite({.path = scratch_.path("main.db"), .vfs = {}}));
    std::vector<engine::Module> modules{engine::ledger_module(), Ships::module()};
    engine_ = std::move(*engine::Engine::open(
        std::move(modules), {*store_, objects_, vault_, heads_, clock, random_, log_},
        std::move(*Ed25519Key::from_seed("a seed of thirty-two bytes: rig!")), {}));
  }

  Decided<Stored> run(const std::function<Decided<Stored>(Unit&)>& act) {
    std::optional<Decided<Stored>> done;
    engine_->submit(command([&](Unit& unit) -> Outcome {
                      done = act(unit);
                      if (!*done) return std::unexpected(done->error());
                      return Answer{};
                    }),
                    {});
    engine_->step();
    REQUIRE(done.has_value());
    return std::move(*done);
  }
  Decided<Stored> create(const std::string& name) {
    return run([&](Unit& unit) { return Ships::create(unit, Ship{.name = name}); });
  }
  Decided<Stored> change(const Ship& ship, std::optional<std::int64_t> revision = std::nullopt) {
    return run([&](Unit& unit) { return Ships::change(unit, ship, revision); });
  }
  std::shared_ptr<engine::Connection> read() { return engine_->read(); }
  std::int64_t events() { return read()->integer("SELECT count(*) FROM ledger_entry").value_or(0); }

  FakeClock clock{kRigStart};

 private:
  Scratch scratch_;
  SeededRandom random_{5};
  MemoryObjects objects_;
  MemoryVault vault_{random_};
  MemoryHeads heads_;
  KeptLog log_;
  std::unique_ptr<engine::Store> store_;
  std::unique_ptr<engine::Engine> engine_;
};

TEST_CASE("a record is created with an id and found by id and by name") {
  Harbour harbour;
  const auto made = harbour.create("Argo");
  REQUIRE(made.has_value());
  CHECK(made->record.id.text().starts_with("shp_"));
  CHECK(made->revision == 1);
  const auto tables = harbour.read();
  CHECK(Ships::get(*tables, "main", made->record.id)->record.name == "Argo");
  CHECK(Ships::find(*tables, "main", "Argo")->record.id == made->record.id);
  CHECK_FALSE(Ships::find(*tables, "main", "argo").has_value());
  CHECK_FALSE(Ships::find(*tables, "other", "Argo").has_value());
}

TEST_CASE("a second record of the same name is refused, by creating or renaming") {
  Harbour harbour;
  REQUIRE(harbour.create("Argo").has_value());
  CHECK(harbour.create("Argo").error().code == "ship_exists");
  auto other = harbour.create("Beagle")->record;
  other.name = "Argo";
  CHECK(harbour.change(other).error().code == "ship_exists");
  CHECK(harbour.events() == 2);
}

TEST_CASE("a change counts the revision, keeps the creation, and an equal record is no event") {
  Harbour harbour;
  auto ship = harbour.create("Argo")->record;
  harbour.clock.advance(Duration::seconds(5));
  ship.crew = {"Jason"};
  const auto changed = harbour.change(ship);
  REQUIRE(changed.has_value());
  CHECK(changed->revision == 2);
  CHECK(changed->created_at == kRigStart);
  CHECK(changed->changed_at == kRigStart + Duration::seconds(5));
  CHECK(harbour.change(ship)->revision == 2);
  CHECK(harbour.events() == 2);
  const auto stored = Ships::get(*harbour.read(), "main", ship.id);
  CHECK(stored->record.crew == std::vector<std::string>{"Jason"});
  CHECK(stored->created_at == kRigStart);
}

TEST_CASE("a change made for another revision is refused") {
  Harbour harbour;
  auto ship = harbour.create("Argo")->record;
  ship.crew = {"Jason"};
  REQUIRE(harbour.change(ship, 1).has_value());
  ship.crew = {"Medea"};
  const auto late = harbour.change(ship, 1);
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().kind == RefusalKind::precondition);
  CHECK(harbour.change(ship, 2).has_value());
}

TEST_CASE("a state follows its transitions and no others") {
  Harbour harbour;
  auto ship = harbour.create("Argo")->record;
  const auto move = [&](ShipState state) {
    auto moved = ship;
    moved.state = state;
    return harbour.change(moved).has_value();
  };
  CHECK_FALSE(move(ShipState::sunk));
  CHECK(move(ShipState::sailing));
  CHECK_FALSE(move(ShipState::building));
  CHECK(move(ShipState::sunk));
  CHECK_FALSE(move(ShipState::sailing));
}

TEST_CASE("a record that does not exist cannot be changed or closed") {
  Harbour harbour;
  Ship ghost{.id = Id<ShipTag>::make(kRigStart, {}), .name = "Ghost"};
  CHECK(harbour.change(ghost).error().code == "ship_not_found");
  const auto closed =
      harbour.run([&](Unit& unit) { return Ships::close(unit, ghost.id, ShipState::sunk); });
  CHECK(closed.error().kind == RefusalKind::not_found);
}

TEST_CASE("a list is ordered by name, continues after a name, and filters by equality") {
  Harbour harbour;
  for (const auto* name : {"delta", "alpha", "charlie", "bravo"}) harbour.create(name);
  auto sailing = Ships::find(*harbour.read(), "main", "charlie")->record;
  sailing.state = ShipState::sailing;
  REQUIRE(harbour.change(sailing).has_value());
  const auto names = [&](std::string_view after, std::size_t limit,
                         const std::vector<engine::ColumnEquals>& filter = {}) {
    std::string out;
    for (const auto& one : Ships::list(*harbour.read(), "main", after, limit, filter)) {
      out += one.record.name + " ";
    }
    return out;
  };
  CHECK(names("", 10) == "alpha bravo charlie delta ");
  CHECK(names("", 2) == "alpha bravo ");
  CHECK(names("bravo", 10) == "charlie delta ");
  CHECK(names("", 10, {{"state", "sailing"}}) == "charlie ");
}

}  // namespace
}  // namespace holdpoint::test
