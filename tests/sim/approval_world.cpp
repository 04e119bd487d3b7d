// See approval_world.hpp.
#include "sim/approval_world.hpp"

#include <algorithm>

namespace holdpoint::sim {
namespace {

constexpr Micros kMinute = 60'000'000;
constexpr Micros kHour = 60 * kMinute;
constexpr Micros kDay = 24 * kHour;
constexpr std::size_t kPeople = 12;
constexpr std::size_t kStrangers = 3;  // whom commits name and nobody made people of
constexpr std::size_t kReleasesMax = 10;
constexpr std::size_t kTroublesMax = 3;  // at once
const std::string kApi = "/api/v1/main/";

std::string text(const json::object& body) { return json::serialize(body); }

json::array listed(const Names& names) {
  json::array out;
  for (const std::string& name : names) out.emplace_back(name);
  return out;
}

}  // namespace

Ask ApprovalWorld::ask_of(const std::string& who, const std::string& method,
                          const std::string& path, std::string body) {
  return {.method = method,
          .target = kApi + path,
          .body = std::move(body),
          .idempotency_key = desk_.fresh_key(),
          .actor = desk_.id(who)};
}

void ApprovalWorld::post(const std::string& who, const std::string& path, const json::object& body,
                         const Effect& effect, std::set<std::string> obstacles) {
  desk_.perform({ask_of(who, "POST", path, text(body)), {std::move(obstacles)}, effect, {}});
}

void ApprovalWorld::apply(const std::string& document, const std::function<void()>& effect) {
  desk_.perform({ask_of(anybody(), "POST", "apply", document),
                 {},
                 [&](const json::value&) -> std::optional<int> {
                   effect();
                   return std::nullopt;
                 },
                 {}});
}

void ApprovalWorld::add_person(const std::string& name) {
  Ask ask{.method = "POST",
          .target = "/api/v1/people",
          .body = text({{"name", name}, {"email", name + "@example.com"}})};
  desk_.perform({std::move(ask),
                 {},
                 [&](const json::value& answer) -> std::optional<int> {
                   desk_.name(name, text_at(answer, "id"));
                   model_.known.insert(name);
                   model_.active.insert(name);
                   return 0;
                 },
                 {}});
}

void ApprovalWorld::settle_in() {
  for (std::size_t i = 0; i < kPeople; ++i) add_person("p" + std::to_string(i));
  apply(catalog_of_approvals(), [] {});
  model_.built_in = {{"approver", {}}, {"developer", {}}, {"auditor", {}}};
  for (const char* name : {"p1", "p2", "p3", "p4", "p7", "p8"}) assign(name, "approver");
  for (const char* name : {"p0", "p4", "p5", "p6", "p9"}) assign(name, "developer");
  for (const char* name : {"s0", "s1", "s2"}) open_account(name);
  assign("s0", "approver");  // which makes no approver of a program
  change_team("core");
  change_role("board");
  change_role("duty");
  change_policy("alpha");
  change_policy("beta");
  change_policy("gamma");
  apply(criteria_of_approvals(), [] {});
  for (int i = 0; i < 3; ++i) propose();
}

void ApprovalWorld::open_account(const std::string& name) {
  const std::string owner = anybody();
  post(owner, "service-accounts", {{"name", name}}, [&, owner](const json::value& answer) {
    desk_.name(name, text_at(answer, "id"));
    model_.owners[name] = {owner};
    accounts_.push_back(name);
    return std::optional(1);
  });
}

void ApprovalWorld::assign(const std::string& who, const std::string& role) {
  const bool is_account = model_.owners.contains(who);
  const auto key = std::pair(who, role);
  std::set<std::string> obstacles;
  if (assignments_.contains(key)) obstacles.insert("role_assignment_exists");
  if (!is_account && !model_.active.contains(who)) obstacles.insert("person_deactivated");
  post(
      anybody(), "role-assignments",
      {{"actor_kind", is_account ? "service_account" : "person"},
       {"actor_id", desk_.id(who)},
       {"role", role}},
      [&, key, is_account](const json::value& answer) {
        assignments_[key] = text_at(answer, "id");
        if (!is_account) model_.built_in[key.second].insert(key.first);
        return std::optional(1);
      },
      obstacles);
}

void ApprovalWorld::unassign() {
  if (assignments_.size() < 4) return;
  const auto [key, id] = choose_.of(assignments_);
  const std::pair<std::string, std::string> gone = key;
  desk_.perform({ask_of(anybody(), "DELETE", "role-assignments/" + id, ""),
                 {},
                 [this, gone](const json::value&) {
                   assignments_.erase(gone);
                   model_.built_in[gone.second].erase(gone.first);
                   return std::optional(1);
                 },
                 {}});
}

Names ApprovalWorld::some_people(std::uint64_t most) {
  Names out;
  for (auto left = 1 + choose_.below(most); left > 0; --left) out.insert(choose_.of(model_.known));
  return out;
}

void ApprovalWorld::change_team(const std::string& name) {
  const Names members = some_people(5);
  apply(document_of_team(name, members, as_id()), [&] { model_.teams[name] = members; });
}

void ApprovalWorld::change_role(const std::string& name) {
  ApprovalRoleRule role;
  role.people = some_people(6);
  if (choose_.one_in(2)) role.teams = {"core"};
  if (name == "duty") {
    const Names turns = some_people(4);
    role.turns.assign(turns.begin(), turns.end());
  }
  apply(document_of(name, role, as_id()), [&] { model_.approval_roles[name] = role; });
}

void ApprovalWorld::change_policy(const std::string& name) {
  PolicyRule policy = some_policy(random_, name);
  if (name == "gamma") {
    policy.beside_promotions = true;
    policy.production_only = false;
    policy.backout_plan = false;
  }
  apply(document_of(policy, as_id()), [&] { model_.policies[name] = policy; });
}

void ApprovalWorld::someone_comes_or_goes() {
  if (choose_.one_in(2) && model_.active.size() > 5) {
    const std::string who = anybody();
    std::string by = anybody();
    if (by == who) return;
    Ask ask{.method = "POST", .target = "/api/v1/people/" + desk_.id(who) + "/deactivation"};
    ask.actor = desk_.id(by);
    desk_.perform({std::move(ask),
                   {},
                   [&](const json::value&) {
                     model_.active.erase(who);
                     return std::optional(0);
                   },
                   {}});
    return;
  }
  const std::string stranger = "x" + std::to_string(choose_.below(kStrangers));
  if (!model_.known.contains(stranger)) add_person(stranger);
}

void ApprovalWorld::issue_token() {
  const std::string account = choose_.of(accounts_);
  const std::string who = anybody();
  Ask ask = ask_of(who, "POST", "tokens",
                   text({{"service_account_id", desk_.id(account)},
                         {"name", "t"},
                         {"scopes", json::array{"gate.check"}},
                         {"expires_in", "1h"}}));
  ask.idempotency_key.clear();  // a token is shown once, so a repetition is another answer
  desk_.perform({std::move(ask),
                 {},
                 [&](const json::value&) {
                   model_.owners[account].insert(who);
                   return std::optional(1);
                 },
                 {}});
}

void ApprovalWorld::lend() {
  const std::string from = anybody();
  const std::string to = choose_.of(model_.known);
  Lent lent{.id = "", .from = from, .to = to};
  if (choose_.one_in(3)) lent.roles.insert(choose_.one_in(2) ? "board" : "approver");
  if (choose_.one_in(4)) lent.roles.insert("duty");
  lent.begins =
      model_.now + (choose_.one_in(2) ? 0 : static_cast<Micros>(choose_.below(50)) * kHour);
  lent.ends = lent.begins + static_cast<Micros>(choose_.below(100)) * kHour;
  std::set<std::string> obstacles;
  if (from == to) obstacles.insert("delegation_to_self");
  if (!model_.active.contains(to)) obstacles.insert("person_deactivated");
  if (lent.ends <= lent.begins) obstacles.insert("delegation_period_empty");
  int own = 0;
  for (const Lent& other : model_.lent) {
    if (other.revoked || other.ends <= model_.now) continue;
    own += other.from == from ? 1 : 0;
    const bool back = other.from == to && other.to == from;
    if (back && other.begins < lent.ends && lent.begins < other.ends) {
      obstacles.insert("delegation_reciprocal");
    }
  }
  if (own >= 20) obstacles.insert("delegation_limit");
  post(
      from, "delegations",
      {{"delegate", desk_.id(to)},
       {"roles", listed(lent.roles)},
       {"from", Instant{lent.begins}.text()},
       {"until", Instant{lent.ends}.text()},
       {"reason", "away"}},
      [&](const json::value& answer) {
        lent.id = text_at(answer, "id");
        model_.lent.push_back(lent);
        return std::optional(1);
      },
      obstacles);
}

void ApprovalWorld::end_lending() {
  if (model_.lent.empty()) return;
  Lent& lent = model_.lent[choose_.below(model_.lent.size())];
  std::set<std::string> obstacles;
  if (lent.revoked || lent.ends <= model_.now) obstacles.insert("delegation_over");
  desk_.perform({ask_of(anybody(), "DELETE", "delegations/" + lent.id, ""),
                 {obstacles},
                 [&](const json::value&) {
                   lent.revoked = true;
                   return std::optional(1);
                 },
                 {}});
}

json::object ApprovalWorld::contributor(const std::string& name) {
  return {{"name", name}, {"email", name + "@example.com"}};
}

std::string ApprovalWorld::somebody_of_git() {
  if (choose_.one_in(24)) return "x" + std::to_string(choose_.below(kStrangers));
  return "p" + std::to_string(choose_.below(kPeople));
}

void ApprovalWorld::propose() {
  if (model_.releases.size() >= kReleasesMax) return;
  const std::string application = choose_.one_in(3) ? "blog" : "shop";
  const std::string version = "1." + std::to_string(model_.releases.size());
  Proposed release{.by = anybody_or_account(), .contributors = {}};
  json::array commits;
  for (auto left = choose_.one_in(3) ? 2 : 1; left > 0; --left) {
    json::object commit{{"sha", std::string(39, 'a') + std::to_string(left)}};
    const auto add = [&](const char* part, bool is_list) {
      const std::string who = somebody_of_git();
      release.contributors.insert(who);
      if (is_list)
        commit[part] = json::array{contributor(who)};
      else
        commit[part] = contributor(who);
    };
    add("author", false);
    if (choose_.one_in(3)) add("committer", false);
    if (choose_.one_in(3)) add("co_authors", true);
    commits.push_back(commit);
  }
  const json::object artifact{{"name", "a.tar"}, {"digest", "sha256:" + std::string(64, '1')}};
  post(release.by, "releases",
       {{"application", application},
        {"version", version},
        {"commits", commits},
        {"artifacts", json::array{artifact}}},
       [&](const json::value&) {
         Proposed proposed = release;
         proposed.order = model_.releases.size();
         model_.releases[{application, version}] = std::move(proposed);
         return std::optional<int>();
       });
}

void ApprovalWorld::configure() {
  const std::string environment = choose_.one_in(3) ? "dev" : "production";
  const std::string application = choose_.one_in(3) ? "blog" : "shop";
  const std::string value = std::to_string(choose_.below(3));
  const std::string who = anybody_or_account();
  post(who, "environments/" + environment + "/configurations",
       {{"application", application}, {"document", json::object{{"replicas", value}}}},
       [&](const json::value&) {
         Configured& configured = model_.configured[{application, environment}];
         if (configured.present == value) return std::optional(0);
         configured.present = value;
         configured.by[value].insert(who);
         return std::optional(1);
       });
}

Target ApprovalWorld::some_target() {
  const auto& release = choose_.of(model_.releases).first;
  return {release.first, release.second, choose_.one_in(4) ? "dev" : "production"};
}

int ApprovalWorld::settle(Asked& asked) {
  const bool was_granted = asked.state == "granted";
  const int entries = model_.settle(asked);
  life_.granted += !was_granted && asked.state == "granted" ? 1 : 0;
  return entries != 0 ? entries + model_.follow(asked) : 0;
}

/// What an incident that was declared, changed or resolved does to all that waits.
int ApprovalWorld::follow_incidents() {
  int entries = 0;
  for (Asked& asked : model_.requests) {
    const bool was_stopped = asked.is_stopped();
    const bool was_granted = asked.state == "granted";
    entries += model_.follow_incidents(asked);
    life_.granted += !was_granted && asked.state == "granted" ? 1 : 0;
    life_.paused += !was_stopped && asked.is_stopped() ? 1 : 0;
  }
  return entries;
}

void ApprovalWorld::spread(Trouble& trouble) {
  trouble.environments = {choose_.one_in(3) ? "dev" : "production"};
  if (choose_.one_in(4)) trouble.environments = {"dev", "production"};
  trouble.applications.clear();
  if (choose_.one_in(4)) return;
  trouble.applications.insert(choose_.one_in(2) ? "shop" : "blog");
  if (choose_.one_in(3)) trouble.applications = {"blog", "shop"};
}

void ApprovalWorld::trouble() {
  std::vector<Trouble*> open;
  for (Trouble& one : model_.troubles) {
    if (one.open) open.push_back(&one);
  }
  if (open.empty() || (open.size() < kTroublesMax && choose_.one_in(4))) return declare();
  Trouble& one = *choose_.of(open);
  if (choose_.one_in(3)) return look_closer(one);
  post(anybody(), "incidents/" + one.id + "/resolution", {{"reason", "mended"}},
       [&](const json::value&) {
         one.open = false;
         return std::optional(1 + follow_incidents());
       });
}

/// Now and then just before a deployment is too old to have failed by it, or just after.
void ApprovalWorld::declare() {
  std::vector<Micros> edges;
  for (const auto& [place, all] : model_.deployed) {
    if (all.empty() || !all.back().ended || all.back().implicated) continue;
    if (const Micros at = *all.back().ended + kDay; at > model_.now + 1) edges.push_back(at);
  }
  if (!edges.empty() && choose_.one_in(4)) {
    desk_.move_clock(choose_.of(edges) - model_.now - (choose_.one_in(2) ? 1 : 0));
  }
  Trouble one{.id = "", .severity = "sev" + std::to_string(1 + choose_.below(4))};
  spread(one);
  post(anybody(), "incidents",
       {{"title", "It is slow"},
        {"severity", one.severity},
        {"environments", listed(one.environments)},
        {"applications", listed(one.applications)}},
       [&](const json::value& answer) {
         one.id = text_at(answer, "id");
         one.declared = model_.now;
         model_.troubles.push_back(one);
         return std::optional(1 + implicate(one) + follow_incidents());
       });
}

void ApprovalWorld::look_closer(Trouble& trouble) {
  Trouble changed = trouble;
  if (!choose_.one_in(3)) changed.severity = "sev" + std::to_string(1 + choose_.below(4));
  if (choose_.one_in(3)) spread(changed);
  post(anybody(), "incidents/" + trouble.id + "/changes",
       {{"reason", "looked closer"},
        {"severity", changed.severity},
        {"environments", listed(changed.environments)},
        {"applications", listed(changed.applications)}},
       [&](const json::value&) {
         if (changed == trouble) return std::optional(0);
         trouble = changed;
         return std::optional(1 + implicate(trouble) + follow_incidents());
       });
}

int ApprovalWorld::implicate(const Trouble& trouble) {
  const int entries = model_.implicate(trouble);
  life_.implicated += static_cast<std::uint64_t>(entries);
  return entries;
}

void ApprovalWorld::freeze() {
  const std::string name = choose_.one_in(2) ? "books" : "fair";
  Closed closed{.environment = choose_.one_in(3) ? "dev" : "production"};
  closed.from = model_.now + (static_cast<Micros>(choose_.below(30)) - 10) * kHour;
  closed.until = closed.from + static_cast<Micros>(1 + choose_.below(20)) * kHour;
  apply(document_of(name, closed), [&] { model_.freezes[name] = closed; });
}

void ApprovalWorld::time_passes() {
  std::vector<Micros> edges;
  for (const Asked& asked : model_.requests) {
    if (asked.state == "pending") edges.push_back(asked.pending_until);
    if (asked.state == "granted") edges.push_back(*asked.valid_until);
    if (asked.state != "pending") continue;
    for (const Level& level : asked.levels) edges.push_back(level.due);
    for (const Ballot& ballot : asked.ballots) {
      if (ballot.counts_from) edges.push_back(*ballot.counts_from);
    }
  }
  for (const Planned& one : model_.changes) {
    if (one.is_open()) edges.insert(edges.end(), {one.from, one.until});
    if (one.review_due) edges.push_back(*one.review_due);
  }
  for (const Lifting& one : model_.liftings) edges.push_back(one.expires);
  for (const Waived& one : model_.waivers) edges.push_back(one.until);
  for (const Lent& lent : model_.lent) edges.insert(edges.end(), {lent.begins, lent.ends});
  for (const auto& [name, freeze] : model_.freezes) {
    edges.insert(edges.end(), {freeze.from, freeze.until});
  }
  std::erase_if(edges,
                [&](Micros at) { return at <= model_.now + 1 || at > model_.now + 3 * kDay; });
  if (!edges.empty() && choose_.one_in(3)) {
    desk_.move_clock(choose_.of(edges) - model_.now - (choose_.one_in(3) ? 1 : 0));
    return;
  }
  const Micros most = choose_.one_in(24) ? 2 * kDay : choose_.one_in(4) ? 3 * kHour : kMinute;
  desk_.move_clock(static_cast<Micros>(choose_.below(static_cast<std::uint64_t>(most))));
}

}  // namespace holdpoint::sim
