// See promotion.hpp.
#include "deployments/promotion.hpp"

namespace holdpoint::deployments {

std::string promotion_id(std::string_view application, std::string_view version,
                         std::string_view environment) {
  return std::string(application) + "@" + std::string(version) + "/" + std::string(environment);
}

std::optional<PromotionName> parse_promotion_id(std::string_view id) {
  const std::size_t slash = id.rfind('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == id.size()) return std::nullopt;
  return PromotionName{std::string(id.substr(0, slash)), std::string(id.substr(slash + 1))};
}

Digest digest_of(const Promotion& promotion) {
  return sha256("holdpoint-promotion/v1\n" + to_json_text(promotion));
}

}  // namespace holdpoint::deployments
