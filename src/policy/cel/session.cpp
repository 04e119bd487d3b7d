// See session.hpp.
#include "policy/cel/session.hpp"

#include <algorithm>
#include <cstring>

namespace holdpoint::policy::cel {
namespace {

constexpr std::size_t unknown_paths_max = 100;

constexpr std::string_view too_costly = "the limit of cost or memory is exceeded";
const Trouble exhausted_trouble{.message = too_costly};

}  // namespace

void Session::exhaust(std::uint32_t node) {
  is_exhausted_ = true;
  if (exhausted_at_ == no_node) exhausted_at_ = node;
}

void Session::exhausted_within(const std::string& where, std::uint32_t node) {
  exhausted_within_.insert(0, where);
  exhausted_at_ = node;
}

std::string Session::exhaustion_text() const {
  const bool is_document = is_allowance_ && cost_ > cost_max_;
  return exhausted_within_ +
         std::string(is_document ? "the budget of all rules of the document is spent" : too_costly);
}

Value Session::exhausted(std::uint32_t node) {
  exhaust(node);
  return Value::error(exhausted_trouble);
}

std::string_view Session::keep(std::string_view text) {
  char* copy = arena_.array<char>(text.size());
  if (copy == nullptr) {
    exhaust();
    return {};
  }
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

Value Session::error(std::string_view message, std::uint32_t node) {
  auto* trouble = arena_.array<Trouble>(1);
  if (trouble == nullptr) return exhausted(node);
  *trouble = Trouble{.message = keep(message), .node = node};
  return Value::error(*trouble);
}

Value Session::unknown(std::string_view path, std::uint32_t node) {
  auto* trouble = arena_.array<Trouble>(1);
  auto* paths = arena_.array<std::string_view>(1);
  if (trouble == nullptr || paths == nullptr) return exhausted(node);
  *paths = keep(path);
  *trouble = Trouble{.message = {}, .paths = paths, .path_count = 1, .node = node};
  return Value::unknown(*trouble);
}

Value Session::worse(Value a, Value b) {
  if (!a.is(Kind::unknown)) return b.is(Kind::unknown) || a.is_value() ? b : a;
  if (!b.is(Kind::unknown)) return a;
  const Trouble& first = a.trouble();
  const Trouble& second = b.trouble();
  if (&first == &second || first.path_count >= unknown_paths_max) return a;
  const std::size_t count = first.path_count + second.path_count;
  auto* paths = arena_.array<std::string_view>(count);
  auto* trouble = arena_.array<Trouble>(1);
  if (trouble == nullptr || paths == nullptr) return exhausted();
  std::copy_n(first.paths, first.path_count, paths);
  std::size_t used = first.path_count;
  for (std::size_t i = 0; i < second.path_count; ++i) {
    if (std::find(paths, paths + used, second.paths[i]) == paths + used) {
      paths[used++] = second.paths[i];
    }
  }
  charge(static_cast<std::int64_t>(count));
  *trouble = Trouble{.message = {}, .paths = paths, .path_count = used, .node = first.node};
  return Value::unknown(*trouble);
}

Value Session::text(std::string_view characters, std::uint32_t node) {
  const auto kept = keep(characters);
  return is_exhausted_ ? exhausted(node) : Value::of(kept);
}

Value Session::bytes(std::string_view octets, std::uint32_t node) {
  const auto kept = keep(octets);
  return is_exhausted_ ? exhausted(node) : Value::bytes(kept);
}

Value Session::list(std::span<const Value> items, std::uint32_t node) {
  auto* copy = arena_.array<Value>(items.size());
  auto* made = arena_.array<ValueList>(1);
  if (copy == nullptr || made == nullptr) return exhausted(node);
  std::ranges::copy(items, copy);
  *made = ValueList{copy, items.size()};
  return Value::of(*made);
}

Value Session::optional(const Value& value) {
  auto* kept = arena_.array<Value>(1);
  if (kept == nullptr) return exhausted();
  *kept = value;
  return Value::optional(kept);
}

Value Session::map(std::vector<ValueEntry> entries, std::uint32_t node) {
  for (const ValueEntry& entry : entries) {
    if (!may_be_key(entry.key) || entry.key.is(Kind::floating)) {
      return error("a map key must be a bool, int, uint or string", node);
    }
  }
  std::ranges::sort(entries, key_less, &ValueEntry::key);
  const auto twice = std::ranges::adjacent_find(
      entries, [](const ValueEntry& a, const ValueEntry& b) { return !key_less(a.key, b.key); });
  if (twice != entries.end()) return error("the map has a key twice", node);
  auto* copy = arena_.array<ValueEntry>(entries.size());
  auto* made = arena_.array<ValueMap>(1);
  if (copy == nullptr || made == nullptr) return exhausted(node);
  std::ranges::copy(entries, copy);
  *made = ValueMap{copy, entries.size()};
  return Value::of(*made);
}

const Regex* Session::regex(std::string_view pattern) {
  if (last_regex_ && last_pattern_ == pattern) return &*last_regex_;
  charge(pattern_cost);
  auto compiled = Regex::compile(pattern);
  if (!compiled) return nullptr;
  last_pattern_ = pattern;
  last_regex_ = std::move(*compiled);
  return &*last_regex_;
}

}  // namespace holdpoint::policy::cel
