// Looks for records and shows them with the people behind: what the search, the answers to auditors
// and the exports have in common.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compliance/edge/compliance_edge.hpp"
#include "compliance/edge/record_index_queries.hpp"
#include "compliance/exports.hpp"

namespace holdpoint::compliance {

struct FoundPage {
  std::vector<FoundRecord> records;
  std::optional<IndexPlace> next;
};

class Finder {
 public:
  /// All MUST outlive it.
  Finder(engine::Connection& tables, std::string_view workspace, const ComplianceNeeds& needs)
      : tables_(tables), workspace_(workspace), needs_(needs) {}

  /// A refusal when it names a control or release that is not there.
  Decided<Wanted> resolve(const SearchFilter& filter);
  FoundPage find(const Wanted& wanted, IndexPlace after, std::size_t limit);

 private:
  FoundRecord show(const IndexedRecord& record);
  const std::string& name_of(std::string_view kind, const std::string& id);
  const std::vector<std::string>& reviewers_of_release(const std::string& release);

  engine::Connection& tables_;
  std::string_view workspace_;
  const ComplianceNeeds& needs_;
  std::map<std::string, std::string> names_;
  std::map<std::string, std::vector<std::string>> reviewers_;
};

}  // namespace holdpoint::compliance
