// Verifying a log without trusting its server: the checkpoint must be signed by the key we know,
// and the tree must contain the one we saw last. Pure; the caller fetches and remembers.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "cli/config.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::cli {

enum class LogTrust : std::uint8_t { first_use, known };

struct SeenCheckpoint {
  ledger::Checkpoint checkpoint;
  ledger::VerifierKey key;
  LogTrust trust = LogTrust::first_use;
};

/// Why a log cannot be trusted: a sentence for people. Every one of them is a "no".
struct Distrust {
  std::string sentence;
};

/// Opens the checkpoint with the key the server states, which MUST be the key we remember for the
/// origin, and the one in `expected_vkey` when that is not empty.
std::expected<SeenCheckpoint, Distrust> open_seen(std::string_view note, std::string_view vkey,
                                                  std::string_view expected_vkey, Config& config);

/// Checks that the tree we remember is a part of this one. `hashes` MUST be the server's proof when
/// both are not empty and differ in size.
std::expected<void, Distrust> check_growth(const KnownLog& known, const ledger::Checkpoint& now,
                                           const std::vector<Digest>& hashes);

/// Whether a proof must be fetched before check_growth().
bool needs_proof(const KnownLog& known, const ledger::Checkpoint& now);

/// The base64 hashes of the server's consistency proof; nullopt when it is no such list.
std::optional<std::vector<Digest>> read_proof(const json::object& answer);

/// Remembers the log as it is now. MUST only be called after it was verified.
void remember(Config& config, const SeenCheckpoint& seen);

}  // namespace holdpoint::cli
