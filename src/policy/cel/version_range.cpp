// Ranges of versions, see version.hpp: every form is read into comparisons with whole versions.
#include <algorithm>

#include "policy/cel/version.hpp"

namespace holdpoint::policy::cel {
namespace {

using Relation = VersionRange::Relation;
using Comparator = VersionRange::Comparator;
using Set = VersionRange::Set;
using Core = std::array<std::string, 3>;
using Refusal = std::unexpected<std::string>;

/// The prerelease that stands before every other.
constexpr std::string_view first_prerelease = "0";

/// A version of which the last parts may be open.
struct Partial {
  std::array<std::string_view, 3> parts;  // empty where any number will do
  std::string_view prerelease;

  [[nodiscard]] std::size_t known() const {
    return static_cast<std::size_t>(std::ranges::find(parts, std::string_view()) - parts.begin());
  }
};

Refusal malformed(std::string_view text) {
  return Refusal("'" + std::string(text) +
                 "' is not a version or the start of one, as 1.2.3, 1.2 or 1.x");
}

bool is_any(std::string_view part) { return part == "x" || part == "X" || part == "*"; }

std::expected<Partial, std::string> parse_partial(std::string_view text) {
  Partial out;
  std::string_view core = text;
  if (const auto plus = core.find('+'); plus != std::string_view::npos) {
    if (!are_identifiers(core.substr(plus + 1))) return malformed(text);
    core = core.substr(0, plus);
  }
  if (const auto hyphen = core.find('-'); hyphen != std::string_view::npos) {
    out.prerelease = core.substr(hyphen + 1);
    core = core.substr(0, hyphen);
    if (!is_prerelease(out.prerelease)) return malformed(text);
  }
  std::size_t count = 0;
  for (bool is_last = false; !is_last; ++count) {
    const auto dot = std::min(core.find('.'), core.size());
    is_last = dot == core.size();
    const auto part = core.substr(0, dot);
    if (count == out.parts.size() || (!is_any(part) && !is_version_number(part))) {
      return malformed(text);
    }
    // After an open part the others are open too.
    const bool is_open = is_any(part) || (count > 0 && out.parts[count - 1].empty());
    if (!is_open) out.parts[count] = part;
    core.remove_prefix(std::min(dot + 1, core.size()));
  }
  const bool is_whole = count == out.parts.size() && out.known() == out.parts.size();
  if (!is_whole && text.find_first_of("-+") != std::string_view::npos) return malformed(text);
  return out;
}

std::string incremented(std::string_view digits) {
  std::string out(digits);
  for (std::size_t i = out.size(); i-- > 0;) {
    if (out[i] != '9') {
      ++out[i];
      return out;
    }
    out[i] = '0';
  }
  return "1" + out;
}

/// The lowest release of a partial version.
Core floor_of(const Partial& partial) {
  Core core;
  for (std::size_t i = 0; i < core.size(); ++i) {
    core[i] = partial.parts[i].empty() ? "0" : std::string(partial.parts[i]);
  }
  return core;
}

/// The first release after those that agree up to the part of that number.
Core after(const Partial& partial, std::size_t part) {
  Core core = floor_of(partial);
  core[part] = incremented(core[part]);
  std::fill(core.begin() + static_cast<std::ptrdiff_t>(part) + 1, core.end(), "0");
  return core;
}

Comparator at_least(const Partial& partial) {
  return {Relation::greater_equal, floor_of(partial), std::string(partial.prerelease)};
}
/// Below it and all its prereleases.
Comparator below(Core core) {
  return {Relation::less, std::move(core), std::string(first_prerelease)};
}
Comparator never() { return {}; }

/// From the lowest to before the first that differs in the part of that number.
Set from_until(const Partial& partial, std::size_t part) {
  return {at_least(partial), below(after(partial, part))};
}

Set caret(const Partial& partial) {
  const std::size_t known = partial.known();
  std::size_t kept = 0;
  while (kept + 1 < known && partial.parts[kept] == "0") ++kept;
  return from_until(partial, kept);
}

Set tilde(const Partial& partial) {
  return from_until(partial, std::min<std::size_t>(partial.known(), 2) - 1);
}

/// The version itself, or all that a partial one stands for.
Set equal_to(const Partial& partial) {
  if (partial.known() < 3) return from_until(partial, partial.known() - 1);
  Comparator low = at_least(partial);
  Comparator high = low;
  high.relation = Relation::less_equal;
  return {low, high};
}

Set greater(const Partial& partial) {
  const std::size_t known = partial.known();
  if (known < 3) return {{Relation::greater_equal, after(partial, known - 1), ""}};
  return {{Relation::greater, floor_of(partial), std::string(partial.prerelease)}};
}

Set less(const Partial& partial) {
  if (partial.known() < 3) return {below(floor_of(partial))};
  return {{Relation::less, floor_of(partial), std::string(partial.prerelease)}};
}

Set less_equal(const Partial& partial) {
  const std::size_t known = partial.known();
  if (known < 3) return {below(after(partial, known - 1))};
  return {{Relation::less_equal, floor_of(partial), std::string(partial.prerelease)}};
}

/// An empty set holds every version.
Set comparators(std::string_view symbol, const Partial& partial) {
  if (partial.known() == 0) return symbol == "<" || symbol == ">" ? Set{never()} : Set{};
  if (symbol == "^") return caret(partial);
  if (symbol == "~") return tilde(partial);
  if (symbol == ">=") return {at_least(partial)};
  if (symbol == ">") return greater(partial);
  if (symbol == "<=") return less_equal(partial);
  if (symbol == "<") return less(partial);
  return equal_to(partial);
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::string_view take_symbol(std::string_view& text) {
  for (const std::string_view symbol : {"<=", ">=", "<", ">", "=", "^", "~"}) {
    if (!text.starts_with(symbol)) continue;
    text = trimmed(text.substr(symbol.size()));
    return symbol;
  }
  return "";
}

void append(Set& to, Set&& more) { std::ranges::move(more, std::back_inserter(to)); }

std::expected<Set, std::string> parse_hyphen(std::string_view from, std::string_view to) {
  const auto low = parse_partial(trimmed(from));
  if (!low) return Refusal(low.error());
  const auto high = parse_partial(trimmed(to));
  if (!high) return Refusal(high.error());
  Set out = comparators(">=", *low);
  append(out, comparators("<=", *high));
  return out;
}

std::expected<Set, std::string> parse_set(std::string_view text) {
  constexpr std::string_view hyphen = " - ";
  if (const auto at = text.find(hyphen); at != std::string_view::npos) {
    return parse_hyphen(text.substr(0, at), text.substr(at + hyphen.size()));
  }
  Set out;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::string_view symbol = take_symbol(text);
    const std::size_t end = std::min(text.find_first_of(" <>=^~"), text.size());
    const auto partial = parse_partial(text.substr(0, end));
    if (!partial) return Refusal(partial.error());
    append(out, comparators(symbol, *partial));
    text.remove_prefix(end);
  }
  return out;
}

bool holds(const Comparator& comparator, const Version& version) {
  const Version limit{{comparator.core[0], comparator.core[1], comparator.core[2]},
                      comparator.prerelease};
  const int order = compare_versions(version, limit);
  switch (comparator.relation) {
    case Relation::less: return order < 0;
    case Relation::less_equal: return order <= 0;
    case Relation::greater: return order > 0;
    case Relation::greater_equal: return order >= 0;
    case Relation::never: return false;
  }
  return false;
}

}  // namespace

std::expected<VersionRange, std::string> VersionRange::parse(std::string_view text) {
  if (text.size() > text_bytes_max) {
    return Refusal("the range is longer than " + std::to_string(text_bytes_max) + " bytes");
  }
  constexpr std::string_view bar = "||";
  VersionRange out;
  for (bool is_last = false; !is_last;) {
    const std::size_t end = std::min(text.find(bar), text.size());
    is_last = end == text.size();
    auto set = parse_set(text.substr(0, end));
    if (!set) return Refusal(set.error());
    out.sets_.push_back(std::move(*set));
    text.remove_prefix(std::min(end + bar.size(), text.size()));
  }
  return out;
}

bool VersionRange::contains(const Version& version) const {
  return std::ranges::any_of(sets_, [&](const Set& set) {
    return std::ranges::all_of(
        set, [&](const Comparator& comparator) { return holds(comparator, version); });
  });
}

}  // namespace holdpoint::policy::cel
