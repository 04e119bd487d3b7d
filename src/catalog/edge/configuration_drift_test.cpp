// Drift of a configuration: it counts from what was present when something was decided, and what
// comes back is no drift. The tables are folded by a real engine.
#include <doctest/doctest.h>

#include "catalog/edge/configuration_edge.hpp"
#include "support/engine_rig.hpp"
#include "support/golden.hpp"

namespace holdpoint::catalog {
namespace {

constexpr std::string_view kShop = "shop";
constexpr std::string_view kLive = "production";

class House {
 public:
  House() {
    rig_.modules = {configuration_module()};
    rig_.open();
  }

  /// Records a snapshot a second later than what came before; the instant between the two.
  Instant record(std::uint8_t content, std::string_view environment = kLive) {
    rig_.clock.advance(Duration::seconds(1));
    const Instant before = rig_.clock.now();
    rig_.clock.advance(Duration::seconds(1));
    const auto done = rig_.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
      const Digest digest = test::digest(content);
      unit.record({"environment", "env_1"},
                  ConfigurationRecorded{std::string(kShop), std::string(environment), digest,
                                        ObjectRef{digest}, std::nullopt});
      return engine::Answer{};
    }));
    REQUIRE(done.has_value());
    return before;
  }
  std::optional<ConfigurationDrift> drift(Instant since) {
    return configuration_drift(*rig_.engine().read(), "main", kShop, kLive, since);
  }
  bool drifted(Instant since) { return has_drifted(*rig_.engine().read(), "main", kShop, since); }
  std::optional<Digest> present(std::string_view application, std::string_view environment) {
    return current_configuration(*rig_.engine().read(), "main", application, environment);
  }
  Instant now() { return rig_.clock.now(); }

 private:
  test::EngineRig rig_;
};

TEST_CASE("the first snapshot is no drift, whenever the decision was taken") {
  House house;
  CHECK_FALSE(house.drift(house.now()));
  CHECK_FALSE(house.present(kShop, kLive));
  const Instant before = house.record(1);
  CHECK_FALSE(house.drift(before));
  CHECK_FALSE(house.drift(house.now()));
  CHECK(house.present(kShop, kLive) == test::digest(1));
  CHECK_FALSE(house.present(kShop, "staging"));
  CHECK_FALSE(house.present("cart", kLive));
}

TEST_CASE("another snapshot drifts from decisions before it and not from those after it") {
  House house;
  const Instant before_all = house.record(1);
  const Instant between = house.record(2);
  const auto drift = house.drift(between);
  REQUIRE(drift);
  CHECK(drift->before == test::digest(1));
  CHECK(drift->present == test::digest(2));
  CHECK(drift->recorded_at == house.now());
  CHECK(house.drift(before_all));
  CHECK_FALSE(house.drift(house.now()));
}

TEST_CASE("a configuration that came back is no drift from what was decided for it") {
  House house;
  house.record(1);
  const Instant for_the_first = house.record(2);
  const Instant for_the_second = house.record(1);
  CHECK_FALSE(house.drift(for_the_first));
  CHECK(house.drift(for_the_second));
}

TEST_CASE("a drift in any environment is a drift of the application") {
  House house;
  house.record(1);
  house.record(1, "staging");
  const Instant between = house.record(2, "staging");
  CHECK_FALSE(house.drift(between));
  CHECK(house.drifted(between));
  CHECK_FALSE(house.drifted(house.now()));
}

}  // namespace
}  // namespace holdpoint::catalog
