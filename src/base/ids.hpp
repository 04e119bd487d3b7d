// Identifiers: a short prefix that tells the kind and a ULID (26 characters of Crockford base32:
// 48 bits of milliseconds, 80 random bits), `rel_01J…`. Every kind of thing has its own C++ type,
// so that an application cannot be passed where a release is meant. Ids are made by the engine from
// its clock and random ports, never here.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.hpp"

namespace holdpoint {

inline constexpr std::size_t kUlidLength = 26;

/// The ULID text of a time (milliseconds are taken, negative counts as 0) and 10 random bytes.
std::string ulid_text(Instant at, const std::array<std::uint8_t, 10>& entropy);

/// Whether the text is `<prefix>_` and a canonical (upper-case, no overflow) ULID.
bool is_prefixed_ulid(std::string_view text, std::string_view prefix);

/// Tag MUST have `static constexpr std::string_view prefix`.
template <class Tag>
class Id {
 public:
  static constexpr std::string_view prefix = Tag::prefix;

  Id() = default;
  static std::optional<Id> parse(std::string_view text) {
    if (!is_prefixed_ulid(text, prefix)) return std::nullopt;
    return Id(std::string(text));
  }
  static Id make(Instant at, const std::array<std::uint8_t, 10>& entropy) {
    return Id(std::string(prefix) + "_" + ulid_text(at, entropy));
  }
  /// Empty only for a default-constructed id, which names nothing.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

  static constexpr std::string_view schema_description() { return prefix; }

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace holdpoint

template <class Tag>
struct std::hash<holdpoint::Id<Tag>> {
  std::size_t operator()(const holdpoint::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
