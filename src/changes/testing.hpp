// Changes and what they are held against in few words, for the tests of changes.
#pragma once

#include <string>

#include "changes/decide.hpp"

namespace holdpoint::changes::testing {

/// 2026-11-24T12:00:00Z.
inline constexpr Instant kNow{1'795'521'600'000'000};

inline Digest digest(std::uint8_t byte) {
  Digest out;
  out.bytes.fill(byte);
  return out;
}

/// Every question of the built-in scale by its answer with the fewest points.
inline std::map<std::string, std::string> harmless() {
  return {{"reversal", "at-once"},
          {"reach", "nobody"},
          {"novelty", "often"},
          {"tested", "like-production"}};
}

/// A normal change of shop in production, from one hour after kNow for two hours.
inline StatedChange stated() {
  StatedChange out;
  out.type = ChangeType::normal;
  out.title = "Move the basket to another table";
  out.applications = {"shop"};
  out.environments = {"production"};
  out.from = "2026-11-24T13:00:00Z";
  out.until = "2026-11-24T15:00:00Z";
  out.releases = {"shop@1.0.0"};
  out.risk = harmless();
  out.backout_plan = "Move it back.";
  return out;
}

inline StatedChange emergency() {
  StatedChange out = stated();
  out.type = ChangeType::emergency;
  out.category = "outage";
  out.justification = "No customer can pay since 11:20.";
  return out;
}

inline ChangeTemplate pattern() {
  ChangeTemplate out;
  out.name = "certificates";
  out.title = "Rotate the certificates";
  out.applications = {"cart", "shop"};
  out.environments = {"production"};
  out.backout_plan = "Put the old one back.";
  out.customer_impact = "None.";
  out.risk = harmless();
  out.window_max_us = Duration::hours(2).us;
  out.varies = {Varying::applications};
  return out;
}

/// A standard change that says nothing that the template fixes.
inline StatedChange by_template() {
  StatedChange out;
  out.type = ChangeType::standard;
  out.pattern = "certificates";
  out.from = "2026-11-24T13:00:00Z";
  out.until = "2026-11-24T15:00:00Z";
  return out;
}

inline EmergencyPath path() {
  EmergencyPath out;
  out.name = "shop-outage";
  out.applications = {"shop"};
  out.categories = {"outage"};
  out.declarers = {"on-call"};
  out.endorsers = {"duty-manager"};
  return out;
}

inline Known known() {
  Known out;
  out.now = kNow;
  out.applications = {"cart", "shop"};
  out.environments = {"production", "staging"};
  out.releases["shop@1.0.0"] = {"shop@1.0.0", "rel_01J00000000000000000000000", digest(0x11)};
  out.scale = built_in_scale();
  out.pattern = InForce<ChangeTemplate>{pattern(), 3};
  out.paths = {{path(), 2}};
  return out;
}

inline const ChangeId kId = *ChangeId::parse("chg_01J00000000000000000000000");
inline const Digest kShown = digest(0x22);

/// That one, written and submitted, in the middle of its window when asked at kNow + 2h.
inline Change submitted(const StatedChange& from = stated()) {
  Change out;
  out.id = kId;
  out.state = State::submitted;
  out.content = draft(from, known())->content;
  out.created_by = "ann";
  out.editors = {"ann"};
  return out;
}

inline const Place kPlace{"shop", "production"};

inline Using in_window() {
  Using out;
  out.now = kNow + Duration::hours(2);
  out.present = kShown;
  out.approval.state = approvals::Standing::State::granted;
  return out;
}

template <class T>
std::string code(const Decided<T>& decided) {
  return decided ? "" : decided.error().code;
}

}  // namespace holdpoint::changes::testing
