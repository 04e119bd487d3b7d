// The faces of approvals: the desk that opens, decides and uses requests inside a unit of work, its
// module and its routes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "approvals/decide.hpp"
#include "approvals/edge/approval_queries.hpp"
#include "approvals/edge/subject_source.hpp"
#include "engine/edge/api.hpp"
#include "policy/edge/policy_queries.hpp"

namespace holdpoint::approvals {

inline constexpr std::string_view kExpiryTimer = "approval.expiry";
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
/// subject any more, the approval is void.
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
};
HP_DESCRIBE(RequestView, request, present, stages, excluded, unknown_people, paused_by, satisfiable,
            refused_attempts, warnings)

/// What the policies in force demand of a subject.
struct Demanded {
  std::vector<PinnedPolicy> policies;
  std::vector<Demand> demands;
  std::vector<std::string> required_fields;
  Terms terms;
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

class Desk {
 public:
  Desk(std::shared_ptr<policy::CriteriaLibrary> library, std::vector<SubjectSource> sources);

  /// Opens a request for what the subject is now; a newer one supersedes those that are open. The
  /// same request by the same person while one is pending is that one.
  Decided<RequestId> open(engine::Unit& unit, const OpenRequest& wanted) const;

  /// What would be demanded of such a subject now, before anybody asks for it.
  Decided<Demanded> foresee(engine::Connection& tables, engine::ObjectStore& objects,
                            std::string_view workspace, SubjectContent subject,
                            const std::map<std::string, std::string>& fields, Instant now) const;

  /// Decides as the unit's actor. What time or change did to the request is recorded first; then
  /// the answer is the conflict, and the record stays.
  engine::Outcome sign(engine::Unit& unit, std::string_view id, const Sign& command) const;
  engine::Outcome withdraw_signature(engine::Unit& unit, std::string_view id,
                                     const std::string& reason) const;
  engine::Outcome withdraw(engine::Unit& unit, std::string_view id,
                           const std::string& reason) const;

  /// Uses the granted request for the subject as it is now, once. Nothing to use is a refusal.
  Decided<RequestId> consume(engine::Unit& unit, std::string_view kind, std::string_view id,
                             const std::string& use) const;

  /// How the subject stands now; what cannot be read is untold.
  Standing standing(engine::Connection& tables, engine::ObjectStore& objects,
                    std::string_view workspace, std::string_view kind, std::string_view id,
                    Instant now) const;

  Result<RequestView> view(engine::Connection& tables, engine::ObjectStore& objects,
                           std::string_view workspace, const Request& request, Instant now) const;
  Result<Situation> situation(engine::Connection& tables, engine::ObjectStore& objects,
                              std::string_view workspace, const Request& request,
                              Instant now) const;

  void settle_by_time(engine::Unit& unit, std::string_view id) const;
  /// The same of the latest request for the subject, for whoever changed or ended the subject.
  void settle_subject(engine::Unit& unit, std::string_view kind, std::string_view id) const;

 private:
  /// Whether what the policies in force demand now was all demanded of the request.
  Result<bool> still_suffices(engine::Connection& tables, engine::ObjectStore& objects,
                              std::string_view workspace, const Request& request,
                              Instant now) const;
  [[nodiscard]] const SubjectSource* source(std::string_view kind) const;
  Result<std::vector<policy::CompiledCriteria>> policies(engine::Connection& tables,
                                                         engine::ObjectStore& objects,
                                                         std::string_view workspace) const;
  void record(engine::Unit& unit, const Request& request, const Events& events) const;
  /// Records what became of the request by itself; the conflict to answer with, if anything did.
  std::optional<engine::Outcome> settled(engine::Unit& unit, const Request& request,
                                         const Situation& situation) const;

  std::shared_ptr<policy::CriteriaLibrary> library_;
  std::vector<SubjectSource> sources_;
};

engine::Module module(std::shared_ptr<Desk> desk);

/// Has the caller prove the own password for a signature (B19): nullopt when it is right, otherwise
/// what to answer.
using CheckPassword =
    std::function<std::optional<http::Response>(const http::Request&, std::string_view password)>;
std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<Desk> desk,
                                CheckPassword check_password);

}  // namespace holdpoint::approvals
