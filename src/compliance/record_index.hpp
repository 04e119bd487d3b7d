// The index of records (G4): one row for each thing that somebody may look for, told from the
// events as they are recorded: what it is, which release, application and environment it is about,
// who did it, with which tool. It holds ids and names that stand in the ledger in the clear, and
// nothing that is sealed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"

namespace holdpoint::compliance {

/// What an auditor looks for, by the capability that records it.
enum class RecordKind : std::uint8_t {
  release,
  evidence,
  triage,
  certification,
  approval,
  waiver,
  change,
  deployment,
  refused_start,
  incident,
  policy,
  access_review,
  delegation,
  access,
  configuration,
  framework,
  verification,
};
HP_DESCRIBE_ENUM(RecordKind, release, evidence, triage, certification, approval, waiver, change,
                 deployment, refused_start, incident, policy, access_review, delegation, access,
                 configuration, framework, verification)

/// Longer names are cut: the record itself has all of it.
inline constexpr std::size_t indexed_text_bytes_max = 200;
/// Applications that one record is found by.
inline constexpr std::size_t indexed_applications_max = 20;

/// One row; texts are "" where the record says nothing of them. A record about several applications
/// has one part for each.
struct IndexedRecord {
  std::int64_t seq = 0;  // of the entry
  std::int64_t part = 0;
  Instant at;
  RecordKind kind{};
  std::string type;   // of the event: "approval.signed"
  std::string thing;  // id of what it is about itself: "apr_…"
  std::string application;
  std::string version;
  std::string environment;
  std::string release;  // id
  std::string actor_kind;
  std::string actor;
  std::string evidence;  // kind of evidence
  std::string tool;
  std::string title;
  std::string detail;  // how it ended, or what was chosen
};
HP_DESCRIBE(IndexedRecord, seq, part, at, kind, type, thing, application, version, environment,
            release, actor_kind, actor, evidence, tool, title, detail)

/// The kind of record that events of the type are; nullopt for those that nobody looks for here.
std::optional<RecordKind> kind_of_event(std::string_view type);

/// What the body itself says. `subject` is the id of the envelope's subject.
struct Described {
  IndexedRecord record;
  std::vector<std::string> applications;
  /// The thing whose first record tells the rest, when this one names no application.
  std::string like;
};
Described describe_event(std::string_view type, std::string_view subject, const json::object& body);

}  // namespace holdpoint::compliance
