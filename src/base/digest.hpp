// SHA-256 digests: the names of objects, the leaves of the tree, the binding of every decision.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace holdpoint {

struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Digest&) const = default;
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /// 64 lower-case hex digits.
  [[nodiscard]] std::string hex() const;
  /// "sha256:" and 64 lower-case hex digits: the form in events, documents and answers.
  [[nodiscard]] std::string text() const;
  /// nullopt unless exactly 32 bytes.
  static std::optional<Digest> from_bytes(std::string_view raw);
  /// Accepts "sha256:<64 hex>" or 64 hex digits, either case.
  static std::optional<Digest> parse(std::string_view text);
};

Digest sha256(std::string_view bytes);

/// Incremental SHA-256; reusable after finish(). Not for use from two threads at once.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& update(std::string_view bytes);
  /// The digest of all bytes since construction or the last finish().
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// HMAC-SHA-256 (RFC 2104).
Digest hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace holdpoint
