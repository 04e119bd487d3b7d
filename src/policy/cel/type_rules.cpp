// See type_rules.hpp.
#include "policy/cel/type_rules.hpp"

#include <algorithm>

namespace holdpoint::policy::cel {

bool is_dyn(const Type& type) { return type.kind == TypeKind::dyn; }
bool is_map_like(const Type& type) {
  return type.kind == TypeKind::map || type.kind == TypeKind::object;
}
bool may_be_key(const Type& type) {
  switch (type.kind) {
    case TypeKind::dyn:
    case TypeKind::parameter:
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::unsigned_integer:
    case TypeKind::string: return true;
    default: return false;
  }
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& known) {
  constexpr std::size_t name_length_max = 64;
  constexpr std::size_t distance_max = 3;
  if (wrong.size() > name_length_max) return "";
  std::string_view best;
  std::size_t best_distance = std::min(distance_max, wrong.size() / 2 + 1) + 1;
  for (const std::string_view candidate : known) {
    if (candidate.size() > name_length_max || candidate == wrong) continue;
    const std::size_t distance = edit_distance(wrong, candidate);
    if (distance >= best_distance || distance >= std::max(candidate.size(), wrong.size())) continue;
    best = candidate;
    best_distance = distance;
  }
  return best.empty() ? "" : ", did you mean '" + std::string(best) + "'?";
}

}  // namespace holdpoint::policy::cel
