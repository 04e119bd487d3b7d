// The words of the auditor of approvals: what policies say, what is asked for, and what people do
// with it. Plain structs, with people by short names.
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

/// What happens when nobody decides for so long.
struct LevelRule {
  enum class To : std::uint8_t { reminder, backup, manager };
  std::string name;
  To to = To::reminder;
  Micros after = 0;
  Micros after_when_high = 0;  // for applications of high criticality; 0: not stated
  StageRule reaches{};         // whom a backup or a manager level names
  Names stages{};              // that they may sign; none: all of the policy
};

struct PolicyRule {
  std::string name;
  bool enforced = true;
  bool production_only = true;
  bool forgets_waivers = false;    // which have no environment: then it cannot be told of them
  bool beside_promotions = false;  // for everything that is approved but promotions
  Micros pending = 0;              // 0: not stated
  Micros validity = 0;             // 0: not stated
  int rejections = 1;
  int retries = 0;  // uses after a deployment that failed or was called off
  bool rationale = false;
  bool password = false;
  bool backout_plan = false;  // a field that is asked for
  std::vector<RouteRule> routes;
  std::vector<LevelRule> levels;  // in their order
};

/// One stage of a request.
struct Demanded {
  std::string policy;
  std::string route;
  int order = 0;
  StageRule rule;
  auto operator<=>(const Demanded&) const = default;
};

/// A level of a request, with the instant it is due.
struct Level {
  std::string policy;
  LevelRule rule;
  Micros due = 0;
};

/// A level that fired, or the owners who were told instead.
struct Fired {
  std::string policy;
  std::string level;
  std::string kind;
  Micros due = 0;
  Micros at = 0;
  bool late = false;
  Names people;  // nobody: it was skipped
  auto operator<=>(const Fired&) const = default;
};

struct Ballot {
  enum class Choice : std::uint8_t { approve, reject, abstain };
  std::string person;
  std::string seat;
  Names roles;  // that the seat was lent for; none: all
  Choice choice{};
  std::optional<Micros> counts_from{};  // of a deferred approval
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
  std::string kind = "promotion";
  std::string subject{};  // id of what is no promotion
  Target target;
  std::string content;  // what the target was made of
  std::string by;
  std::string owner{};  // of a waiver
  std::vector<Demanded> demands;
  Micros pending_until = 0;
  Micros validity = 0;
  int rejections = 1;
  int retries = 0;
  int uses = 0;
  std::string used_for{};  // the deployment
  bool use_failed = false;
  bool rationale = false;
  bool password = false;
  bool backout_plan = false;  // stated
  std::string reason;
  std::string state = "pending";
  std::vector<Ballot> ballots;
  std::optional<Micros> valid_until;
  std::vector<Level> levels{};
  std::vector<Fired> fired{};
  Micros looked_at = 0;  // when it last moved: what begins to count later is looked at again
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

/// A waiver of the one violation that every release here has.
struct Waived {
  std::string id;
  Target target;      // the release that it was seen in
  bool wide = false;  // for every release of the application
  std::string by;
  Micros until = 0;
  std::string state = "requested";
  /// Releases are judged again in the next step: it ended, or came into force, by time.
  bool is_judged_later = false;
  [[nodiscard]] bool is_open() const { return state == "requested" || state == "in_force"; }
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

/// Who may fill the seats of a stage.
struct Signers {
  Names own;          // who hold what the stage asks for, and have no part in the content
  Names added;        // whom escalation added to them
  Names added_roles;  // by which those were reached
  [[nodiscard]] bool contains(const std::string& person) const {
    return own.contains(person) || added.contains(person);
  }
  [[nodiscard]] Names all() const {
    Names both = own;
    both.insert(added.begin(), added.end());
    return both;
  }
};

/// A right that somebody lends now, to whom it may be used for.
struct LentRight {
  std::string from;
  std::string to;
  Names roles;  // none: all
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
  std::optional<Micros> counts_from{};  // an approval that counts from then on
};

}  // namespace holdpoint::sim
