// See list_search.hpp.
#include "policy/cel/list_search.hpp"

#include "policy/cel/making.hpp"
#include "policy/cel/value_set.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::int64_t nowhere = -1;

bool is_equal_item(const Call& call, std::size_t index) {
  const Value item = call.arguments[0].element(index);
  call.session.charge(walk_cost(item));
  return equal(item, call.arguments[1]);
}

}  // namespace

Value first_index(const Call& call) {
  if (call.arguments.size() != 2) return call.no_overload();
  const std::size_t count = call.arguments[0].count();
  for (std::size_t i = 0; i < count && !call.session.is_exhausted(); ++i) {
    if (is_equal_item(call, i)) return Value::of(static_cast<std::int64_t>(i));
  }
  return Value::of(nowhere);
}

Value last_index(const Call& call) {
  if (call.arguments.size() != 2) return call.no_overload();
  for (std::size_t i = call.arguments[0].count(); i > 0 && !call.session.is_exhausted(); --i) {
    if (is_equal_item(call, i - 1)) return Value::of(static_cast<std::int64_t>(i - 1));
  }
  return Value::of(nowhere);
}

Value reversed_list(const Call& call) {
  const Value& list = call.arguments[0];
  ListMaker made(call, list.count());
  for (std::size_t i = list.count(); i > 0 && made.is_ready(); --i) made.add(list.element(i - 1));
  return made.finish();
}

}  // namespace holdpoint::policy::cel
