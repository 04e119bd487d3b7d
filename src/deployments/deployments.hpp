// Front header of deployments: the gate in front of an environment (F3, first form). It answers for
// an application, version, environment and artifact: open, closed with every reason and who can
// act, or unknown, which is treated as closed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/refusal.hpp"
#include "catalog/catalog.hpp"
#include "certification/certification.hpp"
#include "releases/releases.hpp"

namespace holdpoint::deployments {

enum class Decision : std::uint8_t { open, closed, unknown };
HP_DESCRIBE_ENUM(Decision, open, closed, unknown)

enum class ReasonCode : std::uint8_t {
  release_not_found,
  environment_retired,
  environment_not_of_application,
  artifact_not_in_release,
  not_certified,          // never judged
  certification_refused,  // judged and refused
  certification_revoked,
  evidence_changed,     // the certification judged another evidence set
  criteria_changed,     // … or other criteria
  application_changed,  // … or another criticality, other owners, data classes
  certification_unreadable,
};
HP_DESCRIBE_ENUM(ReasonCode, release_not_found, environment_retired, environment_not_of_application,
                 artifact_not_in_release, not_certified, certification_refused,
                 certification_revoked, evidence_changed, criteria_changed, application_changed,
                 certification_unreadable)

struct Next {
  std::string actor;
  std::string action;
  std::string command;
};
HP_DESCRIBE(Next, actor, action, command)

struct Reason {
  ReasonCode code{};
  std::string sentence;
  std::optional<std::string> criteria;   // name of the document
  std::optional<std::string> criterion;  // id of the rule
  std::optional<std::string> result;     // of the rule: fail, unknown, error
  std::optional<std::string> detail;     // have and need
  std::vector<Next> next;
};
HP_DESCRIBE(Reason, code, sentence, criteria, criterion, result, detail, next)

struct GateQuestion {
  std::string application;
  std::string version;
  std::string environment;
  std::optional<Digest> artifact;  // absent: the release as a whole, whose artifacts are fixed
};

/// What the gate knows when it is asked; gathered at the edge from one committed snapshot.
struct GateFacts {
  catalog::Application application;
  Instant application_changed_at;
  catalog::Environment environment;
  bool release_exists = false;
  std::vector<releases::Artifact> artifacts;
  struct Standing {
    certification::State state{};
    std::string id;
    Instant at;
    Digest evidence_digest;
    Digest criteria_digest;
    std::optional<std::string> revoked_because;
    std::optional<certification::Verdict> verdict;  // absent: it could not be read
  };
  std::optional<Standing> certification;
  Digest evidence_digest;
  Digest criteria_digest;
};

struct GateVerdict {
  Decision decision = Decision::closed;
  std::vector<Reason> reasons;
};

/// Open only when nothing speaks against it; every reason is given at once.
GateVerdict decide_gate(const GateQuestion& question, const GateFacts& facts);

Refusal environment_not_found(std::string_view environment);

}  // namespace holdpoint::deployments
