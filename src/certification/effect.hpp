// What the criteria in force did: how often each rule passed, failed or could not say over the
// recorded verdicts, so that a control which never blocks anything is seen (F9).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "certification/certification.hpp"

namespace holdpoint::certification {

/// Whose verdicts count for a document: those by the version in force, or by every version of its
/// name.
enum class CountedVersions : std::uint8_t { in_force, every };

/// A recorded decision, without its verdict.
struct PastCertification {
  std::string id;
  std::string subject;  // "billing@1.4.0"
  Instant at;
  std::span<const policy::JudgedDocument> judged_by;
};

/// A decision in which a rule did not pass.
struct NotPassed {
  std::string certification;
  std::string subject;
  Instant at;
  policy::RuleResult result{};  // fail, error or unknown
};
HP_DESCRIBE(NotPassed, certification, subject, at, result)

struct RuleEffect {
  std::string rule;
  std::int64_t judged = 0;  // how often the rule applied: the sum of the next five
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t error = 0;
  std::int64_t unknown = 0;
  std::int64_t waived = 0;  // it failed, and that did not count
  std::int64_t not_applicable = 0;
  std::optional<NotPassed> last_not_passed;
  /// The last answer that was no, a failure or an error, which what is unknown would hide.
  std::optional<NotPassed> last_failed;
  /// It gave an answer often enough, and the answer was never no. What was unknown is no answer:
  /// nearly every release waits for its reports at first, which says nothing about the rule.
  bool never_blocked = false;
  bool never_applicable = false;  // it was asked often enough, and never applied
};
HP_DESCRIBE(RuleEffect, rule, judged, passed, failed, error, unknown, waived, not_applicable,
            last_not_passed, last_failed, never_blocked, never_applicable)

/// A document in force, and what is counted for it.
struct DocumentEffect {
  std::string name;
  std::string owner;
  policy::Mode mode{};
  Digest digest;
  std::int64_t revision = 0;  // the one that brought this version into force
  Instant in_force_since;
  std::int64_t decisions = 0;       // judged by a version that counts
  std::int64_t other_versions = 0;  // judged by another version, and not counted
  std::int64_t untold = 0;          // of which it cannot be said what the document decided
  /// Of a document that is judged and not enforced: how many decisions it alone would have changed.
  std::optional<std::int64_t> would_flip;
  /// Of an enforced document, in its order. Where it could not be said whether the document
  /// applies, no rule was judged; that is counted in a row of the reserved id "match".
  std::vector<RuleEffect> rules;
};
HP_DESCRIBE(DocumentEffect, name, owner, mode, digest, revision, in_force_since, decisions,
            other_versions, untold, would_flip, rules)

/// The document with nothing counted. `revision` and `in_force_since` are left to the caller.
DocumentEffect uncounted(const policy::CriteriaDocument& document);

/// Counts verdicts for documents in force. The order in which they are added makes no difference.
class EffectCount {
 public:
  EffectCount(std::vector<DocumentEffect> documents, CountedVersions versions)
      : documents_(std::move(documents)), versions_(versions) {}

  /// Whether a document of these counts, so that the verdict has to be read.
  [[nodiscard]] bool needs_verdict(std::span<const policy::JudgedDocument> judged_by) const;
  /// The verdict MAY be left out where it is not needed. Where it is, its absence means that it
  /// could not be read, and the decision is untold.
  void add(const PastCertification& decision, const std::optional<Verdict>& verdict);
  /// With the marks of rules that never blocked or never applied in at least `judged_min`
  /// decisions. A document with untold decisions gets none: what was not read may have blocked.
  [[nodiscard]] std::vector<DocumentEffect> documents(std::int64_t judged_min) const;

 private:
  std::vector<DocumentEffect> documents_;
  CountedVersions versions_;
};

/// Only the rules that bear a mark, and the documents that have such rules or could not be told to
/// have none.
std::vector<DocumentEffect> only_idle(std::vector<DocumentEffect> documents);

}  // namespace holdpoint::certification
