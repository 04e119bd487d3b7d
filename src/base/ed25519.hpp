// Ed25519 (RFC 8032, pure): the one signature scheme of checkpoints and certification records, and
// the X.509 form (SPKI, RFC 8410) of its public keys. libcrypto does the arithmetic.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace holdpoint {

struct Ed25519PublicKey {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Ed25519PublicKey&) const = default;
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /// nullopt unless exactly 32 bytes. Does not check that they encode a curve point.
  static std::optional<Ed25519PublicKey> from_bytes(std::string_view raw);
  /// The 44 bytes of DER SubjectPublicKeyInfo.
  [[nodiscard]] std::string spki() const;
  /// The same as PEM (RFC 7468 §13), which OpenSSL and the verifiers of signatures read.
  [[nodiscard]] std::string pem() const;
  /// Reads exactly those 44 bytes; nullopt for another algorithm, length or encoding.
  static std::optional<Ed25519PublicKey> from_spki(std::string_view der);
};

struct Ed25519Signature {
  std::array<std::uint8_t, 64> bytes{};

  auto operator<=>(const Ed25519Signature&) const = default;
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /// nullopt unless exactly 64 bytes.
  static std::optional<Ed25519Signature> from_bytes(std::string_view raw);
};

/// A private key. The seed lives only inside libcrypto, which cleanses it on destruction; the
/// caller MUST cleanse its own copy (see cleanse). sign() may be called from several threads.
class Ed25519Key {
 public:
  /// nullopt unless the seed has exactly 32 bytes.
  static std::optional<Ed25519Key> from_seed(std::string_view seed);
  ~Ed25519Key();
  Ed25519Key(Ed25519Key&&) noexcept;
  Ed25519Key& operator=(Ed25519Key&&) noexcept;
  Ed25519Key(const Ed25519Key&) = delete;
  Ed25519Key& operator=(const Ed25519Key&) = delete;

  [[nodiscard]] Ed25519Signature sign(std::string_view bytes) const;
  [[nodiscard]] const Ed25519PublicKey& public_key() const { return public_key_; }

 private:
  struct State;
  explicit Ed25519Key(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  Ed25519PublicKey public_key_;
};

/// False for a wrong signature, a signature of another length, and a key that is no curve point.
[[nodiscard]] bool ed25519_verify(const Ed25519PublicKey& key, std::string_view bytes,
                                  std::string_view signature);

/// Overwrites a secret so that the compiler cannot leave it out, and empties the string.
void cleanse(std::string& secret);

}  // namespace holdpoint
