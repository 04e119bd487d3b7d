// From the text of a policy document to its parts, strictly: unknown keys, wrong types, repeated
// names and anything over a bound are issues with their place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.hpp"
#include "policy/document.hpp"

namespace holdpoint::policy {

struct ReadCriteria {
  CriteriaDocument document;
  /// Where its values stand in the text.
  YamlDocument source;
};

std::expected<ReadCriteria, std::vector<PolicyIssue>> read_criteria(std::string_view text);

}  // namespace holdpoint::policy
