// The faces of changes: the desk that writes, submits and uses them inside a unit of work, its
// module, its appliers and its routes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changes/decide.hpp"
#include "changes/edge/change_queries.hpp"
#include "changes/edge/change_source.hpp"
#include "engine/edge/api.hpp"
#include "engine/edge/apply.hpp"

namespace holdpoint::changes {

inline constexpr std::string_view kReviewTimer = "emergency.review";

/// What the policies in force will demand.
struct Foreseen {
  std::vector<approvals::Demand> demands;
  std::vector<std::string> required_fields;
};

/// Where a snapshot is read.
struct Snapshot {
  engine::Connection& tables;
  engine::ObjectStore& objects;
  std::string_view workspace;
  Instant now;
};

/// What changes need of approvals; given by main.
struct ChangeNeeds {
  std::function<approvals::Standing(const Snapshot&, std::string_view kind, std::string_view id)>
      standing;
  std::function<Decided<Foreseen>(const Snapshot&, const approvals::SubjectContent&,
                                  const std::map<std::string, std::string>& fields)>
      foresee;
  /// Asks for the approval; gives the id of the request.
  std::function<Decided<std::string>(engine::Unit&, std::string_view kind, std::string_view id,
                                     const std::string& reason,
                                     const std::map<std::string, std::string>& fields)>
      open;
  /// Uses the approval up; gives the id of the request.
  std::function<Decided<std::string>(engine::Unit&, std::string_view kind, std::string_view id,
                                     const std::string& use)>
      consume;
  /// Why the unit's actor may not use what was approved, who approved it.
  std::function<std::optional<Refusal>(engine::Unit&, std::string_view kind, std::string_view id)>
      why_not_user;
  /// Whether what was begun by such a use has ended without success.
  std::function<bool(engine::Connection&, std::string_view workspace, std::string_view use)>
      has_failed;
  /// Ends a request whose subject is gone or another one now.
  std::function<void(engine::Unit&, std::string_view kind, std::string_view id)> settle;
};

/// How the approval stands, in words.
struct ApprovalView {
  std::string state;
  std::optional<std::string> request;
  std::string detail;
  std::vector<std::string> may_sign;
};
HP_DESCRIBE(ApprovalView, state, request, detail, may_sign)

/// A stage that will have to be signed.
struct NeedView {
  std::string policy;
  std::string stage;
  std::vector<std::string> roles;
  std::string quorum;
};
HP_DESCRIBE(NeedView, policy, stage, roles, quorum)

/// A change with what it waits for. The texts are opened when one is read, and never kept; the
/// answer of a command has none of them.
struct ChangeView {
  Change change;
  std::string phase;    // draft, submitted, scheduled, implementing, closed, cancelled, rejected
  std::string planned;  // the window in its zone
  std::optional<Digest> digest;  // to endorse; absent when a place is gone
  std::optional<ApprovalView> approval;
  std::vector<NeedView> needs;
  std::vector<std::string> missing_fields;
  std::optional<std::string> untold;  // why it cannot be told who approves
  std::vector<Conflict> conflicts;
  std::vector<std::string> warnings;
  std::map<std::string, std::string> texts;
};
HP_DESCRIBE(ChangeView, change, phase, planned, digest, approval, needs, missing_fields, untold,
            conflicts, warnings, texts)

ApprovalView approval_view(const approvals::Standing& standing);

/// An override with how its approval stands: pending, granted, missing, used, over.
struct OverrideView {
  FreezeOverride freeze_override;
  std::string phase;
  std::string request;  // of the approval
  std::string detail;
};
HP_DESCRIBE(OverrideView, freeze_override, phase, request, detail)

class ChangeDesk {
 public:
  explicit ChangeDesk(ChangeNeeds needs) : needs_(std::move(needs)) {}

  engine::Outcome create(engine::Unit& unit, const StatedChange& stated) const;
  engine::Outcome edit(engine::Unit& unit, std::string_view id, const StatedChange& stated) const;
  engine::Outcome submit(engine::Unit& unit, std::string_view id, const std::string& reason) const;
  engine::Outcome reopen(engine::Unit& unit, std::string_view id, const std::string& reason) const;
  engine::Outcome cancel(engine::Unit& unit, std::string_view id, const std::string& reason) const;
  engine::Outcome close(engine::Unit& unit, std::string_view id, Ending ending,
                        const std::string& note) const;
  /// Begins what no deployment carries out.
  engine::Outcome start(engine::Unit& unit, std::string_view id, const Place& place) const;
  engine::Outcome endorse(engine::Unit& unit, std::string_view id, const Digest& shown,
                          const std::string& reason) const;
  engine::Outcome review(engine::Unit& unit, std::string_view id,
                         const std::string& findings) const;

  engine::Outcome ask_override(engine::Unit& unit, const StatedOverride& stated) const;

  /// How the change stands that governs the release there: one that was not begun there yet, or
  /// else one that may be begun again because what it was begun for failed. nullopt when there is
  /// neither.
  [[nodiscard]] std::optional<Governing> governing(const Snapshot& at, std::string_view release,
                                                   const Place& place) const;
  /// Whether the unit's actor may not begin the change, and not use the override, whatever they
  /// say: who approved them does not, and nobody begins an emergency for whom no person answers.
  [[nodiscard]] std::optional<Refusal> why_not_user(
      engine::Unit& unit, const std::optional<std::string>& change,
      const std::optional<std::string>& freeze_override) const;
  /// Begins the change there: everything is asked again, and its approval is used up.
  Decided<void> use(engine::Unit& unit, std::string_view id, const Place& place,
                    const std::string& use) const;

  /// An approved override for the release or the change there, which was not used yet or may be
  /// used again.
  [[nodiscard]] std::optional<FreezeLift> lift(const Snapshot& at, const Place& place,
                                               std::string_view release,
                                               std::string_view change) const;
  /// Uses the override up.
  Decided<void> use_lift(engine::Unit& unit, const std::string& id, const std::string& use) const;

  [[nodiscard]] ChangeView view(const Snapshot& at, const Change& change) const;
  [[nodiscard]] OverrideView view(const Snapshot& at, const FreezeOverride& one) const;
  [[nodiscard]] const ChangeNeeds& needs() const { return needs_; }

 private:
  [[nodiscard]] Decided<Drafted> drafted(engine::Unit& unit, const StatedChange& stated) const;
  [[nodiscard]] engine::Outcome shown(engine::Unit& unit, const ChangeId& id, int status) const;
  /// Answers a refusal, and records what is worth keeping of it.
  static engine::Outcome refused(engine::Unit& unit, const Change& change, EmergencyAct act,
                                 const Refusal& refusal);
  [[nodiscard]] std::vector<Refusal> in_the_way(const Snapshot& at, const Change& change,
                                                const Place& place) const;
  /// One that was begun there for the release, failed, and may be begun again.
  [[nodiscard]] std::optional<Change> tried_again(const Snapshot& at, std::string_view release,
                                                  const Place& place) const;
  void foresee(const Snapshot& at, const Change& change, ChangeView& view) const;

  ChangeNeeds needs_;
};

std::vector<engine::Module> modules();
std::vector<engine::edge::Applier> appliers();
std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<const ChangeDesk> desk);
std::vector<http::Route> emergency_routes(engine::Engine& engine,
                                          std::shared_ptr<const ChangeDesk> desk);
std::vector<http::Route> override_routes(engine::Engine& engine,
                                         std::shared_ptr<const ChangeDesk> desk);

}  // namespace holdpoint::changes
