// See granted_proposals.hpp.
#include "main/granted_proposals.hpp"

#include "approvals/edge/lower_sources.hpp"
#include "main/needs.hpp"

namespace holdpoint::main {

engine::Module granted_proposals(std::shared_ptr<policy::CriteriaLibrary> library,
                                 const std::shared_ptr<approvals::Desk>& desk) {
  engine::Module module{.name = "granted_proposals"};
  module.reactions.push_back(
      {"policy.approval_granted",
       [](const engine::Recorded& recorded) -> std::optional<std::string> {
         const bool is_granted = recorded.type == approvals::ApprovalGranted::event_type;
         return is_granted ? std::optional(recorded.subject.id) : std::nullopt;
       },
       [changer = policy::PolicyChanger(std::move(library), activation_needs(desk))](
           engine::Unit& unit, const std::string& id) {
         const auto request = approvals::find_request(unit.tables(), unit.workspace(), id);
         if (!request || request->subject.kind != approvals::proposal_kind) return;
         // What else is lacking, an approver of the policies' own or an hour, is waited for.
         changer.settle(unit, request->subject.id);
       }});
  return module;
}

}  // namespace holdpoint::main
