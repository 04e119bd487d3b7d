// Certifies a release inside a unit of work: gathers the facts, judges them, and records what was
// decided with everything it was decided on. The same evidence, criteria and results are one
// record.
#pragma once

#include <memory>

#include "base/ed25519.hpp"
#include "certification/edge/certification_queries.hpp"
#include "certification/edge/record_queries.hpp"
#include "policy/edge/policy_queries.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::certification {

/// Whether somebody asked for the judgement, or it follows from what happened. Only who asks takes
/// it upon himself that the configuration of an environment is another one now.
enum class Occasion : std::uint8_t { asked, followed };

class Certifier {
 public:
  Certifier(std::shared_ptr<policy::CriteriaLibrary> library, Ed25519Key key,
            std::string server_name, CountDeployments count_deployments);

  /// Judges the release now. Records an event only when the outcome, the evidence or the criteria
  /// differ from what stands, or the application changed since, or, when asked, a configuration
  /// drifted since. Throws StoreFailed.
  Certification certify(engine::Unit& unit, const releases::Release& release, Occasion occasion);

  [[nodiscard]] const Ed25519PublicKey& public_key() const { return key_.public_key(); }

 private:
  struct Judged {
    Facts facts;
    Verdict verdict;
    Record record;
    bool time_matters = false;
    Instant application_changed_at;
  };
  Judged judge_release(engine::Unit& unit, const releases::Release& release);
  void record(engine::Unit& unit, Judged& judged);
  /// Ends the waivers of the release, or of its application, whose violation is gone by it.
  static void end_moot_waivers(engine::Unit& unit, const Judged& judged);

  std::shared_ptr<policy::CriteriaLibrary> library_;
  Ed25519Key key_;
  std::string server_name_;
  CountDeployments count_deployments_;
};

}  // namespace holdpoint::certification
