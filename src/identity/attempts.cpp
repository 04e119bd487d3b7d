// See attempts.hpp.
#include "identity/attempts.hpp"

#include <algorithm>
#include <vector>

namespace holdpoint::identity {
namespace {

constexpr std::size_t kIpv6Groups = 8;
constexpr std::size_t kNetworkGroups = 4;

std::vector<std::string> groups_of(std::string_view text) {
  std::vector<std::string> groups;
  while (!text.empty()) {
    const auto colon = text.find(':');
    std::string group(text.substr(0, colon));
    group.erase(0, std::min(group.find_first_not_of('0'), group.size()));
    groups.push_back(group.empty() ? "0" : group);
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
  }
  return groups;
}

}  // namespace

Instant next_attempt_at(const Attempts& attempts, const AttemptPolicy& policy) {
  if (attempts.failures < policy.free_failures) return attempts.last_at;
  const std::uint32_t doublings = std::min(attempts.failures - policy.free_failures, 20U);
  const Duration wait{policy.wait_first.us << doublings};
  return attempts.last_at + std::min(wait, policy.wait_max);
}

AttemptCounts::AttemptCounts(AttemptPolicy policy, std::size_t keys_max)
    : policy_(policy), keys_max_(keys_max) {}

const Digest& AttemptCounts::slot(const Digest& key) const {
  return counts_.size() < keys_max_ || counts_.contains(key) ? key : shared_;
}

std::optional<Duration> AttemptCounts::wait(const Digest& key, Instant now) const {
  const auto found = counts_.find(slot(key));
  if (found == counts_.end()) return std::nullopt;
  if (now - found->second.last_at > policy_.forgotten_after) return std::nullopt;
  const Instant next = next_attempt_at(found->second, policy_);
  if (next <= now) return std::nullopt;
  return next - now;
}

Attempts AttemptCounts::count(const Digest& key, Instant now) {
  if (counts_.size() >= keys_max_) drop_forgotten(now);
  Attempts& attempts = counts_[slot(key)];
  if (now - attempts.last_at > policy_.forgotten_after) attempts.failures = 0;
  ++attempts.failures;
  attempts.last_at = now;
  return attempts;
}

void AttemptCounts::take_back(const Digest& key) {
  const auto found = counts_.find(slot(key));
  if (found == counts_.end()) return;
  if (found->second.failures > 0) --found->second.failures;
}

void AttemptCounts::forget(const Digest& key) { counts_.erase(key); }

void AttemptCounts::restore(const Digest& key, const Attempts& attempts) {
  if (counts_.size() < keys_max_) counts_[key] = attempts;
}

void AttemptCounts::drop_forgotten(Instant now) {
  std::erase_if(counts_, [&](const auto& entry) {
    return now - entry.second.last_at > policy_.forgotten_after;
  });
}

std::string source_of(std::string_view address) {
  if (address.find(':') == std::string_view::npos) return std::string(address);
  const auto last_colon = address.rfind(':');
  if (address.find('.', last_colon) != std::string_view::npos) {
    return std::string(address.substr(last_colon + 1));  // an IPv4 address mapped into IPv6
  }
  const auto gap = address.find("::");
  std::vector<std::string> groups = groups_of(address.substr(0, gap));
  if (gap != std::string_view::npos) {
    const auto tail = groups_of(address.substr(gap + 2));
    while (groups.size() + tail.size() < kIpv6Groups) groups.emplace_back("0");
    groups.insert(groups.end(), tail.begin(), tail.end());
  }
  std::string network;
  for (std::size_t i = 0; i < kNetworkGroups && i < groups.size(); ++i) network += groups[i] + ":";
  return network + ":/64";
}

}  // namespace holdpoint::identity
