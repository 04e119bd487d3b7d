// Patterns from criteria run in linear time and within bounds, or are refused: these tests say so.
#include <doctest/doctest.h>

#include "base/regex.hpp"

namespace holdpoint {
namespace {

TEST_CASE("a pattern is found anywhere unless it is anchored") {
  CHECK(Regex::compile("b+")->matches("abbc"));
  CHECK_FALSE(Regex::compile("^b+$")->matches("abbc"));
  CHECK(Regex::compile("^é$")->matches("é"));
  CHECK(Regex::compile("")->matches(""));
}

TEST_CASE("a malformed, too long or too large pattern is an error value") {
  CHECK_FALSE(Regex::compile("[").has_value());
  CHECK_FALSE(Regex::compile("(?=x)").has_value());
  CHECK_FALSE(Regex::compile(std::string(10'000, 'a')).has_value());
  CHECK_FALSE(Regex::compile("((a{100}){100}){100}").has_value());
}

}  // namespace
}  // namespace holdpoint
