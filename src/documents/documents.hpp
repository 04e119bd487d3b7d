// Front header of controlled documents (A10): runbooks, procedures and backout plans. A document
// has numbered versions that never change, each an object named by its digest; who approves a
// version is policy; and it is looked at again in time, or is listed as overdue.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/instant.hpp"
#include "base/object_ref.hpp"
#include "base/record.hpp"
#include "base/refusal.hpp"

namespace holdpoint::documents {

struct DocumentTag {
  static constexpr std::string_view prefix = "doc";
};
using DocumentId = Id<DocumentTag>;

/// As approvals name a version of a document: "doc_…/3".
inline constexpr std::string_view document_kind = "document";

inline constexpr std::size_t name_bytes_max = 100;
inline constexpr std::size_t title_bytes_max = 200;
inline constexpr std::size_t reason_bytes_max = 1'000;
inline constexpr std::size_t media_type_bytes_max = 100;
inline constexpr std::uint64_t content_bytes_max = 64ULL << 20;
inline constexpr std::int64_t versions_max = 1'000;
inline constexpr std::int64_t review_days_max = 1'095;
inline constexpr std::int64_t review_days_default = 365;

enum class DocumentKind : std::uint8_t { runbook, procedure, backout_plan, other };
HP_DESCRIBE_ENUM(DocumentKind, runbook, procedure, backout_plan, other)

struct Document {
  static constexpr std::string_view kind = "document";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "document.created";
  static constexpr std::string_view changed_event = "document.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  DocumentId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  DocumentKind document_kind = DocumentKind::other;
  std::optional<std::string> owner;  // the person who answers for it
  std::int64_t review_days = review_days_default;
};
HP_DESCRIBE(Document, id, name, title, state, document_kind, owner, review_days)

struct CreateDocument {
  std::string name;
  std::string title;
  DocumentKind document_kind{};
  std::optional<std::string> owner;
  std::optional<std::int64_t> review_days;
};
HP_DESCRIBE(CreateDocument, name, title, document_kind, owner, review_days)

/// What is absent stays as it is.
struct ChangeDocument {
  std::optional<std::string> title;
  std::optional<DocumentKind> document_kind;
  std::optional<std::string> owner;
  std::optional<std::int64_t> review_days;
  std::optional<RecordState> state;
};
HP_DESCRIBE(ChangeDocument, title, document_kind, owner, review_days, state)

struct ReviewDocument {
  std::string reason;  // what was found; sealed
};
HP_DESCRIBE(ReviewDocument, reason)

struct VersionAdded {
  static constexpr std::string_view event_type = "document.version_added";
  static constexpr int event_version = 1;
  DocumentId id;
  std::int64_t version = 0;  // from 1
  ObjectRef content;
  std::uint64_t size = 0;
  std::string media_type;
};
HP_DESCRIBE(VersionAdded, id, version, content, size, media_type)

/// Somebody looked at the version and lets it stand.
struct DocumentReviewed {
  static constexpr std::string_view event_type = "document.reviewed";
  static constexpr int event_version = 1;
  DocumentId id;
  std::int64_t version = 0;
};
HP_DESCRIBE(DocumentReviewed, id, version)

/// A version as it stands.
struct Version {
  std::string document;
  std::int64_t version = 0;
  Digest digest;
  std::uint64_t size = 0;
  std::string media_type;
  std::string added_by_kind;
  std::string added_by;
  Instant added_at;
};
HP_DESCRIBE(Version, document, version, digest, size, media_type, added_by_kind, added_by, added_at)

/// Whether the owner that a command names, if it does, is a person who can sign in.
enum class Owner : std::uint8_t { none_or_known, unknown };

/// Refuses with a path for each mistake.
Decided<Document> create(const CreateDocument& command, Owner owner);
Decided<Document> change(const Document& before, const ChangeDocument& command, Owner owner);

/// The version that such bytes become. The bytes of the latest version again are no new one.
struct Bytes {
  Digest digest;
  std::uint64_t size = 0;
  std::string media_type;
};
Decided<std::optional<VersionAdded>> add_version(const Document& document,
                                                 const std::optional<Version>& latest,
                                                 const Bytes& bytes);

Decided<DocumentReviewed> review(const Document& document, const std::optional<Version>& latest,
                                 const ReviewDocument& command);

/// Until when it has to be looked at, counted from its latest version or review.
Instant review_due(const Document& document, Instant looked_at);

/// What approvals call a version, and what they mean by it.
std::string version_id(std::string_view document, std::int64_t version);
struct VersionName {
  DocumentId document;
  std::int64_t version = 0;
};
std::optional<VersionName> parse_version_id(std::string_view id);
/// What is signed: this document, this version, these bytes.
Digest signed_digest(const Version& version);

Refusal document_not_found(std::string_view reference);
Refusal version_not_found(std::string_view reference, std::string_view version);
Refusal invalid_document(JsonIssues issues);

}  // namespace holdpoint::documents
