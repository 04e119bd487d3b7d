// The independent auditor of approvals: who may decide, what that makes of a request and whether
// the gate opens, worked out from the written rules with plain sets. It shares no code with the
// server. Where the server searches for a way to seat the voters, this counts by Hall's theorem;
// where the server asks one question after another, this collects everything that speaks against a
// command.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/approval_plans.hpp"
#include "sim/approval_rules.hpp"

namespace holdpoint::sim {

/// Whether the time of the request is over. While an incident stops its clocks it never is.
bool is_due(const Asked& asked, Micros now);

/// People look back at an emergency within a day of its beginning.
inline constexpr Micros kReviewWithin = 86'400'000'000;

/// What time alone did.
struct ByTime {
  std::uint64_t granted = 0;  // a deferred approval was the last that lacked
  std::uint64_t fired = 0;    // levels of escalation
  std::uint64_t late = 0;
  std::uint64_t skipped = 0;      // reached nobody
  std::uint64_t owners_told = 0;  // because none reached anybody
};

/// What moved a request: somebody's command, or its timer.
enum class By : std::uint8_t { command, clock };

class ApprovalModel {
 public:
  // What is so.
  Micros now = 0;
  Names active;                           // people who can sign in
  Names known;                            // people of the server
  std::map<std::string, Names> owners;    // who answers for an account
  std::map<std::string, Names> built_in;  // role to people
  std::map<std::string, Names> teams;
  std::map<std::string, ApprovalRoleRule> approval_roles;
  std::vector<Lent> lent;  // in the order they were given
  std::vector<Trouble> troubles;
  std::map<std::string, Closed> freezes;
  std::map<std::string, PolicyRule> policies;
  std::map<std::pair<std::string, std::string>, Proposed> releases;      // application, version
  std::map<std::pair<std::string, std::string>, Configured> configured;  // application, environment
  /// The deployments of each application and environment in the order they were started, without
  /// those that were cancelled.
  std::map<std::pair<std::string, std::string>, std::vector<Deployed>> deployed;
  std::vector<Asked> requests;  // in the order they were opened
  std::vector<Waived> waivers;
  std::vector<Planned> changes;   // in the order they were written
  std::vector<Lifting> liftings;  // in the order they were asked for
  ByTime by_time;
  std::uint64_t waivers_granted = 0;
  /// Releases were judged again, by waivers that came into force or ended: so many entries.
  bool was_judged_again = false;

  // What follows.
  /// Who holds what the rule names now, with the turns of rotas as they were at that instant.
  [[nodiscard]] Names holders(const StageRule& rule, Micros at) const;
  [[nodiscard]] Names holders(const StageRule& rule) const { return holders(rule, now); }
  [[nodiscard]] Names answer_for(const std::string& who) const;
  /// Everybody with a part in the request, and whether somebody with one is not known.
  [[nodiscard]] Names involved(const Asked& asked) const;
  [[nodiscard]] bool has_unknown(const Asked& asked) const;
  [[nodiscard]] std::string content(const Target& target) const;
  [[nodiscard]] std::string content(const Asked& asked) const;
  /// The ids of the open major incidents that affect the target.
  [[nodiscard]] Names pausing(const Target& target) const;
  [[nodiscard]] bool is_paused(const Target& target) const { return !pausing(target).empty(); }
  /// An emergency is what may end an incident, so none pauses it.
  [[nodiscard]] Names pausing(const Asked& asked) const;
  [[nodiscard]] bool is_paused(const Asked& asked) const { return !pausing(asked).empty(); }
  [[nodiscard]] Deployed* running(const std::pair<std::string, std::string>& place);
  [[nodiscard]] bool is_frozen(const Target& target) const;
  [[nodiscard]] bool suffices(const Asked& asked, const std::vector<Ballot>& ballots) const;
  [[nodiscard]] bool is_rejected(const Asked& asked, const std::vector<Ballot>& ballots) const;
  [[nodiscard]] bool is_satisfiable(const Asked& asked) const;
  /// The ballots of those who have no part in the content, and those of them that count by now.
  [[nodiscard]] std::vector<Ballot> kept(const Asked& asked) const;
  [[nodiscard]] std::vector<Ballot> standing(const Asked& asked) const;
  /// The latest for what that one is about.
  [[nodiscard]] const Asked* latest(const Asked& like) const;
  Asked* latest(const Asked& like);
  Asked* latest(const Target& target);
  [[nodiscard]] static Asked asking(const Target& target);

  // What must come of commands; the effects are taken by the functions after them.
  struct Demands {
    std::set<std::string> obstacles;
    std::vector<Demanded> stages;
    std::vector<Level> levels;
    Micros pending_until = 0;
    Micros validity = 0;
    int rejections = 0;
    int retries = 0;
    bool rationale = false, password = false, backout_plan = false;
  };
  [[nodiscard]] Demands demanded(const std::string& kind, const Target& target) const;
  [[nodiscard]] Demands demanded(const Target& target) const {
    return demanded("promotion", target);
  }
  /// Whether the request was asked for everything that policies demand now, and fulfils it.
  [[nodiscard]] bool fulfils(const Asked& asked) const;
  /// Whether terms that became stricter since leave too little of it.
  [[nodiscard]] bool is_outgrown(const Asked& asked, const Demands& demands) const;
  /// How time and change end the request: "" when they do not.
  [[nodiscard]] std::string ending(const Asked& asked) const;
  [[nodiscard]] std::vector<Right> rights(const Asked& asked, const Signing& signing,
                                          std::set<std::string>& obstacles) const;
  [[nodiscard]] Expected sign(const Asked& asked, const Signing& signing) const;
  /// Takes the accepted ballot, and says how many entries that makes.
  int take(Asked& asked, Ballot ballot);
  [[nodiscard]] Expected take_back(const Asked& asked, const std::string& who,
                                   const std::string& reason) const;
  int took_back(Asked& asked, const std::string& who);
  /// Whether the pending request lacks nobody any more.
  [[nodiscard]] bool is_complete(const Asked& asked) const;

  /// Reasons that close the gate; none: it is open.
  [[nodiscard]] std::set<std::string> gate(const Target& target) const;
  [[nodiscard]] Expected deploy(const Target& target, const std::string& who, bool is_back) const;
  /// Whether a release that was proposed later runs there or was started there with success.
  [[nodiscard]] bool is_step_back(const Target& target) const;
  /// Whether one of them approved the change or the override that a start there would use.
  [[nodiscard]] bool is_used_by_approver(const Target& target, const Names& deployers) const;
  /// A start that was refused is kept, once of each kind until the release starts there; how many
  /// entries that makes.
  int refuse_start(const Target& target, const std::string& who, const std::string& code);
  /// Takes the effects of a start, but not the deployment; how many entries that makes.
  int start(const Target& target, const std::string& who);
  /// Whether nothing goes there without a change request.
  [[nodiscard]] static bool needs_change(const Target& target) {
    return target.environment == "dev";
  }

  /// What becomes of a request whatever is asked about it: its end, or that it lacks nobody. How
  /// many entries that makes.
  int settle(Asked& asked);
  /// What follows from how the request stands now for what it is about; how many entries that
  /// makes.
  int follow(Asked& asked, By what = By::command);
  /// Stops the clocks of the request or lets them go on, as the incidents are now; how many entries
  /// that makes.
  int follow_incidents(Asked& asked);
  /// Blames the newest deployment at each place that the incident names; how many entries that
  /// makes.
  int implicate(const Trouble& trouble);

  /// What the timers do by now; how many entries that makes.
  int fire_timers();

  // Changes, and overrides of freezes.
  [[nodiscard]] const Planned* change(const std::string& id) const;
  Planned* change(const std::string& id);
  [[nodiscard]] const Lifting* lifting(const std::string& id) const;
  [[nodiscard]] std::string content(const Planned& one) const;
  [[nodiscard]] Names involved(const Planned& one) const;
  /// Emergencies of the application that nobody looked back at in time.
  [[nodiscard]] Names overdue_reviews(const std::string& application) const;
  /// How something stands with its approval: untold, not_needed, missing, pending, granted.
  [[nodiscard]] std::string approval_of(const Asked& like) const;
  [[nodiscard]] static Asked asking(const Planned& one);
  [[nodiscard]] static Asked asking(const Lifting& one);
  /// Everything that keeps the change from beginning now.
  [[nodiscard]] std::set<std::string> hindrances(const Planned& one) const;
  /// The change that a deployment of this would begin.
  [[nodiscard]] const Planned* governing(const Target& target) const;
  /// The one that a start there goes under: that, or one that failed there and may begin again.
  [[nodiscard]] const Planned* carrying(const Target& target) const;
  /// The names of the freezes that hold there at some time of the period.
  [[nodiscard]] Names freezes_at(const Target& target, Micros from, Micros until) const;
  /// The override that lets this through every freeze of now; of a change, when one is named.
  [[nodiscard]] const Lifting* lift(const Target& target, const std::string& change_id) const;
  /// Whether one of the people approved it, or somebody did in their place.
  [[nodiscard]] bool has_approved(const Asked& like, const Names& people) const;
  /// The effects of use; how many entries each makes.
  int use_up(const Asked& like);
  int use_lift(const Lifting& one);
  int begin(Planned& one, const std::string& who);

  // Waivers.
  [[nodiscard]] const Waived* waiver(const std::string& id) const;
  Waived* waiver(const std::string& id);
  /// Whether the violation of the release is waived.
  [[nodiscard]] bool is_waived(const Target& release) const;
  /// Whether one ends by now, or its releases wait to be judged again.
  [[nodiscard]] bool is_waiver_due() const;
  void end_waiver(Waived& one, const std::string& state, By what);
  [[nodiscard]] bool is_something_due() const;

 private:
  /// Who tried to start what, and what was in the way.
  struct RefusedStart {
    Target target;
    std::string who;
    std::string code;
    std::set<std::string> reasons;
    auto operator<=>(const RefusedStart&) const = default;
  };
  std::set<RefusedStart> refused_starts_;

  [[nodiscard]] Names makers_of(const Target& target) const;
  [[nodiscard]] Names configurers_of(const Target& target) const;
  [[nodiscard]] std::string content_of_plan(const Asked& asked) const;
  [[nodiscard]] Names involved_in_plan(const Asked& asked) const;
  int follow_change(const Asked& asked);
  [[nodiscard]] bool is_review_due() const;
  int tell_overdue_reviews();
  [[nodiscard]] Names involved_in_waiver(const Asked& asked) const;
  int follow_waiver(Asked& asked, By what);
  int expire_waivers();
  [[nodiscard]] std::vector<Signers> signers(const Asked& asked) const;
  [[nodiscard]] std::vector<LentRight> lent_now(const Asked& asked) const;
  [[nodiscard]] bool approves_now(const Asked& asked) const;
  /// Granted, or used and good for another try.
  [[nodiscard]] static bool may_be_taken_back(const Asked& asked) {
    return asked.state == "granted" ||
           (asked.state == "consumed" && asked.retries > 0 && asked.uses <= asked.retries);
  }
  /// Whether what was used may be used again, because the use failed.
  [[nodiscard]] bool is_good_again(const Asked& asked) const;
  /// Whether a deferred approval of the request began to count, or a level of it is due.
  [[nodiscard]] bool wakes(const Asked& asked) const;
  /// Who may sign a stage of the policy that lacks somebody, and has not decided.
  [[nodiscard]] Names awaited(const Asked& asked, const std::string& policy) const;
  [[nodiscard]] Names reached_by(const Asked& asked, const Level& level) const;
  /// Who answers for the policies.
  [[nodiscard]] Names policy_owners() const;
  /// Fires what is due, and says how many entries that makes.
  int escalate(Asked& asked);
  void fire(Asked& asked, Fired fired);
};

}  // namespace holdpoint::sim
