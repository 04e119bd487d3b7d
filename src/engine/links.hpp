// Typed links between any two things: directed, unique, kept as events so that both ends know the
// story of their connection.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/unit.hpp"

namespace holdpoint::engine {

struct LinkEnd {
  std::string kind;
  std::string id;
  auto operator<=>(const LinkEnd&) const = default;
};
HP_DESCRIBE(LinkEnd, kind, id)

struct Link {
  LinkEnd from;
  std::string relation;  // snake_case verb: "implements", "caused_by"
  LinkEnd to;
  auto operator<=>(const Link&) const = default;
};
HP_DESCRIBE(Link, from, relation, to)

struct LinkMade {
  static constexpr std::string_view event_type = "link.made";
  static constexpr int event_version = 1;
  Link link;
};
HP_DESCRIBE(LinkMade, link)

struct LinkRemoved {
  static constexpr std::string_view event_type = "link.removed";
  static constexpr int event_version = 1;
  Link link;
};
HP_DESCRIBE(LinkRemoved, link)

/// Makes the link; one that exists already is no event.
void make_link(Unit& unit, const Link& link);
/// Refuses a link that does not exist.
Decided<void> remove_link(Unit& unit, const Link& link);
/// Links that start or end at the thing, in order.
std::vector<Link> links_of(Connection& tables, std::string_view workspace, const LinkEnd& end);

Module links_module();

}  // namespace holdpoint::engine
