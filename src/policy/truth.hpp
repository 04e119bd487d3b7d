// What a condition comes to when every part of it is looked at, as explanations do, and not only
// those that decide it.
#pragma once

#include <cstdint>

#include "policy/cel/value.hpp"

namespace holdpoint::policy {

enum class Truth : std::uint8_t { yes, no, error, unknown };

inline Truth truth_of(const cel::Value& value) {
  if (value.is(cel::Kind::boolean)) return value.as_bool() ? Truth::yes : Truth::no;
  return value.is(cel::Kind::unknown) ? Truth::unknown : Truth::error;
}

/// && and || over parts that were all looked at: the deciding truth absorbs, unknown outranks
/// error.
class Fold {
 public:
  explicit Fold(Truth deciding) : deciding_(deciding) {}

  void add(Truth truth) {
    is_decided_ = is_decided_ || truth == deciding_;
    is_unknown_ = is_unknown_ || truth == Truth::unknown;
    is_error_ = is_error_ || truth == Truth::error;
  }
  [[nodiscard]] Truth truth() const {
    if (is_decided_) return deciding_;
    if (is_unknown_) return Truth::unknown;
    if (is_error_) return Truth::error;
    return deciding_ == Truth::yes ? Truth::no : Truth::yes;
  }

 private:
  Truth deciding_;
  bool is_decided_ = false;
  bool is_unknown_ = false;
  bool is_error_ = false;
};

}  // namespace holdpoint::policy
