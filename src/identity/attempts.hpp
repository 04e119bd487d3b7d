// How often a password may be tried. Each account and each source of requests has its own count of
// failures; after some free ones the wait doubles with every failure. Memory is bounded: keys that
// do not fit share one count.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/instant.hpp"

namespace holdpoint::identity {

struct AttemptPolicy {
  std::uint32_t free_failures = 0;  // before the first wait
  Duration wait_first;
  Duration wait_max;
  Duration forgotten_after;  // without a further failure
};

inline constexpr AttemptPolicy kAccountPolicy{5, Duration::seconds(2), Duration::minutes(15),
                                              Duration::hours(24)};
inline constexpr AttemptPolicy kAddressPolicy{20, Duration::seconds(1), Duration::minutes(15),
                                              Duration::hours(1)};
inline constexpr std::size_t attempt_keys_max = 10'000;

struct Attempts {
  std::uint32_t failures = 0;
  Instant last_at;
};

/// When the next attempt may be made.
Instant next_attempt_at(const Attempts& attempts, const AttemptPolicy& policy);

/// Counts of one kind of key. Keys are blind indexes: neither names nor addresses are kept.
class AttemptCounts {
 public:
  explicit AttemptCounts(AttemptPolicy policy, std::size_t keys_max = attempt_keys_max);

  /// How long to wait, or nullopt when an attempt may be made now.
  [[nodiscard]] std::optional<Duration> wait(const Digest& key, Instant now) const;
  /// Counts an attempt as failed before its outcome is known, so that attempts made at once are
  /// all counted. Returns what stands now.
  Attempts count(const Digest& key, Instant now);
  /// Takes back one counted attempt that succeeded.
  void take_back(const Digest& key);
  void forget(const Digest& key);
  /// What was known before a restart.
  void restore(const Digest& key, const Attempts& attempts);
  [[nodiscard]] std::size_t size() const { return counts_.size(); }

 private:
  [[nodiscard]] const Digest& slot(const Digest& key) const;
  void drop_forgotten(Instant now);

  AttemptPolicy policy_;
  std::size_t keys_max_;
  Digest shared_{};
  std::map<Digest, Attempts> counts_;
};

/// What counts as one source: an IPv4 address, or the /64 network of an IPv6 address, because one
/// host owns all of it.
std::string source_of(std::string_view address);

}  // namespace holdpoint::identity
