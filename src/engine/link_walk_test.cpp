// Walks over links: loops end, hubs are cut, and what was not followed is counted.
#include "engine/link_walk.hpp"

#include <doctest/doctest.h>

#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

using engine::Answer;
using engine::Link;
using engine::LinkEnd;
using engine::LinkWalk;
using engine::Outcome;
using engine::Unit;

LinkEnd thing(int number) { return {"thing", std::to_string(number)}; }

void make(EngineRig& rig, const std::vector<Link>& links) {
  rig.run(command([&](Unit& unit) -> Outcome {
    for (const Link& link : links) engine::make_link(unit, link);
    return Answer{};
  }));
}

LinkWalk walk(EngineRig& rig, const LinkEnd& start, std::int64_t depth) {
  return engine::walk_links(*rig.engine().read(), "main", start, depth);
}

TEST_CASE("a walk goes both ways along links, the near first, as far as it may") {
  EngineRig rig;
  rig.open();
  make(rig, {{thing(2), "implements", thing(1)},
             {thing(2), "blocks", thing(3)},
             {thing(3), "blocks", thing(4)}});
  const LinkWalk near = walk(rig, thing(1), 2);
  REQUIRE(near.things.size() == 3);
  CHECK(near.things[0].thing == thing(1));
  CHECK(near.things[1].thing == thing(2));
  CHECK(near.things[2].thing == thing(3));
  CHECK(near.things[2].distance == 2);
  CHECK(near.links.size() == 2);
  CHECK(near.not_followed == 1);
  const LinkWalk far = walk(rig, thing(1), 20);
  CHECK(far.things.size() == 4);
  CHECK(far.not_followed == 0);
  CHECK(far.things_cut == 0);
}

TEST_CASE("a loop of links ends where it began") {
  EngineRig rig;
  rig.open();
  make(rig, {{thing(1), "blocks", thing(2)},
             {thing(2), "blocks", thing(3)},
             {thing(3), "blocks", thing(1)},
             {thing(1), "relates_to", thing(1)}});
  const LinkWalk around = walk(rig, thing(1), 20);
  CHECK(around.things.size() == 3);
  CHECK(around.links.size() == 4);
  CHECK(around.not_followed == 0);
}

TEST_CASE("a walk is bounded, and counts what it left out") {
  EngineRig rig;
  rig.open();
  std::vector<Link> links;
  const int rays = static_cast<int>(engine::walk_links_of_one_max) + 5;
  for (int i = 1; i <= rays; ++i) links.push_back({thing(0), "parent_of", thing(10'000 + i)});
  make(rig, links);
  const LinkWalk cut = walk(rig, thing(0), 3);
  CHECK(cut.things.size() == engine::walk_things_max);
  CHECK(cut.things_cut == 1);
  CHECK(cut.not_followed >= 1);
}

TEST_CASE("a thing without links is a walk of one") {
  EngineRig rig;
  rig.open();
  const LinkWalk alone = walk(rig, thing(7), 3);
  CHECK(alone.things.size() == 1);
  CHECK(alone.links.empty());
}

}  // namespace
}  // namespace holdpoint::test
