// The bytes of the event bodies of documents, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "documents/documents.hpp"
#include "engine/records.hpp"
#include "support/golden.hpp"

namespace holdpoint::documents {
namespace {

using test::digest;
using test::frozen;

const DocumentId kId = *DocumentId::parse("doc_01J00000000000000000000000");

Document document() {
  Document document;
  document.id = kId;
  document.name = "restore";
  document.title = "How the database is restored";
  document.document_kind = DocumentKind::runbook;
  document.owner = "per_01J00000000000000000000000";
  document.review_days = 90;
  return document;
}

constexpr std::string_view kDocument =
    R"({"document_kind":"runbook","id":"doc_01J00000000000000000000000","name":"restore",)"
    R"("owner":"per_01J00000000000000000000000","review_days":90,"state":"active",)"
    R"("title":"How the database is restored"})";

TEST_CASE("document.created is frozen") {
  frozen(engine::RecordCreated<Document>{document()}, "document.created",
         R"({"record":)" + std::string(kDocument) + "}");
}

TEST_CASE("document.changed is frozen") {
  frozen(engine::RecordChanged<Document>{2, document()}, "document.changed",
         R"({"record":)" + std::string(kDocument) + R"(,"revision":2})");
}

TEST_CASE("document.version_added is frozen") {
  frozen(VersionAdded{kId, 3, {digest(0x11)}, 42, "text/markdown"}, "document.version_added",
         R"({"content":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("id":"doc_01J00000000000000000000000","media_type":"text/markdown","size":42,)"
         R"("version":3})");
}

TEST_CASE("document.reviewed is frozen") {
  frozen(DocumentReviewed{kId, 3}, "document.reviewed",
         R"({"id":"doc_01J00000000000000000000000","version":3})");
}

}  // namespace
}  // namespace holdpoint::documents
