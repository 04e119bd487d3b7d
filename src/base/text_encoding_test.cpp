// Text from outside in every encoding that reports come in, and what of it may be stored.
#include "base/text_encoding.hpp"

#include <doctest/doctest.h>

#include <rapidcheck.h>

#include "base/encoding.hpp"

namespace holdpoint {

using namespace std::string_view_literals;

TEST_CASE("UTF-16 in both byte orders, with and without mark, reads as UTF-8") {
  std::string room;
  CHECK(as_utf8("\xFF\xFE{\0}\0"sv, room) == "{}");
  CHECK(as_utf8("\xFE\xFF\0{\0}"sv, room) == "{}");
  CHECK(as_utf8("{\0}\0"sv, room) == "{}");
  CHECK(as_utf8("\0{\0}"sv, room) == "{}");
  CHECK(as_utf8("\xEF\xBB\xBF{}", room) == "{}");
  CHECK(as_utf8("{}", room) == "{}");
}

TEST_CASE("a surrogate pair becomes one character and a lone surrogate the replacement") {
  CHECK(utf16_to_utf8("\x3D\xD8\x00\xDE"sv, TextEncoding::utf16_little) == "\xF0\x9F\x98\x80");
  CHECK(utf16_to_utf8("\x3D\xD8"sv, TextEncoding::utf16_little) == "\xEF\xBF\xBD");
  CHECK_FALSE(utf16_to_utf8("\x3D"sv, TextEncoding::utf16_little).has_value());
}

TEST_CASE("stored text is cut between characters and carries no control characters") {
  CHECK(clean_text("abc", 2) == "ab");
  CHECK(clean_text("a\xC3\xA4", 2) == "a");
  CHECK(clean_text("a\xC3\xA4", 3) == "a\xC3\xA4");
  CHECK(clean_text("a\0b\x1B[31mc\x7F"sv, 99) == "ab[31mc");
  CHECK(clean_text("line\n\tnext\r\n", 99) == "line\n\tnext\n");
  CHECK(clean_text("\xFF\xC3", 99) == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK_MESSAGE(clean_text("safe\xE2\x80\xAE"
                           "gnp.exe",
                           99) == "safegnp.exe",
                "a reordering mark cannot disguise a name");
}

TEST_CASE("whatever the bytes, cleaned text is well-formed UTF-8 within its bound") {
  CHECK(rc::check("clean_text", [](const std::string& bytes) {
    for (const std::size_t bound : {std::size_t{0}, std::size_t{7}, std::size_t{1000}}) {
      const std::string cleaned = clean_text(bytes, bound);
      if (cleaned.size() > bound || !is_utf8(cleaned)) return false;
      if (clean_text(cleaned, bound) != cleaned) return false;
    }
    return true;
  }));
}

}  // namespace holdpoint
