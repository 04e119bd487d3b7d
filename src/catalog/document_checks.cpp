// See document_checks.hpp.
#include "catalog/document_checks.hpp"

#include <set>

#include "catalog/catalog.hpp"

namespace holdpoint::catalog {

Refusal invalid(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_document", "The document is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

void check_name(const std::string& name, JsonIssues& issues) {
  if (!is_name(name)) {
    issues.push_back(
        {"/metadata/name", "expected 1 to 63 characters a-z, 0-9, and - . _ inside", 0});
  }
}

void check_title(const std::optional<std::string>& title, JsonIssues& issues) {
  if (title && title->size() > text_bytes_max) {
    issues.push_back({"/spec/title", "longer than 200 bytes", 0});
  }
}

void check_list(const std::vector<std::string>& list, const std::string& path, JsonIssues& issues) {
  if (list.size() > list_items_max) issues.push_back({path, "more than 200 elements", 0});
  std::set<std::string> seen;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = path + "/" + std::to_string(i);
    if (list[i].empty() || list[i].size() > text_bytes_max) {
      issues.push_back({at, "expected 1 to 200 bytes", 0});
    }
    if (!seen.insert(list[i]).second) issues.push_back({at, "stands twice", 0});
  }
}

void check_handle(const std::string& owner, const std::string& path, JsonIssues& issues) {
  if (owner.contains('@')) {
    issues.push_back({path, "a mail address is personal; name a team or a handle", 0});
  }
}

}  // namespace holdpoint::catalog
