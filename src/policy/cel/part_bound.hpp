// What the estimate knows of a part of an expression: what evaluating it can cost, how large its
// value can be, and how many missing facts an unknown value can name, because uniting those costs
// too.
#pragma once

#include <algorithm>
#include <cstdint>

#include "policy/cel/extent.hpp"
#include "policy/cel/units.hpp"

namespace holdpoint::policy::cel {

/// Missing facts that an unknown value may name.
struct Missing {
  Units fixed;   // the same ones however often the part is evaluated
  Units moving;  // others for each element of a loop

  [[nodiscard]] Units all() const { return fixed + moving; }
  void add(const Missing& other) {
    fixed += other.fixed;
    moving += other.moving;
  }
};

inline Missing larger(const Missing& a, const Missing& b) {
  return {std::max(a.fixed, b.fixed), std::max(a.moving, b.moving)};
}

struct Bound {
  Units cost;
  Extent extent;
  Missing missing;
};

/// Names that an unknown has before it takes up no more of another's.
constexpr Units names_kept_max{100};

/// Adds up what the operands of a strict operation can miss, and what uniting that costs.
class Union {
 public:
  void add(const Missing& missing) {
    if (missing.all().count > 0) ++operands_;
    total_.add(missing);
  }
  [[nodiscard]] const Missing& missing() const { return total_; }
  [[nodiscard]] Units cost() const {
    return operands_ < 2 ? Units{} : Units{operands_ - 1} * total_.all();
  }

 private:
  std::int64_t operands_ = 0;
  Missing total_;
};

}  // namespace holdpoint::policy::cel
