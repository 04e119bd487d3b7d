// Front header of certification: whether a release may ship, judged on its facts by the criteria in
// force, and kept as a signed record that names both (F1-F6). Records are superseded or revoked,
// never edited.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/object_ref.hpp"
#include "base/refusal.hpp"
#include "certification/facts.hpp"
#include "policy/past_decisions.hpp"
#include "policy/policy.hpp"
#include "waivers/waivers.hpp"

namespace holdpoint::certification {

struct CertificationTag {
  static constexpr std::string_view prefix = "crt";
};
using CertificationId = Id<CertificationTag>;

inline constexpr std::size_t revocation_reason_bytes_max = 1'000;
/// How much a verdict says: reasons up to the first bound, then messages up to the second.
inline constexpr std::size_t verdict_reasons_bytes_max = 8U << 20;
inline constexpr std::size_t verdict_messages_bytes_max = 16U << 20;
/// More than what any verdict within those bounds can have, the results of all its rules included.
inline constexpr std::size_t verdict_bytes_max = 32U << 20;

enum class State : std::uint8_t { certified, refused, superseded, revoked };
HP_DESCRIBE_ENUM(State, certified, refused, superseded, revoked)

/// Results and verdicts as documents: what policy decided, in a form that is stored and shown.
struct BlameView {
  std::string expression;
  std::string have;
  std::string relation;
  std::string need;
};
HP_DESCRIBE(BlameView, expression, have, relation, need)

struct ElementView {
  std::string path;
  json::object keys;
  std::vector<BlameView> blame;
};
HP_DESCRIBE(ElementView, path, keys, blame)

struct ExcludedView {
  std::string path;
  json::object keys;
  std::string reason;
};
HP_DESCRIBE(ExcludedView, path, keys, reason)

struct ChangeView {
  std::string path;
  std::string from;
  std::string to;
};
HP_DESCRIBE(ChangeView, path, from, to)

/// What a record does not say was not looked at when it was made: verdicts are kept for ever, so
/// fields that came later may be absent.
struct RemedyView {
  std::string action;
  std::string by;  // "" when the criteria name nobody
  std::string command;
  std::optional<Instant> due;
  /// Judged again with this done, the rule passed.
  std::optional<bool> verified;
  std::optional<std::string> unverified_because;
  std::vector<ChangeView> changes;
};
HP_DESCRIBE(RemedyView, action, by, command, due, verified, unverified_because, changes)

struct RuleView {
  std::string id;
  std::string result;  // pass, fail, error, unknown, not_applicable, waived
  std::string message;
  std::string detail;
  std::vector<BlameView> blame;
  std::vector<ElementView> elements;
  std::vector<ExcludedView> excluded;
  std::vector<std::string> missing;
  std::optional<RemedyView> remedy;
  std::optional<Instant> unblocks_at;  // when time alone opens it
  /// What a rule that may be waived fails on, and which waivers cover it.
  std::optional<std::vector<policy::Violation>> violations;
  std::string evidence;
  std::int64_t line = 0;
};
HP_DESCRIBE(RuleView, id, result, message, detail, blame, elements, excluded, missing, remedy,
            unblocks_at, violations, evidence, line)

struct CriteriaView {
  std::string name;
  Digest digest;
  std::string mode;
  bool applicable = false;
  bool passed = false;
  std::optional<bool> waived;            // not passed, and what failed does not count
  std::optional<bool> remedies_suffice;  // all of them done, the criteria were proved to pass
  std::optional<Instant> unblocks_at;
  std::vector<RuleView> rules;
  /// Of documents that are judged but not enforced: whether this one alone, enforced beside those
  /// that are, would have changed the decision.
  std::optional<bool> would_flip;
};
HP_DESCRIBE(CriteriaView, name, digest, mode, applicable, passed, waived, remedies_suffice,
            unblocks_at, rules, would_flip)

/// Whether the document stands in nobody's way.
inline bool lets_through(const CriteriaView& view) {
  return view.passed || view.waived.value_or(false);
}

CriteriaView view_of(const policy::CriteriaVerdict& verdict);
/// Whether the document is judged for information only: mode warn or shadow.
bool is_trial(const policy::CriteriaVerdict& verdict);

/// The ids of the waivers that a verdict rests on, sorted.
std::vector<std::string> waivers_used(std::span<const CriteriaView> criteria);

struct Verdict;
/// How a rule of an enforced document stands by the verdict, for who wants it waived; nullopt when
/// no such rule was judged.
std::optional<waivers::RuleStanding> rule_standing(const Verdict& verdict,
                                                   std::string_view criteria,
                                                   std::string_view rule);

/// Why a release is not certified although no rule says so.
enum class Obstacle : std::uint8_t { no_criteria, no_artifacts, criteria_unreadable };
HP_DESCRIBE_ENUM(Obstacle, no_criteria, no_artifacts, criteria_unreadable)
std::string_view sentence(Obstacle obstacle);

struct Verdict {
  bool passed = false;
  std::vector<Obstacle> obstacles;
  /// The first instant at which the release passes although nobody does anything.
  std::optional<Instant> unblocks_at;
  std::vector<CriteriaView> criteria;
};
HP_DESCRIBE(Verdict, passed, obstacles, unblocks_at, criteria)

/// Judges the facts. Passing needs at least one applicable document in mode enforce, every one of
/// them passed or waived, and something to certify. Deterministic.
Verdict judge(const Facts& facts, std::span<const policy::CompiledCriteria> criteria);

/// What both kinds of record say.
struct Record {
  CertificationId id;
  std::string release;
  std::string application;
  std::string version;
  Digest evidence_digest;
  Digest criteria_digest;
  std::vector<policy::JudgedDocument> criteria;
  ObjectRef facts;
  ObjectRef verdict;
  std::optional<CertificationId> supersedes;
};
HP_DESCRIBE(Record, id, release, application, version, evidence_digest, criteria_digest, criteria,
            facts, verdict, supersedes)

struct CertificationIssued {
  static constexpr std::string_view event_type = "certification.issued";
  static constexpr int event_version = 1;
  Record record;
  ObjectRef statement;
  ObjectRef envelope;
};
HP_DESCRIBE(CertificationIssued, record, statement, envelope)

/// The first form, which is read and not written any more.
struct CertificationRefusedV1 {
  static constexpr std::string_view event_type = "certification.refused";
  static constexpr int event_version = 1;
  Record record;
};
HP_DESCRIBE(CertificationRefusedV1, record)

/// Why a release was refused: a rule says no although nothing was missing, or something that rules
/// ask for is not there yet. Only the first counts as an attempt that failed.
enum class Shortfall : std::uint8_t { failed, incomplete };
HP_DESCRIBE_ENUM(Shortfall, failed, incomplete)

struct CertificationRefused {
  static constexpr std::string_view event_type = "certification.refused";
  static constexpr int event_version = 2;
  Record record;
  Shortfall shortfall{};
};
HP_DESCRIBE(CertificationRefused, record, shortfall)

/// MUST be given a verdict that has not passed.
Shortfall shortfall_of(const Facts& facts, const Verdict& verdict);
/// Whether no rule waits for a report that was not handed in yet.
bool is_complete(const Facts& facts, const Verdict& verdict);

struct CertificationRevoked {
  static constexpr std::string_view event_type = "certification.revoked";
  static constexpr int event_version = 1;
  CertificationId id;
  std::string release;
  std::string reason;
};
HP_DESCRIBE(CertificationRevoked, id, release, reason)

/// The statement of a passed judgement, ready to sign; it names the waivers that it rests on.
/// `origin` names the log it will stand in.
std::expected<std::string, JsonIssue> make_statement(const Record& record, const Facts& facts,
                                                     std::span<const std::string> waivers,
                                                     std::string_view origin);

/// Whether any criterion depends on the time of the decision, as the team's record does too.
bool depends_on_time(std::span<const policy::CompiledCriteria> criteria);

Refusal certification_not_found(std::string_view id);
Refusal not_revocable(State state);
Refusal reason_needed();
/// Who may not revoke may not undo a revocation by having the release judged again.
Refusal revocation_stands(std::string_view release);

}  // namespace holdpoint::certification
