// Versions by SemVer 2.0.0, which CEL does not have: isSemver(text), compareSemver(a, b), which is
// -1, 0 or 1, and semverMatches(version, range) with ranges as version.hpp says.
#include "policy/cel/version.hpp"

#include "policy/cel/making.hpp"

namespace holdpoint::policy::cel {
namespace {

Value no_version(const Call& call) {
  return call.error("the text is not a version of the form 1.2.3");
}

Value is_semver(const Call& call) {
  if (!are_strings(call.arguments)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  call.session.charge(tenth(text.size()));
  return Value::of(parse_version(text).has_value());
}

Value compare_semver(const Call& call) {
  if (!are_strings(call.arguments)) return call.no_overload();
  call.session.charge(tenth(call.arguments[0].as_text().size()) +
                      tenth(call.arguments[1].as_text().size()));
  const auto a = parse_version(call.arguments[0].as_text());
  const auto b = parse_version(call.arguments[1].as_text());
  if (!a || !b) return no_version(call);
  return Value::of(static_cast<std::int64_t>(compare_versions(*a, *b)));
}

/// Every comparison of the range may walk over the whole version.
Value semver_matches(const Call& call) {
  if (!are_strings(call.arguments)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  const auto range_text = call.arguments[1].as_text();
  call.session.charge(search_cost(text.size(), range_text.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  const auto version = parse_version(text);
  if (!version) return no_version(call);
  const auto range = VersionRange::parse(range_text);
  return range ? Value::of(range->contains(*version)) : call.error("the range: " + range.error());
}

Worst worst_of_both(Extents&, std::span<const Extent> arguments) {
  return {arguments[0].weight + arguments[1].weight, {}};
}

}  // namespace

std::vector<Function> version_functions() {
  using enum Receiver;
  return {
      {"isSemver", absent, is_semver, signatures({"string -> bool"}), worst_of_walk},
      {"compareSemver", absent, compare_semver, signatures({"string, string -> int"}),
       worst_of_both},
      {"semverMatches", absent, semver_matches, signatures({"string, string -> bool"}),
       worst_of_search},
  };
}

}  // namespace holdpoint::policy::cel
