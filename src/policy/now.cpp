// See now.hpp.
#include "policy/now.hpp"

#include <algorithm>

#include "policy/cel/time.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::string_view name_of_now = "now";

/// Years 1 to 9999, as timestamps have them, so that what is reckoned from it stays within 64 bits.
std::optional<Instant> within_years(std::int64_t us) {
  if (!cel::timestamp_from_microseconds(us)) return std::nullopt;
  return Instant{us};
}

}  // namespace

std::optional<Instant> now_of(const json::object& facts) {
  const auto* now = facts.if_contains(name_of_now);
  if (now == nullptr) return std::nullopt;
  if (const auto* us = now->if_int64()) return within_years(*us);
  const auto* text = now->if_string();
  return text == nullptr ? std::nullopt : Instant::parse(view(*text));
}

FactChange time_change(const json::object& facts, Instant at) {
  FactChange change{ChangeKind::set, {std::string(name_of_now)}, at.us};
  const auto* now = facts.if_contains(name_of_now);
  if (now != nullptr && now->is_string()) change.value = json::string(at.text());
  return change;
}

const std::vector<bool>& TimeReaders::of(const cel::Compiled& program) {
  if (const auto found = known_.find(&program); found != known_.end()) return found->second;
  std::vector<bool> reads(program.tree.nodes.size());
  // Children have lower numbers than their parents, and a variable uses only those before it.
  for (cel::NodeId id = 0; id < reads.size(); ++id) {
    const cel::Step& step = program.steps[id];
    if (step.op == cel::Op::path) {
      reads[id] = program.path_fields[step.path].name == name_of_now;
    } else if (step.op == cel::Op::variable) {
      const cel::Compiled& inner = *program.variables[step.variable].program;
      reads[id] = of(inner)[inner.tree.root];
    } else {
      reads[id] = std::ranges::any_of(program.tree.nodes[id].children,
                                      [&](cel::NodeId child) { return reads[child]; });
    }
  }
  return known_.emplace(&program, std::move(reads)).first->second;
}

}  // namespace holdpoint::policy
