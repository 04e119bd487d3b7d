// Links between any two things: made once, seen from both ends, removed on the record.
#include "engine/links.hpp"

#include <doctest/doctest.h>

#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

using engine::Answer;
using engine::Link;
using engine::LinkEnd;
using engine::Outcome;
using engine::Unit;

const LinkEnd kStory{"story", "sto_1"};
const LinkEnd kBug{"bug", "bug_1"};
const Link kImplements{kBug, "implements", kStory};

void make(EngineRig& rig, const Link& link) {
  rig.run(command([&](Unit& unit) -> Outcome {
    engine::make_link(unit, link);
    return Answer{};
  }));
}

Outcome remove(EngineRig& rig, const Link& link) {
  auto removed = rig.run(command([&](Unit& unit) -> Outcome {
    auto done = engine::remove_link(unit, link);
    if (!done) return std::unexpected(std::move(done).error());
    return Answer{};
  }));
  return removed->outcome;
}

std::vector<Link> links(EngineRig& rig, const LinkEnd& end, std::string_view workspace = "main") {
  return engine::links_of(*rig.engine().read(), workspace, end);
}

TEST_CASE("a link is seen from both of its ends and from nowhere else") {
  EngineRig rig;
  rig.open();
  make(rig, kImplements);
  CHECK(links(rig, kBug) == std::vector{kImplements});
  CHECK(links(rig, kStory) == std::vector{kImplements});
  CHECK(links(rig, {"story", "sto_2"}).empty());
  CHECK(links(rig, {"bug", "sto_1"}).empty());
  CHECK(links(rig, kBug, "other").empty());
}

TEST_CASE("making a link that is there already is no event") {
  EngineRig rig;
  rig.open();
  make(rig, kImplements);
  make(rig, kImplements);
  CHECK(rig.number("SELECT count(*) FROM ledger_entry") == 1);
}

TEST_CASE("a link and its opposite, and another relation, are other links") {
  EngineRig rig;
  rig.open();
  make(rig, kImplements);
  make(rig, {kStory, "implements", kBug});
  make(rig, {kBug, "caused_by", kStory});
  CHECK(links(rig, kBug).size() == 3);
}

TEST_CASE("a removed link is gone from both ends, its story stays, and it can be made again") {
  EngineRig rig;
  rig.open();
  make(rig, kImplements);
  CHECK(remove(rig, kImplements).has_value());
  CHECK(links(rig, kStory).empty());
  const auto again = remove(rig, kImplements);
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == "link_not_found");
  CHECK(rig.number("SELECT count(*) FROM ledger_entry") == 2);
  make(rig, kImplements);
  CHECK(links(rig, kStory).size() == 1);
  CHECK(rig.audit_findings().empty());
}

}  // namespace
}  // namespace holdpoint::test
