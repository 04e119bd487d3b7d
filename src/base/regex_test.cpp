// Patterns from criteria run in linear time and within bounds, or are refused: these tests say so.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/regex.hpp"

namespace holdpoint {
namespace {

TEST_CASE("a pattern is found anywhere unless it is anchored") {
  CHECK(Regex::compile("b+")->matches("abbc"));
  CHECK_FALSE(Regex::compile("^b+$")->matches("abbc"));
  CHECK(Regex::compile("^é$")->matches("é"));
  CHECK(Regex::compile("")->matches(""));
}

TEST_CASE("matches are found one after the other, with their groups") {
  const Regex pair = *Regex::compile("([a-z]+)=([0-9])?");
  CHECK(pair.group_count() == 2);
  const std::string text = "é a=1, bc=";
  const auto first = pair.find(text, 0);
  CHECK(first == std::vector<std::string_view>{"a=1", "a", "1"});
  CHECK(first[0].data() == text.data() + 3);
  const auto second = pair.find(text, 6);
  CHECK(second == std::vector<std::string_view>{"bc=", "bc", ""});
  CHECK(second[2].data() == nullptr);
  CHECK(pair.find(text, text.size()).empty());
  CHECK(Regex::compile("^a")->find("aa", 1).empty());
  CHECK(Regex::compile("")->find("", 0) == std::vector<std::string_view>{""});
}

TEST_CASE("a malformed, too long or too large pattern is an error value") {
  CHECK_FALSE(Regex::compile("[").has_value());
  CHECK_FALSE(Regex::compile("(?=x)").has_value());
  CHECK_FALSE(Regex::compile(std::string(10'000, 'a')).has_value());
  CHECK_FALSE(Regex::compile("((a{100}){100}){100}").has_value());
}

}  // namespace
}  // namespace holdpoint
