// Who brought the policies that ask for an approval into force shortly before it was asked for:
// such people made the rule by which they would decide.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "approvals/approvals.hpp"
#include "approvals/eligibility.hpp"
#include "engine/sql.hpp"

namespace holdpoint::approvals {

/// Revisions that are looked at for one request.
inline constexpr std::size_t policy_revisions_max = 1'000;

struct PolicyEditors {
  std::vector<std::string> actors;  // ids, as the ledger names them; sorted and distinct
  bool is_complete = true;          // false: there were more revisions than can be looked at
};

/// Who proposed, applied or approved a revision that created or changed a policy of the request,
/// within its time before it was asked for. Nobody when it has none.
PolicyEditors policy_editors_of(engine::Connection& tables, std::string_view workspace,
                                const Request& request);

/// Adds whoever answers for them to those with a part in it, and whom nobody answers for to those
/// who are not known.
void add_policy_editors(engine::Connection& tables, std::string_view workspace,
                        const Request& request, Situation& out);

}  // namespace holdpoint::approvals
