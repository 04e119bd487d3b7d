// Signed heads: what the log has shown to the world. A head is signed only over committed leaves,
// never smaller than one signed before, and kept outside the database before anyone sees it, so
// that a restored backup is noticed.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace holdpoint::engine {

class Heads {
 public:
  Heads(Ports ports, Ed25519Key key, std::string server_name);

  [[nodiscard]] std::string origin(std::string_view workspace) const;
  [[nodiscard]] ledger::VerifierKey verifier_key(std::string_view workspace) const;

  /// The note over the committed head. Fault not_found for a log without entries, corrupt when the
  /// database is behind what was signed before.
  Result<std::string> sign(std::string_view workspace);
  /// Signs every log that has grown since.
  void sign_all();

  Result<InclusionReceipt> receipt(std::string_view workspace, std::uint64_t index);
  Result<std::vector<Digest>> consistency(std::string_view workspace, std::uint64_t old_size,
                                          std::uint64_t new_size);

  /// Compares every kept head with the database. When one is ahead or differs: Fault corrupt, or,
  /// with a reason, the acceptance is recorded in the system log.
  Result<void> check_kept(const std::optional<std::string>& accept_because, Engine& engine);

 private:
  Result<std::string> sign_locked(Connection& tables, const std::string& workspace);

  Ports ports_;
  Ed25519Key key_;
  std::string server_name_;
  std::mutex mutex_;
  struct Signed {
    std::uint64_t size = 0;
    std::string note;
  };
  std::map<std::string, Signed, std::less<>> signed_;
};

/// `ledger.rollback_accepted`: the operator took a database that is behind its last signed head.
struct RollbackAccepted {
  static constexpr std::string_view event_type = "ledger.rollback_accepted";
  static constexpr int event_version = 1;
  std::string log;
  std::uint64_t kept_size = 0;
  Digest kept_root;
  std::uint64_t found_size = 0;
  std::string reason;
};
HP_DESCRIBE(RollbackAccepted, log, kept_size, kept_root, found_size, reason)

/// The engine's own events.
Module ledger_module();

}  // namespace holdpoint::engine
