// See ast.hpp.
#include "policy/cel/ast.hpp"

namespace holdpoint::policy::cel {

Place place_of(std::string_view source, std::size_t offset) {
  Place place;
  std::string_view line = source.substr(0, offset);
  for (std::size_t end = line.find('\n'); end != std::string_view::npos; end = line.find('\n')) {
    ++place.line;
    line.remove_prefix(end + 1);
  }
  for (const char c : line) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++place.column;
  }
  return place;
}

std::string_view operator_text(NodeKind kind) {
  switch (kind) {
    case NodeKind::logical_and: return "&&";
    case NodeKind::logical_or: return "||";
    case NodeKind::logical_not: return "!";
    case NodeKind::negate:
    case NodeKind::subtract: return "-";
    case NodeKind::add: return "+";
    case NodeKind::multiply: return "*";
    case NodeKind::divide: return "/";
    case NodeKind::modulo: return "%";
    case NodeKind::equal: return "==";
    case NodeKind::not_equal: return "!=";
    case NodeKind::less: return "<";
    case NodeKind::less_equal: return "<=";
    case NodeKind::greater: return ">";
    case NodeKind::greater_equal: return ">=";
    case NodeKind::in: return "in";
    case NodeKind::constant:
    case NodeKind::ident:
    case NodeKind::select:
    case NodeKind::has:
    case NodeKind::index:
    case NodeKind::list:
    case NodeKind::map:
    case NodeKind::call:
    case NodeKind::all:
    case NodeKind::exists:
    case NodeKind::exists_one:
    case NodeKind::map_each:
    case NodeKind::filter:
    case NodeKind::transform_map:
    case NodeKind::transform_entries:
    case NodeKind::sort_by:
    case NodeKind::optional_select:
    case NodeKind::optional_index:
    case NodeKind::optional_entry:
    case NodeKind::optional_map:
    case NodeKind::optional_flat_map:
    case NodeKind::bind:
    case NodeKind::conditional: return "";
  }
  return "";
}

}  // namespace holdpoint::policy::cel
