// Password hashes without the cost: a salted SHA-256, for tests that sign in often. Never for use.
#pragma once

#include <string>

#include "base/encoding.hpp"
#include "engine/ports.hpp"
#include "platform/crypto/password.hpp"

namespace holdpoint::test {

class PlainPasswords final : public engine::PasswordHasher {
 public:
  explicit PlainPasswords(engine::Random& random) : random_(random) {}

  Result<std::string> hash(std::string_view password) override {
    if (password.size() > crypto::kPasswordBytes_max) {
      return fault(FaultKind::invalid, "password.hash", "longer than a password may be");
    }
    std::uint8_t bytes[8]{};
    random_.fill(bytes);
    return form(to_hex({reinterpret_cast<const char*>(bytes), sizeof bytes}), password);
  }
  bool verify(std::string_view hash, std::string_view password) override {
    if (!hash.starts_with("$test$") || hash.size() != kFormLength) return false;
    return equal_constant_time(form(hash.substr(6, 16), password), hash);
  }

 private:
  static constexpr std::size_t kFormLength = 6 + 16 + 1 + 64;
  static std::string form(std::string_view salt, std::string_view password) {
    std::string salted(salt);
    return "$test$" + std::string(salt) + "$" + sha256(salted += password).hex();
  }
  engine::Random& random_;
};

}  // namespace holdpoint::test
