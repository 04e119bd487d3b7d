// Personal values beside the ledger: they open for whoever has the key, in their own place only,
// and not at all once the key is destroyed.
#include "engine/sealed_values.hpp"

#include <doctest/doctest.h>

#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

using engine::Answer;
using engine::Outcome;
using engine::Unit;

/// One event with two values of Ada and one of Bob.
void record_three(EngineRig& rig) {
  const auto done = rig.run(command([](Unit& unit) -> Outcome {
    unit.record({"account", "a"}, AccountCredited{"a", 1, {}},
                {{"/name", "per_ada", "Ada Lovelace"},
                 {"/email", "per_ada", "ada@example.com"},
                 {"/witness", "per_bob", "Bob"}});
    return Answer{};
  }));
  REQUIRE(done.has_value());
}

std::optional<std::string> opened(EngineRig& rig, std::string_view person, std::string_view path) {
  return rig.engine().personal(*rig.engine().read(), "main", 0, person, path);
}

TEST_CASE("what was sealed with an event opens again, for its person and path") {
  EngineRig rig;
  rig.open();
  record_three(rig);
  CHECK(opened(rig, "per_ada", "/name") == "Ada Lovelace");
  CHECK(opened(rig, "per_ada", "/email") == "ada@example.com");
  CHECK(opened(rig, "per_bob", "/witness") == "Bob");
  CHECK_FALSE(opened(rig, "per_bob", "/name").has_value());
  CHECK_FALSE(opened(rig, "per_ada", "/other").has_value());
}

TEST_CASE("neither the entry nor the box shows a personal value") {
  EngineRig rig;
  rig.open();
  record_three(rig);
  int rows = 0;
  const auto looks_clean = [&](const engine::Row& row) {
    ++rows;
    for (const auto* secret : {"Ada", "ada@example.com", "Bob"}) {
      CHECK(row.blob(0).find(secret) == std::string_view::npos);
    }
  };
  rig.engine().read()->query("SELECT entry FROM ledger_entry", looks_clean);
  rig.engine().read()->query("SELECT sealed FROM ledger_sealed", looks_clean);
  CHECK(rows == 3);
}

TEST_CASE(
    "destroying a person's key erases that person's values and no others, and the audit "
    "stays clean") {
  EngineRig rig;
  rig.open();
  record_three(rig);
  REQUIRE(rig.vault.destroy("per_ada").has_value());
  CHECK_FALSE(opened(rig, "per_ada", "/name").has_value());
  CHECK(opened(rig, "per_bob", "/witness") == "Bob");
  CHECK(rig.audit_findings().empty());
}

TEST_CASE("where a request came from is sealed under the actor's key, never in the leaf") {
  EngineRig rig;
  rig.open();
  auto from = credit("a", 1);
  from.origin = {"192.0.2.7", "curl/8"};
  rig.run(from);
  CHECK(opened(rig, "per_ada", "/origin/address") == "192.0.2.7");
  CHECK(opened(rig, "per_ada", "/origin/device") == "curl/8");
}

TEST_CASE("a box moved to another event, or changed, is refused as corrupt") {
  EngineRig rig;
  rig.open();
  record_three(rig);
  record_three(rig);
  rig.damage(
      "UPDATE ledger_sealed SET sealed = (SELECT sealed FROM ledger_sealed WHERE seq = 1"
      " AND person = 'per_ada') WHERE seq = 0 AND person = 'per_ada'");
  CHECK_THROWS_AS(opened(rig, "per_ada", "/name"), engine::StoreFailed);
  rig.damage("UPDATE ledger_sealed SET sealed = x'00' WHERE seq = 0 AND person = 'per_bob'");
  CHECK_THROWS_AS(opened(rig, "per_bob", "/witness"), engine::StoreFailed);
}

TEST_CASE("equal values of two events have unequal commitments") {
  EngineRig rig;
  const auto seal = [&] {
    return engine::seal_values(rig.vault, rig.random, "evt_1", {{"/name", "per_ada", "Ada"}});
  };
  const auto first = seal();
  const auto second = seal();
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(first->fields.at(0).commitment != second->fields.at(0).commitment);
  CHECK(first->boxes.at(0).bytes != second->boxes.at(0).bytes);
}

TEST_CASE("a box without its list of paths, or with paths nobody committed to, does not open") {
  EngineRig rig;
  auto sealed = engine::seal_values(rig.vault, rig.random, "evt_1", {{"/name", "per_ada", "Ada"}});
  REQUIRE(sealed.has_value());
  ledger::Envelope envelope;
  envelope.id = "evt_1";
  envelope.sealed = sealed->fields;
  const std::string box = sealed->boxes.at(0).bytes;
  CHECK(engine::open_box(rig.vault, envelope, "per_ada", box).has_value());
  for (const std::string& damaged :
       {std::string(), std::string("no separator"), "{" + box,
        "[\"/other\"]" + box.substr(box.find('\0')), box.substr(0, box.size() - 1)}) {
    const auto opened_box = engine::open_box(rig.vault, envelope, "per_ada", damaged);
    REQUIRE_FALSE(opened_box.has_value());
    CHECK(opened_box.error().kind == FaultKind::corrupt);
  }
}

}  // namespace
}  // namespace holdpoint::test
