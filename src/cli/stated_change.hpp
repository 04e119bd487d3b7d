// A change request as the command line states it: the options that creating, editing and declaring
// one have in common, and the body that follows from them.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/failure.hpp"
#include "cli/syntax.hpp"

namespace holdpoint::cli {

struct StatedChange {
  std::string type = "normal";
  std::string title;
  std::vector<std::string> applications;
  std::vector<std::string> environments;
  std::string from;
  std::string until;
  std::string zone;
  std::vector<std::string> releases;
  std::vector<std::string> risk;
  std::string pattern;
  std::string category;
  std::string description;
  std::string backout_plan;
  std::string customer_impact;
  std::string justification;
};

std::vector<Parameter> change_parameters(StatedChange& stated);
/// The same without what no emergency has.
std::vector<Parameter> emergency_parameters(StatedChange& stated);

Tried<json::object> stated_change(const StatedChange& stated);

}  // namespace holdpoint::cli
