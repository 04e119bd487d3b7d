// What hostile arguments ask of functions: too much is an error with a name, at once, and every
// row of the table keeps to its worst case over values of any kind.
#include <rapidcheck.h>

#include <deque>

#include "policy/cel/function_test_calls.hpp"
#include "policy/cel/making.hpp"

namespace holdpoint::policy::cel {
namespace {

/// Calls a row with values that the test keeps alive.
std::string called_with(std::string_view name, const std::vector<Value>& values,
                        const Limits& limits = {}) {
  Session session(test_facts(), limits);
  const Value result = run_row(row_of(name), session, values);
  if (session.is_exhausted()) return "exhausted";
  return result.is(Kind::error) ? "error: " + std::string(result.trouble().message)
                                : text_of(result);
}

Value text(std::string_view characters) { return Value::of(characters); }

TEST_CASE("every row has a name of its own and signatures that it can be called with") {
  for (const Function& row : functions()) {
    INFO(row.name);
    CHECK(find_function(row.name, row.receiver) == &row);
    CHECK_FALSE(row.signatures.empty());
    for (const Signature& signature : row.signatures) {
      INFO(signature.text);
      CHECK(signature.parameters.size() <= function_arguments_max);
      CHECK_FALSE(signature.text.empty());
    }
  }
  const auto read = signatures({"list(T), map(K, V), int -> list(list(T))"});
  CHECK(read[0].parameters ==
        std::vector<TypeKind>{TypeKind::list, TypeKind::map, TypeKind::integer});
  CHECK(read[0].result == TypeKind::list);
  CHECK(signatures({"-> bool"})[0].parameters.empty());
}

TEST_CASE("a result that would be too large is refused by its bound") {
  const std::string commas(made_list_items_max + 1, ',');
  const std::string large(made_text_bytes_max / 2, 'x');
  const std::string wide(2'000, 'x');
  const std::string lines(made_text_bytes_max, '\n');
  const std::string octets(made_text_bytes_max + 1, 'x');
  const Limits patient{.cost_max = INT64_MAX / 2};
  CHECK(called_with("split", {text(commas), text(",")}, patient) ==
        "error: the list would have more than 100000 items");
  CHECK(called_with("split", {text(commas), text("")}, patient) ==
        "error: the list would have more than 100000 items");
  CHECK(called_with("regex.extractAll", {text(commas), text(",")}, patient) ==
        "error: the pattern matches more than 100000 times");
  CHECK(called_with("replace", {text(wide), text("x"), text(wide)}, patient) ==
        "error: the text would be longer than 1048576 bytes");
  CHECK(called_with("regex.replace", {text(wide), text("x"), text(wide)}, patient) ==
        "error: the text would be longer than 1048576 bytes");
  const std::vector<Value> texts(3, text(large));
  const ValueList list{texts.data(), texts.size()};
  CHECK(called_with("join", {Value::of(list)}, patient) ==
        "error: the text would be longer than 1048576 bytes");
  CHECK(called_with("format", {Value::of(std::string_view("%s%s%s")), Value::of(list)}, patient) ==
        "error: the text would be longer than 1048576 bytes");
  CHECK(called_with("strings.quote", {text(lines)}, patient) ==
        "error: the text would be longer than 1048576 bytes");
  CHECK(called_with("base64.encode", {Value::bytes(octets)}, patient) ==
        "error: base64 takes at most 1048576 bytes");
}

TEST_CASE("work beyond the budget ends with the budget") {
  const std::string text_a(100'000, 'a');
  const std::string text_b(50'000, 'b');
  CHECK(called_with("contains", {text(text_a), text(text_b)}) == "exhausted");
  CHECK(called_with("indexOf", {text(text_a), text(text_b)}) == "exhausted");
  CHECK(called_with("regex.extractAll", {text(text_a), text("a.*b|a")}) == "exhausted");
  CHECK(called_with("lists.range", {Value::of(std::int64_t{100'000})}, {.cost_max = 1'000}) ==
        "exhausted");
  CHECK(called_with("lists.range", {Value::of(std::int64_t{100'000})},
                    {.memory_bytes_max = 100'000}) == "exhausted");
  CHECK(called_with("reverse", {text(text_a)}, {.memory_bytes_max = 10'000}) == "exhausted");
  std::vector<Value> lists;
  const ValueList empty{};
  for (int i = 0; i < 2'000; ++i) lists.push_back(Value::of(empty));
  const ValueList list{lists.data(), lists.size()};
  CHECK(called_with("distinct", {Value::of(list)}) == "[[]]");
  CHECK(called_with("sets.intersects", {Value::of(list), Value::of(list)}) == "true");
}

TEST_CASE("values that nest too deep are refused, not walked") {
  constexpr std::size_t depth = 1'000;
  std::vector<Value> values(depth + 1);
  std::vector<ValueList> lists(depth + 1);
  values[0] = Value::of(std::int64_t{1});
  for (std::size_t i = 0; i < depth; ++i) {
    lists[i] = {&values[i], 1};
    values[i + 1] = Value::of(lists[i]);
  }
  CHECK(called_with("format", {Value::of(std::string_view("%s")), values[depth]}) ==
        "error: format: the value nests deeper than 32 levels or is too large");
  CHECK(called_with("flatten", {values[depth], Value::of(INT64_MAX)}) ==
        "error: the list nests deeper than 64 levels");
  CHECK(called_with("flatten", {values[30], Value::of(INT64_MAX)}) == "[1]");
}

// --- every row -----------------------------------------------------------------------------------

/// Values of all kinds, and what they refer to.
class Pool {
 public:
  Value any(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 12 : 9)) {
      case 0: return Value{};
      case 1: return Value::of(*rc::gen::arbitrary<bool>());
      case 2: return Value::of(whole());
      case 3: return Value::of(static_cast<std::uint64_t>(whole()));
      case 4: return Value::of(*rc::gen::element(0.0, 1.5, -2.5, 1e300, 5e-324));
      case 5:
      case 6: return Value::of(std::string_view(letters()));
      case 7: return Value::of(Timestamp{*rc::gen::inRange<std::int64_t>(0, 2'000'000'000), 5});
      case 8: return Value::duration(whole());
      case 9: return map(depth - 1);
      default: return list(depth - 1);
    }
  }

 private:
  static std::int64_t whole() {
    return *rc::gen::element<std::int64_t>(0, 1, 2, 3, -1, 64, 1'000, INT64_MAX, INT64_MIN);
  }
  const std::string& letters() {
    std::string& out = texts_.emplace_back();
    const int count = *rc::gen::inRange(0, 60);
    for (int i = 0; i < count; ++i) {
      out += *rc::gen::element<std::string>("a", "b", "%s", "%.9f", ".", "é", "\\1", "1", "(", "*");
    }
    const auto choice = *rc::gen::inRange<std::size_t>(0, 2 * fixed_.size());
    return choice < fixed_.size() ? fixed_[choice] : out;
  }
  Value list(int depth) {
    std::vector<Value>& items = items_.emplace_back();
    const int count = *rc::gen::inRange(0, 8);
    const bool is_mixed = *rc::gen::inRange(0, 2) == 0;
    for (int i = 0; i < count; ++i) {
      items.push_back(is_mixed || i == 0 ? any(depth) : items[0]);
    }
    return Value::of(lists_.emplace_back(ValueList{items.data(), items.size()}));
  }
  Value map(int depth) {
    entries_.push_back({{Value::of(std::int64_t{1}), any(depth)},
                        {Value::of(std::string_view("a key of some length")), any(depth)}});
    return Value::of(maps_.emplace_back(ValueMap{entries_.back().data(), 2}));
  }

  std::deque<std::string> texts_;
  std::deque<std::vector<Value>> items_;
  std::deque<ValueList> lists_;
  std::deque<std::vector<ValueEntry>> entries_;
  std::deque<ValueMap> maps_;
  std::array<std::string, 4> fixed_ = {"UTC", "Mon-Fri 09:00-17:00", "1.2.3", "(a|b)*"};
};

TEST_CASE("every function takes any values and keeps to its worst case") {
  CHECK(rc::check("a call ends in a value or an error, within its bounds", [] {
    for (const Function& row : functions()) {
      const Signature& signature = *rc::gen::elementOf(row.signatures);
      Pool pool;
      std::vector<Value> arguments;
      for (const TypeKind wanted : signature.parameters) {
        Value argument = pool.any(2);
        // Mostly of the kind that the function takes.
        for (int i = 0; i < 20 && wanted != TypeKind::dyn; ++i) {
          const bool fits_kind = (wanted == TypeKind::string && argument.is(Kind::string)) ||
                                 (wanted == TypeKind::list && argument.is(Kind::list)) ||
                                 (wanted == TypeKind::integer && argument.is(Kind::integer)) ||
                                 (wanted == TypeKind::timestamp && argument.is(Kind::timestamp));
          if (fits_kind) break;
          argument = pool.any(2);
        }
        arguments.push_back(argument);
      }
      Session session(test_facts(), Limits{});
      const Value first = run_row(row, session, arguments);
      RC_ASSERT(!first.is(Kind::unknown));
      Session again(test_facts(), Limits{});
      const Value second = run_row(row, again, arguments);
      RC_ASSERT(session.cost() == again.cost());
      RC_ASSERT(first.kind() == second.kind());
      RC_ASSERT(text_of(first) == text_of(second));
    }
  }));
}

}  // namespace
}  // namespace holdpoint::policy::cel
