// Functions over text, bytes and collections: size, contains, startsWith, endsWith, matches,
// lowerAscii, upperAscii.
#include <algorithm>

#include "policy/cel/functions.hpp"

namespace holdpoint::policy::cel {
namespace {

void charge_length(const Call& call, std::size_t bytes) {
  call.session.charge(static_cast<std::int64_t>(bytes / 10));
}

Value size(const Call& call) {
  const Value& of = call.arguments[0];
  switch (of.kind()) {
    case Kind::string:
      charge_length(call, of.as_text().size());
      return Value::of(static_cast<std::int64_t>(character_count(of.as_text())));
    case Kind::bytes: return Value::of(static_cast<std::int64_t>(of.as_text().size()));
    case Kind::list:
    case Kind::map: return Value::of(static_cast<std::int64_t>(of.count()));
    default: return call.no_overload();
  }
}

bool are_strings(const Call& call) {
  return std::ranges::all_of(call.arguments, [](const Value& v) { return v.is(Kind::string); });
}

Value contains(const Call& call) {
  if (!are_strings(call)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  const auto part = call.arguments[1].as_text();
  const auto tenth = [](std::size_t n) { return static_cast<std::int64_t>(n / 10 + 1); };
  call.session.charge(tenth(text.size()) * tenth(part.size()));
  if (call.session.is_exhausted()) return call.error("the limit of cost is exceeded");
  return Value::of(text.find(part) != std::string_view::npos);
}

Value starts_with(const Call& call) {
  if (!are_strings(call)) return call.no_overload();
  charge_length(call, call.arguments[1].as_text().size());
  return Value::of(call.arguments[0].as_text().starts_with(call.arguments[1].as_text()));
}

Value ends_with(const Call& call) {
  if (!are_strings(call)) return call.no_overload();
  charge_length(call, call.arguments[1].as_text().size());
  return Value::of(call.arguments[0].as_text().ends_with(call.arguments[1].as_text()));
}

/// A constant pattern never comes here: it is compiled once, with the program.
Value matches(const Call& call) {
  if (!are_strings(call)) return call.no_overload();
  const Regex* regex = call.session.regex(call.arguments[1].as_text());
  if (regex == nullptr) return call.error("the pattern is not a regular expression");
  charge_length(call, call.arguments[0].as_text().size());
  return Value::of(regex->matches(call.arguments[0].as_text()));
}

template <char first, char last, int shift>
Value change_case(const Call& call) {
  if (!are_strings(call)) return call.no_overload();
  std::string text(call.arguments[0].as_text());
  charge_length(call, text.size());
  for (char& c : text) {
    if (c >= first && c <= last) c = static_cast<char>(c + shift);
  }
  return call.session.text(text);
}

}  // namespace

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::vector<Function> text_functions() {
  using enum TypeKind;
  const std::vector<Signature> sizes = {
      {{string}, integer}, {{bytes}, integer}, {{list}, integer}, {{map}, integer}};
  const std::vector<Signature> two_texts = {{{string, string}, boolean}};
  const std::vector<Signature> one_text = {{{string}, string}};
  return {
      {"size", Receiver::absent, size, sizes},
      {"size", Receiver::present, size, sizes},
      {"contains", Receiver::present, contains, two_texts},
      {"startsWith", Receiver::present, starts_with, two_texts},
      {"endsWith", Receiver::present, ends_with, two_texts},
      {"matches", Receiver::present, matches, two_texts},
      {"matches", Receiver::absent, matches, two_texts},
      {"lowerAscii", Receiver::present, change_case<'A', 'Z', 32>, one_text},
      {"upperAscii", Receiver::present, change_case<'a', 'z', -32>, one_text},
  };
}

}  // namespace holdpoint::policy::cel
