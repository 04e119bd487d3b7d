// See functions.hpp.
#include "policy/cel/functions.hpp"

#include <algorithm>
#include <iterator>

namespace holdpoint::policy::cel {
namespace {

std::vector<Function> make_table() {
  std::vector<Function> table;
  for (auto rows :
       {text_functions(), conversion_functions(), time_functions(), version_functions()}) {
    table.insert(table.end(), std::make_move_iterator(rows.begin()),
                 std::make_move_iterator(rows.end()));
  }
  return table;
}

const std::vector<Function>& table() {
  static const std::vector<Function> rows = make_table();
  return rows;
}

}  // namespace

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
