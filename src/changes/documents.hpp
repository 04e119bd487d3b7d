// What is declared in advance, by documents: templates of standard changes, which are approved once
// and vary only where they say so; ways for emergencies, which name who may declare and who
// endorses; and the scale of risks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/record.hpp"
#include "base/refusal.hpp"
#include "changes/changes.hpp"

namespace holdpoint::changes {

struct TemplateTag {
  static constexpr std::string_view prefix = "ctp";
};
struct PathTag {
  static constexpr std::string_view prefix = "emp";
};
struct ScaleTag {
  static constexpr std::string_view prefix = "rsk";
};

/// What a change of a template may say itself; its window it always does.
enum class Varying : std::uint8_t { title, description, applications, environments, releases };
HP_DESCRIBE_ENUM(Varying, title, description, applications, environments, releases)

struct ChangeTemplate {
  static constexpr std::string_view kind = "change_template";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "change_template.created";
  static constexpr std::string_view changed_event = "change_template.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  Id<TemplateTag> id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::string owner;  // a team or a handle
  std::vector<std::string> applications;
  std::vector<std::string> environments;
  std::string description;
  std::string backout_plan;
  std::string customer_impact;
  std::map<std::string, std::string> risk;  // answers to the scale in force
  std::int64_t window_max_us = 0;
  std::vector<Varying> varies;
};
HP_DESCRIBE(ChangeTemplate, id, name, title, state, owner, applications, environments, description,
            backout_plan, customer_impact, risk, window_max_us, varies)

/// How many emergencies may go one way within that time; what happens more often is no emergency.
struct EmergencyLimit {
  std::int64_t count = 0;
  std::int64_t within_us = 0;
  bool operator==(const EmergencyLimit&) const = default;
};
HP_DESCRIBE(EmergencyLimit, count, within_us)
inline constexpr std::int64_t limit_count_max = 100;
inline constexpr Duration limit_within_min = Duration::hours(1);
inline constexpr Duration limit_within_max = Duration::days(90);

struct EmergencyPath {
  static constexpr std::string_view kind = "emergency_path";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "emergency_path.created";
  static constexpr std::string_view changed_event = "emergency_path.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  Id<PathTag> id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::string owner;
  std::vector<std::string> applications;  // none: all
  std::vector<std::string> environments;  // none: all
  std::vector<std::string> categories;    // what counts as an emergency: "outage"
  std::vector<std::string> declarers;     // roles
  std::vector<std::string> endorsers;     // roles
  std::optional<EmergencyLimit> at_most;  // none: any number
};
HP_DESCRIBE(EmergencyPath, id, name, title, state, owner, applications, environments, categories,
            declarers, endorsers, at_most)

struct RiskTable {
  static constexpr std::string_view kind = "risk_table";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "risk_table.created";
  static constexpr std::string_view changed_event = "risk_table.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  Id<ScaleTag> id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::string owner;
  std::vector<RiskQuestion> questions;
  std::int64_t medium_from = 0;
  std::int64_t high_from = 0;
};
HP_DESCRIBE(RiskTable, id, name, title, state, owner, questions, medium_from, high_from)

/// What a document of kind ChangeTemplate, EmergencyPath or RiskTable says: the record without its
/// id and state. Issues have paths from the document's root.
Decided<ChangeTemplate> read_template(const json::value& document);
Decided<EmergencyPath> read_path(const json::value& document);
Decided<RiskTable> read_risk_table(const json::value& document);

RiskScale scale_of(const RiskTable& table, std::int64_t revision);

/// Whether the way was declared for all that the change touches and for such an emergency.
bool is_for(const EmergencyPath& path, const std::vector<Place>& places, std::string_view category);

}  // namespace holdpoint::changes
