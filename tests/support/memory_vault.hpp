// A vault in memory with a toy cipher (an HMAC key stream): it keeps the vault's promises, so that
// a simulation sees neither plaintext in the ledger nor a destroyed person's data come back.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "platform/crypto/vault.hpp"

namespace holdpoint::test {

class MemoryVault final : public crypto::Vault {
 public:
  explicit MemoryVault(engine::Random& random) : random_(random) {}
  Result<std::string> seal(std::string_view person, std::string_view plaintext,
                           std::string_view context) override;
  Result<std::string> open(std::string_view person, std::string_view sealed,
                           std::string_view context) override;
  Digest blind_index(std::string_view purpose, std::string_view value) override;
  Result<void> destroy(std::string_view person) override;

 private:
  std::string random_key();

  engine::Random& random_;
  std::mutex mutex_;
  std::map<std::string, std::optional<std::string>, std::less<>> keys_;  // nullopt: destroyed
};

}  // namespace holdpoint::test
