// See friction.hpp.
#include "approvals/friction.hpp"

#include <algorithm>
#include <set>

#include "approvals/refusals.hpp"

namespace holdpoint::approvals {
namespace {

bool is_approver(const Request& request, const Situation& situation, const std::string& person) {
  return std::ranges::find(request.votes, person, &Vote::person) != request.votes.end() ||
         !seats_of(situation, request.demands, person).empty();
}

}  // namespace

Decided<FrictionReported> report_friction(const Request& request, const Situation& situation,
                                          const Actor& actor, const ReportFriction& command,
                                          std::span<const Friction> known) {
  if (actor.kind != "person" || !is_approver(request, situation, actor.id)) {
    return refuse(not_an_approver());
  }
  if (command.note && (command.note->empty() || command.note->size() > friction_note_bytes_max)) {
    return refuse(note_out_of_bounds());
  }
  if (!command.policy && request.policies.size() != 1) return refuse(policy_not_named(request));
  const std::string policy = command.policy.value_or(request.policies.front().name);
  if (std::ranges::find(request.policies, policy, &PinnedPolicy::name) == request.policies.end()) {
    return refuse(policy_not_named(request));
  }
  const bool is_known = std::ranges::any_of(known, [&](const Friction& one) {
    return one.person == actor.id && one.request == request.id && one.policy == policy &&
           one.category == command.category;
  });
  if (is_known) return refuse(said_already());
  return FrictionReported{{}, request.id, policy, command.category, command.note.has_value()};
}

std::vector<PolicyFriction> friction_by_policy(const std::map<std::string, std::int64_t>& uses,
                                               std::span<const Friction> reports) {
  std::map<std::string, PolicyFriction> rows;
  std::map<std::string, std::set<std::string>> requests;
  for (const auto& [policy, count] : uses) rows[policy].requests = count;
  for (const Friction& one : reports) {
    PolicyFriction& row = rows[one.policy];
    ++row.reports;
    ++row.categories[std::string(describe::enum_text(one.category))];
    requests[one.policy].insert(one.request.text());
  }
  std::vector<PolicyFriction> out;
  for (auto& [policy, row] : rows) {
    row.policy = policy;
    row.reported_requests = static_cast<std::int64_t>(requests[policy].size());
    out.push_back(std::move(row));
  }
  std::ranges::sort(out, {}, [](const PolicyFriction& one) {
    return std::pair(-one.reports, std::string_view(one.policy));
  });
  return out;
}

}  // namespace holdpoint::approvals
