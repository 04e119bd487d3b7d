// Trust on first use, and only growth ever after.
#include "cli/log_memory.hpp"

#include <array>

#include "base/encoding.hpp"
#include "cli/fields.hpp"

namespace holdpoint::cli {
namespace {

std::unexpected<Distrust> distrust(std::string sentence) {
  return std::unexpected(Distrust{std::move(sentence)});
}

std::optional<Digest> read_hash(const json::value& value) {
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = view(value.get_string());
  if (const auto digest = Digest::parse(text)) return digest;
  const auto raw = from_base64(text);
  return raw ? Digest::from_bytes(*raw) : std::nullopt;
}

}  // namespace

std::expected<SeenCheckpoint, Distrust> open_seen(std::string_view note, std::string_view vkey,
                                                  std::string_view expected_vkey, Config& config) {
  if (!expected_vkey.empty() && vkey != expected_vkey) {
    return distrust("The server states the key " + printable(vkey) +
                    ", which is not the key given with --key.");
  }
  const auto key = ledger::VerifierKey::parse(vkey);
  if (!key) {
    return distrust("The server's key cannot be used: " + std::string(sentence(key.error())));
  }
  const KnownLog* known = config.log(key->name);
  if (known != nullptr && known->vkey != vkey) {
    return distrust("The key of " + printable(key->name) + " has CHANGED: it was " +
                    printable(known->vkey) + " and the server now states " + printable(vkey) +
                    ". Whoever answers is not the log we know.");
  }
  const std::array keys{*key};
  const auto opened = ledger::open_checkpoint(note, keys);
  if (!opened) {
    return distrust("The checkpoint is not signed by the log: " +
                    std::string(sentence(opened.error())));
  }
  if (opened->checkpoint.origin != key->name) {
    return distrust("The checkpoint is of another log: " + printable(opened->checkpoint.origin));
  }
  return SeenCheckpoint{
      opened->checkpoint, *key,
      known == nullptr && expected_vkey.empty() ? LogTrust::first_use : LogTrust::known};
}

bool needs_proof(const KnownLog& known, const ledger::Checkpoint& now) {
  return known.size > 0 && now.size > static_cast<std::uint64_t>(known.size);
}

std::expected<void, Distrust> check_growth(const KnownLog& known, const ledger::Checkpoint& now,
                                           const std::vector<Digest>& hashes) {
  const auto root = Digest::parse(known.root);
  if (!root || known.size < 0) {
    return distrust("The remembered checkpoint of " + known.origin + " is damaged.");
  }
  const auto old_size = static_cast<std::uint64_t>(known.size);
  if (now.size < old_size) {
    return distrust("The log has SHRUNK from " + std::to_string(old_size) + " to " +
                    std::to_string(now.size) + " entries: entries were taken away.");
  }
  if (old_size == 0) return {};
  const auto checked = ledger::verify_consistency({old_size, *root, now.size, now.root}, hashes);
  if (!checked) {
    return distrust("The log does not contain the one seen before (" + std::to_string(old_size) +
                    " entries): " + std::string(sentence(checked.error())) +
                    ". History was rewritten.");
  }
  return {};
}

std::optional<std::vector<Digest>> read_proof(const json::object& answer) {
  const json::array* list = array_at(answer, "hashes");
  if (list == nullptr) list = array_at(answer, "proof");
  if (list == nullptr || list->size() > ledger::proof_hashes_max) return std::nullopt;
  std::vector<Digest> hashes;
  for (const json::value& entry : *list) {
    const auto hash = read_hash(entry);
    if (!hash) return std::nullopt;
    hashes.push_back(*hash);
  }
  return hashes;
}

void remember(Config& config, const SeenCheckpoint& seen) {
  const KnownLog now{seen.checkpoint.origin, seen.key.text(),
                     static_cast<std::int64_t>(seen.checkpoint.size), seen.checkpoint.root.text()};
  if (KnownLog* known = config.log(now.origin); known != nullptr) {
    *known = now;
  } else {
    config.logs.push_back(now);
  }
}

}  // namespace holdpoint::cli
