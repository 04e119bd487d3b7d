// The faces of rollbacks: the desk that proposes, decides, hands over and ends them inside a unit
// of work, and takes what was measured and seen; the module, the applier and the routes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "deployments/edge/deployment_queries.hpp"
#include "engine/edge/apply.hpp"
#include "policy/edge/policy_queries.hpp"
#include "rollback/decide.hpp"
#include "rollback/edge/rollback_queries.hpp"

namespace holdpoint::rollback {

inline constexpr std::string_view kDueTimer = "rollback.due";
/// Deployments to a place, and releases of an application, that are looked at to find one.
inline constexpr std::size_t looked_at_max = 200;
/// How young the last trial of a rule has to be, where nobody says otherwise.
inline constexpr std::int64_t drill_days_default = 90;

/// What people are told beside the news of events. MUST NOT hold a name; people stand in it by ids.
struct News {
  std::string topic;
  std::string subject;
  std::vector<std::string> people;
  std::string sentence;
  std::optional<Instant> due;
  std::string command;
  std::string about;
  std::string application;
};
std::set<std::string> news_topics();

/// What the tool is asked to do.
struct ExecutionOrder {
  RollbackId rollback;
  std::string webhook;  // name of the endpoint
  std::string application;
  std::string environment;
  std::string from_version;
  Target target;
  std::int64_t attempt = 1;
  bool is_drill = false;
  Instant due;
};

/// What rollbacks need of others; given by main.
struct RollbackNeeds {
  std::function<void(engine::Unit&, const News&)> tell;
  std::function<void(engine::Unit&, std::string_view about)> take_back;
  /// Queues the order; gives the id of the delivery, nullopt when there is no such endpoint.
  std::function<std::optional<std::string>(engine::Unit&, const ExecutionOrder&)> hand_over;
  /// The name to show for an actor.
  std::function<std::string(engine::Connection&, std::string_view workspace, const ledger::Actor&)>
      display_name;
};

/// What became of a rollback by a command.
struct RollbackMoved {
  RollbackId id;
  State state{};
  Instant due;
  std::optional<std::string> delivery;  // the order to the tool
};
HP_DESCRIBE(RollbackMoved, id, state, due, delivery)

/// What followed from something that was measured, in one place.
struct Judged {
  std::string application;
  std::string environment;
  std::optional<std::string> rollback;  // that was proposed, or decided
  std::vector<std::string> unknown;     // "rule/trigger": cannot be told from what is known
  std::vector<std::string> unreadable;  // rules that could not be judged at all
};
HP_DESCRIBE(Judged, application, environment, rollback, unknown, unreadable)

struct HealthTaken {
  std::string deployment;
  std::optional<RollbackId> after;
  Judged judged;
};
HP_DESCRIBE(HealthTaken, deployment, after, judged)

struct AlertsTaken {
  std::int64_t recorded = 0;
  std::int64_t known = 0;     // said nothing new
  std::int64_t unplaced = 0;  // of these, without an application and environment of the catalog
  std::int64_t omitted = 0;
  std::vector<Judged> judged;
};
HP_DESCRIBE(AlertsTaken, recorded, known, unplaced, omitted, judged)

struct SightingTaken {
  bool authorised = false;
  std::optional<SightingId> unauthorised;
};
HP_DESCRIBE(SightingTaken, authorised, unauthorised)

class Desk {
 public:
  Desk(std::shared_ptr<policy::CriteriaLibrary> library, RollbackNeeds needs)
      : library_(std::move(library)), needs_(std::move(needs)) {}

  [[nodiscard]] const RollbackNeeds& needs() const { return needs_; }
  [[nodiscard]] policy::CriteriaLibrary& library() const { return *library_; }

  engine::Outcome propose(engine::Unit& unit, const ProposeRollback& command) const;
  engine::Outcome drill(engine::Unit& unit, const DrillRollback& command) const;
  engine::Outcome confirm(engine::Unit& unit, std::string_view id,
                          const ConfirmRollback& command) const;
  engine::Outcome decline(engine::Unit& unit, std::string_view id,
                          const DeclineRollback& command) const;
  engine::Outcome executed(engine::Unit& unit, std::string_view id,
                           const ReportExecution& command) const;
  engine::Outcome clear(engine::Unit& unit, std::string_view id,
                        const ClearRollback& command) const;
  /// The timer: nobody did what was due.
  void fire_due(engine::Unit& unit, std::string_view id) const;

  engine::Outcome take_health(engine::Unit& unit, std::string_view deployment,
                              const ReportHealth& command) const;
  engine::Outcome take_alerts(engine::Unit& unit, const AlertBatch& batch) const;
  /// An incident was declared or changed: rules may be set off by it.
  void incident_moved(engine::Unit& unit, std::string_view id) const;
  /// A deployment ended: how it did is one of the facts.
  void deployment_ended(engine::Unit& unit, std::string_view id) const;
  engine::Outcome clear_watch(engine::Unit& unit, std::string_view deployment,
                              const ClearRollback& command) const;

  engine::Outcome see(engine::Unit& unit, const ReportRunning& command) const;
  engine::Outcome acknowledge(engine::Unit& unit, std::string_view id,
                              const std::string& reason) const;

 private:
  /// Judges what is known of the newest deployment in the place by the rules in force.
  Judged judge(engine::Unit& unit, const std::string& application,
               const std::string& environment) const;
  [[nodiscard]] Proposing proposing(engine::Unit& unit,
                                    const deployments::Deployment& deployment) const;
  [[nodiscard]] Rule rule_of(engine::Unit& unit, const policy::Policy& policy,
                             policy::RollbackPart terms) const;
  /// The rule that would apply to the deployment, whatever its triggers say: the first that names
  /// who confirms, otherwise the first.
  [[nodiscard]] std::optional<Rule> rule_for(engine::Unit& unit,
                                             const deployments::Deployment& deployment) const;
  void record_proposed(engine::Unit& unit, const RollbackProposed& event,
                       std::vector<engine::Personal> sealed) const;
  void record_confirmed(engine::Unit& unit, const RollbackConfirmed& event,
                        std::vector<engine::Personal> sealed) const;
  void ask_for_decision(engine::Unit& unit, const Decision& decision) const;

  std::shared_ptr<policy::CriteriaLibrary> library_;
  RollbackNeeds needs_;
};

// Shared by the parts of the desk.
ledger::Subject subject_of(const RollbackId& id);
engine::Outcome moved(engine::Unit& unit, const RollbackId& id, int status = 200);
/// Who is told when nobody else is, or was.
std::vector<std::string> escalated_people(engine::Unit& unit);
/// The facts that rules judge, of what is known of a deployment now.
struct Known {
  policy::RollbackFacts facts;
  std::vector<Measured> values;
  std::vector<std::string> alerts;     // ids
  std::vector<std::string> firing;     // names
  std::vector<std::string> incidents;  // ids
};
/// nullopt when the application or environment is not in the catalog.
std::optional<Known> known_of(engine::Unit& unit, const deployments::Deployment& deployment);

std::vector<engine::Module> modules(std::shared_ptr<const Desk> desk);
std::vector<engine::edge::Applier> appliers();
std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<const Desk> desk);
std::vector<http::Route> health_routes(engine::Engine& engine, std::shared_ptr<const Desk> desk);
std::vector<http::Route> sighting_routes(engine::Engine& engine, std::shared_ptr<const Desk> desk);

}  // namespace holdpoint::rollback
