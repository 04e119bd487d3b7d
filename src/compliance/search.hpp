// Looking for records (G4): a filter, what of the index it takes, and searches that are kept by
// name. A period may be a quarter: "2026-Q3".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/record.hpp"
#include "base/refusal.hpp"
#include "compliance/compliance.hpp"
#include "compliance/facts.hpp"
#include "compliance/record_index.hpp"

namespace holdpoint::compliance {

struct SavedSearchTag {
  static constexpr std::string_view prefix = "sqs";
};
using SavedSearchId = Id<SavedSearchTag>;

inline constexpr std::size_t saved_searches_max = 200;
inline constexpr std::size_t filter_text_bytes_max = 200;

/// What is absent takes everything. `security` takes the evidence of every kind of scan.
struct SearchFilter {
  std::vector<RecordKind> kinds;
  std::vector<EvidenceKind> evidence;
  std::optional<bool> security;
  std::optional<std::string> release;  // "shop@1.2.0" or an id
  std::optional<std::string> application;
  std::optional<std::string> environment;
  std::optional<std::string> person;  // id of whoever recorded it
  std::optional<std::string> tool;
  std::optional<std::string> thing;    // id of the record itself
  std::optional<std::string> control;  // "pci-dss/6.2.4": what may prove it
  std::optional<std::string> period;   // "2026-Q3", "2026-09", "2026"
  std::optional<Instant> from;
  std::optional<Instant> until;
};
HP_DESCRIBE(SearchFilter, kinds, evidence, security, release, application, environment, person,
            tool, thing, control, period, from, until)

/// A search that is kept by its name.
struct SavedSearch {
  static constexpr std::string_view kind = "saved_search";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "saved_search.created";
  static constexpr std::string_view changed_event = "saved_search.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  SavedSearchId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  SearchFilter search;
};
HP_DESCRIBE(SavedSearch, id, name, title, state, search)

/// What a document of kind SavedSearch says.
Decided<SavedSearch> read_saved_search(const json::value& document);

/// Issues with paths below `path`.
void check_filter(const SearchFilter& filter, const std::string& path, JsonIssues& issues);

/// A year, quarter or month in UTC; nullopt when it is none.
std::optional<Period> parse_period(std::string_view text);

/// A filter with everything resolved: no period in words, no control, no name of a release.
struct Wanted {
  std::vector<RecordKind> kinds;  // none: every one
  std::vector<EvidenceKind> evidence;
  std::string release;
  std::string application;
  std::string environment;
  std::string person;
  std::string tool;
  std::string thing;
  Period period;
};

/// `control` is the one that the filter names, when it names one; `release` the id of its release.
/// Evidence of other kinds than those that the control asks for is left out.
Wanted resolve(const SearchFilter& filter, const Control* control, std::string release);

/// Whether the index's row is wanted. Its instant is looked at too.
bool is_wanted(const Wanted& wanted, const IndexedRecord& record);

/// The records that can prove something.
std::vector<RecordKind> records_of(Proof proof);

}  // namespace holdpoint::compliance
