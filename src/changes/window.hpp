// When a change is planned: instants, or times as clocks of a zone show them, and what is in the
// way of that.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/time_window.hpp"
#include "changes/changes.hpp"

namespace holdpoint::changes {

struct StatedWindow {
  std::string from;   // an instant, or a time of a clock in the zone: "2026-12-24T22:00"
  std::string until;  // the first moment that does not belong to it
  std::string zone;   // an IANA name
};

/// Half-open. A start that clocks show twice is the earlier one and such an end the later one, so
/// that a window never shrinks; a time that clocks never show is the instant of the jump. Issues
/// have the paths "/from", "/until" and "/zone".
std::expected<TimeWindow, JsonIssues> read_window(const StatedWindow& stated);

/// Whether it may still be planned: not over, not too long, not too far ahead.
JsonIssues check_window(const TimeWindow& window, ChangeType type, Instant now);

/// The window as clocks of the zone show it, "2026-12-24 22:00 to 23:30 Europe/Berlin"; in UTC when
/// the zone is no longer known.
std::string window_text(const TimeWindow& window, const std::string& zone);

/// Another change that is planned at the same time for the same place.
struct Conflict {
  std::string change;
  std::string title;
  Place place;
  TimeWindow window;
};
HP_DESCRIBE(Conflict, change, title, place, window)

/// One for each other open change and place that both touch while their windows overlap.
std::vector<Conflict> conflicts(const Change& change, const std::vector<Change>& others);

/// When the place is taken by open changes.
std::vector<TimeWindow> taken_windows(const Place& place, const std::vector<Change>& changes);

}  // namespace holdpoint::changes
