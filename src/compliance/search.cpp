// See search.hpp.
#include "compliance/search.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/civil_date.hpp"
#include "base/record_document.hpp"

namespace holdpoint::compliance {
namespace {

constexpr std::array security_kinds{EvidenceKind::sast, EvidenceKind::sca,  EvidenceKind::secrets,
                                    EvidenceKind::iac,  EvidenceKind::dast, EvidenceKind::license};

/// Of a period: its end can be written as an instant too.
constexpr std::int64_t year_max = 9'998;

struct Metadata {
  std::string name;
};
HP_DESCRIBE(Metadata, name)

struct Spec {
  std::optional<std::string> title;
  std::optional<RecordState> state;
  SearchFilter search;
};
HP_DESCRIBE(Spec, title, state, search)

struct Document {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  Spec spec;
};
HP_DESCRIBE(Document, apiVersion, kind, metadata, spec)

template <class T>
void add_once(std::vector<T>& list, const T& value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

template <class T>
bool is_one_of(const std::vector<T>& list, const T& value) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

Instant first_of(std::int64_t year, std::int64_t month) {
  return Instant{} + Duration::days(days_from_civil({year, month, 1}));
}

Period months_from(std::int64_t year, std::int64_t month, std::int64_t months) {
  const std::int64_t after = month + months;
  const bool is_next = after > 12;
  return {first_of(year, month), first_of(is_next ? year + 1 : year, is_next ? after - 12 : after)};
}

/// The kinds of evidence that the proof is told from; none when it is not told from evidence.
std::vector<EvidenceKind> evidence_of(const Need& need) {
  switch (need.proof) {
    case Proof::tests: return {EvidenceKind::tests};
    case Proof::components: return {EvidenceKind::sbom};
    case Proof::scans:
      return need.kinds.empty()
                 ? std::vector<EvidenceKind>(security_kinds.begin(), security_kinds.end())
                 : need.kinds;
    case Proof::approvals:
    case Proof::segregation:
    case Proof::provenance:
    case Proof::audit_trail:
    case Proof::access_reviews:
    case Proof::verification:
    case Proof::exceptions:
    case Proof::incidents:
    case Proof::policies:
    case Proof::environments:
    case Proof::retention:
    case Proof::configuration:
    case Proof::criteria: return {};
  }
  return {};
}

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  const auto year = number_of(text.substr(0, 4));
  if (!year || *year < 1970 || *year > year_max) return std::nullopt;
  if (text.size() == 4) return months_from(*year, 1, 12);
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  if (text[5] == 'Q') {
    const auto quarter = number_of(text.substr(6));
    if (!quarter || *quarter < 1 || *quarter > 4) return std::nullopt;
    return months_from(*year, (*quarter - 1) * 3 + 1, 3);
  }
  const auto month = number_of(text.substr(5));
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  return months_from(*year, *month, 1);
}

void check_filter(const SearchFilter& filter, const std::string& path, JsonIssues& issues) {
  for (const auto& [name, text] :
       {std::pair{"release", &filter.release}, std::pair{"application", &filter.application},
        std::pair{"environment", &filter.environment}, std::pair{"person", &filter.person},
        std::pair{"tool", &filter.tool}, std::pair{"thing", &filter.thing},
        std::pair{"control", &filter.control}}) {
    if (!*text) continue;
    if ((*text)->empty() || (*text)->size() > filter_text_bytes_max) {
      issues.push_back({path + name, "expected 1 to 200 bytes", 0});
    }
  }
  if (filter.control && filter.control->find('/') == std::string::npos) {
    issues.push_back({path + "control", "expected FRAMEWORK/ID, such as soc2/CC8.1", 0});
  }
  if (filter.period && !parse_period(*filter.period)) {
    issues.push_back({path + "period", "expected a year, quarter or month: 2026-Q3", 0});
  }
  if (filter.period && (filter.from || filter.until)) {
    issues.push_back({path + "period", "a period, or from and until", 0});
  }
  if (filter.from && filter.until && *filter.until <= *filter.from) {
    issues.push_back({path + "until", "expected an instant after 'from'", 0});
  }
}

Decided<SavedSearch> read_saved_search(const json::value& document) {
  auto read = from_json<Document>(document);
  JsonIssues issues;
  if (!read) {
    issues = std::move(read).error();
  } else {
    if (!is_record_name(read->metadata.name)) {
      issues.push_back(
          {"/metadata/name", "expected 1 to 63 characters a-z, 0-9, and - . _ inside", 0});
    }
    if (read->spec.title && read->spec.title->size() > title_bytes_max) {
      issues.push_back({"/spec/title", "longer than 200 bytes", 0});
    }
    check_filter(read->spec.search, "/spec/search/", issues);
  }
  if (!issues.empty()) {
    Refusal refusal{RefusalKind::invalid, "invalid_document", "The document is not as expected."};
    refusal.issues = std::move(issues);
    return refuse(std::move(refusal));
  }
  SavedSearch search;
  search.name = read->metadata.name;
  search.title = read->spec.title.value_or(search.name);
  search.search = std::move(read->spec.search);
  return search;
}

std::vector<RecordKind> records_of(Proof proof) {
  using enum RecordKind;
  switch (proof) {
    case Proof::approvals: return {approval, change, deployment, certification};
    case Proof::segregation: return {approval, refused_start};
    case Proof::tests:
    case Proof::scans:
    case Proof::components: return {RecordKind::evidence};
    case Proof::provenance: return {certification, deployment};
    case Proof::audit_trail:
    case Proof::retention: return {RecordKind::verification};
    case Proof::access_reviews: return {access_review, access, delegation};
    case Proof::verification: return {deployment};
    case Proof::exceptions: return {waiver};
    case Proof::incidents: return {incident};
    case Proof::policies: return {policy};
    case Proof::environments: return {deployment};
    case Proof::configuration: return {RecordKind::configuration};
    case Proof::criteria: return {certification, policy};
  }
  return {};
}

Wanted resolve(const SearchFilter& filter, const Control* control, std::string release) {
  Wanted wanted;
  wanted.kinds = filter.kinds;
  wanted.evidence = filter.evidence;
  if (filter.security.value_or(false)) {
    for (const EvidenceKind kind : security_kinds) add_once(wanted.evidence, kind);
  }
  if (!wanted.evidence.empty() && wanted.kinds.empty()) wanted.kinds = {RecordKind::evidence};
  if (control != nullptr) {
    const bool any_kind = wanted.kinds.empty();
    const bool any_evidence = wanted.evidence.empty();
    for (const Need& need : control->needs) {
      if (any_kind) {
        for (const RecordKind kind : records_of(need.proof)) add_once(wanted.kinds, kind);
      }
      if (any_evidence) {
        for (const EvidenceKind kind : evidence_of(need)) add_once(wanted.evidence, kind);
      }
    }
  }
  wanted.release = std::move(release);
  wanted.application = filter.application.value_or("");
  wanted.environment = filter.environment.value_or("");
  wanted.person = filter.person.value_or("");
  wanted.tool = filter.tool.value_or("");
  wanted.thing = filter.thing.value_or("");
  wanted.period = {filter.from.value_or(Instant{0}), filter.until.value_or(Instant{INT64_MAX})};
  if (filter.period) {
    if (const auto period = parse_period(*filter.period)) wanted.period = *period;
  }
  return wanted;
}

bool is_wanted(const Wanted& wanted, const IndexedRecord& record) {
  const auto agrees = [](const std::string& asked, const std::string& there) {
    return asked.empty() || asked == there;
  };
  if (!wanted.period.holds(record.at) || !is_one_of(wanted.kinds, record.kind)) return false;
  if (record.kind == RecordKind::evidence && !wanted.evidence.empty()) {
    const auto kind = describe::enum_parse<EvidenceKind>(record.evidence);
    if (!kind || !is_one_of(wanted.evidence, *kind)) return false;
  }
  return agrees(wanted.release, record.release) && agrees(wanted.application, record.application) &&
         agrees(wanted.environment, record.environment) && agrees(wanted.person, record.actor) &&
         agrees(wanted.tool, record.tool) && agrees(wanted.thing, record.thing);
}

}  // namespace holdpoint::compliance
