// See making.hpp.
#include "policy/cel/making.hpp"

#include <algorithm>

namespace holdpoint::policy::cel {

Value cost_error(const Call& call) { return call.error("the limit of cost is exceeded"); }

ListMaker::ListMaker(const Call& call, std::size_t count, std::int64_t charge)
    : call_(call), count_(count) {
  if (count > made_list_items_max) return;
  call.session.charge(static_cast<std::int64_t>(count) * charge);
  if (call.session.is_exhausted()) return;
  list_ = call.session.arena().array<ValueList>(1);
  if (list_ != nullptr) items_ = call.session.arena().array<Value>(count);
  if (items_ == nullptr) call.session.exhaust();
}

Value ListMaker::finish() {
  if (count_ > made_list_items_max) {
    return call_.error("the list would have more than " + std::to_string(made_list_items_max) +
                       " items");
  }
  if (!is_ready()) return cost_error(call_);
  *list_ = ValueList{items_, used_};
  return Value::of(*list_);
}

void TextMaker::add(std::string_view text) {
  if (is_full_) return;
  if (text.size() > made_text_bytes_max - text_.size()) {
    is_full_ = true;
    return;
  }
  call_.session.charge(tenth(text_.size() + text.size()) - tenth(text_.size()));
  is_full_ = call_.session.is_exhausted();
  if (!is_full_) text_ += text;
}

Value TextMaker::finish() {
  if (call_.session.is_exhausted()) return cost_error(call_);
  if (is_full_) {
    return call_.error("the text would be longer than " + std::to_string(made_text_bytes_max) +
                       " bytes");
  }
  return call_.session.text(text_);
}

std::size_t character_bytes(char first) {
  const auto lead = static_cast<unsigned char>(first);
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

bool are_strings(std::span<const Value> values) {
  return std::ranges::all_of(values, [](const Value& v) { return v.is(Kind::string); });
}

namespace {

Units walk(const Extent& text) { return {text.length.count / 10 + 1}; }

}  // namespace

Worst worst_of_copy(Extents&, std::span<const Extent> arguments) {
  return {walk(arguments[0]), Extents::text(arguments[0].length)};
}

Worst worst_of_walk(Extents&, std::span<const Extent> arguments) {
  return {walk(arguments[0]), {}};
}

Worst worst_of_search(Extents&, std::span<const Extent> arguments) {
  return {(walk(arguments[0]) + Units{1}) * (walk(arguments[1]) + Units{1}), {}};
}

Worst worst_of_match(Extents&, std::span<const Extent> arguments) {
  const Units pattern{arguments[1].length.count / 4 + 1};
  return {(walk(arguments[0]) + Units{1}) * pattern + Units{Session::pattern_cost}, {}};
}

}  // namespace holdpoint::policy::cel
