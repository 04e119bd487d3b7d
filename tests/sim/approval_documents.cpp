// See approval_documents.hpp.
#include "sim/approval_documents.hpp"

#include "base/instant.hpp"

namespace holdpoint::sim {
namespace {

constexpr Micros kHour = 3'600'000'000;

std::string head(const std::string& kind, const std::string& name) {
  return "apiVersion: holdpoint/v1\nkind: " + kind + "\nmetadata: {name: " + name +
         (kind == "ApprovalPolicy" ? ", owner: \"team:core\"" : "") + "}\nspec:\n";
}

template <class List>
std::string listed(const List& names, const NameOf& name_of) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name_of(name);
  return "[" + out + "]";
}

std::string plainly(const std::string& name) { return name; }

/// Only the first stage of a route names people alone, so that two never need the same ones.
StageRule some_stage(test::SeededRandom& random, const std::string& name, bool is_first) {
  StageRule stage;
  stage.name = name;
  const auto dice = random.below(8);
  if (dice < 3 || (dice == 7 && !is_first)) stage.roles.insert("approver");
  if (dice == 1 || dice == 3) stage.roles.insert("developer");
  if (dice >= 4 && dice < 7) stage.approval_roles.insert("board");
  if (dice == 5 || dice == 6) stage.approval_roles.insert("duty");
  if (dice == 2 || dice == 7) stage.people = {"p1", "p4"};
  switch (random.below(10)) {
    case 0: stage.form = StageRule::Form::majority; break;
    case 1:
      if (random.below(2) == 0) stage.form = StageRule::Form::all;
      break;
    case 2:
      stage.form = StageRule::Form::percent;
      stage.value = 1 + static_cast<int>(random.below(100));
      break;
    case 3:
    case 4:
    case 5: stage.value = 2; break;
    default: break;
  }
  return stage;
}

RouteRule some_route(test::SeededRandom& random, const std::string& name) {
  RouteRule route;
  route.name = name;
  route.parallel = random.below(2) == 0;
  const auto stages = 1 + (random.below(2) == 0 ? random.below(3) : 0);
  for (std::uint64_t i = 0; i < stages; ++i) {
    route.stages.push_back(some_stage(random, name + "-" + std::to_string(i), i == 0));
  }
  return route;
}

/// Whom a backup or a manager level reaches: now and then nobody.
StageRule some_reach(test::SeededRandom& random) {
  StageRule reach;
  switch (random.below(6)) {
    case 0: reach.roles = {"developer"}; break;
    case 1: reach.roles = {"approver"}; break;
    case 2: reach.approval_roles = {"duty"}; break;
    case 3: reach.approval_roles = {"board", "duty"}; break;
    case 4: reach.people = {"p2", "p6"}; break;
    default: reach.roles = {"auditor"}; break;  // whom the house has none of
  }
  return reach;
}

std::vector<LevelRule> some_levels(test::SeededRandom& random, const PolicyRule& policy) {
  std::vector<LevelRule> levels;
  for (auto left = random.below(4); left > 0; --left) {
    LevelRule level;
    level.name = "level-" + std::to_string(levels.size());
    level.after = static_cast<Micros>(1 + random.below(30)) * kHour;
    if (random.below(3) == 0) {
      level.after_when_high = static_cast<Micros>(1 + random.below(20)) * kHour;
    }
    constexpr LevelRule::To kinds[] = {LevelRule::To::reminder, LevelRule::To::backup,
                                       LevelRule::To::manager};
    level.to = kinds[random.below(3)];
    if (level.to != LevelRule::To::reminder) level.reaches = some_reach(random);
    if (random.below(3) == 0) level.stages = {policy.routes.back().stages.back().name};
    levels.push_back(std::move(level));
  }
  return levels;
}

std::string text_of(const StageRule& stage, const NameOf& name_of) {
  std::string out = "        - {name: " + stage.name;
  if (!stage.roles.empty()) out += ", roles: " + listed(stage.roles, plainly);
  if (!stage.approval_roles.empty()) {
    out += ", approvalRoles: " + listed(stage.approval_roles, plainly);
  }
  if (!stage.people.empty()) out += ", people: " + listed(stage.people, name_of);
  switch (stage.form) {
    case StageRule::Form::minimum: out += ", minimum: " + std::to_string(stage.value); break;
    case StageRule::Form::majority: out += ", quorum: majority"; break;
    case StageRule::Form::all: out += ", quorum: all"; break;
    case StageRule::Form::percent:
      out += ", quorum: \"" + std::to_string(stage.value) + "%\"";
      break;
  }
  return out + "}\n";
}

std::string text_of(const LevelRule& level, const NameOf& name_of) {
  constexpr const char* kinds[] = {"reminder", "backup", "manager"};
  std::string out = "    - {name: " + level.name + ", to: " + kinds[static_cast<int>(level.to)] +
                    ", after: " + std::to_string(level.after / kHour) + "h";
  if (level.after_when_high != 0) {
    out += ", afterByCriticality: {high: " + std::to_string(level.after_when_high / kHour) +
           "h, critical: 1h}";
  }
  const StageRule& reach = level.reaches;
  if (!reach.roles.empty()) out += ", roles: " + listed(reach.roles, plainly);
  if (!reach.approval_roles.empty()) {
    out += ", approvalRoles: " + listed(reach.approval_roles, plainly);
  }
  if (!reach.people.empty()) out += ", people: " + listed(reach.people, name_of);
  if (!level.stages.empty()) out += ", stages: " + listed(level.stages, plainly);
  return out + "}\n";
}

std::string text_of(const RouteRule& route, const NameOf& name_of) {
  std::string out = "    - name: " + route.name + "\n";
  if (route.when == RouteRule::When::cardholder) out += "      when: flags.cardholder\n";
  if (route.when == RouteRule::When::plain) out += "      when: \"!flags.cardholder\"\n";
  if (route.parallel) out += "      order: parallel\n";
  out += "      stages:\n";
  for (const StageRule& stage : route.stages) out += text_of(stage, name_of);
  return out;
}

}  // namespace

PolicyRule some_policy(test::SeededRandom& random, const std::string& name) {
  const auto one_in = [&](std::uint64_t n) { return random.below(n) == 0; };
  PolicyRule policy;
  policy.name = name;
  policy.enforced = !one_in(8);
  policy.production_only = !one_in(4);
  policy.forgets_waivers = one_in(8);
  if (!one_in(3)) policy.pending = static_cast<Micros>(1 + random.below(96)) * kHour;
  if (!one_in(3)) policy.validity = static_cast<Micros>(1 + random.below(48)) * kHour;
  if (one_in(2)) policy.rejections = 2;
  if (one_in(2)) policy.retries = 1 + static_cast<int>(random.below(2));
  policy.rationale = one_in(4);
  policy.password = one_in(6);
  policy.backout_plan = one_in(4);
  policy.routes.push_back(some_route(random, "main"));
  if (one_in(2)) {
    policy.routes.push_back(some_route(random, "cards"));
    policy.routes.back().when = RouteRule::When::cardholder;
    policy.routes.front().when = one_in(4) ? RouteRule::When::plain : RouteRule::When::always;
  } else if (one_in(12)) {
    // It applies to the others too, and says nothing of who approves those: nobody can.
    policy.routes.front().when = RouteRule::When::cardholder;
  }
  policy.levels = some_levels(random, policy);
  return policy;
}

std::string document_of(const PolicyRule& policy, const NameOf& name_of) {
  std::string out = head("ApprovalPolicy", policy.name);
  out += std::string("  mode: ") + (policy.enforced ? "enforce" : "warn") + "\n";
  if (policy.beside_promotions) out += "  match: subject.kind != \"promotion\"\n";
  if (policy.production_only) {
    out += "  match: ";
    if (!policy.forgets_waivers) out += "subject.kind != \"waiver\" && ";
    out += "has(environment.kind) && environment.kind == \"production\"\n";
  }
  if (policy.pending != 0) {
    out += "  pendingTimeout: " + std::to_string(policy.pending / kHour) + "h\n";
  }
  if (policy.validity != 0) {
    out += "  validity: " + std::to_string(policy.validity / kHour) + "h\n";
  }
  out += "  rejections: " + std::to_string(policy.rejections) + "\n";
  if (policy.retries != 0) out += "  retries: " + std::to_string(policy.retries) + "\n";
  if (policy.rationale) out += "  rationale: required\n";
  if (policy.password) out += "  password: required\n";
  if (policy.backout_plan) out += "  requiredFields: [backout_plan]\n";
  out += "  routes:\n";
  for (const RouteRule& route : policy.routes) out += text_of(route, name_of);
  if (!policy.levels.empty()) out += "  escalation:\n";
  for (const LevelRule& level : policy.levels) out += text_of(level, name_of);
  return out;
}

std::string document_of(const std::string& name, const ApprovalRoleRule& role,
                        const NameOf& name_of) {
  std::string out = head("ApprovalRole", name);
  out += "  people: " + listed(role.people, name_of) + "\n";
  out += "  teams: " + listed(role.teams, plainly) + "\n";
  if (!role.turns.empty()) {
    out +=
        "  rota:\n    zone: Etc/UTC\n    layers:\n      - people: " + listed(role.turns, name_of) +
        "\n        shift: day\n        handover: \"00:00\"\n        start: 2026-01-01\n";
  }
  return out;
}

std::string document_of_team(const std::string& name, const Names& members, const NameOf& name_of) {
  return head("Team", name) + "  members: " + listed(members, name_of) + "\n";
}

std::string document_of(const std::string& name, const Closed& freeze) {
  return head("Freeze", name) +
         "  owner: team-finance\n  reason: The books are closed.\n  environments: [" +
         freeze.environment + "]\n  once: {from: \"" + Instant{freeze.from}.text() +
         "\", until: \"" + Instant{freeze.until}.text() + "\"}\n";
}

std::string criteria_of_approvals() {
  return "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
         "metadata: {name: baseline, owner: \"team:core\"}\nspec:\n  mode: enforce\n  rules:\n"
         "    - id: unimportant\n"
         "      require: application.criticality == \"low\"\n"
         "      message: It does not matter much.\n";
}

std::string template_of_changes() {
  return head("ChangeTemplate", "routine") +
         "  owner: team:core\n  applications: [shop]\n  environments: [production]\n"
         "  backout_plan: Put the old one back.\n  customer_impact: None.\n"
         "  risk: {reversal: at-once, reach: nobody, novelty: often, tested: like-production}\n"
         "  window_max: 12h\n  varies: [releases]\n";
}

std::string path_of_emergencies() {
  return head("EmergencyPath", "outages") +
         "  owner: team:core\n  categories: [outage]\n  declarers: [developer]\n"
         "  endorsers: [approver]\n";
}

std::string catalog_of_approvals() {
  const auto application = [](const std::string& name, const std::string& classes) {
    return head("Application", name) + "  owners: [team:" + name +
           "]\n  criticality: high\n  data_classes: [" + classes +
           "]\n  environments: [dev, production]\n---\n";
  };
  const auto environment = [](const std::string& name, const std::string& kind) {
    return head("Environment", name) + "  order: 10\n  kind: " + kind +
           "\n  requires_certification: false\n" +
           (name == "dev" ? "  requires_change: true\n" : "");
  };
  return application("shop", "cardholder") + application("blog", "") +
         environment("dev", "development") + "---\n" + environment("production", "production");
}

}  // namespace holdpoint::sim
