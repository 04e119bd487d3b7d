// Following typed links from one thing to all that hangs together with it. Links may form loops and
// hubs, so a walk sees everything once and has bounds; what it did not follow is counted.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/links.hpp"

namespace holdpoint::engine {

inline constexpr std::size_t walk_things_max = 1'000;
inline constexpr std::size_t walk_links_of_one_max = 1'000;
inline constexpr std::int64_t walk_depth_max = 20;

struct WalkedThing {
  LinkEnd thing;
  std::int64_t distance = 0;  // links between it and the start
};
HP_DESCRIBE(WalkedThing, thing, distance)

struct LinkWalk {
  std::vector<WalkedThing> things;  // the start first, then by distance
  std::vector<Link> links;          // between things of the walk, each once, sorted
  /// Things that were met and left out, because the walk was long enough.
  std::int64_t things_cut = 0;
  /// Things whose links were not all read, or not read at all, because of the bounds.
  std::int64_t not_followed = 0;
};
HP_DESCRIBE(LinkWalk, things, links, things_cut, not_followed)

/// Follows links in both directions, `depth` far. MUST be given a depth of 0 to walk_depth_max.
LinkWalk walk_links(Connection& tables, std::string_view workspace, const LinkEnd& start,
                    std::int64_t depth);

}  // namespace holdpoint::engine
