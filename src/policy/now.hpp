// The time of a decision: it is one of the facts, `now`, and everything that depends on time reads
// it there.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/instant.hpp"
#include "base/json.hpp"
#include "policy/cel/compiled.hpp"
#include "policy/fact_change.hpp"

namespace holdpoint::policy {

/// nullopt when the facts name no time of the years 1 to 9999, in microseconds or RFC 3339.
std::optional<Instant> now_of(const json::object& facts);

/// Sets the time to another, in the form that the facts have it in.
FactChange time_change(const json::object& facts, Instant at);

/// Which parts of programs depend on the time of the decision. The programs MUST outlive it.
class TimeReaders {
 public:
  /// For each node of the program.
  const std::vector<bool>& of(const cel::Compiled& program);

 private:
  std::map<const cel::Compiled*, std::vector<bool>> known_;
};

}  // namespace holdpoint::policy
