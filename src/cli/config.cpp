// The configuration file: strict JSON, private to its owner.
#include "cli/config.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "cli/local_file.hpp"

namespace holdpoint::cli {

KnownLog* Config::log(std::string_view origin) {
  const auto found =
      std::find_if(logs.begin(), logs.end(), [&](const KnownLog& l) { return l.origin == origin; });
  return found == logs.end() ? nullptr : &*found;
}

std::optional<std::filesystem::path> config_path(const Environment& environment) {
  if (const auto home = environment("XDG_CONFIG_HOME"); home && home->starts_with('/')) {
    return std::filesystem::path(*home) / "holdpoint" / "config.json";
  }
  if (const auto home = environment("HOME"); home && !home->empty()) {
    return std::filesystem::path(*home) / ".config" / "holdpoint" / "config.json";
  }
  return std::nullopt;
}

Tried<Config> load_config(const Environment& environment) {
  const auto path = config_path(environment);
  if (!path) return Config{};
  struct stat status{};
  if (::stat(path->c_str(), &status) != 0) return Config{};
  if ((status.st_mode & 0077U) != 0) {
    return wrong_use("Other users can read the file with your token.", path->string(),
                     "Run `chmod 600` on it; if it was shared, revoke the token.");
  }
  HP_TRY(const std::string text, read_file(*path, config_bytes_max));
  const auto document = parse_json(text);
  if (!document) {
    return wrong_use("The configuration is no JSON: " + document.error().text(), path->string(),
                     "Repair the file, or remove it and sign in again.");
  }
  auto config = from_json<Config>(*document);
  if (!config) {
    return wrong_use("The configuration is not understood: " + config.error().front().text(),
                     path->string(), "Repair the file, or remove it and sign in again.");
  }
  return std::move(*config);
}

Tried<void> save_config(const Environment& environment, const Config& config) {
  const auto path = config_path(environment);
  if (!path) {
    return wrong_use("There is no place for the configuration.", "",
                     "Set HOME or XDG_CONFIG_HOME.");
  }
  HP_TRY_VOID(make_private_directory(path->parent_path()));
  return write_private_file(*path, to_json_text(config) + "\n");
}

}  // namespace holdpoint::cli
