// Decisions about requests: pure, from the request, the situation and what is asked; each gives the
// events to record or a refusal with who can act.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "approvals/approvals.hpp"
#include "approvals/eligibility.hpp"

namespace holdpoint::approvals {

using Event = std::variant<ApprovalSigned, SignatureWithdrawn, ApprovalGranted, ApprovalEnded,
                           ApprovalConsumed>;
using Events = std::vector<Event>;

/// Who acts, as the ledger names it.
struct Actor {
  std::string kind;
  std::string id;
};

struct Sign {
  Choice choice{};
  Digest presented;
  std::string reason;
  /// In whose place; the signer's own right when absent, or the only other one there is.
  std::optional<std::string> on_behalf_of;
  Authentication authentication = Authentication::session;
};

/// Refuses whoever may not sign (see the refusals); a signature on other content than the present
/// one is refused with what changed, and ends the request as invalidated by its own command.
Decided<Events> sign(const Request& request, const Situation& situation, const Actor& actor,
                     const Sign& command);

/// The signer takes back a signature that was not used yet.
Decided<Events> withdraw_signature(const Request& request, const Situation& situation,
                                   const Actor& actor, std::string reason);

/// The requester withdraws what is pending or granted and not used yet.
Decided<Events> withdraw(const Request& request, const Actor& actor, std::string reason);

/// What follows from the situation alone: expired, invalidated by other content, granted or no
/// longer granted. Nothing when the request stands as it is. MUST be asked before anything else.
Events settle(const Request& request, const Situation& situation);

/// Uses a granted request once, or one that lacks nobody any more. Everything that could have
/// changed is asked again.
Decided<Events> consume(const Request& request, const Situation& situation, std::string use);

/// A newer request for the same ends this one.
Events supersede(const Request& request, const RequestId& by);

/// Whether everything that is demanded was demanded of the request when it was opened.
bool covers(const Request& request, std::span<const Demand> demanded);

/// The votes that count now: given to the present content by people who are not involved.
std::vector<Vote> standing_votes(const Request& request, const Situation& situation);

}  // namespace holdpoint::approvals
