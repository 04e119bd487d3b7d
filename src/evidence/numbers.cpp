// Decimal text to integers by hand: from_chars for doubles would round, and locale functions would
// read other separators on other machines.
#include "evidence/numbers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "base/assert.hpp"
#include "evidence/summary.hpp"

namespace holdpoint::evidence {

namespace {

constexpr int exponent_max = 40;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes "e-3" off the end. nullopt when what follows the e is no small integer.
std::optional<int> take_exponent(std::string_view& text) {
  const auto at = text.find_first_of("eE");
  if (at == std::string_view::npos) return 0;
  std::string_view digits = text.substr(at + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int exponent = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (exponent < -exponent_max || exponent > exponent_max) return std::nullopt;
  text = text.substr(0, at);
  return exponent;
}

}  // namespace

std::optional<std::int64_t> parse_count(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value > count_max) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_scaled(std::string_view text, int digits) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto exponent = take_exponent(text);
  if (!exponent) return std::nullopt;
  const auto point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (!std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(fraction, is_digit)) {
    return std::nullopt;
  }
  // The number is the digits of whole and fraction; keep those left of the moved point.
  const auto keep = static_cast<std::int64_t>(whole.size()) + *exponent + digits;
  std::int64_t value = 0;
  for (std::int64_t i = 0; i < keep; ++i) {
    const auto at = static_cast<std::size_t>(i);
    char digit = '0';
    if (at < whole.size()) {
      digit = whole[at];
    } else if (at - whole.size() < fraction.size()) {
      digit = fraction[at - whole.size()];
    } else if (value == 0) {
      break;
    }
    value = value * 10 + (digit - '0');
    if (value > count_max) return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> parse_seconds_us(std::string_view text) {
  if (text.find(',') == std::string_view::npos) return parse_scaled(text, 6);
  std::string plain;
  const bool thousands = text.find('.') != std::string_view::npos;
  for (const char c : text) {
    if (c != ',') {
      plain += c;
    } else if (!thousands) {
      plain += '.';
    }
  }
  return parse_scaled(plain, 6);
}

std::optional<std::int64_t> parse_score_x10(std::string_view text) {
  const auto score = parse_scaled(text, 1);
  // 10.05 would be cut to 100; the hundredths tell that it is above 10.
  const auto fine = parse_scaled(text, 6);
  if (!score || !fine || *fine > 10'000'000) return std::nullopt;
  return score;
}

std::optional<std::int64_t> score_x10_of(double score) {
  if (!(score >= 0.0 && score <= 10.0)) return std::nullopt;
  // 8.7 is stored as 8.6999…: the small term keeps the digit that was written.
  return static_cast<std::int64_t>(std::floor(score * 10.0 + 1e-6));
}

std::int64_t basis_points(std::int64_t covered, std::int64_t valid) {
  HP_ASSERT(covered >= 0 && covered <= valid, "EV-2: no more is covered than there is");
  if (valid == 0) return 0;
  // Digit by digit: covered × 10000 would not fit for counts near count_max.
  std::int64_t rate = covered / valid;
  std::int64_t rest = covered % valid;
  for (int digit = 0; digit < 4; ++digit) {
    rate = rate * 10 + rest * 10 / valid;
    rest = rest * 10 % valid;
  }
  return rate;
}

std::int64_t add_counts(std::int64_t a, std::int64_t b) {
  HP_ASSERT(a >= 0 && b >= 0 && a <= count_max && b <= count_max, "EV-3: counts are bounded");
  return std::min(a + b, count_max);
}

}  // namespace holdpoint::evidence
