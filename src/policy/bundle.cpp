// See bundle.hpp.
#include "policy/bundle.hpp"

#include <algorithm>
#include <tuple>

namespace holdpoint::policy {
namespace {

auto key_of(const ManifestEntry& entry) { return std::tie(entry.kind, entry.name); }

PolicyChange removal_of(const ManifestEntry& entry) {
  return {.kind = entry.kind,
          .name = entry.name,
          .change = Change::removed,
          .mode_before = entry.mode,
          .mode_after = "",
          .owner = entry.owner,
          .digest = std::nullopt,
          .document = std::nullopt,
          .review_by = std::nullopt};
}

}  // namespace

std::string manifest_text(const Manifest& manifest) { return to_json_text(manifest); }

const ManifestEntry* find_entry(const Manifest& manifest, std::string_view kind,
                                std::string_view name) {
  const auto found = std::ranges::find_if(manifest, [&](const ManifestEntry& entry) {
    return entry.kind == kind && entry.name == name;
  });
  return found == manifest.end() ? nullptr : &*found;
}

std::optional<PolicyChange> change_between(const ManifestEntry* before,
                                           const ManifestEntry& after) {
  if (before != nullptr && before->digest == after.digest) return std::nullopt;
  return PolicyChange{.kind = after.kind,
                      .name = after.name,
                      .change = before == nullptr ? Change::created : Change::changed,
                      .mode_before = before == nullptr ? "" : before->mode,
                      .mode_after = after.mode,
                      .owner = after.owner,
                      .digest = after.digest,
                      .document = after.document,
                      .review_by = after.review_by};
}

PolicyChanges difference(const Manifest& from, const Manifest& to) {
  PolicyChanges changes;
  for (const ManifestEntry& entry : to) {
    if (auto change = change_between(find_entry(from, entry.kind, entry.name), entry)) {
      changes.push_back(std::move(*change));
    }
  }
  for (const ManifestEntry& entry : from) {
    if (find_entry(to, entry.kind, entry.name) == nullptr) changes.push_back(removal_of(entry));
  }
  std::ranges::sort(changes);
  return changes;
}

Manifest changed(Manifest manifest, const PolicyChanges& changes) {
  for (const PolicyChange& change : changes) {
    std::erase_if(manifest, [&](const ManifestEntry& entry) {
      return entry.kind == change.kind && entry.name == change.name;
    });
    if (!change.digest || !change.document) continue;
    manifest.push_back({change.kind, change.name, *change.digest, change.mode_after, change.owner,
                        *change.document, change.review_by});
  }
  std::ranges::sort(manifest, {}, key_of);
  return manifest;
}

}  // namespace holdpoint::policy
