// See link_walk.hpp.
#include "engine/link_walk.hpp"

#include <map>
#include <set>

#include "base/assert.hpp"

namespace holdpoint::engine {
namespace {

struct Around {
  std::vector<Link> links;
  bool is_cut = false;
};

Around links_around(Connection& tables, std::string_view workspace, const LinkEnd& end) {
  Around around;
  tables.query(
      "SELECT from_kind, from_id, relation, to_kind, to_id FROM record_link"
      " WHERE workspace = $1 AND ((from_kind = $2 AND from_id = $3)"
      " OR (to_kind = $2 AND to_id = $3))"
      " ORDER BY from_kind, from_id, relation, to_kind, to_id LIMIT $4",
      [&](const Row& row) {
        around.links.push_back({{std::string(row.text(0)), std::string(row.text(1))},
                                std::string(row.text(2)),
                                {std::string(row.text(3)), std::string(row.text(4))}});
      },
      workspace, end.kind, end.id, static_cast<std::int64_t>(walk_links_of_one_max + 1));
  if (around.links.size() > walk_links_of_one_max) {
    around.links.resize(walk_links_of_one_max);
    around.is_cut = true;
  }
  return around;
}

bool has_links(Connection& tables, std::string_view workspace, const LinkEnd& end,
               const std::set<Link>& seen) {
  const Around around = links_around(tables, workspace, end);
  for (const Link& link : around.links) {
    if (!seen.contains(link)) return true;
  }
  return around.is_cut;
}

}  // namespace

LinkWalk walk_links(Connection& tables, std::string_view workspace, const LinkEnd& start,
                    std::int64_t depth) {
  HP_ASSERT(depth >= 0 && depth <= walk_depth_max, "EN-21: a walk has a bounded depth");
  LinkWalk walk;
  std::map<LinkEnd, std::int64_t> met{{start, 0}};
  std::set<LinkEnd> left_out;
  std::set<Link> seen;
  walk.things.push_back({start, 0});
  for (std::size_t next = 0; next < walk.things.size(); ++next) {
    const WalkedThing at = walk.things[next];
    if (at.distance == depth) {
      if (has_links(tables, workspace, at.thing, seen)) ++walk.not_followed;
      continue;
    }
    Around around = links_around(tables, workspace, at.thing);
    if (around.is_cut) ++walk.not_followed;
    for (Link& link : around.links) {
      const LinkEnd& other = link.from == at.thing ? link.to : link.from;
      if (!met.contains(other)) {
        if (walk.things.size() >= walk_things_max) {
          left_out.insert(other);
          continue;
        }
        met.emplace(other, at.distance + 1);
        walk.things.push_back({other, at.distance + 1});
      }
      seen.insert(std::move(link));
    }
  }
  walk.links.assign(seen.begin(), seen.end());
  walk.things_cut = static_cast<std::int64_t>(left_out.size());
  return walk;
}

}  // namespace holdpoint::engine
