// The faces of approvals: the desk that opens, decides and uses requests inside a unit of work, its
// module and its routes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "approvals/decide.hpp"
#include "approvals/edge/approval_queries.hpp"
#include "approvals/edge/picture.hpp"
#include "approvals/news.hpp"
#include "engine/edge/api.hpp"
#include "policy/edge/policy_queries.hpp"

namespace holdpoint::approvals {

inline constexpr std::string_view kExpiryTimer = "approval.expiry";
inline constexpr std::string_view kEffectiveTimer = "approval.effective";
inline constexpr std::string_view kEscalationTimer = "approval.escalation";
inline constexpr std::string_view kSignersTimer = "approval.signers";
inline constexpr Duration signers_looked_for_default = Duration::minutes(15);
inline constexpr Duration pending_default = Duration::days(14);
inline constexpr Duration validity_default = Duration::days(7);

/// What is asked for.
struct OpenRequest {
  std::string kind;
  std::string id;
  std::string reason;
  std::map<std::string, std::string> fields;  // backout_plan, affected_systems, …
};
HP_DESCRIBE(OpenRequest, kind, id, reason, fields)

/// How one stage stands.
struct StageView {
  std::string policy;
  std::string route;
  std::string stage;
  std::string capacity;
  std::int64_t need = 0;
  std::int64_t have = 0;
  bool reached = false;
  bool satisfied = false;
  bool satisfiable = true;
  std::vector<std::string> signers;
  std::vector<std::string> may_sign;  // who holds the role and has no part in it
};
HP_DESCRIBE(StageView, policy, route, stage, capacity, need, have, reached, satisfied, satisfiable,
            signers, may_sign)

struct ExcludedPerson {
  std::string person;
  std::string because;  // "wrote a commit of it"
};
HP_DESCRIBE(ExcludedPerson, person, because)

/// A request with what it waits for. `present` is the digest to sign; when it is not that of the
/// subject any more, the approval is void. `names` are those of the people in it, joined when it is
/// read.
struct RequestView {
  Request request;
  std::optional<Digest> present;
  std::vector<StageView> stages;
  std::vector<ExcludedPerson> excluded;
  std::vector<std::string> unknown_people;
  std::vector<std::string> paused_by;
  bool satisfiable = true;
  std::vector<Attempt> refused_attempts;
  std::vector<std::string> warnings;  // of the subject: what keeps nobody from deciding
  std::map<std::string, std::string> names;
};
HP_DESCRIBE(RequestView, request, present, stages, excluded, unknown_people, paused_by, satisfiable,
            refused_attempts, warnings, names)

/// A level of escalation that a policy in force states.
struct StatedLevel {
  std::string policy;
  policy::EscalationLevel level;
  bool operator==(const StatedLevel&) const = default;
};

/// What the policies in force demand of a subject.
struct Demanded {
  std::vector<PinnedPolicy> policies;
  std::vector<Demand> demands;
  std::vector<std::string> required_fields;
  Terms terms;
  std::int64_t retries = 0;
  std::int64_t exclude_editors_us = 0;  // 0: who changed the policies may sign
  std::vector<StatedLevel> levels;
  std::vector<std::string> owners;  // of the policies that escalate
};

/// Fills in what no source can know: the time of the decision and what the request states.
void state(SubjectContent& subject, const std::map<std::string, std::string>& fields, Instant now);

/// Joined by "and", each at its strictest. Refuses what cannot be told, and a policy that applies
/// without any route. Without a policy that applies there are no demands.
Decided<Demanded> demanded(const std::vector<policy::CompiledCriteria>& policies,
                           const policy::ApprovalFacts& facts, Instant now);
/// The same for every place that the subject touches, joined by "and".
Decided<Demanded> demanded(const std::vector<policy::CompiledCriteria>& policies,
                           const SubjectContent& subject, Instant now);

/// How people are told; given by main, where notifications are known. MUST take back before it
/// tells, in one unit.
struct Telling {
  std::function<void(engine::Unit&, const News&)> tell;
  std::function<void(engine::Unit&, std::string_view about)> take_back;
};

class Desk {
 public:
  /// `look_every`: how often a request that waits is looked at for whether enough people are left
  /// who may sign it, beside each signature. Without it nobody looks, and nothing is recorded of
  /// it.
  Desk(std::shared_ptr<policy::CriteriaLibrary> library, std::vector<SubjectSource> sources,
       Telling telling = {}, std::optional<Duration> look_every = signers_looked_for_default);

  /// Opens a request for what the subject is now; a newer one supersedes those that are open. The
  /// same request by the same person while one is pending is that one.
  Decided<RequestId> open(engine::Unit& unit, const OpenRequest& wanted) const;

  /// What would be demanded of such a subject now, before anybody asks for it.
  Decided<Demanded> foresee(const Place& place, std::string_view kind, SubjectContent subject,
                            const std::map<std::string, std::string>& fields) const;

  /// Decides as the unit's actor. What time or change did to the request is recorded first; then
  /// the answer is the conflict, and the record stays.
  engine::Outcome sign(engine::Unit& unit, std::string_view id, const Sign& command) const;
  engine::Outcome withdraw_signature(engine::Unit& unit, std::string_view id,
                                     const std::string& reason) const;
  engine::Outcome withdraw(engine::Unit& unit, std::string_view id,
                           const std::string& reason) const;

  /// Says what got in the way of deciding on it.
  engine::Outcome report_friction(engine::Unit& unit, std::string_view id,
                                  const ReportFriction& command) const;

  /// Uses the granted request for the subject as it is now: once, and again after a failure as
  /// often as policy allows. Nothing to use is a refusal.
  Decided<RequestId> consume(engine::Unit& unit, std::string_view kind, std::string_view id,
                             const std::string& use) const;

  /// Whether the unit's actor may not use what is, or was, granted for the subject: an approval of
  /// it is by the actor, in their place, or by somebody who answers for the actor. One that is used
  /// for more than one place is asked for each of them.
  std::optional<Refusal> why_not_user(engine::Unit& unit, std::string_view kind,
                                      std::string_view id) const;

  /// How the subject stands now; what cannot be read is untold.
  Standing standing(engine::Connection& tables, engine::ObjectStore& objects,
                    std::string_view workspace, std::string_view kind, std::string_view id,
                    Instant now) const;
  /// Whether policies in force demand an approval of such content. What cannot be told, is.
  bool is_demanded(const Place& place, std::string_view kind, SubjectContent content) const;

  [[nodiscard]] std::span<const SubjectSource> sources() const { return sources_; }
  Result<RequestView> view(const Place& place, const Request& request) const;
  static RequestView view_of(const Place& place, const Request& request, const Picture& picture);

  /// Timers: what time did to the request, and the levels of escalation that are due.
  void settle_by_time(engine::Unit& unit, std::string_view id) const;
  void escalate_by_time(engine::Unit& unit, std::string_view id) const;
  /// The timer that looks whether enough people are left who may sign; it sets itself again.
  void look_by_time(engine::Unit& unit, std::string_view id) const;
  /// Stops and starts the clocks of everything that waits, by the incidents that are open now.
  void follow_incidents(engine::Unit& unit) const;
  /// What happened to the latest request for the subject, for whoever changed or ended the subject.
  void settle_subject(engine::Unit& unit, std::string_view kind, std::string_view id) const;

 private:
  /// Refuses what the policies in force demand now and did not demand of the request, and terms of
  /// theirs that it does not fulfil.
  Result<std::optional<Refusal>> why_not_suffices(const Place& place, const Request& request,
                                                  const Picture& picture) const;
  [[nodiscard]] const SubjectSource* source(std::string_view kind) const;
  Result<std::vector<policy::CompiledCriteria>> policies(const Place& place,
                                                         const SubjectSource& source) const;
  /// Records the events, with the reason sealed where one belongs, sets the timers, and gives what
  /// the request is then.
  Request record(engine::Unit& unit, const Request& request, const Events& events,
                 const std::string& reason = "") const;
  /// Keeps what the routes were told from.
  RoutingGrounds keep_routing(engine::Unit& unit, const SubjectSource& source,
                              const SubjectContent& subject) const;
  /// Opens the request of the event: the last questions, and what follows.
  Decided<RequestId> begin(engine::Unit& unit, ApprovalRequested event, const OpenRequest& wanted,
                           const std::optional<Request>& standing) const;
  /// Tells who may sign now and could not before, and who asked how it ended.
  void tell(engine::Unit& unit, const Request* before, const Request& after,
            const Situation& situation) const;
  /// Records how time or change ended the request; the conflict to answer with, if they did.
  std::optional<engine::Outcome> settled(engine::Unit& unit, const Request& request,
                                         const Picture& picture) const;
  /// Puts an attempt to decide that is evidence on the record of the request, the first of each
  /// kind; whether it did.
  static bool keep_attempt(engine::Unit& unit, const Request& request, const std::string& code);
  /// Answers a refusal, and records what is worth keeping of it.
  engine::Outcome refused(engine::Unit& unit, const Request& request, const Picture& picture,
                          const Refusal& refusal) const;
  Request follow_incidents(engine::Unit& unit, Request request, Gatherer& gatherer) const;
  /// Records that too few are left who may sign, or enough again, and tells who asked and the
  /// administrators of the former.
  Request look_for_signers(engine::Unit& unit, Request request, const Situation& situation,
                           Gatherer& gatherer) const;
  Decided<std::vector<Escalation>> levels_from(const Place& place, const Demanded& demanded,
                                               const SubjectContent& subject) const;
  std::vector<std::string> reached_by(const Request& request, const Escalation& level,
                                      const Situation& situation, Gatherer& gatherer) const;

  std::shared_ptr<policy::CriteriaLibrary> library_;
  std::vector<SubjectSource> sources_;
  Telling telling_;
  std::optional<Duration> look_every_;
};

/// Every timer of the request, by what it is now.
void set_timers(engine::Unit& unit, const Request& request, std::optional<Duration> look_every);

engine::Module module(std::shared_ptr<Desk> desk);

/// What the routes need of identity; given by main.
struct RouteNeeds {
  /// Has the caller prove the own password for a signature (B19): nullopt when it is right,
  /// otherwise what to answer.
  std::function<std::optional<http::Response>(const http::Request&, std::string_view password)>
      check_password;
  /// The name to show for an actor.
  std::function<std::string(engine::Connection&, std::string_view workspace, std::string_view kind,
                            std::string_view id)>
      display_name;
};
std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<Desk> desk,
                                RouteNeeds needs);

}  // namespace holdpoint::approvals
