// Whether the server shows what the auditor of approvals knows to be so: every request, every gate
// and somebody's inbox.
#pragma once

#include <string>

#include "sim/approval_desk.hpp"
#include "sim/approval_model.hpp"

namespace holdpoint::sim {

class ApprovalComparison {
 public:
  ApprovalComparison(const ApprovalModel& model, ApprovalDesk& desk) : model_(model), desk_(desk) {}

  /// Throws a Disagreement; `who` is whose inbox is looked into.
  void compare(const std::string& who);

 private:
  void compare_requests();
  void compare_request(const Asked& asked, const json::value& shown);
  void compare_clocks(const Asked& asked, const json::value& shown);
  void compare_escalation(const Asked& asked, const json::value& shown);
  void compare_waivers();
  void compare_changes();
  void compare_overrides();
  void compare_gate(const Target& target);
  void compare_inbox(const std::string& who);

  const ApprovalModel& model_;
  ApprovalDesk& desk_;
};

}  // namespace holdpoint::sim
