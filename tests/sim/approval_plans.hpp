// The words of the auditor for what is planned: change requests, and overrides of freezes.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "sim/approval_rules.hpp"

namespace holdpoint::sim {

/// A change request of one place.
struct Planned {
  std::string id;
  std::string type;  // standard, normal, emergency
  Target target;     // without a version it is begun by hand
  Micros from = 0;
  Micros until = 0;
  std::string by;
  Names editors;  // who wrote, submitted or reopened it
  bool backout_plan = false;
  int revision = 1;
  std::string state = "draft";
  Names endorsers;       // of an emergency, ever
  std::string endorsed;  // by exactly this content; "": by none
  std::string begun_by;
  std::optional<Micros> review_due;
  bool is_told_overdue = false;
  bool is_reviewed = false;
  std::set<std::tuple<std::string, std::string, std::string>> refused_acts;  // what, who, the code
  [[nodiscard]] bool is_open() const { return state == "submitted" || state == "implementing"; }
};

/// An override of the freezes of one place, for one release or one change.
struct Lifting {
  std::string id;
  Target target;
  std::string change;  // "" of one for a release
  Names freezes;
  Micros expires = 0;
  bool is_used = false;
};

}  // namespace holdpoint::sim
