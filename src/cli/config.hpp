// What the program remembers between runs, in $XDG_CONFIG_HOME/holdpoint/config.json, mode 0600:
// the server, the token of the last sign-in, and of every log its key and its last seen checkpoint.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "cli/cli.hpp"
#include "cli/failure.hpp"

namespace holdpoint::cli {

/// A log we have seen: whatever server shows it, its key must be this one, and its tree must only
/// have grown since.
struct KnownLog {
  std::string origin;
  std::string vkey;
  std::int64_t size = 0;
  std::string root;  // "sha256:…" of the tree at that size

  bool operator==(const KnownLog&) const = default;
};

struct Config {
  std::string server;
  std::string workspace;
  std::string token;
  std::string expires_at;
  std::vector<KnownLog> logs;

  bool operator==(const Config&) const = default;
  /// The log of that origin, or nullptr.
  KnownLog* log(std::string_view origin);
};

HP_DESCRIBE(KnownLog, origin, vkey, size, root)
HP_DESCRIBE(Config, server, workspace, token, expires_at, logs)

inline constexpr std::size_t config_bytes_max = 1U << 20;

/// nullopt when neither XDG_CONFIG_HOME nor HOME is set.
std::optional<std::filesystem::path> config_path(const Environment& environment);

/// An empty configuration when there is no file. A file that others can read is refused.
Tried<Config> load_config(const Environment& environment);
/// Replaces the file in one step; directories are made with mode 0700.
Tried<void> save_config(const Environment& environment, const Config& config);

}  // namespace holdpoint::cli
