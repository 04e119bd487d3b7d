// Deciding about controlled documents: what may be said of one, what becomes a version, and when it
// has to be looked at again.
#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "documents/documents.hpp"

namespace holdpoint::documents {
namespace {

constexpr std::int64_t kDayUs = 86'400LL * 1'000'000;

bool is_name(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (text.empty() || text.size() > name_bytes_max || DocumentId::parse(text)) return false;
  if (!is_plain(text.front()) || !is_plain(text.back())) return false;
  return std::ranges::all_of(
      text, [&](char c) { return is_plain(c) || c == '-' || c == '.' || c == '_'; });
}

/// What is signed when a version is approved.
struct SignedVersion {
  std::int64_t v = 1;
  std::string document;
  std::int64_t version = 0;
  Digest content;
};
HP_DESCRIBE(SignedVersion, v, document, version, content)

Decided<Document> checked(Document document, Owner owner) {
  JsonIssues issues;
  if (!is_name(document.name)) {
    issues.push_back(
        {"/name",
         "expected letters, digits and inner -._, at most " + std::to_string(name_bytes_max), 0});
  }
  if (!is_stated(document.title, title_bytes_max) || !is_one_line(document.title)) {
    issues.push_back(
        {"/title", "expected 1 to " + std::to_string(title_bytes_max) + " bytes in one line", 0});
  }
  if (owner == Owner::unknown) issues.push_back({"/owner", "not a person who can sign in here", 0});
  if (document.review_days < 1 || document.review_days > review_days_max) {
    issues.push_back({"/review_days", "expected 1 to " + std::to_string(review_days_max), 0});
  }
  if (!issues.empty()) return refuse(invalid_document(std::move(issues)));
  return document;
}

std::unexpected<Refusal> retired(const Document& document) {
  Refusal refusal{RefusalKind::conflict, "document_retired",
                  "The document " + document.name + " is out of use."};
  refusal.next.push_back({"person with documents.write", "bring it back",
                          "holdpoint document change " + document.name + " --state active"});
  return refuse(std::move(refusal));
}

}  // namespace

Decided<Document> create(const CreateDocument& command, Owner owner) {
  Document document;
  document.name = command.name;
  document.title = command.title;
  document.document_kind = command.document_kind;
  document.owner = command.owner;
  document.review_days = command.review_days.value_or(review_days_default);
  return checked(std::move(document), owner);
}

Decided<Document> change(const Document& before, const ChangeDocument& command, Owner owner) {
  Document document = before;
  if (command.title) document.title = *command.title;
  if (command.document_kind) document.document_kind = *command.document_kind;
  if (command.owner) document.owner = command.owner;
  if (command.review_days) document.review_days = *command.review_days;
  if (command.state) document.state = *command.state;
  return checked(std::move(document), owner);
}

Decided<std::optional<VersionAdded>> add_version(const Document& document,
                                                 const std::optional<Version>& latest,
                                                 const Bytes& bytes) {
  if (document.state == RecordState::retired) return retired(document);
  if (latest && latest->digest == bytes.digest) return std::nullopt;
  JsonIssues issues;
  if (bytes.size == 0) issues.push_back({"", "a version has content", 0});
  if (!is_stated(bytes.media_type, media_type_bytes_max) || !is_one_line(bytes.media_type)) {
    issues.push_back(
        {"media_type", "expected 1 to " + std::to_string(media_type_bytes_max) + " bytes", 0});
  }
  if (!issues.empty()) return refuse(invalid_document(std::move(issues)));
  const std::int64_t version = latest ? latest->version + 1 : 1;
  if (version > versions_max) {
    return refuse(RefusalKind::exhausted, "too_many_versions",
                  "A document has at most " + std::to_string(versions_max) +
                      " versions; go on with another one.");
  }
  return VersionAdded{document.id, version, ObjectRef{bytes.digest}, bytes.size, bytes.media_type};
}

Decided<DocumentReviewed> review(const Document& document, const std::optional<Version>& latest,
                                 const ReviewDocument& command) {
  if (document.state == RecordState::retired) return retired(document);
  if (!is_stated(command.reason, reason_bytes_max)) {
    return refuse(invalid_document(
        {{"/reason", "expected 1 to " + std::to_string(reason_bytes_max) + " bytes", 0}}));
  }
  if (!latest) {
    Refusal refusal{RefusalKind::conflict, "document_empty",
                    "The document " + document.name + " has no version to look at."};
    refusal.next.push_back({"person with documents.write", "add one",
                            "holdpoint document add " + document.name + " FILE"});
    return refuse(std::move(refusal));
  }
  return DocumentReviewed{document.id, latest->version};
}

Instant review_due(const Document& document, Instant looked_at) {
  return Instant{looked_at.us + document.review_days * kDayUs};
}

std::string version_id(std::string_view document, std::int64_t version) {
  return std::string(document) + "/" + std::to_string(version);
}

std::optional<VersionName> parse_version_id(std::string_view id) {
  const auto slash = id.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto document = DocumentId::parse(id.substr(0, slash));
  const std::string_view digits = id.substr(slash + 1);
  VersionName name;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, name.version);
  // One name only for each version: "3", never "03".
  if (!document || read.ec != std::errc{} || std::to_string(name.version) != digits) {
    return std::nullopt;
  }
  name.document = *document;
  return name;
}

Digest signed_digest(const Version& version) {
  return sha256("holdpoint-document/v1\n" +
                to_json_text(SignedVersion{1, version.document, version.version, version.digest}));
}

Refusal document_not_found(std::string_view reference) {
  Refusal refusal{RefusalKind::not_found, "document_not_found",
                  "There is no document " + std::string(reference) + " in this workspace."};
  refusal.next.push_back({"you", "look for it in the list", "holdpoint document list"});
  return refusal;
}

Refusal version_not_found(std::string_view reference, std::string_view version) {
  Refusal refusal{
      RefusalKind::not_found, "version_not_found",
      "The document " + std::string(reference) + " has no version " + std::string(version) + "."};
  refusal.next.push_back(
      {"you", "look at its versions", "holdpoint document show " + std::string(reference)});
  return refusal;
}

Refusal invalid_document(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_document", "The document is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

}  // namespace holdpoint::documents
