// What control status is told from (G2): recorded facts of one workspace in one period, gathered
// beforehand. What was not gathered is absent, and absent is never satisfied.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "catalog/catalog.hpp"
#include "evidence/evidence.hpp"

namespace holdpoint::compliance {

/// A record behind an answer: "deployment", "dpl_…".
struct Ref {
  std::string kind;
  std::string id;
  Instant at;
  bool operator==(const Ref&) const = default;
};
HP_DESCRIBE(Ref, kind, id, at)

struct Period {
  Instant from;
  Instant until;  // not in it

  [[nodiscard]] bool holds(Instant at) const { return from <= at && at < until; }
};
HP_DESCRIBE(Period, from, until)

struct HeldEvidence {
  std::string id;
  evidence::Kind kind{};
  evidence::ReportStatus status{};
  Instant at;
  std::int64_t failures = 0;  // of test results
};

/// Criteria that the release was judged by, and whether it passed them without a waiver. `untold`:
/// no rule says no, and some have nothing to judge yet.
struct JudgedCriteria {
  std::string name;
  bool enforced = false;
  bool passed = false;
  bool untold = false;
};

struct HeldCertification {
  std::string id;
  bool certified = false;
  bool is_signed = false;
  Instant at;
  std::vector<JudgedCriteria> criteria;
};

struct ReleaseFacts {
  std::string id;
  std::string name;  // "shop@1.2.0"
  Instant at;
  std::vector<HeldEvidence> evidence;  // that counts now
  std::optional<HeldCertification> certification;
};

/// To production, started in the period and not cancelled.
struct DeploymentFacts {
  std::string id;
  std::string release;
  Instant at;
  bool running = false;
  bool failed = false;
  bool certified = false;  // through the gate on a certification
  bool approved = false;   // used up an approval
  bool has_artifact = false;
  std::optional<Instant> finished_at;
  std::optional<Instant> verified_at;
};

/// A request for approval that was decided or refused in the period.
struct RequestFacts {
  std::string id;
  Instant at;
  bool granted = false;
  bool signed_by_others = false;  // by at least one who did not ask for it
  bool signed_by_asker = false;
  std::int64_t attempts_refused = 0;
};

struct WaiverFacts {
  std::string id;
  Instant at;
  bool approved = false;
  Instant expires_at;
};

struct EmergencyFacts {
  std::string change;
  Instant at;
  bool review_overdue = false;
  bool review_open = false;
};

struct ConfigurationFacts {
  std::string environment;
  bool recorded = false;
  bool drifted = false;  // since the release that is there was certified
};

struct ApplicationFacts {
  catalog::Application application;
  std::vector<catalog::EnvironmentKind> environments;
  /// The one that is asked about, or the newest that was judged and proposed before the end of the
  /// period.
  std::optional<ReleaseFacts> release;
  std::vector<ReleaseFacts> shipped;  // others that were deployed to production in the period
  std::vector<DeploymentFacts> deployments;
  std::vector<Ref> refused_starts;
  std::vector<RequestFacts> requests;
  std::vector<WaiverFacts> waivers;  // in force
  std::vector<EmergencyFacts> emergencies;
  std::vector<ConfigurationFacts> configurations;  // of its production environments
  /// There was more in the period than is looked at: what was left out is not known to be right.
  bool is_cut = false;
};

struct Verification {
  std::string id;  // of the entry that recorded it
  Instant at;
  std::int64_t entries = 0;
  std::int64_t findings = 0;
};

struct AccessReviewFacts {
  std::string id;
  Instant at;  // when it was closed
  std::int64_t unanswered = 0;
};

struct IncidentFacts {
  std::string id;
  Instant at;
  std::vector<std::string> applications;  // none: all
  bool major = false;
  std::optional<Instant> resolved_at;
};

struct PolicyFacts {
  std::string name;
  bool enforced = false;
  bool review_overdue = false;
  Instant at;
};

/// What is in force (waivers, criteria, configurations) is as it is now. `now` is the end of a
/// period that is over: how old something is counts from then.
struct WorkspaceFacts {
  Instant now;
  Period period;
  std::optional<Verification> verification;        // the last one of the server
  std::optional<AccessReviewFacts> access_review;  // the last that was closed
  std::vector<IncidentFacts> incidents;            // declared in the period, or open
  std::vector<PolicyFacts> criteria;               // documents in force
  std::vector<ApplicationFacts> applications;
  bool is_cut = false;
};

}  // namespace holdpoint::compliance
