// See approval_changes.hpp.
#include "sim/approval_changes.hpp"

#include <algorithm>

#include "base/instant.hpp"

namespace holdpoint::sim {
namespace {

constexpr Micros kHour = 3'600'000'000;
const std::string kApi = "/api/v1/main/";
const std::string kLongReason = "Customers cannot pay until this is out.";

std::string text(const json::object& body) { return json::serialize(body); }

}  // namespace

void ApprovalChanges::declare_in_advance() {
  template_owner_ = anybody();
  const auto apply_as = [&](const std::string& who, const std::string& document) {
    desk_.perform({ask_of(who, "POST", "apply", document),
                   {},
                   [](const json::value&) { return std::optional<int>(); },
                   {}});
  };
  apply_as(template_owner_, template_of_changes());
  apply_as(anybody(), path_of_emergencies());
}

Planned* ApprovalChanges::some_change(const std::function<bool(const Planned&)>& is_fitting) {
  if (model_.changes.empty()) return nullptr;
  std::vector<Planned*> fitting;
  for (Planned& one : model_.changes) {
    if (is_fitting(one)) fitting.push_back(&one);
  }
  if (!fitting.empty() && !choose_.one_in(8)) return choose_.of(fitting);
  return &model_.changes[choose_.below(model_.changes.size())];
}

std::string ApprovalChanges::mostly_of(const Names& people) {
  return people.empty() || choose_.one_in(3) ? anybody_or_account() : choose_.of(people);
}

void ApprovalChanges::something_about_changes() {
  const auto dice = choose_.below(20);
  if (dice < 5) return write_change();
  if (dice < 8) return ask_override();
  const auto with = [&](auto is_fitting, void (ApprovalChanges::*act)(Planned&)) {
    if (Planned* one = some_change(is_fitting)) (this->*act)(*one);
  };
  const auto waits = [](const Planned& one) { return one.state == "submitted"; };
  // Few emergencies live to be looked back at, so each next step of one is mostly taken when it
  // can.
  const auto is_endorsable = [&](const Planned& one) {
    return waits(one) && one.type == "emergency" && one.endorsed != model_.content(one);
  };
  const auto is_ready = [&](const Planned& one) {
    return one.type == "emergency" && one.target.version.empty() && model_.hindrances(one).empty();
  };
  const auto is_to_review = [](const Planned& one) { return one.review_due && !one.is_reviewed; };
  if (std::ranges::any_of(model_.changes, is_ready)) {
    return with(is_ready, &ApprovalChanges::begin_by_hand);
  }
  if (dice < 14 && std::ranges::any_of(model_.changes, is_endorsable)) {
    return with(is_endorsable, &ApprovalChanges::endorse);
  }
  if (dice < 4 && std::ranges::any_of(model_.changes, is_to_review)) {
    return with(is_to_review, &ApprovalChanges::look_back);
  }
  if (dice < 12) {
    with([](const Planned& one) { return one.state == "draft"; }, &ApprovalChanges::submit);
  } else if (dice < 13) {
    with(waits, &ApprovalChanges::reopen_or_cancel);
  } else if (dice < 16) {
    with(
        [&](const Planned& one) {
          return one.target.version.empty() && model_.hindrances(one).empty();
        },
        &ApprovalChanges::begin_by_hand);
  } else if (dice < 18) {
    with([&](const Planned& one) { return waits(one) && one.type == "emergency"; },
         &ApprovalChanges::endorse);
  } else if (dice < 19) {
    with([](const Planned& one) { return one.state == "implementing"; }, &ApprovalChanges::close);
  } else {
    with(is_to_review, &ApprovalChanges::look_back);
  }
}

void ApprovalChanges::write_change() {
  constexpr const char* types[] = {"normal", "normal", "emergency", "standard"};
  Planned one{.id = "", .type = types[choose_.below(4)], .target = some_target()};
  StageRule declarers;
  declarers.roles = {"developer"};
  const Names may_declare = model_.holders(declarers);
  one.by = one.type == "emergency" ? mostly_of(may_declare) : anybody_or_account();
  one.editors = {one.by};
  // What is declared in advance is of one place; emergencies are begun by hand.
  if (one.type == "standard") one.target.application = "shop";
  if (one.type == "standard") one.target.environment = "production";
  const bool has_release = model_.releases.contains({one.target.application, one.target.version});
  if (!has_release || one.type == "emergency" || choose_.one_in(3)) one.target.version.clear();
  one.backout_plan = one.type == "standard" || !choose_.one_in(4);
  one.from = model_.now + (static_cast<Micros>(choose_.below(8)) - 2) * kHour;
  one.until = one.from + static_cast<Micros>(2 + choose_.below(10)) * kHour;
  if (one.type == "emergency") {
    one.from = model_.now - kHour;
    one.until = one.from + 23 * kHour;
  }
  if (one.type == "normal") one.until += static_cast<Micros>(choose_.below(60)) * kHour;
  std::set<std::string> obstacles;
  if (one.until <= model_.now) obstacles.insert("invalid_change");
  if (one.type == "emergency" && !may_declare.contains(one.by)) {
    obstacles.insert("not_preauthorised");
  }
  json::object body{{"type", one.type},
                    {"from", Instant{one.from}.text()},
                    {"until", Instant{one.until}.text()},
                    {"applications", json::array{}},
                    {"environments", json::array{}},
                    {"releases", json::array{}},
                    {"risk", json::object{}}};
  if (one.type == "standard") {
    body["pattern"] = "routine";
  } else {
    body["title"] = "Move the basket";
    body["applications"] = json::array{json::string(one.target.application)};
    body["environments"] = json::array{json::string(one.target.environment)};
    body["risk"] = json::object{
        {"reversal", "at-once"}, {"reach", "some"}, {"novelty", "once"}, {"tested", "partly"}};
    if (one.backout_plan) body["backout_plan"] = "deploy the last one";
  }
  if (one.type == "emergency") {
    body["category"] = "outage";
    body["justification"] = kLongReason;
  }
  if (!one.target.version.empty()) {
    body["releases"] = json::array{json::string(one.target.application + "@" + one.target.version)};
  }
  post(
      one.by, "changes", body,
      [&](const json::value& answer) {
        one.id = text_at(answer.at("change"), "id");
        model_.changes.push_back(one);
        return std::optional(1);
      },
      obstacles);
}

Asked ApprovalChanges::demanded_of(Asked like, const std::string& who,
                                   const ApprovalModel::Demands& demands) {
  like.by = who;
  like.demands = demands.stages;
  like.levels = demands.levels;
  like.pending_until = demands.pending_until;
  like.validity = demands.validity;
  like.rejections = demands.rejections;
  like.retries = demands.retries;
  like.rationale = demands.rationale;
  like.password = demands.password;
  like.looked_at = model_.now;
  return like;
}

std::set<std::string> ApprovalChanges::why_not_ask(const Asked& asked,
                                                   const ApprovalModel::Demands& demands) {
  std::set<std::string> obstacles = demands.obstacles;
  if (demands.backout_plan && !asked.backout_plan) obstacles.insert("fields_missing");
  if (demands.stages.empty() && demands.obstacles.empty()) obstacles.insert("no_policy_applies");
  if (!model_.is_satisfiable(asked)) obstacles.insert("unsatisfiable");
  return obstacles;
}

int ApprovalChanges::opened(Asked asked, const std::string& id) {
  asked.id = id;
  asked.content = model_.content(asked);
  const int paused = model_.follow_incidents(asked);
  model_.requests.push_back(std::move(asked));
  return 1 + paused;
}

void ApprovalChanges::submit(Planned& one) {
  const std::string who = choose_.one_in(3) ? anybody_or_account() : one.by;
  const ApprovalModel::Demands demands = model_.demanded("change", one.target);
  Asked asked = demanded_of(ApprovalModel::asking(one), who, demands);
  asked.backout_plan = one.backout_plan;
  const bool is_standard = one.type == "standard";
  const bool is_pre_approved = is_standard && demands.stages.empty() && demands.obstacles.empty();
  std::set<std::string> obstacles;
  if (one.state != "draft") obstacles.insert("not_a_draft");
  if (one.until <= model_.now) obstacles.insert("window_over");
  if (is_standard) {
    Names askers = model_.answer_for(who);
    for (const std::string& editor : one.editors) askers.merge(model_.answer_for(editor));
    if (askers.contains(template_owner_)) obstacles.insert("own_template");
  } else if (!model_.overdue_reviews(one.target.application).empty()) {
    obstacles.insert("review_overdue");
  }
  if (!is_pre_approved) obstacles.merge(why_not_ask(asked, demands));
  post(
      who, "changes/" + one.id + "/submission", {},
      [&](const json::value& answer) {
        one.state = "submitted";
        one.editors.insert(who);
        if (is_pre_approved) return std::optional(1);
        return std::optional(1 + opened(asked, text_at(answer.at("approval"), "request")));
      },
      obstacles);
}

void ApprovalChanges::reopen_or_cancel(Planned& one) {
  const bool is_reopened = choose_.one_in(2);
  const std::string who = anybody_or_account();
  const std::string reason = choose_.one_in(8) ? "" : "it waits";
  std::set<std::string> obstacles;
  if (reason.empty()) obstacles.insert("reason_needed");
  if (one.state == "implementing") obstacles.insert("change_began");
  if (is_reopened && one.state == "draft") obstacles.insert("change_not_submitted");
  const bool is_over = one.state != "draft" && !one.is_open();
  if (is_over) obstacles.insert("change_ended");
  post(
      who, "changes/" + one.id + (is_reopened ? "/reopening" : "/cancellation"),
      {{"reason", reason}},
      [&](const json::value&) {
        one.state = is_reopened ? "draft" : "cancelled";
        if (is_reopened) {
          ++one.revision;
          one.editors.insert(who);
          one.endorsed.clear();
        }
        // What was approved of it is void.
        Asked* asked = model_.latest(ApprovalModel::asking(one));
        return std::optional(asked == nullptr ? 1 : 1 + settle(*asked));
      },
      obstacles);
}

void ApprovalChanges::begin_by_hand(Planned& one) {
  const std::string who = anybody_or_account();
  const bool is_frozen = model_.is_frozen(one.target);
  const Lifting* lift = is_frozen ? model_.lift(one.target, one.id) : nullptr;
  std::set<std::string> obstacles = model_.hindrances(one);
  const Names starters = model_.answer_for(who);
  const auto against = [&](const Asked& like) {
    // A change that has begun elsewhere used its approval up, for this place as well.
    const bool has_begun = like.kind == "change" && one.state == "implementing";
    const bool is_used = has_begun || model_.approval_of(like) == "granted";
    if (is_used && model_.has_approved(like, starters)) obstacles.insert("approver_deploys");
  };
  against(ApprovalModel::asking(one));
  if (lift != nullptr) against(ApprovalModel::asking(*lift));
  if (is_frozen && lift == nullptr) obstacles.insert("frozen");
  if (one.type != "emergency" && model_.is_paused(one.target)) obstacles.insert("incident_open");
  if (!one.target.version.empty()) obstacles.insert("started_by_deployment");
  post(
      who, "changes/" + one.id + "/start",
      {{"application", one.target.application}, {"environment", one.target.environment}},
      [&](const json::value&) {
        ++life_.changes_begun;
        life_.overrides_used += lift != nullptr ? 1 : 0;
        const int lifted = lift != nullptr ? model_.use_lift(*lift) : 0;
        return std::optional(lifted + model_.begin(one, who));
      },
      obstacles);
}

void ApprovalChanges::close(Planned& one) {
  std::set<std::string> obstacles;
  if (one.state == "draft" || one.state == "submitted") obstacles.insert("change_not_begun");
  if (one.state != "implementing") obstacles.insert("change_ended");
  post(
      anybody(), "changes/" + one.id + "/closing", {{"ending", "successful"}},
      [&](const json::value&) {
        one.state = "closed";
        return std::optional(1);
      },
      obstacles);
}

int ApprovalChanges::refuse(Planned& one, const std::string& act, const std::string& who,
                            const std::string& code) {
  static const std::set<std::string> kKept{"endorser_not_a_person", "own_emergency",
                                           "not_an_endorser",       "approver_endorses",
                                           "endorser_reviews",      "executor_reviews"};
  if (!kKept.contains(code)) return 0;
  return one.refused_acts.emplace(act, who, code).second ? 1 : 0;
}

std::set<std::string> ApprovalChanges::why_not_endorse(const Planned& one, const std::string& who) {
  StageRule endorsers;
  endorsers.roles = {"approver"};
  std::set<std::string> obstacles;
  const auto against = [&](bool speaks, const char* code) {
    if (speaks) obstacles.insert(code);
  };
  against(one.type != "emergency", "not_an_emergency");
  against(one.state == "draft", "change_not_submitted");
  against(one.state == "implementing", "change_began");
  against(one.state != "draft" && !one.is_open(), "change_ended");
  against(model_.owners.contains(who), "endorser_not_a_person");
  // Who endorsed it before may do so again, as it is now.
  Planned without = one;
  without.endorsers.clear();
  against(model_.involved(without).contains(who), "own_emergency");
  against(!model_.holders(endorsers).contains(who), "not_an_endorser");
  const Asked* asked = model_.latest(ApprovalModel::asking(one));
  const bool has_approved = asked != nullptr && asked->is_open() &&
                            model_.has_approved(ApprovalModel::asking(one), {who});
  against(has_approved, "approver_endorses");
  against(one.endorsed == model_.content(one), "endorsed_already");
  return obstacles;
}

void ApprovalChanges::endorse(Planned& one) {
  Names willing;
  for (const std::string& person : model_.active) {
    if (why_not_endorse(one, person).empty()) willing.insert(person);
  }
  const std::string who = mostly_of(willing);
  const bool is_shown = !choose_.one_in(10);
  const std::string reason = choose_.one_in(10) ? "" : "it cannot wait";
  std::set<std::string> obstacles = why_not_endorse(one, who);
  if (!is_shown) obstacles.insert("content_changed");
  if (reason.empty()) obstacles.insert("reason_needed");
  const auto view = desk_.look({.method = "GET", .target = kApi + "changes/" + one.id});
  const std::string digest = text_at(view, "digest");
  desk_.perform(
      {ask_of(who, "POST", "changes/" + one.id + "/endorsement",
              text({{"digest",
                     is_shown && !digest.empty() ? digest : "sha256:" + std::string(64, '0')},
                    {"reason", reason}})),
       {obstacles},
       [&](const json::value&) {
         one.endorsed = model_.content(one);
         one.endorsers.insert(who);
         return std::optional(1);
       },
       [&](const std::string& code) { return refuse(one, "endorsement", who, code); }});
}

void ApprovalChanges::look_back(Planned& one) {
  const std::string who = anybody_or_account();
  const std::string findings = choose_.one_in(10) ? "" : "the disk was full";
  std::set<std::string> obstacles;
  const auto against = [&](bool speaks, const char* code) {
    if (speaks) obstacles.insert(code);
  };
  Names writers = model_.answer_for(one.by);
  for (const std::string& editor : one.editors) writers.merge(model_.answer_for(editor));
  against(one.type != "emergency", "not_an_emergency");
  against(!one.review_due, "review_not_due");
  against(one.is_reviewed, "reviewed_already");
  against(model_.owners.contains(who), "endorser_not_a_person");
  against(writers.contains(who), "own_emergency");
  against(one.endorsers.contains(who), "endorser_reviews");
  against(model_.answer_for(one.begun_by).contains(who), "executor_reviews");
  against(findings.empty(), "reason_needed");
  desk_.perform(
      {ask_of(who, "POST", "changes/" + one.id + "/review", text({{"findings", findings}})),
       {obstacles},
       [&](const json::value&) {
         ++life_.reviewed;
         one.is_reviewed = true;
         return std::optional(1);
       },
       [&](const std::string& code) { return refuse(one, "review", who, code); }});
}

void ApprovalChanges::ask_override() {
  std::vector<const Planned*> by_hand;
  for (const Planned& one : model_.changes) {
    if (one.target.version.empty() && one.state == "submitted") by_hand.push_back(&one);
  }
  const Planned* of_change = by_hand.empty() || choose_.one_in(2) ? nullptr : choose_.of(by_hand);
  Lifting one{.id = "", .target = of_change != nullptr ? of_change->target : some_target()};
  if (of_change != nullptr) one.change = of_change->id;
  ask_override(std::move(one), of_change);
}

std::optional<Target> ApprovalChanges::kept_out_by_freeze() {
  std::vector<Target> all;
  for (const auto& [release, ignored] : model_.releases) {
    for (const char* environment : {"dev", "production"}) {
      const Target target{release.first, release.second, environment};
      const bool is_asked_for = std::ranges::any_of(model_.liftings, [&](const Lifting& one) {
        return one.change.empty() && one.target == target && !one.is_used &&
               model_.now < one.expires;
      });
      if (is_asked_for || model_.gate(target) != std::set<std::string>{"frozen"}) continue;
      const ApprovalModel::Demands demands = model_.demanded("freeze_override", target);
      // An override has no plan to go back, so nobody asks for one where a policy wants that
      // stated.
      const bool is_askable = demands.obstacles.empty() && !demands.backout_plan;
      if (!demands.stages.empty() && is_askable) all.push_back(target);
    }
  }
  return all.empty() ? std::nullopt : std::optional(choose_.of(all));
}

void ApprovalChanges::ask_override_of(const Target& target) {
  ask_override({.id = "", .target = target}, nullptr);
}

Asked* ApprovalChanges::override_asked_for() {
  const auto found = std::ranges::find_if(model_.requests, [&](const Asked& asked) {
    return asked.kind == "freeze_override" && asked.state == "pending" &&
           model_.ending(asked).empty() && model_.is_frozen(asked.target) &&
           !model_.is_paused(asked);
  });
  return found == model_.requests.end() ? nullptr : &*found;
}

std::optional<Target> ApprovalChanges::let_through() {
  for (const Lifting& one : model_.liftings) {
    const bool is_one = one.change.empty() && !one.is_used && model_.is_frozen(one.target);
    if (!is_one || model_.lift(one.target, "") != &one || !model_.gate(one.target).empty())
      continue;
    if (model_.running({one.target.application, one.target.environment}) == nullptr) {
      return one.target;
    }
  }
  return std::nullopt;
}

bool ApprovalChanges::begin_let_through() {
  for (Planned& one : model_.changes) {
    if (!one.target.version.empty() || !model_.is_frozen(one.target)) continue;
    if (one.type != "emergency" && model_.is_paused(one.target)) continue;
    if (!model_.hindrances(one).empty() || model_.lift(one.target, one.id) == nullptr) continue;
    begin_by_hand(one);
    return true;
  }
  return false;
}

void ApprovalChanges::ask_override(Lifting one, const Planned* of_change) {
  const std::string who = anybody_or_account();
  const auto hours = static_cast<Micros>(choose_.one_in(12) ? 25 : 1 + choose_.below(24));
  one.expires = model_.now + hours * kHour;
  one.freezes = model_.freezes_at(one.target, model_.now, one.expires);
  const ApprovalModel::Demands demands = model_.demanded("freeze_override", one.target);
  // Who has a part in it is worked out of the override, which the model has to know for that.
  one.id = "asked for";
  model_.liftings.push_back(one);
  const Asked asked = demanded_of(ApprovalModel::asking(one), who, demands);
  std::set<std::string> obstacles = why_not_ask(asked, demands);
  model_.liftings.pop_back();
  if (one.freezes.empty()) obstacles.insert("not_frozen");
  if (hours > 24) obstacles.insert("invalid_override");
  json::object body{{"application", one.target.application},
                    {"environment", one.target.environment},
                    {"hours", hours},
                    {"reason", kLongReason}};
  if (of_change != nullptr) {
    body["change"] = one.change;
  } else {
    body["version"] = one.target.version;
  }
  post(
      who, "freeze-overrides", body,
      [&](const json::value& answer) {
        one.id = text_at(answer.at("freeze_override"), "id");
        model_.liftings.push_back(one);
        Asked known = asked;
        known.subject = one.id;
        return std::optional(1 + opened(std::move(known), text_at(answer, "request")));
      },
      obstacles);
}

}  // namespace holdpoint::sim
