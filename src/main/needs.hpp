// What capabilities need of those above or beside them, put together where all of them are known:
// none of them knows approvals, and approvals know none of them.
#pragma once

#include <memory>
#include <vector>

#include "approvals/edge/approvals_edge.hpp"
#include "changes/edge/changes_edge.hpp"
#include "deployments/edge/gate_source.hpp"
#include "policy/edge/policy_edge.hpp"
#include "rollback/edge/rollback_edge.hpp"
#include "waivers/edge/waivers_edge.hpp"

namespace holdpoint::main {

/// Approvals tell people by notifications.
approvals::Telling telling();

/// What can be approved.
std::vector<approvals::SubjectSource> subject_sources(
    const std::shared_ptr<waivers::Register>& waivers);

/// Whether a change of policies comes into force is asked of approvals too.
policy::ActivationNeeds activation_needs(const std::shared_ptr<approvals::Desk>& desk);

/// The waivers reach approvals by their desk, which in turn reads the waivers as subjects. Both
/// MUST outlive the needs, and be there before the first of them is used.
waivers::WaiverNeeds waiver_needs(const std::shared_ptr<approvals::Desk>& desk,
                                  const std::unique_ptr<engine::Engine>& engine);

/// Changes and overrides of freezes are approved at the desk of approvals.
changes::ChangeNeeds needs_of_changes(const std::shared_ptr<approvals::Desk>& desk);

/// A deployment uses up the approval of its promotion.
deployments::ApprovalNeeds approval_needs(const std::shared_ptr<approvals::Desk>& desk);

/// Rollbacks tell people by notifications, and hand orders to tools by signed webhooks.
rollback::RollbackNeeds rollback_needs(const std::unique_ptr<engine::Engine>& engine);

/// A deployment begins the change that governs it, and goes through a freeze by an override.
deployments::ChangeNeeds change_needs(const std::shared_ptr<const changes::ChangeDesk>& changes);

/// As capabilities that know nothing of approvals are told it.
std::string state_name(approvals::Standing::State state);

}  // namespace holdpoint::main
