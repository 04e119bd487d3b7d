// Text that people write: blanks say nothing, and cutting splits no character.
#include "base/text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace holdpoint {

TEST_CASE("one line of text has no control character, and may be of any language") {
  for (const char* line : {"", "a b", "Grüße, 世界", "~"}) CHECK(is_one_line(line));
  for (const char* more : {"a\nb", "a\rb", "\t", "\x1b[31mred", "\x7f"}) {
    CHECK_FALSE(is_one_line(more));
  }
  CHECK_FALSE(is_one_line(std::string_view("a\0b", 3)));
}

TEST_CASE("blanks alone state nothing, and neither does what is too long") {
  for (const char* nothing : {"", " ", "\t", "\r\n", " \v\f "}) CHECK_FALSE(is_stated(nothing, 10));
  CHECK(is_stated(" a ", 3));
  CHECK_FALSE(is_stated(" a ", 2));
  CHECK(is_stated(std::string(10, 'x'), 10));
  CHECK_FALSE(is_stated(std::string(11, 'x'), 10));
}

TEST_CASE("text is cut between characters") {
  CHECK(cut_text("grün", 9) == "grün");
  CHECK(cut_text("grün", 4) == "grü");
  CHECK(cut_text("grün", 3) == "gr");
  CHECK(cut_text("ü", 1).empty());
  CHECK(cut_text("abc", 0).empty());
}

}  // namespace holdpoint
