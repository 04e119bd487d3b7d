// The release that engines of conditions are compared on: 20 checks, 4 approvals, 6 artifacts and
// 10 vulnerabilities, about 3 kB of JSON; a rule of three conditions and a gate over all of them.
#pragma once

#include "base/json.hpp"

namespace holdpoint::bench {

struct ReleaseRule {
  const char* name;
  const char* source;
  /// For engines that have no regular expressions.
  const char* without_matches;
  /// The same in C++ over the same document, which is the limit of any engine that reads it.
  bool (*by_hand)(const json::object& facts);
};

extern const ReleaseRule three_conditions;
extern const ReleaseRule forty_elements;

json::value release_schema();
/// Facts for which both rules are true.
json::object release_facts();
/// The same with one critical vulnerability that nobody waived, so that the gate is false.
json::object failing_release_facts();

}  // namespace holdpoint::bench
