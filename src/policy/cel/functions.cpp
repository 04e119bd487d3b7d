// See functions.hpp.
#include "policy/cel/functions.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/assert.hpp"

namespace holdpoint::policy::cel {
namespace {

std::vector<Function> make_table() {
  std::vector<Function> table;
  for (auto rows :
       {text_functions(), string_functions(), format_functions(), conversion_functions(),
        math_functions(), bit_functions(), list_functions(), order_functions(), set_functions(),
        encoding_functions(), pattern_functions(), time_functions(), business_functions(),
        version_functions(), optional_functions()}) {
    table.insert(table.end(), std::make_move_iterator(rows.begin()),
                 std::make_move_iterator(rows.end()));
  }
  return table;
}

const std::vector<Function>& table() {
  static const std::vector<Function> rows = make_table();
  return rows;
}

/// "list" of "list(T)"; a parameter of types is dyn, and so is what may be anything.
TypeKind kind_of(std::string_view type) {
  using Name = std::pair<std::string_view, TypeKind>;
  static constexpr std::array<Name, 17> names = {{{"bool", TypeKind::boolean},
                                                  {"int", TypeKind::integer},
                                                  {"uint", TypeKind::unsigned_integer},
                                                  {"double", TypeKind::floating},
                                                  {"string", TypeKind::string},
                                                  {"bytes", TypeKind::bytes},
                                                  {"list", TypeKind::list},
                                                  {"map", TypeKind::map},
                                                  {"timestamp", TypeKind::timestamp},
                                                  {"duration", TypeKind::duration},
                                                  {"type", TypeKind::type},
                                                  {"null_type", TypeKind::null},
                                                  {"optional_type", TypeKind::abstract},
                                                  {"dyn", TypeKind::dyn},
                                                  {"T", TypeKind::dyn},
                                                  {"K", TypeKind::dyn},
                                                  {"V", TypeKind::dyn}}};
  const auto head = type.substr(0, type.find('('));
  const auto found = std::ranges::find(names, head, &Name::first);
  HP_ASSERT(found != names.end(), "CEL-10: a signature names known types");
  return found->second;
}

/// The parts between commas that stand in no parentheses.
std::vector<std::string_view> parameters_of(std::string_view text) {
  std::vector<std::string_view> parts;
  if (text.empty()) return parts;
  std::size_t depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (text[i] != ',' || depth != 0) continue;
    parts.push_back(text.substr(begin, i - begin));
    begin = i + 2;  // a comma and a space
  }
  parts.push_back(text.substr(begin));
  return parts;
}

}  // namespace

std::vector<Signature> signatures(std::initializer_list<std::string_view> texts) {
  constexpr std::string_view arrow = "-> ";
  std::vector<Signature> out;
  for (const std::string_view text : texts) {
    const auto at = text.find(arrow);
    HP_ASSERT(at != std::string_view::npos, "CEL-11: a signature has parameters and a result");
    Signature signature{
        .parameters = {}, .result = kind_of(text.substr(at + arrow.size())), .text = text};
    for (const auto parameter : parameters_of(text.substr(0, at == 0 ? 0 : at - 1))) {
      signature.parameters.push_back(kind_of(parameter));
    }
    out.push_back(std::move(signature));
  }
  return out;
}

Value Call::no_overload() const {
  std::string message = "no such overload: the function does not take (";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i != 0) message += ", ";
    message += kind_name(arguments[i].kind());
  }
  return error(message + ")");
}

const Function* find_function(std::string_view name, Receiver receiver) {
  const auto found = std::ranges::find_if(
      table(), [&](const Function& row) { return row.name == name && row.receiver == receiver; });
  return found == table().end() ? nullptr : &*found;
}

std::span<const Function> functions() { return table(); }

}  // namespace holdpoint::policy::cel
