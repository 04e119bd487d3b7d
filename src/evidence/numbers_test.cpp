// Numbers of reports: exact, rounded down, and never wrapped.
#include "evidence/numbers.hpp"

#include <doctest/doctest.h>

#include <rapidcheck.h>

#include "evidence/summary.hpp"

namespace holdpoint::evidence {

TEST_CASE("a count is digits, and what is negative, fractional or too large is none") {
  CHECK(parse_count("0") == 0);
  CHECK(parse_count(" 42 ") == 42);
  CHECK(parse_count("9007199254740991") == count_max);
  for (const char* text :
       {"", "-1", "1.0", "+1", "1e3", "NaN", "9007199254740992", "99999999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_count(text).has_value());
  }
}

TEST_CASE("decimals become integers of a smaller unit without rounding up") {
  CHECK(parse_scaled("7.5", 1) == 75);
  CHECK(parse_scaled("8.99", 1) == 89);
  CHECK(parse_scaled(".5", 4) == 5000);
  CHECK(parse_scaled("5.", 1) == 50);
  CHECK(parse_scaled("0.79999", 4) == 7999);
  CHECK(parse_scaled("1.2e-3", 6) == 1200);
  CHECK(parse_scaled("1e-7", 6) == 0);
  CHECK(parse_scaled("12E2", 0) == 1200);
  for (const char* text : {"", ".", "NaN", "Infinity", "-0.5", "1e999", "1e40", "0x10", "1.2.3",
                           "99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_scaled(text, 6).has_value());
  }
}

TEST_CASE("seconds are read in the spellings of makers in many countries") {
  CHECK(parse_seconds_us("1.5") == 1'500'000);
  CHECK(parse_seconds_us("1,234.5") == 1'234'500'000);
  CHECK(parse_seconds_us("0,25") == 250'000);
  CHECK(parse_seconds_us("3.1e-05") == 31);
  CHECK_FALSE(parse_seconds_us("a while").has_value());
}

TEST_CASE("a CVSS score outside 0 to 10 is none") {
  CHECK(parse_score_x10("10.0") == 100);
  CHECK(parse_score_x10("9.8") == 98);
  CHECK_FALSE(parse_score_x10("10.01").has_value());
  CHECK_FALSE(parse_score_x10("-1").has_value());
  CHECK(score_x10_of(8.7) == 87);
  CHECK(score_x10_of(0.0) == 0);
  CHECK_FALSE(score_x10_of(10.5).has_value());
}

TEST_CASE("rates are rounded down and never reach what was not reached") {
  CHECK(basis_points(0, 0) == 0);
  CHECK(basis_points(1, 3) == 3333);
  CHECK(basis_points(9'999, 10'001) == 9998);
  CHECK(basis_points(count_max, count_max) == 10'000);
  CHECK(basis_points(count_max - 1, count_max) == 9'999);
  CHECK(add_counts(count_max, count_max) == count_max);
}

TEST_CASE("every tenth is read back as itself") {
  CHECK(rc::check("tenths", [] {
    const auto tenths = *rc::gen::inRange<std::int64_t>(0, 101);
    const std::string text = std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
    return parse_score_x10(text) == tenths && score_x10_of(std::stod(text)) == tenths;
  }));
}

}  // namespace holdpoint::evidence
