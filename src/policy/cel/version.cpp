// See version.hpp; ranges are in version_range.cpp.
#include "policy/cel/version.hpp"

#include <algorithm>

namespace holdpoint::policy::cel {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view take_until(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

/// Numbers of any length, without leading zeros.
int compare_digits(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a == b ? 0 : (a < b ? -1 : 1);
}

/// SemVer §11.4: numbers below words, fewer identifiers below more, none above any.
int compare_prerelease(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) {
    return static_cast<int>(a.empty()) - static_cast<int>(b.empty());
  }
  while (!a.empty() && !b.empty()) {
    const auto first = take_until(a, '.');
    const auto second = take_until(b, '.');
    const bool first_is_number = is_digits(first);
    if (first_is_number != is_digits(second)) return first_is_number ? -1 : 1;
    const int order = first_is_number ? compare_digits(first, second)
                                      : (first == second ? 0 : (first < second ? -1 : 1));
    if (order != 0) return order;
  }
  return static_cast<int>(!a.empty()) - static_cast<int>(!b.empty());
}

}  // namespace

bool is_version_number(std::string_view text) {
  return is_digits(text) && (text.size() == 1 || text[0] != '0');
}

bool are_identifiers(std::string_view text) {
  constexpr std::string_view allowed =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";
  if (text.empty() || text.back() == '.') return false;
  while (!text.empty()) {
    const auto identifier = take_until(text, '.');
    if (identifier.empty()) return false;
    if (identifier.find_first_not_of(allowed) != std::string_view::npos) return false;
  }
  return true;
}

bool is_prerelease(std::string_view text) {
  if (!are_identifiers(text)) return false;
  while (!text.empty()) {
    const auto identifier = take_until(text, '.');
    if (is_digits(identifier) && !is_version_number(identifier)) return false;
  }
  return true;
}

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  if (const auto plus = text.find('+'); plus != std::string_view::npos) {
    if (!are_identifiers(text.substr(plus + 1))) return std::nullopt;
    text = text.substr(0, plus);
  }
  if (const auto hyphen = text.find('-'); hyphen != std::string_view::npos) {
    version.prerelease = text.substr(hyphen + 1);
    text = text.substr(0, hyphen);
    if (!is_prerelease(version.prerelease)) return std::nullopt;
  }
  if (std::ranges::count(text, '.') != 2) return std::nullopt;
  for (std::string_view& part : version.core) {
    part = take_until(text, '.');
    if (!is_version_number(part)) return std::nullopt;
  }
  return version;
}

int compare_versions(const Version& a, const Version& b) {
  for (std::size_t i = 0; i < a.core.size(); ++i) {
    const int order = compare_digits(a.core[i], b.core[i]);
    if (order != 0) return order;
  }
  return compare_prerelease(a.prerelease, b.prerelease);
}

}  // namespace holdpoint::policy::cel
