// See finder.hpp.
#include "compliance/edge/finder.hpp"

#include <algorithm>

#include "compliance/edge/framework_queries.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::compliance {

Decided<Wanted> Finder::resolve(const SearchFilter& filter) {
  std::string release;
  if (filter.release) {
    const auto found = releases::find_release(tables_, workspace_, *filter.release);
    if (!found) return refuse(releases::release_not_found(*filter.release));
    release = found->id.text();
  }
  if (!filter.control) return compliance::resolve(filter, nullptr, std::move(release));
  const auto slash = filter.control->find('/');
  const std::string framework_name = filter.control->substr(0, slash);
  const std::string id = filter.control->substr(std::min(slash, filter.control->size() - 1) + 1);
  for (const Framework& framework : frameworks_here(tables_, workspace_)) {
    if (framework.name != framework_name) continue;
    const Control* control = find_control(framework, id);
    if (control != nullptr) return compliance::resolve(filter, control, std::move(release));
  }
  return refuse(RefusalKind::not_found, "control_not_found",
                "There is no control " + *filter.control + " here.");
}

FoundPage Finder::find(const Wanted& wanted, IndexPlace after, std::size_t limit) {
  IndexPage page = search_index(tables_, workspace_, wanted, after, limit);
  FoundPage found;
  found.next = page.next;
  for (const IndexedRecord& record : page.records) found.records.push_back(show(record));
  return found;
}

FoundRecord Finder::show(const IndexedRecord& record) {
  FoundRecord found = found_record(record);
  found.person_name = name_of(record.actor_kind, record.actor);
  if (record.release.empty()) return found;
  found.reviewers = reviewers_of_release(record.release);
  for (const std::string& person : found.reviewers) {
    found.reviewer_names.push_back(name_of("person", person));
  }
  return found;
}

const std::string& Finder::name_of(std::string_view kind, const std::string& id) {
  const auto known = names_.find(id);
  if (known != names_.end()) return known->second;
  return names_.emplace(id, needs_.display_name(tables_, workspace_, kind, id)).first->second;
}

const std::vector<std::string>& Finder::reviewers_of_release(const std::string& release) {
  const auto known = reviewers_.find(release);
  if (known != reviewers_.end()) return known->second;
  return reviewers_.emplace(release, reviewers_of(tables_, workspace_, release)).first->second;
}

}  // namespace holdpoint::compliance
