// Whether two short texts are the same, without a call: names of fields and the words that rules
// compare with have a few characters, for which calling memcmp costs more than comparing.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace holdpoint::policy::cel {

namespace detail {

template <class Word>
Word word_at(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Of `size` bytes, from one word to two: the first and the last word overlap.
template <class Word>
bool has_same_ends(const char* a, const char* b, std::size_t size) {
  const std::size_t last = size - sizeof(Word);
  return word_at<Word>(a) == word_at<Word>(b) && word_at<Word>(a + last) == word_at<Word>(b + last);
}

}  // namespace detail

inline bool equal_text(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  if (size >= 8) return detail::has_same_ends<std::uint64_t>(a.data(), b.data(), size);
  if (size >= 4) return detail::has_same_ends<std::uint32_t>(a.data(), b.data(), size);
  if (size >= 2) return detail::has_same_ends<std::uint16_t>(a.data(), b.data(), size);
  return size == 0 || *a.data() == *b.data();
}

}  // namespace holdpoint::policy::cel
