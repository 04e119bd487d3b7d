// What the documents of the catalog have in common: how a document begins, and the checks of names,
// titles and lists, whose issues have paths from the document's root.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/refusal.hpp"
#include "catalog/catalog.hpp"

namespace holdpoint::catalog {

struct Metadata {
  std::string name;
};
HP_DESCRIBE(Metadata, name)

/// Refuses a document for these issues.
Refusal invalid(JsonIssues issues);

void check_name(const std::string& name, JsonIssues& issues);
void check_title(const std::optional<std::string>& title, JsonIssues& issues);
/// Short texts, each once.
void check_list(const std::vector<std::string>& list, const std::string& path, JsonIssues& issues);
/// A team or a handle and no mail address, which would be personal.
void check_handle(const std::string& owner, const std::string& path, JsonIssues& issues);

}  // namespace holdpoint::catalog
