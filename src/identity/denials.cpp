// See denials.hpp.
#include "identity/denials.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/assert.hpp"

namespace holdpoint::identity {

Denials::Denials(std::size_t buckets_max) : buckets_max_(buckets_max) {}

void Denials::count(Denial denial, Instant now) {
  if (tallies_.size() >= buckets_max_ && !tallies_.contains(denial)) {
    denial.source = {"others", "others", ""};
    denial.permission.clear();
    denial.route.clear();
    denial.sign_in.reset();
  }
  Tally& tally = tallies_[std::move(denial)];
  if (tally.count == 0) tally.first_at = now;
  tally.last_at = std::max(tally.last_at, now);
  ++tally.count;
}

std::vector<GatheredDenial> Denials::take(std::string_view workspace) {
  std::vector<GatheredDenial> taken;
  for (auto at = tallies_.begin(); at != tallies_.end();) {
    if (at->first.workspace != workspace) {
      ++at;
      continue;
    }
    taken.push_back({at->first, at->second.count, at->second.first_at, at->second.last_at});
    at = tallies_.erase(at);
  }
  return taken;
}

std::vector<std::string> Denials::workspaces() const {
  std::set<std::string> names;
  for (const auto& entry : tallies_) names.insert(entry.first.workspace);
  return {names.begin(), names.end()};
}

AccessDenied access_denied(const GatheredDenial& gathered) {
  return {gathered.count, gathered.denial.permission, gathered.denial.route,
          InstantUs{gathered.first_at}, InstantUs{gathered.last_at}};
}

SignInFailed sign_in_failed(const GatheredDenial& gathered) {
  HP_ASSERT(gathered.denial.sign_in.has_value(), "ID-2: a failed sign-in has its reason");
  return {gathered.count, *gathered.denial.sign_in, InstantUs{gathered.first_at},
          InstantUs{gathered.last_at}};
}

}  // namespace holdpoint::identity
