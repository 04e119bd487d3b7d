// The promotion of a release to an environment as something that is approved: what it is made of,
// and so what an approval is void without. Another artifact, environment or configuration is
// another content (B15).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/describe.hpp"
#include "base/digest.hpp"

namespace holdpoint::deployments {

inline constexpr std::string_view promotion_kind = "promotion";

/// "shop@1.0.0/production".
std::string promotion_id(std::string_view application, std::string_view version,
                         std::string_view environment);

struct PromotionName {
  std::string release;  // "shop@1.0.0"
  std::string environment;
};
std::optional<PromotionName> parse_promotion_id(std::string_view id);

/// What is signed when a promotion is approved. The digest is of its canonical JSON.
struct Promotion {
  std::int64_t v = 1;
  std::string application;
  std::string version;
  std::string environment;
  std::string environment_id;
  Digest contents;  // of the release: commits, artifacts, where it was built
  std::optional<Digest> configuration;
};
HP_DESCRIBE(Promotion, v, application, version, environment, environment_id, contents,
            configuration)

Digest digest_of(const Promotion& promotion);

}  // namespace holdpoint::deployments
