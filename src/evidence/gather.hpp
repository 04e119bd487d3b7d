// What the format readers fill in common: lists that count everything and keep a bounded part, and
// fingerprints that stay the same when a finding moves to another line.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/digest.hpp"
#include "evidence/severity.hpp"
#include "evidence/summary.hpp"

namespace holdpoint::evidence {

/// Adds a code once and keeps the list sorted.
void add_flag(Summary& summary, std::string_view code);

/// Adds the tool unless it is there already or the list is full.
void add_tool(Summary& summary, std::string_view name, std::optional<std::string_view> version);

/// Cleaned and bounded; nullopt when absent or empty.
std::optional<std::string> optional_text(std::optional<std::string_view> text,
                                         std::size_t bytes_max);

/// What makes two findings the same finding, in a form that cannot be confused by joining: every
/// part is preceded by its length.
class Identity {
 public:
  Identity& add(std::string_view part);
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// The text with runs of white space as one space and without the digits after "line", "column"
/// and ":": a message that names its line stays the same when code is added above it.
std::string without_places(std::string_view message);

/// Counts first, lists second: only when all findings are counted is it known which ones are to be
/// listed. MUST be given the same findings in both rounds.
class FindingList {
 public:
  void count(Severity severity, FindingStatus status);
  void count_not_failing() { ++findings_.not_failing; }

  /// Whether the next finding of this severity and status is to be listed.
  bool take(Severity severity, FindingStatus status);
  /// Lists it under a fingerprint of the identity; a repeated identity gets an ordinal.
  void add(Finding finding, const Identity& identity);

  Findings finish();

 private:
  static constexpr std::size_t ranks = 7;
  static std::size_t rank(Severity severity, FindingStatus status);

  Findings findings_;
  std::array<std::size_t, ranks> counted_{};
  std::array<std::size_t, ranks> room_{};
  bool taking_ = false;
  std::map<Digest, std::int64_t> seen_;
};

/// Counts a component and lists it while there is room.
void add_component(Components& components, Component component, bool licensed);

}  // namespace holdpoint::evidence
