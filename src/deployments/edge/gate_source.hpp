// What the gate is decided on, gathered from one snapshot: committed, when somebody asks, or inside
// the transaction that starts a deployment, so that nothing changes between the two.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "certification/edge/certification_queries.hpp"
#include "deployments/deployments.hpp"
#include "engine/unit.hpp"
#include "policy/edge/policy_queries.hpp"

namespace holdpoint::deployments {

struct Snapshot {
  engine::Connection& tables;
  engine::ObjectStore& objects;
  std::string_view workspace;
  Instant now;
};

struct Gathered {
  GateFacts facts;
  /// False for facts that depend on time: what follows from them holds for no later moment.
  bool lasts = true;
  /// When the first waiver that the certification may rest on is over: not true from then on.
  std::optional<Instant> waived_until;
  std::optional<std::string> certification;
  /// The policies of the gate as records name them, in whatever mode.
  std::vector<policy::JudgedDocument> policies;
  Digest policies_digest;  // names the whole set
};

/// Whether the facts are gathered for an answer, or to be recorded: recorded ones hold also what no
/// policy of the gate asks for now, so that others can be tried on them later.
enum class Purpose : std::uint8_t { answer, record };

/// The request that was used, and how often it is by now.
struct UsedApproval {
  std::string request;
  std::int64_t attempt = 1;
};

/// What deployments need of approvals; given by main. The id is that of a promotion.
struct ApprovalNeeds {
  std::function<approvals::Standing(const Snapshot&, std::string_view id)> standing;
  /// Uses the approval up, or once more where it may be after a failure.
  std::function<Decided<UsedApproval>(engine::Unit&, std::string_view id, const std::string& use)>
      consume;
};

/// What deployments need of changes; given by main. `release` is an id.
struct ChangeNeeds {
  std::function<std::optional<changes::Governing>(const Snapshot&, std::string_view release,
                                                  const changes::Place&)>
      governing;
  /// Begins the change there and uses its approval up.
  std::function<Decided<void>(engine::Unit&, const std::string& change, const changes::Place&,
                              const std::string& use)>
      use;
  std::function<std::optional<changes::FreezeLift>(const Snapshot&, const changes::Place&,
                                                   std::string_view release)>
      lift;
  std::function<Decided<void>(engine::Unit&, const std::string& id, const std::string& use)>
      use_lift;
  /// Whether the unit's actor may not use the one or the other, because of who they are.
  std::function<std::optional<Refusal>(engine::Unit&, const std::optional<std::string>& change,
                                       const std::optional<std::string>& freeze_override)>
      why_not_user;
};

class GateSource {
 public:
  GateSource(std::shared_ptr<policy::CriteriaLibrary> library, ApprovalNeeds approvals,
             ChangeNeeds changes)
      : library_(std::move(library)),
        approvals_(std::move(approvals)),
        changes_(std::move(changes)) {}

  [[nodiscard]] const ApprovalNeeds& approvals() const { return approvals_; }
  [[nodiscard]] const ChangeNeeds& changes() const { return changes_; }

  /// Refuses an application or environment that nobody declared. A Fault: something could not be
  /// read, and the gate is not open.
  Result<Decided<Gathered>> gather(const Snapshot& snapshot, const GateQuestion& question,
                                   Purpose purpose = Purpose::answer) const;

 private:
  void gather_certification(const Snapshot& snapshot, const GateQuestion& question,
                            Gathered& out) const;
  /// Puts the policies of the gate into the facts, and the record when it is asked for.
  void gather_policies(const Snapshot& snapshot, Purpose purpose, Gathered& out) const;
  void gather_approval(const Snapshot& snapshot, const GateQuestion& question, Gathered& out) const;
  void gather_changes(const Snapshot& snapshot, const GateQuestion& question, Gathered& out) const;
  /// Judges the facts of a standing certification at this moment, when its criteria depend on time.
  void judge_now(const Snapshot& snapshot, const certification::Certification& found,
                 Gathered& out) const;

  std::shared_ptr<policy::CriteriaLibrary> library_;
  ApprovalNeeds approvals_;
  ChangeNeeds changes_;
};

}  // namespace holdpoint::deployments
