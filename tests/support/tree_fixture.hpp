// For tests: a tree kept whole in memory, hashed by the recursive definition of RFC 9162 §2.1.1, so
// that the fast code has something slow and plain to agree with.
#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/merkle.hpp"

namespace holdpoint::ledger {

class TreeFixture {
 public:
  explicit TreeFixture(std::vector<std::string> entries) : entries_(std::move(entries)) {}

  /// Leaf i is the one byte i.
  static TreeFixture of_bytes(std::uint64_t size) {
    std::vector<std::string> entries;
    for (std::uint64_t i = 0; i < size; ++i) entries.emplace_back(1, static_cast<char>(i));
    return TreeFixture(std::move(entries));
  }

  /// MTH of the leaves [begin, end).
  Digest hash(std::uint64_t begin, std::uint64_t end) {
    const auto known = hashes_.find({begin, end});
    if (known != hashes_.end()) return known->second;
    const std::uint64_t size = end - begin;
    Digest hash;
    if (size == 0) {
      hash = sha256("");
    } else if (size == 1) {
      hash = sha256(std::string(1, '\0') + entries_[begin]);
    } else {
      const std::uint64_t middle = begin + std::bit_ceil(size) / 2;
      const Digest left = this->hash(begin, middle);
      const Digest right = this->hash(middle, end);
      hash = sha256('\1' + std::string(left.view()) + std::string(right.view()));
    }
    return hashes_[{begin, end}] = hash;
  }

  SubtreeSource source() {
    return [this](unsigned level, std::uint64_t index) {
      return hash(index << level, (index + 1) << level);
    };
  }

 private:
  std::vector<std::string> entries_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Digest> hashes_;
};

}  // namespace holdpoint::ledger
