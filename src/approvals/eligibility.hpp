// Who may sign, and why others may not: nobody approves what they asked for, wrote, built or will
// deploy, neither themselves nor through a delegate, an account or a token of theirs (B5, B7). A
// person who is not known for certain is never eligible. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "approvals/tally.hpp"
#include "base/describe.hpp"

namespace holdpoint::approvals {

/// What somebody had to do with the content.
enum class Part : std::uint8_t {
  requester,  // asked for the approval, themselves or through an account of theirs
  author,
  committer,
  co_author,
  editor,  // changed the content
  builder,
  deployer,
  endorser,           // stood for it as an emergency
  earlier_requester,  // asked before for an approval of the same, which nobody decided
  owner,              // answers for it from then on
  policy_editor,      // brought the policy that asks for it into force shortly before
};
HP_DESCRIBE_ENUM(Part, requester, author, committer, co_author, editor, builder, deployer, endorser,
                 earlier_requester, owner, policy_editor)

/// Somebody with a part in the content, by the id of a person.
struct Involved {
  std::string person;
  Part part{};
  auto operator<=>(const Involved&) const = default;
};
HP_DESCRIBE(Involved, person, part)

/// `from` lets `to` sign in their place in [from_at, until).
struct StandIn {
  std::string from;
  std::string to;
  Instant from_at;
  Instant until;
  std::vector<std::string> approval_roles;  // empty: whatever `from` may sign for
};

/// What a decision about a signature rests on, as it is at this moment.
struct Situation {
  Instant now;
  /// People who hold the roles of each demand now; active people only.
  Eligible holders;
  std::vector<Involved> involved;
  /// Ids in the content that stand for nobody who is known here.
  std::vector<std::string> unknown_people;
  /// Of the subject as it is now; nullopt when it is gone or cannot be read.
  std::optional<Digest> present;
  std::vector<StandIn> stand_ins;
  /// Names of incidents that pause approvals of this environment.
  std::vector<std::string> paused_by;
  /// Whom escalation added to each demand, and by which roles; empty when it added nobody. A level
  /// that reached nobody lends no role.
  Eligible backups;
  std::vector<std::vector<std::string>> backup_roles;
  /// Of the subject: shown to whoever decides, and in nobody's way.
  std::vector<std::string> warnings;
  /// Whether what a used request was used for has ended without success.
  bool use_failed = false;
};

/// Holders and whom escalation added, without those who are involved, sorted and distinct.
Eligible eligible(const Situation& situation);

/// The demands with as many people as they ask of their own holders: whoever escalation adds may
/// sign, and neither raises nor lowers how many have to.
std::vector<Demand> demands_now(std::span<const Demand> demands, const Situation& situation);

/// The first part of the person in the content, if any.
std::optional<Part> part_of(const Situation& situation, std::string_view person);

/// Whom the person stands in for now who has a part in it, and so signs neither themselves nor
/// through anybody; the first, by the order of the delegations.
std::optional<Involved> involved_behind(const Situation& situation, std::string_view person);

/// Whose seats the person may use now: their own, and those of whoever let them stand in. A
/// stand-in is void when either of the two is involved, when both let each other stand in, and
/// when it covers none of the roles by which the other may sign: those that the demand names for
/// its holders, those of the level for whom escalation added.
std::vector<SeatUse> seats_of(const Situation& situation, std::span<const Demand> demands,
                              const std::string& person);

/// "wrote a commit of it", for sentences.
std::string_view words(Part part);

}  // namespace holdpoint::approvals
