// A change of policies comes into force in the commit that grants its approval, when nothing else
// is lacking: policies stand below approvals and do not know them, so main listens for both.
#pragma once

#include <memory>

#include "approvals/edge/approvals_edge.hpp"
#include "policy/edge/policy_edge.hpp"

namespace holdpoint::main {

engine::Module granted_proposals(std::shared_ptr<policy::CriteriaLibrary> library,
                                 const std::shared_ptr<approvals::Desk>& desk);

}  // namespace holdpoint::main
