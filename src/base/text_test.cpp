// Text that people write: blanks say nothing, and cutting splits no character.
#include "base/text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace holdpoint {

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
