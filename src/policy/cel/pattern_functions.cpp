// The regex extension: regex.replace with \0 to \9 for groups, and regex.extractAll. Matches do not
// overlap, and an empty one that touches the match before it does not count. Every search charges
// for all that is left of the text, because some patterns look that far each time.
#include <optional>

#include "policy/cel/making.hpp"

namespace holdpoint::policy::cel {
namespace {

/// The matches of a pattern from left to right. Both texts MUST outlive it.
class Matches {
 public:
  Matches(const Call& call, const Regex& regex, std::string_view text, std::string_view pattern)
      : call_(call), regex_(regex), text_(text), pattern_(pattern) {}

  /// The whole match and its groups; empty when there are no more or the budget is spent.
  std::vector<std::string_view> next() {
    while (at_ <= text_.size()) {
      call_.session.charge(match_cost(text_.size() - at_, pattern_.size()));
      if (call_.session.is_exhausted()) return {};
      auto groups = regex_.find(text_, at_);
      if (groups.empty()) return {};
      const std::size_t begin = begin_of(groups[0]);
      const std::size_t end = begin + groups[0].size();
      const bool touches = groups[0].empty() && last_end_ == begin;
      at_ = end;
      if (groups[0].empty()) at_ += end < text_.size() ? character_bytes(text_[end]) : 1;
      if (touches) continue;
      last_end_ = end;
      return groups;
    }
    return {};
  }

  [[nodiscard]] std::size_t begin_of(std::string_view match) const {
    return static_cast<std::size_t>(match.data() - text_.data());
  }

 private:
  const Call& call_;
  const Regex& regex_;
  std::string_view text_;
  std::string_view pattern_;
  std::size_t at_ = 0;
  std::optional<std::size_t> last_end_;
};

Value malformed(const Call& call) { return call.error("the pattern is not a regular expression"); }

/// What is wrong with a replacement, when something is.
std::optional<std::string> replacement_error(std::string_view replacement, std::size_t groups) {
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] != '\\') continue;
    if (++i == replacement.size()) return "the replacement ends with a backslash";
    const char c = replacement[i];
    if (c == '\\') continue;
    if (c < '0' || c > '9') {
      return "in the replacement a digit or a backslash must follow a backslash";
    }
    if (static_cast<std::size_t>(c - '0') > groups) {
      return "the replacement names group " + std::string(1, c) + ", and the pattern has " +
             std::to_string(groups);
    }
  }
  return std::nullopt;
}

/// Adds the replacement, which MUST have no error, with its groups filled in.
void add_replacement(TextMaker& made, std::string_view replacement,
                     const std::vector<std::string_view>& groups) {
  while (!replacement.empty() && !made.is_full()) {
    const std::size_t slash = std::min(replacement.find('\\'), replacement.size());
    made.add(replacement.substr(0, slash));
    if (slash == replacement.size()) return;
    const char c = replacement[slash + 1];
    made.add(c == '\\' ? std::string_view("\\") : groups[static_cast<std::size_t>(c - '0')]);
    replacement.remove_prefix(slash + 2);
  }
}

Value replace(const Call& call) {
  std::int64_t limit = -1;
  if (!are_strings(call.arguments.first(3))) return call.no_overload();
  if (call.arguments.size() == 4) {
    if (!call.arguments[3].is(Kind::integer)) return call.no_overload();
    limit = call.arguments[3].as_int();
  }
  if (limit == 0) return call.arguments[0];
  const auto text = call.arguments[0].as_text();
  const auto pattern = call.arguments[1].as_text();
  const auto replacement = call.arguments[2].as_text();
  const Regex* regex = call.session.regex(pattern);
  if (regex == nullptr) return malformed(call);
  call.session.charge(tenth(replacement.size()));
  if (const auto wrong = replacement_error(replacement, regex->group_count())) {
    return call.error(*wrong);
  }
  Matches matches(call, *regex, text, pattern);
  TextMaker made(call);
  std::size_t done = 0;
  for (std::int64_t count = 0; count != limit && !made.is_full(); ++count) {
    const auto groups = matches.next();
    if (groups.empty()) break;
    made.add(text.substr(done, matches.begin_of(groups[0]) - done));
    add_replacement(made, replacement, groups);
    done = matches.begin_of(groups[0]) + groups[0].size();
  }
  made.add(text.substr(done));
  return made.finish();
}

/// All matches, or what their one group took when it took something.
Value extract_all(const Call& call) {
  if (!are_strings(call.arguments)) return call.no_overload();
  const auto text = call.arguments[0].as_text();
  const auto pattern = call.arguments[1].as_text();
  const Regex* regex = call.session.regex(pattern);
  if (regex == nullptr) return malformed(call);
  if (regex->group_count() > 1) return call.error("the pattern has more than one group");
  Matches matches(call, *regex, text, pattern);
  std::vector<Value> found;
  for (auto groups = matches.next(); !groups.empty(); groups = matches.next()) {
    if (groups.size() == 2 && groups[1].empty()) continue;
    if (found.size() == made_list_items_max) {
      return call.error("the pattern matches more than " + std::to_string(made_list_items_max) +
                        " times");
    }
    found.push_back(Value::of(groups.back()));
  }
  if (call.session.is_exhausted()) return cost_error(call);
  return call.session.list(found);
}

/// A search from every character, at worst.
Units worst_of_searches(const Extent& text, const Extent& pattern) {
  const Units each{match_cost(0, static_cast<std::size_t>(pattern.length.count))};
  const Units walk{text.length.count / 10 + 2};
  return (text.length + Units{2}) * walk * each + Units{Session::pattern_cost};
}

Worst worst_of_replace(Extents&, std::span<const Extent> arguments) {
  const Units text = arguments[0].length;
  const Units replacement = arguments[2].length;
  // A group that the replacement names is no longer than the text.
  const Units each = replacement + replacement * text;
  const Units made = std::min(text + (text + Units{1}) * each,
                              Units{static_cast<std::int64_t>(made_text_bytes_max)});
  return {worst_of_searches(arguments[0], arguments[1]) + Units{replacement.count / 10 + 1} +
              Units{made.count / 10 + 1},
          Extents::text(made)};
}

Worst worst_of_extract(Extents& extents, std::span<const Extent> arguments) {
  const Units text = arguments[0].length;
  Extent list = extents.list(text + Units{1}, Extents::text(text));
  // All the matches together are no longer than the text.
  list.weight = text + Units{text.count / 10 + 3};
  return {worst_of_searches(arguments[0], arguments[1]), list};
}

}  // namespace

std::vector<Function> pattern_functions() {
  using enum Receiver;
  return {
      {"regex.replace", absent, replace,
       signatures({"string, string, string -> string", "string, string, string, int -> string"}),
       worst_of_replace},
      {"regex.extractAll", absent, extract_all, signatures({"string, string -> list(string)"}),
       worst_of_extract},
  };
}

}  // namespace holdpoint::policy::cel
