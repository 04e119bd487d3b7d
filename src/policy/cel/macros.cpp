// See macros.hpp.
#include "policy/cel/macros.hpp"

#include <algorithm>
#include <array>

namespace holdpoint::policy::cel {
namespace {

constexpr std::array<Macro, 20> macros = {{
    {"all", 2, 1, NodeKind::all},
    {"all", 3, 2, NodeKind::all},
    {"exists", 2, 1, NodeKind::exists},
    {"exists", 3, 2, NodeKind::exists},
    {"exists_one", 2, 1, NodeKind::exists_one},
    {"exists_one", 3, 2, NodeKind::exists_one},
    {"existsOne", 2, 1, NodeKind::exists_one},
    {"existsOne", 3, 2, NodeKind::exists_one},
    {"map", 2, 1, NodeKind::map_each},
    {"map", 3, 1, NodeKind::map_each},
    {"filter", 2, 1, NodeKind::filter},
    {"transformList", 3, 2, NodeKind::map_each},
    {"transformList", 4, 2, NodeKind::map_each},
    {"transformMap", 3, 2, NodeKind::transform_map},
    {"transformMap", 4, 2, NodeKind::transform_map},
    {"transformMapEntry", 3, 2, NodeKind::transform_entries},
    {"transformMapEntry", 4, 2, NodeKind::transform_entries},
    {"sortBy", 2, 1, NodeKind::sort_by},
    {"optMap", 2, 1, NodeKind::optional_map},
    {"optFlatMap", 2, 1, NodeKind::optional_flat_map},
}};

}  // namespace

std::optional<Macro> find_macro(std::string_view name, std::size_t arguments) {
  const auto* found = std::ranges::find_if(macros, [&](const Macro& macro) {
    return macro.name == name && macro.arguments == arguments;
  });
  if (found == macros.end()) return std::nullopt;
  return *found;
}

}  // namespace holdpoint::policy::cel
