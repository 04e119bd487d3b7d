// The independent auditor of approvals: who may decide, what that makes of a request and whether
// the gate opens, worked out from the written rules with plain sets. It shares no code with the
// server. Where the server searches for a way to seat the voters, this counts by Hall's theorem;
// where the server asks one question after another, this collects everything that speaks against a
// command.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace holdpoint::sim {

using Micros = std::int64_t;
/// People, contributors and accounts by short names: "p3", "x1", "s0".
using Names = std::set<std::string>;

struct StageRule {
  enum class Form : std::uint8_t { minimum, majority, percent, all };
  std::string name;
  Names roles;           // built in
  Names approval_roles;  // made of people, teams and a rota
  Names people;
  Form form = Form::minimum;
  int value = 1;
  auto operator<=>(const StageRule&) const = default;
};

struct RouteRule {
  enum class When : std::uint8_t { always, cardholder, plain };
  std::string name;
  When when = When::always;
  bool parallel = false;
  std::vector<StageRule> stages;
};

struct PolicyRule {
  std::string name;
  bool enforced = true;
  bool production_only = true;
  Micros pending = 0;   // 0: not stated
  Micros validity = 0;  // 0: not stated
  int rejections = 1;
  bool rationale = false;
  bool password = false;
  bool backout_plan = false;  // a field that is asked for
  std::vector<RouteRule> routes;
};

/// One stage of a request.
struct Demanded {
  std::string policy;
  std::string route;
  int order = 0;
  StageRule rule;
  auto operator<=>(const Demanded&) const = default;
};

struct Ballot {
  enum class Choice : std::uint8_t { approve, reject, abstain };
  std::string person;
  std::string seat;
  Names roles;  // that the seat was lent for; none: all
  Choice choice{};
  bool with_password = false;
  bool with_reason = false;
};

/// What is approved: a version of an application to an environment.
struct Target {
  std::string application;
  std::string version;
  std::string environment;
  auto operator<=>(const Target&) const = default;
};

struct Asked {
  std::string id;
  Target target;
  std::string content;  // what the target was made of
  std::string by;
  std::vector<Demanded> demands;
  Micros pending_until = 0;
  Micros validity = 0;
  int rejections = 1;
  bool rationale = false;
  bool password = false;
  bool backout_plan = false;  // stated
  std::string reason;
  std::string state = "pending";
  std::vector<Ballot> ballots;
  std::optional<Micros> valid_until;
  std::set<std::pair<std::string, std::string>> attempts;  // who, and the code
  Names stopped_by{};                                      // the incidents that stop its clocks
  Micros stopped_at = 0;
  [[nodiscard]] bool is_open() const { return state == "pending" || state == "granted"; }
  [[nodiscard]] bool is_stopped() const { return state == "pending" && !stopped_by.empty(); }
};

struct Lent {
  std::string id;
  std::string from;
  std::string to;
  Names roles;
  Micros begins = 0;
  Micros ends = 0;
  bool revoked = false;
};

/// An incident.
struct Trouble {
  std::string id;
  std::string severity;
  Names environments{};
  Names applications{};  // none: all
  Micros declared = 0;
  bool open = true;
  [[nodiscard]] bool is_major() const { return severity == "sev1" || severity == "sev2"; }
  auto operator<=>(const Trouble&) const = default;
};

struct Deployed {
  std::string id;
  std::string version;
  Micros started = 0;
  bool failed = false;
  std::optional<Micros> ended{};
  bool implicated = false;  // an incident says that it failed
};

struct Closed {
  Micros from = 0;
  Micros until = 0;
  std::string environment;
};

struct Proposed {
  std::string by;
  Names contributors;
  std::size_t order = 0;  // among the releases, as they were proposed
};

struct Configured {
  std::string present;                // "" before the first
  std::map<std::string, Names> by{};  // everybody who recorded it, by configuration
};

struct ApprovalRoleRule {
  Names people;
  Names teams;
  std::vector<std::string> turns;  // one day each, in UTC, from the first day of 2026
};

/// A right to decide: one's own, or one that was lent.
struct Right {
  std::string seat;
  Names roles;
  auto operator<=>(const Right&) const = default;
};

/// What must come of a command. Without obstacles it succeeds; otherwise it is refused with one of
/// them. `entries` are those that the command itself adds to the log.
struct Expected {
  std::set<std::string> obstacles;
  [[nodiscard]] bool succeeds() const { return obstacles.empty(); }
};

struct Signing {
  std::string who;
  Ballot::Choice choice{};
  bool shown_present = true;  // the digest is that of the request
  std::string reason;
  std::optional<std::string> in_place_of;
  bool with_password = false;
};

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

  // What follows.
  [[nodiscard]] Names holders(const StageRule& rule) const;
  [[nodiscard]] Names answer_for(const std::string& who) const;
  /// Everybody with a part in the request, and whether somebody with one is not known.
  [[nodiscard]] Names involved(const Asked& asked) const;
  [[nodiscard]] bool has_unknown(const Asked& asked) const;
  [[nodiscard]] std::string content(const Target& target) const;
  /// The ids of the open major incidents that affect the target.
  [[nodiscard]] Names pausing(const Target& target) const;
  [[nodiscard]] bool is_paused(const Target& target) const { return !pausing(target).empty(); }
  [[nodiscard]] Deployed* running(const std::pair<std::string, std::string>& place);
  [[nodiscard]] bool is_frozen(const Target& target) const;
  [[nodiscard]] bool suffices(const Asked& asked, const std::vector<Ballot>& ballots) const;
  [[nodiscard]] bool is_rejected(const Asked& asked, const std::vector<Ballot>& ballots) const;
  [[nodiscard]] bool is_satisfiable(const Asked& asked) const;
  [[nodiscard]] std::vector<Ballot> standing(const Asked& asked) const;
  Asked* latest(const Target& target);
  [[nodiscard]] const Asked* latest(const Target& target) const;

  // What must come of commands; the effects are taken by the functions after them.
  struct Demands {
    std::set<std::string> obstacles;
    std::vector<Demanded> stages;
    Micros pending_until = 0;
    Micros validity = 0;
    int rejections = 0;
    bool rationale = false, password = false, backout_plan = false;
  };
  [[nodiscard]] Demands demanded(const Target& target) const;
  /// Whether terms that became stricter since leave too little of it.
  [[nodiscard]] bool is_outgrown(const Asked& asked, const Demands& demands) const;
  /// How time and change end the request: "" when they do not.
  [[nodiscard]] std::string ending(const Asked& asked) const;
  [[nodiscard]] std::vector<Right> rights(const Asked& asked, const Signing& signing,
                                          std::set<std::string>& obstacles) const;
  [[nodiscard]] Expected sign(const Asked& asked, const Signing& signing) const;
  /// Takes the accepted ballot, and says how many entries that makes.
  int take(Asked& asked, Ballot ballot) const;
  [[nodiscard]] Expected take_back(const Asked& asked, const std::string& who,
                                   const std::string& reason) const;
  int took_back(Asked& asked, const std::string& who) const;
  /// Whether the pending request lacks nobody any more.
  [[nodiscard]] bool is_complete(const Asked& asked) const;

  /// Reasons that close the gate; none: it is open.
  [[nodiscard]] std::set<std::string> gate(const Target& target) const;
  [[nodiscard]] Expected deploy(const Target& target, const std::string& who, bool is_back) const;
  /// Whether a release that was proposed later runs there or was started there with success.
  [[nodiscard]] bool is_step_back(const Target& target) const;

  /// What becomes of a request whatever is asked about it: its end, or that it lacks nobody. How
  /// many entries that makes.
  int settle(Asked& asked) const;
  /// Stops the clocks of the request or lets them go on, as the incidents are now; how many entries
  /// that makes.
  int follow_incidents(Asked& asked) const;
  /// Blames the newest deployment at each place that the incident names; how many entries that
  /// makes.
  int implicate(const Trouble& trouble);

  /// What the timers do by now; how many entries that makes.
  int fire_timers();
  [[nodiscard]] bool is_something_due() const;

 private:
  [[nodiscard]] std::vector<Names> eligible(const Asked& asked) const;
  [[nodiscard]] bool approves_now(const Asked& asked) const;
};

}  // namespace holdpoint::sim
