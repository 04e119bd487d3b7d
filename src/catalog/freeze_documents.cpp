// Reading freezes and calendars from the documents people write. A freeze says either when it is,
// once, or by which rule it comes again; a document that leaves open which is refused, because a
// freeze that nobody meant is as bad as one that does not hold.
#include <algorithm>

#include "base/text.hpp"
#include "catalog/catalog.hpp"
#include "catalog/document_checks.hpp"
#include "catalog/freezes.hpp"

namespace holdpoint::catalog {
namespace {

constexpr std::size_t reason_bytes_max = 500;
constexpr Duration once_max = Duration::days(366);

struct FreezeSpec {
  std::optional<std::string> title;
  std::string owner;
  std::string reason;
  std::vector<std::string> applications;
  std::vector<std::string> environments;
  std::optional<TimeWindow> once;
  std::optional<Recurrence> recurring;
  std::optional<std::string> zone;
  std::optional<RecordState> state;
};
HP_DESCRIBE(FreezeSpec, title, owner, reason, applications, environments, once, recurring, zone,
            state)

struct FreezeDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  FreezeSpec spec;
};
HP_DESCRIBE(FreezeDocument, apiVersion, kind, metadata, spec)

struct CalendarSpec {
  std::optional<std::string> title;
  std::string zone;
  std::string working_hours;
  std::vector<Holiday> holidays;
  std::optional<RecordState> state;
};
HP_DESCRIBE(CalendarSpec, title, zone, working_hours, holidays, state)

struct CalendarDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  CalendarSpec spec;
};
HP_DESCRIBE(CalendarDocument, apiVersion, kind, metadata, spec)

void check_once(const TimeWindow& once, JsonIssues& issues) {
  if (once.until <= once.from) issues.push_back({"/spec/once/until", "not after its start", 0});
  if (once.until - once.from > once_max) {
    issues.push_back({"/spec/once/until", "more than 366 days after its start", 0});
  }
}

void check_recurring(const FreezeSpec& spec, JsonIssues& issues) {
  if (!spec.zone) {
    issues.push_back({"/spec/zone", "required: the zone whose clocks the rule means", 0});
    return;
  }
  const auto zone = find_named_zone(*spec.zone);
  if (!zone) {
    issues.push_back({"/spec/zone", zone.error(), 0});
    return;
  }
  const auto window = RecurringWindow::make(*spec.recurring, *zone);
  if (window) return;
  for (const JsonIssue& issue : window.error()) {
    issues.push_back({"/spec/recurring" + issue.path, issue.message, 0});
  }
}

void check_times(const FreezeSpec& spec, JsonIssues& issues) {
  if (spec.once.has_value() == spec.recurring.has_value()) {
    issues.push_back({"/spec", "expected either once or recurring", 0});
    return;
  }
  if (spec.recurring) {
    check_recurring(spec, issues);
    return;
  }
  check_once(*spec.once, issues);
  if (spec.zone) {
    issues.push_back({"/spec/zone", "only for a recurring freeze: instants say their own", 0});
  }
}

}  // namespace

Decided<Freeze> read_freeze(const json::value& document) {
  auto read = from_json<FreezeDocument>(document);
  if (!read) return refuse(invalid(std::move(read).error()));
  FreezeSpec& spec = read->spec;
  JsonIssues issues;
  check_name(read->metadata.name, issues);
  check_title(spec.title, issues);
  if (spec.owner.empty() || spec.owner.size() > text_bytes_max) {
    issues.push_back({"/spec/owner", "expected 1 to 200 bytes", 0});
  }
  check_handle(spec.owner, "/spec/owner", issues);
  if (!is_stated(spec.reason, reason_bytes_max)) {
    issues.push_back({"/spec/reason", "expected 1 to 500 bytes", 0});
  }
  check_list(spec.applications, "/spec/applications", issues);
  check_list(spec.environments, "/spec/environments", issues);
  check_times(spec, issues);
  if (!issues.empty()) return refuse(invalid(std::move(issues)));
  Freeze freeze;
  freeze.name = read->metadata.name;
  freeze.title = spec.title.value_or(read->metadata.name);
  freeze.owner = std::move(spec.owner);
  freeze.reason = std::move(spec.reason);
  freeze.applications = std::move(spec.applications);
  freeze.environments = std::move(spec.environments);
  freeze.once = spec.once;
  freeze.recurring = std::move(spec.recurring);
  freeze.zone = std::move(spec.zone);
  return freeze;
}

Decided<Calendar> read_calendar(const json::value& document) {
  auto read = from_json<CalendarDocument>(document);
  if (!read) return refuse(invalid(std::move(read).error()));
  CalendarSpec& spec = read->spec;
  JsonIssues issues;
  check_name(read->metadata.name, issues);
  check_title(spec.title, issues);
  const auto made = BusinessCalendar::make({spec.zone, spec.working_hours, spec.holidays});
  if (!made) {
    for (const JsonIssue& issue : made.error()) {
      issues.push_back({"/spec" + issue.path, issue.message, 0});
    }
  }
  if (!issues.empty()) return refuse(invalid(std::move(issues)));
  Calendar calendar;
  calendar.name = read->metadata.name;
  calendar.title = spec.title.value_or(read->metadata.name);
  calendar.zone = std::move(spec.zone);
  calendar.working_hours = std::move(spec.working_hours);
  calendar.holidays = std::move(spec.holidays);
  return calendar;
}

}  // namespace holdpoint::catalog
