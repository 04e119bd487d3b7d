// The list of cases that do not apply to this engine, each with its reason: exceptions.txt.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdpoint::conformance {

struct Exception {
  std::string pattern;  // "*" stands for any characters
  std::string reason;
  std::size_t cases = 0;  // how many it has met
};

/// A line is "reason: …", or a pattern of ids to which the reason above applies, or a comment after
/// "#". nullopt when a pattern has no reason.
std::optional<std::vector<Exception>> read_exceptions(std::string_view text);

bool matches(std::string_view pattern, std::string_view id);

}  // namespace holdpoint::conformance
