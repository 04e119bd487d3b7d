// The strings extension but for quote and format: charAt, indexOf, lastIndexOf, replace, split,
// substring, trim, join, reverse. Positions count characters, not bytes. Parts of a text are views
// of it and cost no memory. indexOf, lastIndexOf and reverse take lists too.
#include <algorithm>
#include <optional>

#include "policy/cel/list_search.hpp"
#include "policy/cel/making.hpp"

namespace holdpoint::policy::cel {
namespace {

/// The byte where the character of that number starts, or the end after the last one; nullopt for a
/// position outside of the text.
std::optional<std::size_t> byte_of(std::string_view text, std::int64_t position) {
  if (position < 0 || static_cast<std::uint64_t>(position) > text.size()) return std::nullopt;
  std::size_t at = 0;
  for (std::int64_t i = 0; i < position; ++i) {
    if (at >= text.size()) return std::nullopt;
    at += character_bytes(text[at]);
  }
  return at;
}

Value out_of_range(const Call& call, std::int64_t position) {
  return call.error("index out of range: " + std::to_string(position));
}

Value position_of(std::string_view text, std::size_t byte) {
  if (byte == std::string_view::npos) return Value::of(std::int64_t{-1});
  return Value::of(static_cast<std::int64_t>(character_count(text.substr(0, byte))));
}

Value char_at(const Call& call) {
  if (!call.arguments[0].is(Kind::string) || !call.arguments[1].is(Kind::integer)) {
    return call.no_overload();
  }
  const auto text = call.arguments[0].as_text();
  call.session.charge(tenth(text.size()));
  const auto byte = byte_of(text, call.arguments[1].as_int());
  if (!byte) return out_of_range(call, call.arguments[1].as_int());
  if (*byte == text.size()) return Value::of(std::string_view());
  return Value::of(text.substr(*byte, character_bytes(text[*byte])));
}

Value index_of(const Call& call) {
  if (call.arguments[0].is(Kind::list)) return first_index(call);
  if (!are_strings(call.arguments.first(2))) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  const auto part = call.arguments[1].as_text();
  call.session.charge(search_cost(text.size(), part.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  std::size_t from = 0;
  if (call.arguments.size() == 3) {
    if (!call.arguments[2].is(Kind::integer)) return call.no_overload();
    const auto byte = byte_of(text, call.arguments[2].as_int());
    if (!byte) return out_of_range(call, call.arguments[2].as_int());
    from = *byte;
  }
  return position_of(text, text.find(part, from));
}

/// The position, when given, is the last one where the part may begin.
Value last_index_of(const Call& call) {
  if (call.arguments[0].is(Kind::list)) return last_index(call);
  if (!are_strings(call.arguments.first(2))) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  const auto part = call.arguments[1].as_text();
  call.session.charge(search_cost(text.size(), part.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  std::size_t from = text.size();
  if (call.arguments.size() == 3) {
    if (!call.arguments[2].is(Kind::integer)) return call.no_overload();
    const auto byte = byte_of(text, call.arguments[2].as_int());
    if (!byte) return out_of_range(call, call.arguments[2].as_int());
    from = *byte;
  }
  return position_of(text, text.rfind(part, from));
}

/// The occurrences of a part from left to right; an empty part stands before every character and at
/// the end.
class Occurrences {
 public:
  Occurrences(std::string_view text, std::string_view part) : text_(text), part_(part) {}

  /// The byte where the next one begins.
  std::optional<std::size_t> next() {
    if (at_ > text_.size()) return std::nullopt;
    const std::size_t found = text_.find(part_, at_);
    if (found == std::string_view::npos) return std::nullopt;
    at_ = found + part_.size();
    if (part_.empty()) at_ += found < text_.size() ? character_bytes(text_[found]) : 1;
    return found;
  }

 private:
  std::string_view text_;
  std::string_view part_;
  std::size_t at_ = 0;
};

/// The limit that a call gives, or none; nullopt when it is not an int.
std::optional<std::int64_t> limit_of(const Call& call, std::size_t index) {
  if (call.arguments.size() <= index) return -1;
  if (!call.arguments[index].is(Kind::integer)) return std::nullopt;
  return call.arguments[index].as_int();
}

Value replace(const Call& call) {
  const auto limit = limit_of(call, 3);
  if (!are_strings(call.arguments.first(3)) || !limit) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  const auto part = call.arguments[1].as_text();
  call.session.charge(search_cost(text.size(), part.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  TextMaker made(call);
  Occurrences occurrences(text, part);
  std::size_t done = 0;
  for (std::int64_t count = 0; count != *limit && !made.is_full(); ++count) {
    const auto at = occurrences.next();
    if (!at) break;
    made.add(text.substr(done, *at - done));
    made.add(call.arguments[2].as_text());
    done = *at + part.size();
  }
  made.add(text.substr(done));
  return made.finish();
}

/// Pieces of a text that an empty separator divides into characters.
std::size_t piece_count(std::string_view text, std::string_view separator) {
  if (separator.empty()) return character_count(text);
  std::size_t count = 1;
  Occurrences occurrences(text, separator);
  while (occurrences.next()) ++count;
  return count;
}

/// The bytes of the first piece of what is left.
std::size_t piece_bytes(std::string_view rest, std::string_view separator) {
  if (separator.empty()) return character_bytes(rest[0]);
  return std::min(rest.find(separator), rest.size());
}

Value split(const Call& call) {
  const auto limit = limit_of(call, 2);
  if (!are_strings(call.arguments.first(2)) || !limit) return call.no_overload();
  std::string_view rest = call.arguments[0].as_text();
  const auto separator = call.arguments[1].as_text();
  call.session.charge(search_cost(rest.size(), separator.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  std::size_t count = piece_count(rest, separator);
  if (*limit >= 0) count = std::min(count, static_cast<std::size_t>(*limit));
  ListMaker made(call, count);
  for (std::size_t i = 0; made.is_ready() && i < count; ++i) {
    const std::size_t bytes = i + 1 == count ? rest.size() : piece_bytes(rest, separator);
    made.add(Value::of(rest.substr(0, bytes)));
    rest.remove_prefix(std::min(bytes + separator.size(), rest.size()));
  }
  return made.finish();
}

Value substring(const Call& call) {
  for (const Value& position : call.arguments.subspan(1)) {
    if (!position.is(Kind::integer)) return call.no_overload();
  }
  if (!call.arguments[0].is(Kind::string)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  call.session.charge(tenth(text.size()));
  const std::int64_t from = call.arguments[1].as_int();
  const auto begin = byte_of(text, from);
  if (!begin) return out_of_range(call, from);
  if (call.arguments.size() == 2) return Value::of(text.substr(*begin));
  const std::int64_t to = call.arguments[2].as_int();
  const auto end = byte_of(text, to);
  if (!end) return out_of_range(call, to);
  if (*end < *begin) {
    return call.error("invalid substring range. start: " + std::to_string(from) +
                      ", end: " + std::to_string(to));
  }
  return Value::of(text.substr(*begin, *end - *begin));
}

/// The characters with Unicode's property White_Space; zero-width spaces do not have it.
constexpr std::string_view spaces[] = {
    "\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u0085", "\u00a0", "\u1680",
    "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
    "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000",
};

Value trim(const Call& call) {
  if (!call.arguments[0].is(Kind::string)) return call.no_overload();
  std::string_view text = call.arguments[0].as_text();
  call.session.charge(tenth(text.size()));
  const auto leads = [&](std::string_view space) { return text.starts_with(space); };
  const auto ends = [&](std::string_view space) { return text.ends_with(space); };
  for (auto at = std::ranges::find_if(spaces, leads); at != std::end(spaces);
       at = std::ranges::find_if(spaces, leads)) {
    text.remove_prefix(at->size());
  }
  for (auto at = std::ranges::find_if(spaces, ends); at != std::end(spaces);
       at = std::ranges::find_if(spaces, ends)) {
    text.remove_suffix(at->size());
  }
  return Value::of(text);
}

Value join(const Call& call) {
  const Value& list = call.arguments[0];
  if (!list.is(Kind::list) || !are_strings(call.arguments.subspan(1))) return call.no_overload();
  call.session.charge(static_cast<std::int64_t>(list.count()));
  TextMaker made(call);
  for (std::size_t i = 0; i < list.count() && !made.is_full(); ++i) {
    const Value item = list.element(i);
    if (!item.is(Kind::string)) {
      return call.error("join() takes strings, and the list has a " +
                        std::string(kind_name(item.kind())));
    }
    if (i != 0 && call.arguments.size() == 2) made.add(call.arguments[1].as_text());
    made.add(item.as_text());
  }
  return made.finish();
}

Value reverse(const Call& call) {
  if (call.arguments[0].is(Kind::list)) return reversed_list(call);
  if (!call.arguments[0].is(Kind::string)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  call.session.charge(tenth(text.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  char* reversed = call.session.arena().array<char>(text.size());
  if (reversed == nullptr) {
    call.session.exhaust();
    return cost_error(call);
  }
  char* end = reversed + text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = std::min(character_bytes(text[at]), text.size() - at);
    end -= bytes;
    std::copy_n(text.data() + at, bytes, end);
    at += bytes;
  }
  return Value::of(std::string_view(reversed, text.size()));
}

Units bounded(Units bytes) {
  return std::min(bytes, Units{static_cast<std::int64_t>(made_text_bytes_max)});
}
Units tenths(Units bytes) { return {bytes.count / 10 + 1}; }

/// A text, or a list of which every item is compared.
Worst worst_of_index(Extents& extents, std::span<const Extent> arguments) {
  Worst worst = worst_of_search(extents, arguments);
  worst.cost += arguments[0].weight * Units{2};
  return worst;
}

Worst worst_of_replace(Extents& extents, std::span<const Extent> arguments) {
  const Units text = arguments[0].length;
  const Units made = bounded(text + (text + Units{1}) * arguments[2].length);
  return {worst_of_search(extents, arguments).cost + tenths(made), Extents::text(made)};
}

Worst worst_of_split(Extents& extents, std::span<const Extent> arguments) {
  const Units text = arguments[0].length;
  const Units pieces =
      std::min(text + Units{1}, Units{static_cast<std::int64_t>(made_list_items_max)});
  Extent list = extents.list(pieces, Extents::text(text));
  // All the pieces together are no longer than the text.
  list.weight = Units{1} + pieces + tenths(text);
  return {worst_of_search(extents, arguments).cost + pieces, list};
}

Worst worst_of_join(Extents&, std::span<const Extent> arguments) {
  const Units items = arguments[0].length;
  const Units separator = arguments.size() == 2 ? arguments[1].length : Units{};
  const Units made = bounded(items * (element_of(arguments[0]).length + separator));
  return {items + tenths(made), Extents::text(made)};
}

Worst worst_of_reverse(Extents&, std::span<const Extent> arguments) {
  return {arguments[0].length + Units{1}, arguments[0]};
}

}  // namespace

std::vector<Function> string_functions() {
  using enum Receiver;
  const auto positions =
      signatures({"string, string -> int", "string, string, int -> int", "list(T), T -> int"});
  return {
      {"charAt", present, char_at, signatures({"string, int -> string"}), worst_of_copy},
      {"indexOf", present, index_of, positions, worst_of_index},
      {"lastIndexOf", present, last_index_of, positions, worst_of_index},
      {"replace", present, replace,
       signatures({"string, string, string -> string", "string, string, string, int -> string"}),
       worst_of_replace},
      {"split", present, split,
       signatures({"string, string -> list(string)", "string, string, int -> list(string)"}),
       worst_of_split},
      {"substring", present, substring,
       signatures({"string, int -> string", "string, int, int -> string"}), worst_of_copy},
      {"trim", present, trim, signatures({"string -> string"}), worst_of_copy},
      {"join", present, join,
       signatures({"list(string) -> string", "list(string), string -> string"}), worst_of_join},
      {"reverse", present, reverse, signatures({"string -> string", "list(T) -> list(T)"}),
       worst_of_reverse},
  };
}

}  // namespace holdpoint::policy::cel
