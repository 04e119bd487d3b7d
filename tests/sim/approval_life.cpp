// See approval_life.hpp. The choices of a seed: who does what next.
#include "sim/approval_life.hpp"

#include <algorithm>

#include "base/instant.hpp"
#include "sim/approval_changes.hpp"
#include "sim/approval_comparison.hpp"

namespace holdpoint::sim {
namespace {

constexpr std::size_t kPeople = 12;
constexpr Micros kDeferredMost = 2 * 86'400'000'000;
constexpr std::uint64_t kCommandsBetweenComparisons = 100;
constexpr std::uint64_t kCommandsBetweenAudits = 500;
const std::string kApi = "/api/v1/main/";

std::string text(const json::object& body) { return json::serialize(body); }

class Living : ApprovalChanges {
 public:
  explicit Living(std::uint64_t seed) : ApprovalChanges(seed), comparison_(model_, desk_) {}

  ApprovalLife run(std::uint64_t commands) {
    try {
      settle_in();
      declare_in_advance();
      std::uint64_t compared = 0;
      std::uint64_t audited = 0;
      while (life_.commands < commands) {
        something();
        if (life_.commands >= compared + kCommandsBetweenComparisons) {
          compared = life_.commands;
          comparison_.compare(anybody());
        }
        if (life_.commands >= audited + kCommandsBetweenAudits) {
          audited = life_.commands;
          desk_.audit();
        }
      }
      comparison_.compare(anybody());
      desk_.audit();
      life_.last_checkpoint = desk_.checkpoint();
    } catch (const Disagreement& disagreement) {
      life_.problem = disagreement.text;
    }
    const ByTime& by_time = model_.by_time;
    life_.waived = model_.waivers_granted;
    for (const Planned& one : model_.changes) life_.overdue += one.is_told_overdue ? 1 : 0;
    life_.granted += by_time.granted;
    life_.began = by_time.granted;
    life_.escalated = by_time.fired;
    life_.escalated_late = by_time.late;
    life_.skipped = by_time.skipped;
    life_.owners_told = by_time.owners_told;
    return life_;
  }

 private:
  // --- asking, deciding, using
  // ----------------------------------------------------------------------

  void request() {
    const Target target = some_target();
    const std::string who = anybody_or_account();
    const ApprovalModel::Demands demands = model_.demanded(target);
    const bool with_field = demands.backout_plan ? !choose_.one_in(6) : choose_.one_in(6);
    Asked asked{.id = "", .target = target, .content = model_.content(target), .by = who};
    asked.demands = demands.stages;
    asked.pending_until = demands.pending_until;
    asked.validity = demands.validity;
    asked.rejections = demands.rejections;
    asked.retries = demands.retries;
    asked.rationale = demands.rationale;
    asked.password = demands.password;
    asked.backout_plan = with_field;
    asked.reason = choose_.one_in(2) ? "quarter end" : "";
    asked.levels = demands.levels;
    const Asked* before = model_.latest(asked);
    const bool is_same = before != nullptr && before->state == "pending" &&
                         (before->is_stopped() || before->pending_until > model_.now) &&
                         before->content == asked.content && before->by == who &&
                         before->reason == asked.reason && before->backout_plan == with_field &&
                         before->demands == asked.demands && before->validity <= asked.validity &&
                         before->rejections <= asked.rejections &&
                         before->rationale >= asked.rationale && before->password >= asked.password;
    std::set<std::string> obstacles = demands.obstacles;
    if (demands.stages.empty() && obstacles.empty()) obstacles.insert("no_policy_applies");
    if (demands.backout_plan && !with_field) obstacles.insert("fields_missing");
    if (!is_same && !model_.is_satisfiable(asked)) obstacles.insert("unsatisfiable");
    json::object fields;
    if (with_field) fields["backout_plan"] = "deploy the last one";
    post(
        who, "approvals",
        {{"kind", "promotion"},
         {"id", id_of(target)},
         {"reason", asked.reason},
         {"fields", fields}},
        [&](const json::value& answer) { return opened(asked, text_at(answer, "id"), is_same); },
        obstacles);
  }

  std::optional<int> opened(Asked& asked, const std::string& id, bool is_same) {
    Asked* before = model_.latest(asked);
    if (is_same) {
      if (before->id != id) throw Disagreement{"the same question opened another request"};
      return 0;
    }
    const bool supersedes = before != nullptr && before->is_open();
    if (supersedes) before->state = "superseded";
    asked.id = id;
    asked.looked_at = model_.now;
    const int paused = model_.follow_incidents(asked);
    model_.requests.push_back(asked);
    return (supersedes ? 2 : 1) + paused;
  }

  /// Mostly one that waits.
  Asked* some_request() {
    std::vector<Asked*> waiting;
    std::vector<Asked*> urgent;
    for (Asked& asked : model_.requests) {
      if (asked.state != "pending") continue;
      waiting.push_back(&asked);
      const Planned* change = asked.kind == "change" ? model_.change(asked.subject) : nullptr;
      if (change != nullptr && change->type == "emergency") urgent.push_back(&asked);
    }
    if (!urgent.empty() && choose_.one_in(2)) return choose_.of(urgent);
    if (!waiting.empty() && !choose_.one_in(6)) return choose_.of(waiting);
    if (model_.requests.empty()) return nullptr;
    return &model_.requests[choose_.below(model_.requests.size())];
  }

  std::string digest_of(const Asked& asked) {
    const auto found = digests_.find(asked.content);
    if (found != digests_.end()) return found->second;
    const auto shown = desk_.look({.method = "GET", .target = kApi + "approvals/" + asked.id});
    const std::string digest = text_at(shown.at("request").at("subject"), "digest");
    for (const auto& [content, other] : digests_) {
      if (other == digest) throw Disagreement{content + " and " + asked.content + " are one"};
    }
    return digests_[asked.content] = digest;
  }

  /// Mostly somebody who may.
  std::string some_signer(const Asked& asked) {
    if (choose_.one_in(6)) return anybody_or_account();
    Names willing;
    for (const std::string& person : model_.active) {
      std::set<std::string> ignored;
      if (!model_.rights(asked, {.who = person}, ignored).empty()) willing.insert(person);
    }
    return willing.empty() ? anybody() : choose_.of(willing);
  }

  Signing some_signing(const Asked& asked) {
    Signing signing{.who = some_signer(asked)};
    const auto dice = choose_.below(20);
    if (dice < 2) signing.choice = Ballot::Choice::reject;
    if (dice == 2) signing.choice = Ballot::Choice::abstain;
    signing.shown_present = !choose_.one_in(25);
    signing.reason = choose_.one_in(10) ? "" : "looked at it";
    signing.with_password = asked.password ? !choose_.one_in(6) : choose_.one_in(20);
    if (choose_.one_in(16)) signing.in_place_of = "p" + std::to_string(choose_.below(kPeople));
    if (choose_.one_in(6)) signing.counts_from = some_later(asked);
    return signing;
  }

  /// Mostly an instant at which the request still waits.
  Micros some_later(const Asked& asked) {
    if (choose_.one_in(12)) return choose_.one_in(2) ? model_.now : asked.pending_until;
    const Micros most = std::min(asked.pending_until - model_.now, kDeferredMost);
    return model_.now + static_cast<Micros>(
                            choose_.below(static_cast<std::uint64_t>(std::max<Micros>(most, 2))));
  }

  void sign() { sign(some_request()); }

  void sign(Asked* asked) {
    if (asked == nullptr) return;
    const Signing signing = some_signing(*asked);
    const bool is_over = !model_.ending(*asked).empty();
    const Expected expected = is_over ? Expected{{"request_ended"}} : model_.sign(*asked, signing);
    std::set<std::string> ignored;
    const auto rights = model_.rights(*asked, signing, ignored);
    constexpr const char* words[] = {"approve", "reject", "abstain"};
    json::object body{
        {"choice", words[static_cast<int>(signing.choice)]},
        {"digest", signing.shown_present ? digest_of(*asked) : "sha256:" + std::string(64, '0')}};
    if (!signing.reason.empty()) body["reason"] = signing.reason;
    if (signing.in_place_of) body["on_behalf_of"] = desk_.id(*signing.in_place_of);
    if (signing.with_password) body["password"] = kPassword;
    if (signing.counts_from) body["effective_from"] = Instant{*signing.counts_from}.text();
    desk_.perform({ask_of(signing.who, "POST", "approvals/" + asked->id + "/decisions", text(body)),
                   expected,
                   [&](const json::value& answer) {
                     return std::optional(signed_by(*asked, signing, rights, answer));
                   },
                   [&](const std::string& code) { return refused(*asked, signing.who, code); }});
  }

  int signed_by(Asked& asked, const Signing& signing, const std::vector<Right>& rights,
                const json::value& answer) {
    const auto& vote = answer.at("request").at("votes").as_array().back();
    Right used{desk_.name_of(text_at(vote, "seat")), {}};
    for (const auto& role : vote.at("roles").as_array()) {
      used.roles.insert(std::string(view(role.as_string())));
    }
    if (std::ranges::find(rights, used) == rights.end()) {
      throw Disagreement{signing.who + " signed " + asked.id + " with the right of " + used.seat};
    }
    ++life_.signatures;
    life_.lent += used.seat == signing.who ? 0 : 1;
    life_.deferred += signing.counts_from ? 1 : 0;
    const int entries =
        model_.take(asked, {signing.who, used.seat, used.roles, signing.choice, signing.counts_from,
                            signing.with_password, !signing.reason.empty()});
    life_.granted += asked.state == "granted" ? 1 : 0;
    return entries;
  }

  int refused(Asked& asked, const std::string& who, const std::string& code) {
    const int entries = settle(asked);
    static const std::set<std::string> kKept{
        "approver_not_a_person", "own_part",   "not_eligible", "not_a_stand_in",
        "signed_already",        "seat_taken", "request_ended"};
    if (!kKept.contains(code)) return entries;
    return entries + (asked.attempts.emplace(who, code).second ? 1 : 0);
  }

  void take_back() {
    Asked* asked = some_request();
    if (asked == nullptr) return;
    const std::string who = !asked->ballots.empty() && !choose_.one_in(4)
                                ? choose_.of(asked->ballots).person
                                : anybody();
    const std::string reason = choose_.one_in(6) ? "" : "a doubt";
    const bool is_over = !model_.ending(*asked).empty();
    const Expected expected =
        is_over ? Expected{{"request_ended"}} : model_.take_back(*asked, who, reason);
    desk_.perform({ask_of(who, "POST", "approvals/" + asked->id + "/signature-withdrawal",
                          text({{"reason", reason}})),
                   expected,
                   [&](const json::value&) {
                     const int entries = model_.took_back(*asked, who);
                     return std::optional(entries + model_.follow_incidents(*asked));
                   },
                   [&](const std::string& code) { return refused(*asked, who, code); }});
  }

  void withdraw() {
    Asked* asked = some_request();
    if (asked == nullptr) return;
    const std::string who = choose_.one_in(2) ? asked->by : anybody();
    std::set<std::string> obstacles;
    if (!asked->is_open()) obstacles.insert("request_ended");
    if (who != asked->by) obstacles.insert("not_the_requester");
    post(
        who, "approvals/" + asked->id + "/withdrawal", {{"reason", "not needed"}},
        [&](const json::value&) {
          asked->state = "withdrawn";
          return std::optional(1 + model_.follow(*asked));
        },
        obstacles);
  }

  Target granted_target() {
    std::vector<Target> granted;
    for (const Asked& asked : model_.requests) {
      const bool is_deployed = !asked.target.version.empty() && asked.kind != "waiver";
      const bool is_usable = asked.state == "granted" || asked.use_failed;
      if (is_usable && is_deployed) granted.push_back(asked.target);
    }
    return granted.empty() || choose_.one_in(3) ? some_target() : choose_.of(granted);
  }

  void deploy() { deploy(granted_target()); }

  void deploy(const Target& target) {
    const std::string who = anybody_or_account();
    const bool is_back = choose_.one_in(2);
    json::object body{{"application", target.application},
                      {"version", target.version},
                      {"environment", target.environment}};
    if (is_back) body["rollback"] = json::object{{"reason", "back to what worked"}};
    desk_.perform(
        {ask_of(who, "POST", "deployments", text(body)), model_.deploy(target, who, is_back),
         [&](const json::value& answer) {
           const bool is_approved = is_used(ApprovalModel::asking(target));
           life_.consumed += is_approved ? 1 : 0;
           life_.overrides_used += model_.is_frozen(target) ? 1 : 0;
           const Planned* planned = model_.carrying(target);
           const bool begins = planned != nullptr && model_.hindrances(*planned).empty();
           std::vector<Asked> besides;
           if (begins) besides.push_back(ApprovalModel::asking(*planned));
           if (model_.is_frozen(target)) {
             besides.push_back(ApprovalModel::asking(*model_.lift(target, "")));
           }
           life_.changes_begun += begins ? 1 : 0;
           const int entries = model_.start(target, who);
           for (const Asked& like : besides) {
             Asked* asked = model_.latest(like);
             if (asked != nullptr) asked->used_for = text_at(answer, "id");
           }
           if (is_approved) {
             Asked& asked = *model_.latest(target);
             asked.used_for = text_at(answer, "id");
             life_.retried += asked.uses > 1 ? 1 : 0;
           }
           model_.deployed[{target.application, target.environment}].push_back(
               {.id = text_at(answer, "id"), .version = target.version, .started = model_.now});
           return std::optional(entries);
         },
         [&](const std::string& code) { return model_.refuse_start(target, who, code); }});
  }

  bool is_used(const Asked& like) { return model_.approval_of(like) == "granted"; }

  void finish() {
    std::vector<std::pair<std::string, std::string>> places;
    for (const auto& [place, all] : model_.deployed) {
      if (model_.running(place) != nullptr) places.push_back(place);
    }
    if (places.empty()) return;
    const auto place = choose_.of(places);
    const std::string outcome = choose_.one_in(8)   ? "cancelled"
                                : choose_.one_in(6) ? "failed"
                                                    : "succeeded";
    post(anybody(), "deployments/" + model_.running(place)->id + "/finish", {{"outcome", outcome}},
         [&](const json::value&) {
           model_.running(place)->ended = model_.now;
           model_.deployed[place].back().failed = outcome == "failed";
           for (Asked& asked : model_.requests) {
             const bool is_of_it = asked.used_for == model_.deployed[place].back().id;
             if (is_of_it && outcome != "succeeded") asked.use_failed = true;
           }
           if (outcome == "cancelled") model_.deployed[place].pop_back();
           return std::optional(1);
         });
  }

  /// Freezes are short, and an override has to be asked for, agreed to and used while one holds:
  /// people who are kept out by nothing else go that way. False when there is nobody.
  bool something_about_a_freeze() {
    if (const auto target = let_through()) {
      deploy(*target);
      return true;
    }
    if (begin_let_through()) return true;
    if (Asked* asked = override_asked_for()) {
      sign(asked);
      return true;
    }
    const auto target = kept_out_by_freeze();
    if (target) ask_override_of(*target);
    return target.has_value();
  }

  void something() {
    if (choose_.one_in(4) && something_about_a_freeze()) return;
    const auto dice = choose_.below(230);
    if (dice < 84) return sign();
    if (dice < 104) return request();
    if (dice < 112) return take_back();
    if (dice < 115) return withdraw();
    if (dice < 131) return deploy();
    if (dice < 141) return finish();
    if (dice < 143) return configure();
    if (dice < 150) return propose();
    if (dice < 157) return lend();
    if (dice < 160) return end_lending();
    if (dice < 165)
      return assign(choose_.one_in(8) ? choose_.of(accounts_) : choose_.of(model_.known),
                    choose_.one_in(2) ? "approver" : "developer");
    if (dice < 168) return unassign();
    if (dice < 170) return change_team("core");
    if (dice < 173) return change_role(choose_.one_in(2) ? "board" : "duty");
    if (dice < 174) return someone_comes_or_goes();
    if (dice < 176) return issue_token();
    if (dice < 180) return trouble();
    if (dice < 183) return freeze();
    if (dice < 184) {
      constexpr const char* names[] = {"alpha", "beta", "gamma"};
      return change_policy(names[choose_.below(3)]);
    }
    if (dice < 185) return desk_.restart();
    if (dice < 189) return ask_waiver();
    if (dice < 191) return end_waiver();
    if (dice < 211) return something_about_changes();
    time_passes();
  }

  ApprovalComparison comparison_;
  std::map<std::string, std::string> digests_;  // by content
};

}  // namespace

ApprovalLife live_with_approvals(std::uint64_t seed, std::uint64_t commands) {
  return Living(seed).run(commands);
}

}  // namespace holdpoint::sim
