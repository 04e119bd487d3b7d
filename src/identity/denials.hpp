// Gathers denied access and failed sign-ins before they are recorded (J4): one event per source,
// permission and minute, so that an attacker cannot fill the log. Memory is bounded: what does not
// fit is counted in one bucket per workspace.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/instant.hpp"
#include "identity/events.hpp"

namespace holdpoint::identity {

inline constexpr std::size_t denial_buckets_max = 1024;
inline constexpr Duration denial_gathering_time = Duration::minutes(1);

/// Who was denied: a person or service account, or a visitor who could not say who he is.
struct DenialSource {
  std::string kind;  // "person", "service_account", "visitor" or "others"
  std::string id;
  std::string address;  // personal: sealed, never in the body
  auto operator<=>(const DenialSource&) const = default;
};

struct Denial {
  std::string workspace;
  DenialSource source;
  std::string permission;  // empty for a failed sign-in
  std::string route;
  std::optional<SignInFailure> sign_in{};
  auto operator<=>(const Denial&) const = default;
};

struct GatheredDenial {
  Denial denial;
  std::int64_t count = 0;
  Instant first_at;
  Instant last_at;
};

class Denials {
 public:
  explicit Denials(std::size_t buckets_max = denial_buckets_max);
  void count(Denial denial, Instant now);
  /// What was gathered for a workspace, in a stable order; it is forgotten here.
  std::vector<GatheredDenial> take(std::string_view workspace);
  [[nodiscard]] std::vector<std::string> workspaces() const;

 private:
  struct Tally {
    std::int64_t count = 0;
    Instant first_at;
    Instant last_at;
  };
  std::size_t buckets_max_;
  std::map<Denial, Tally> tallies_;
};

AccessDenied access_denied(const GatheredDenial& gathered);
/// MUST be given the gathering of a failed sign-in.
SignInFailed sign_in_failed(const GatheredDenial& gathered);

}  // namespace holdpoint::identity
