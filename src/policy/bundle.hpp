// The policies in force as one thing: a bundle is a manifest of every document with its digests,
// named by the digest of the manifest, and each new bundle of a workspace has the next revision.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/object_ref.hpp"
#include "policy/kind_facts.hpp"

namespace holdpoint::policy {

struct ProposalTag {
  static constexpr std::string_view prefix = "prp";
};
using ProposalId = Id<ProposalTag>;

inline constexpr std::size_t rejection_reason_bytes_max = 1'000;

struct ManifestEntry {
  std::string kind;
  std::string name;
  Digest digest;  // of the canonical document
  std::string mode;
  std::string owner;
  ObjectRef document;  // the text as written
  std::optional<std::string> review_by;
  auto operator<=>(const ManifestEntry&) const = default;
};
HP_DESCRIBE(ManifestEntry, kind, name, digest, mode, owner, document, review_by)

/// Sorted by kind and name, each pair once.
using Manifest = std::vector<ManifestEntry>;

/// One document that a revision brings, replaces or takes away. Of a removed one there is neither
/// digest nor document.
struct PolicyChange {
  std::string kind;
  std::string name;
  Change change{};
  std::string mode_before;
  std::string mode_after;
  std::string owner;
  std::optional<Digest> digest;
  std::optional<ObjectRef> document;
  std::optional<std::string> review_by;
  auto operator<=>(const PolicyChange&) const = default;
};
HP_DESCRIBE(PolicyChange, kind, name, change, mode_before, mode_after, owner, digest, document,
            review_by)

using PolicyChanges = std::vector<PolicyChange>;

/// The canonical bytes that the bundle's digest is of.
std::string manifest_text(const Manifest& manifest);
const ManifestEntry* find_entry(const Manifest& manifest, std::string_view kind,
                                std::string_view name);
/// The change that puts `after` in force where `before` was; nullopt when it is the same version.
std::optional<PolicyChange> change_between(const ManifestEntry* before, const ManifestEntry& after);
/// What leads from one manifest to the other, sorted.
PolicyChanges difference(const Manifest& from, const Manifest& to);
/// The manifest after the changes.
Manifest changed(Manifest manifest, const PolicyChanges& changes);

/// A change of policies waits for people; it is judged by the PolicyActivation documents in force.
struct PolicyProposed {
  static constexpr std::string_view event_type = "policy.proposed";
  static constexpr int event_version = 1;
  ProposalId id;
  std::int64_t base_revision = 0;
  PolicyChanges changes;
  std::optional<std::int64_t> rolls_back_to;
};
HP_DESCRIBE(PolicyProposed, id, base_revision, changes, rolls_back_to)

struct PolicyApproved {
  static constexpr std::string_view event_type = "policy.approved";
  static constexpr int event_version = 1;
  ProposalId proposal;
};
HP_DESCRIBE(PolicyApproved, proposal)

struct PolicyRejected {
  static constexpr std::string_view event_type = "policy.rejected";
  static constexpr int event_version = 1;
  ProposalId proposal;
  std::string reason;
};
HP_DESCRIBE(PolicyRejected, proposal, reason)

/// A new bundle is in force. Activating an older one again is a new revision.
struct PolicyActivated {
  static constexpr std::string_view event_type = "policy.activated";
  static constexpr int event_version = 1;
  std::int64_t revision = 0;
  ObjectRef bundle;  // the manifest
  PolicyChanges changes;
  std::optional<ProposalId> proposal;
  std::optional<std::int64_t> rolls_back_to;
};
HP_DESCRIBE(PolicyActivated, revision, bundle, changes, proposal, rolls_back_to)

}  // namespace holdpoint::policy
