// See password.hpp.
#include "platform/crypto/password.hpp"

#include <sodium.h>

#include <array>
#include <semaphore>
#include <string>

namespace holdpoint::crypto {
namespace {

/// Holds one of the permits to use a hash's memory.
class Permit {
 public:
  using Permits = std::counting_semaphore<kPasswordChecksAtOnce_max>;
  explicit Permit(Permits& permits) : permits_(permits) { permits_.acquire(); }
  ~Permit() { permits_.release(); }
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

 private:
  Permits& permits_;
};

class Argon2Passwords final : public engine::PasswordHasher {
 public:
  explicit Argon2Passwords(PasswordCost cost) : cost_(cost) {}

  /// The hash no password is known for, that absent ones are checked against.
  Result<void> prepare() {
    std::array<unsigned char, 32> unknown{};
    randombytes_buf(unknown.data(), unknown.size());
    HP_TRY(nobody_, hash({reinterpret_cast<const char*>(unknown.data()), unknown.size()}));
    return {};
  }

  Result<std::string> hash(std::string_view password) override {
    if (password.size() > kPasswordBytes_max) {
      return fault(FaultKind::invalid, "password.hash",
                   "longer than " + std::to_string(kPasswordBytes_max) + " bytes");
    }
    const Permit permit(permits_);
    std::array<char, crypto_pwhash_STRBYTES> encoded{};
    if (crypto_pwhash_str_alg(encoded.data(), password.data(), password.size(), cost_.passes,
                              cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
      return fault(FaultKind::exhausted, "password.hash", "not enough memory, or a cost too small");
    }
    return std::string(encoded.data());
  }

  bool verify(std::string_view hash, std::string_view password) override {
    std::array<char, crypto_pwhash_STRBYTES> encoded{};
    const bool real = is_argon2id(hash) && password.size() <= kPasswordBytes_max;
    (real ? hash : std::string_view(nobody_)).copy(encoded.data(), encoded.size() - 1);
    const std::string_view asked = real ? password : password.substr(0, kPasswordBytes_max);
    const Permit permit(permits_);
    const int result = crypto_pwhash_str_verify(encoded.data(), asked.data(), asked.size());
    return real && result == 0;
  }

 private:
  /// Only a form whose cost libsodium can read; anything else would be answered too soon.
  static bool is_argon2id(std::string_view hash) {
    std::array<char, crypto_pwhash_STRBYTES> encoded{};
    if (hash.size() >= encoded.size()) return false;
    hash.copy(encoded.data(), hash.size());
    return crypto_pwhash_str_needs_rehash(encoded.data(), crypto_pwhash_OPSLIMIT_MIN,
                                          crypto_pwhash_MEMLIMIT_MIN) >= 0;
  }

  const PasswordCost cost_;
  Permit::Permits permits_{kPasswordChecksAtOnce_max};
  std::string nobody_;
};

}  // namespace

Result<std::unique_ptr<engine::PasswordHasher>> argon2_passwords(PasswordCost cost) {
  if (sodium_init() < 0) return fault(FaultKind::unavailable, "password", "libsodium failed");
  auto passwords = std::make_unique<Argon2Passwords>(cost);
  HP_TRY_VOID(passwords->prepare());
  return passwords;
}

}  // namespace holdpoint::crypto
