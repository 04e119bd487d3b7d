// Keys per person in a SQLite file of their own (`keys.db`), so that they are backed up apart from
// the ledger and can be destroyed for good. Each is stored sealed under a key derived from
// `vault.key` beside it: the database alone opens nothing. Sealing is XChaCha20-Poly1305.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "engine/ports.hpp"

namespace holdpoint::crypto {

class Vault : public engine::PersonVault {
 public:
  /// Erases the person's key durably, from the write-ahead log too. What was sealed under it opens
  /// never again, and nothing can be sealed for that person any more. Destroying twice is no fault.
  virtual Result<void> destroy(std::string_view person) = 0;
};

/// Opens or creates the vault in a directory, which MUST exist. A key file that is missing or is
/// another vault's is a fault: a new one would lose everybody's data in silence. `random` MUST
/// outlive the vault and be safe for use from several threads, as the vault is.
Result<std::unique_ptr<Vault>> open_vault(const std::string& directory, engine::Random& random);

}  // namespace holdpoint::crypto
