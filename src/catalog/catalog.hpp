// Front header of the catalog: what is delivered and where to. Applications with their owners,
// criticality and data classes (A7); environments with their order of promotion (A8). Both are
// records: everything but their meaning follows from the description.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/record.hpp"
#include "base/record_document.hpp"
#include "base/refusal.hpp"

namespace holdpoint::catalog {

struct ApplicationTag {
  static constexpr std::string_view prefix = "app";
};
using ApplicationId = Id<ApplicationTag>;

struct EnvironmentTag {
  static constexpr std::string_view prefix = "env";
};
using EnvironmentId = Id<EnvironmentTag>;

// Bounds of what the documents say.
inline constexpr std::size_t name_bytes_max = record_name_bytes_max;
inline constexpr std::size_t text_bytes_max = 200;  // of a title, and of an element of a list
inline constexpr std::size_t list_items_max = 200;
inline constexpr std::size_t data_classes_max = 4;  // each stands once

enum class Criticality : std::uint8_t { low, medium, high, critical };
HP_DESCRIBE_ENUM(Criticality, low, medium, high, critical)

/// phi: health records; cardholder: payment cards; personal; financial: financial reporting.
enum class DataClass : std::uint8_t { phi, cardholder, personal, financial };
HP_DESCRIBE_ENUM(DataClass, phi, cardholder, personal, financial)

struct Application {
  static constexpr std::string_view kind = "application";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "application.created";
  static constexpr std::string_view changed_event = "application.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  ApplicationId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::vector<std::string> owners;  // teams or handles, never mail addresses
  Criticality criticality = Criticality::medium;
  std::vector<DataClass> data_classes;
  std::vector<std::string> repositories;
  std::vector<std::string> environments;  // names, in any order; their `position` orders them
};
HP_DESCRIBE(Application, id, name, title, state, owners, criticality, data_classes, repositories,
            environments)

enum class EnvironmentKind : std::uint8_t { development, test, staging, production };
HP_DESCRIBE_ENUM(EnvironmentKind, development, test, staging, production)

struct Environment {
  static constexpr std::string_view kind = "environment";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "environment.created";
  static constexpr std::string_view changed_event = "environment.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  EnvironmentId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::int64_t position = 0;  // promotion goes from lower to higher
  EnvironmentKind environment_kind = EnvironmentKind::development;
  bool requires_certification = true;
  /// Whether nothing is deployed there but under a change request; absent: it is not asked.
  std::optional<bool> requires_change;
};
HP_DESCRIBE(Environment, id, name, title, state, position, environment_kind, requires_certification,
            requires_change)

/// What a document of kind Application or Environment says: the record without its id and state.
/// Issues have paths from the document's root. Names are `[a-z0-9]` and inner `-._`, at most
/// name_bytes_max.
Decided<Application> read_application(const json::value& document);
Decided<Environment> read_environment(const json::value& document);

/// The state that such a document states, if it does. One that says nothing of it leaves a record
/// in the state it has: who applies an old document brings nothing back that was retired. MUST be
/// given a document that was read.
std::optional<RecordState> stated_state(const json::value& document);

/// Whether the text can name an application, environment or release version's application.
bool is_name(std::string_view text);

}  // namespace holdpoint::catalog
