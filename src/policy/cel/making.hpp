// How functions make texts and lists: charged before they are made, of a bounded size, in the arena
// of the evaluation. A bound that is reached is an error that names it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "policy/cel/functions.hpp"

namespace holdpoint::policy::cel {

constexpr std::size_t made_text_bytes_max = 1U << 20;
constexpr std::size_t made_list_items_max = 100'000;

/// A list of a number of items that is known before. `charge` is per item and MUST be at least 1.
class ListMaker {
 public:
  ListMaker(const Call& call, std::size_t count, std::int64_t charge = 1);
  /// Whether there is room; when there is not, finish() says why.
  [[nodiscard]] bool is_ready() const { return items_ != nullptr; }
  /// MUST be called for each of the items, and for no more, when there is room.
  void add(const Value& item) { items_[used_++] = item; }
  Value finish();

 private:
  const Call& call_;
  Value* items_ = nullptr;
  ValueList* list_ = nullptr;
  std::size_t count_;
  std::size_t used_ = 0;
};

/// A text that grows, up to its bound; charged a tenth of its bytes.
class TextMaker {
 public:
  explicit TextMaker(const Call& call) : call_(call) {}
  void add(std::string_view text);
  /// Nothing more is kept: the loop that adds should end.
  [[nodiscard]] bool is_full() const { return is_full_; }
  Value finish();

 private:
  const Call& call_;
  std::string text_;
  bool is_full_ = false;
};

Value cost_error(const Call& call);
/// The bytes of the character that starts there, in valid UTF-8.
std::size_t character_bytes(char first);
bool are_strings(std::span<const Value> values);

// The worst cases that many functions share.

/// Walks over the first text and returns a part of it, or one of its size.
Worst worst_of_copy(Extents& extents, std::span<const Extent> arguments);
/// Walks over the first text and returns a number.
Worst worst_of_walk(Extents& extents, std::span<const Extent> arguments);
/// Looks for the second text in the first.
Worst worst_of_search(Extents& extents, std::span<const Extent> arguments);
/// Matches the first text with the pattern that is the second, and compiles that.
Worst worst_of_match(Extents& extents, std::span<const Extent> arguments);

}  // namespace holdpoint::policy::cel
