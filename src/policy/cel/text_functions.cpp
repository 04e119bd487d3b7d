// The standard functions over text, bytes and collections: size, contains, startsWith, endsWith,
// matches, lowerAscii, upperAscii.
#include "policy/cel/making.hpp"

namespace holdpoint::policy::cel {
namespace {

Value size(const Call& call) {
  const Value& of = call.arguments[0];
  switch (of.kind()) {
    case Kind::string:
      call.session.charge(tenth(of.as_text().size()));
      return Value::of(static_cast<std::int64_t>(character_count(of.as_text())));
    case Kind::bytes: return Value::of(static_cast<std::int64_t>(of.as_text().size()));
    case Kind::list:
    case Kind::map: return Value::of(static_cast<std::int64_t>(of.count()));
    default: return call.no_overload();
  }
}

Value contains(const Call& call) {
  if (!are_strings(call.arguments)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  const auto part = call.arguments[1].as_text();
  call.session.charge(search_cost(text.size(), part.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  return Value::of(text.find(part) != std::string_view::npos);
}

Value starts_with(const Call& call) {
  if (!are_strings(call.arguments)) return call.no_overload();
  call.session.charge(tenth(call.arguments[1].as_text().size()));
  return Value::of(call.arguments[0].as_text().starts_with(call.arguments[1].as_text()));
}

Value ends_with(const Call& call) {
  if (!are_strings(call.arguments)) return call.no_overload();
  call.session.charge(tenth(call.arguments[1].as_text().size()));
  return Value::of(call.arguments[0].as_text().ends_with(call.arguments[1].as_text()));
}

/// A constant pattern never comes here: it is compiled once, with the program.
Value matches(const Call& call) {
  if (!are_strings(call.arguments)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  const auto pattern = call.arguments[1].as_text();
  call.session.charge(match_cost(text.size(), pattern.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  const Regex* regex = call.session.regex(pattern);
  if (regex == nullptr) return call.error("the pattern is not a regular expression");
  return Value::of(regex->matches(text));
}

template <char first, char last, int shift>
Value change_case(const Call& call) {
  if (!are_strings(call.arguments)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  call.session.charge(tenth(text.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  char* changed = call.session.arena().array<char>(text.size());
  if (changed == nullptr) {
    call.session.exhaust();
    return cost_error(call);
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    changed[i] = c >= first && c <= last ? static_cast<char>(c + shift) : c;
  }
  return Value::of(std::string_view(changed, text.size()));
}

Worst worst_of_prefix(Extents&, std::span<const Extent> arguments) {
  return {{arguments[1].length.count / 10 + 1}, {}};
}

}  // namespace

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::vector<Function> text_functions() {
  using enum Receiver;
  const auto sizes =
      signatures({"string -> int", "bytes -> int", "list(T) -> int", "map(K, V) -> int"});
  const auto two_texts = signatures({"string, string -> bool"});
  const auto one_text = signatures({"string -> string"});
  return {
      {"size", absent, size, sizes, worst_of_walk},
      {"size", present, size, sizes, worst_of_walk},
      {"contains", present, contains, two_texts, worst_of_search},
      {"startsWith", present, starts_with, two_texts, worst_of_prefix},
      {"endsWith", present, ends_with, two_texts, worst_of_prefix},
      {"matches", present, matches, two_texts, worst_of_match},
      {"matches", absent, matches, two_texts, worst_of_match},
      {"lowerAscii", present, change_case<'A', 'Z', 32>, one_text, worst_of_copy},
      {"upperAscii", present, change_case<'a', 'z', -32>, one_text, worst_of_copy},
  };
}

}  // namespace holdpoint::policy::cel
