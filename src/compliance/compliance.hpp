// Front header of compliance (G1): frameworks and contracts with their controls, each control with
// what proves it, and the applications that they are about. The catalogue comes with the program;
// what a workspace adopts, narrows or adds of its own is a record like any other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/record.hpp"
#include "base/refusal.hpp"
#include "catalog/catalog.hpp"
#include "evidence/evidence.hpp"

namespace holdpoint::compliance {

using EvidenceKind = evidence::Kind;

struct FrameworkTag {
  static constexpr std::string_view prefix = "fwk";
};
using FrameworkId = Id<FrameworkTag>;

inline constexpr std::size_t frameworks_per_workspace_max = 50;
inline constexpr std::size_t controls_max = 150;
inline constexpr std::size_t needs_max = 15;
inline constexpr std::size_t also_max = 20;
inline constexpr std::size_t control_id_bytes_max = 60;
inline constexpr std::size_t title_bytes_max = 200;
inline constexpr std::int64_t within_days_max = 3'660;

/// What can prove a control, by the records that it is told from.
enum class Proof : std::uint8_t {
  approvals,       // what reached production was certified, and approved where policy asks for it
  segregation,     // who signs has no part in what is signed, and attempts to were refused
  tests,           // test results of the newest release
  scans,           // scan results of the newest release, of all of the kinds or of any
  components,      // its bill of materials
  provenance,      // signed records name the artifacts that were deployed
  audit_trail,     // the ledger was verified from its beginning
  access_reviews,  // who may approve was confirmed by others
  verification,    // deployments were looked at by somebody else
  exceptions,      // waivers are approved, and end
  incidents,       // incidents were declared, answered and ended
  policies,        // criteria in force, enforced, and looked at again in time
  environments,    // production is apart from what comes before it
  retention,       // everything recorded and its bytes are still there
  configuration,   // how production is configured is known, and did not drift
  criteria,        // the newest release passes the criteria named
};
HP_DESCRIBE_ENUM(Proof, approvals, segregation, tests, scans, components, provenance, audit_trail,
                 access_reviews, verification, exceptions, incidents, policies, environments,
                 retention, configuration, criteria)

/// `within_days`: how old it may be; where several controls apply, the shortest counts.
struct Need {
  Proof proof{};
  std::optional<std::int64_t> within_days;
  std::vector<EvidenceKind> kinds;      // of scans: each of them; none: any
  std::optional<std::string> criteria;  // name of the document, of the proof `criteria`
};
HP_DESCRIBE(Need, proof, within_days, kinds, criteria)

struct Control {
  std::string id;
  std::string title;
  std::vector<std::string> also;  // ids that the same proof answers
  std::vector<Need> needs;
};
HP_DESCRIBE(Control, id, title, also, needs)

enum class Source : std::uint8_t { law, standard, contract, own };
HP_DESCRIBE_ENUM(Source, law, standard, contract, own)

/// Which applications a framework is about: those that have one of the values of each list that is
/// not empty. `every` takes all of them.
struct Applies {
  std::optional<bool> every;
  std::vector<catalog::DataClass> data_classes;
  std::vector<catalog::Criticality> criticality;
  std::vector<std::string> applications;
  std::vector<std::string> owners;
};
HP_DESCRIBE(Applies, every, data_classes, criticality, applications, owners)

/// A framework without controls takes those of the catalogue under the same name.
struct Framework {
  static constexpr std::string_view kind = "framework";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "framework.created";
  static constexpr std::string_view changed_event = "framework.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  FrameworkId id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  Source source{};
  std::optional<std::string> edition;
  Applies applies;
  std::vector<Control> controls;
};
HP_DESCRIBE(Framework, id, name, title, state, source, edition, applies, controls)

/// What a document of kind Framework says. Issues have paths from the document's root.
Decided<Framework> read_framework(const json::value& document);

/// The frameworks that come with the program, by name.
const std::vector<Framework>& catalogue();
const Framework* find_in_catalogue(std::string_view name);

/// The catalogue with what the workspace says of it, by name: a record adds a framework, narrows
/// one of the catalogue, or retires it.
std::vector<Framework> frameworks_of(const std::vector<Framework>& records);

/// Whether the framework says of any application that it is about it.
bool is_in_force(const Framework& framework);
bool applies_to(const Framework& framework, const catalog::Application& application);

const Control* find_control(const Framework& framework, std::string_view id);

}  // namespace holdpoint::compliance
