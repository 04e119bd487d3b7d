// Decisions about requests: pure, from the request, the situation and what is asked; each gives the
// events to record or a refusal with who can act.
#pragma once

#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "approvals/approvals.hpp"
#include "approvals/eligibility.hpp"

namespace holdpoint::approvals {

using Event = std::variant<ApprovalSigned, SignatureWithdrawn, ApprovalGranted, ApprovalEnded,
                           ApprovalConsumed, ApprovalEscalated, ApprovalPaused, ApprovalResumed,
                           ApprovalStranded, ApprovalUnstranded>;
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
  /// An approval that counts from then on, and can be taken back until then.
  std::optional<Instant> effective_from = std::nullopt;
};

/// Refuses whoever may not sign (see the refusals); a signature on other content than the present
/// one is refused with what changed, and ends the request as invalidated by its own command. A
/// rejection of what was granted and not used yet takes it back.
Decided<Events> sign(const Request& request, const Situation& situation, const Actor& actor,
                     const Sign& command);

/// The signer takes back a signature that was not used yet.
Decided<Events> withdraw_signature(const Request& request, const Situation& situation,
                                   const Actor& actor, const std::string& reason);

/// The requester withdraws what is pending or granted and not used yet.
Decided<Events> withdraw(const Request& request, const Actor& actor, const std::string& reason);

/// What follows from the situation alone: expired, invalidated by other content, granted or no
/// longer granted. Nothing when the request stands as it is. MUST be asked before anything else.
Events settle(const Request& request, const Situation& situation);

/// Uses a granted request once, or one that lacks nobody any more; a used one again, when what it
/// was used for failed, as often as policy allows and while it is valid. Everything that could have
/// changed is asked again.
Decided<Events> consume(const Request& request, const Situation& situation, std::string use);

/// A newer request for the same ends this one.
Events supersede(const Request& request, const RequestId& by);

/// Whether everything that is demanded was demanded of the request when it was opened.
bool covers(const Request& request, std::span<const Demand> demanded);

/// What the terms of the policies in force take away from a request that nobody lacks otherwise:
/// they became stricter since it was opened.
struct Outgrown {
  std::vector<std::string> terms;       // "a password with each signature"
  std::vector<std::string> sign_again;  // people whose signatures fall short of them
};
/// Signatures count that were given under such terms, or as strictly without being asked to.
std::optional<Outgrown> outgrown(const Request& request, const Situation& situation,
                                 const Terms& in_force);

/// The votes that were not made void: given to the present content by people who are not involved.
std::vector<Vote> valid_votes(const Request& request, const Situation& situation);
/// Those of them that count now; a deferred one does later.
std::vector<Vote> standing_votes(const Request& request, const Situation& situation);

/// How the request stands with these votes.
Tally tally_of(const Request& request, const Situation& situation, const std::vector<Vote>& votes);

/// Whether the time to decide is over. While an incident stops the clocks it never is.
bool has_run_out(const Request& request, Instant now);

/// When the next deferred vote begins to count.
std::optional<Instant> next_effective(const Request& request, Instant now);

/// What to record so that the clocks of the request stand still while these incidents are open, and
/// go on when none is. `due_from_pause` gives what its levels are due by, after the last pause.
Events pause_by(const Request& request, const std::vector<std::string>& incidents, Instant now,
                const std::function<DueAfterPause(Instant pause)>& due_from_pause);

}  // namespace holdpoint::approvals
