// The read model of controlled documents, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/documents.hpp"
#include "engine/records.hpp"

namespace holdpoint::documents {

using Documents = engine::Records<Document>;

/// By `doc_…` or by its name.
std::optional<engine::Stored<Document>> find_document(engine::Connection& tables,
                                                      std::string_view workspace,
                                                      std::string_view reference);
/// The latest first.
std::vector<Version> versions_of(engine::Connection& tables, std::string_view workspace,
                                 const DocumentId& id, std::size_t limit);
std::optional<Version> find_version(engine::Connection& tables, std::string_view workspace,
                                    const DocumentId& id, std::int64_t version);
std::optional<Version> latest_version(engine::Connection& tables, std::string_view workspace,
                                      const DocumentId& id);

/// When somebody last added a version or let one stand.
std::optional<Instant> looked_at(engine::Connection& tables, std::string_view workspace,
                                 const DocumentId& id);

/// The last review, for its sealed reason.
struct ReviewEntry {
  std::int64_t seq = 0;
  std::int64_t version = 0;
  std::string by;
  Instant at;
};
std::optional<ReviewEntry> last_review(engine::Connection& tables, std::string_view workspace,
                                       const DocumentId& id);

/// A document in use whose review is due, or that has no version.
struct OverdueDocument {
  std::string id;
  std::string name;
  std::string title;
  std::optional<std::string> owner;
  std::optional<Instant> due;  // absent: it has no version
};
HP_DESCRIBE(OverdueDocument, id, name, title, owner, due)

/// Those without a version first, then the longest overdue.
std::vector<OverdueDocument> overdue_documents(engine::Connection& tables,
                                               std::string_view workspace, Instant now,
                                               std::size_t limit);

}  // namespace holdpoint::documents
