// See spec_parts.hpp. A demand that nobody can meet is refused when it is written, not when the
// release is waiting for it.
#include "policy/spec_parts.hpp"

#include <algorithm>
#include <set>

#include "base/schema_document.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t elements_max = 100;
constexpr std::int64_t loop_depth_max = 10;
constexpr std::int64_t years_max = 100;
constexpr std::int64_t percent_max = 100;
constexpr std::int64_t escalation_percent_max = 1'000;
constexpr std::int64_t rejections_max = 50;
constexpr std::int64_t retries_max = 10;
constexpr Duration exclude_editors_min = Duration::hours(1);
constexpr Duration exclude_editors_max = Duration::days(90);

class PartReader {
 public:
  ReadPart take() { return std::move(out_); }

  void check(const ApprovalPart& part) {
    at_least_one("/spec/routes", part.routes.size(), "a route of approval");
    std::set<std::string> names;
    for (std::size_t i = 0; i < part.routes.size(); ++i) {
      const Route& route = part.routes[i];
      const std::string path = "/spec/routes/" + std::to_string(i);
      name(path + "/name", route.name, names);
      condition(route.name, path + "/when", route.when);
      for (JsonIssue& issue : check_route(route, path)) out_.issues.push_back(std::move(issue));
    }
    if (part.pendingTimeout) duration("/spec/pendingTimeout", *part.pendingTimeout);
    if (part.validity) duration("/spec/validity", *part.validity);
    if (part.rejections && (*part.rejections < 1 || *part.rejections > rejections_max)) {
      issue("/spec/rejections", "expected 1 to 50: what nobody can reject is not decided");
    }
    if (part.retries && (*part.retries < 0 || *part.retries > retries_max)) {
      issue("/spec/retries", "expected 0 to 10: an approval is not good for any number of tries");
    }
    if (part.excludeEditors) exclude_editors(*part.excludeEditors);
    for (std::size_t i = 0; i < part.requiredFields.size(); ++i) {
      if (part.requiredFields[i].empty()) {
        issue("/spec/requiredFields/" + std::to_string(i), "must not be empty");
      }
    }
    for (JsonIssue& issue : check_escalation(part)) out_.issues.push_back(std::move(issue));
  }

  void check(const SlaPart& part) {
    at_least_one("/spec/goals", part.goals.size(), "a goal");
    at_least_one("/spec/escalation", part.escalation.size(),
                 "a step of escalation: a goal that nobody hears about is none");
    std::set<std::string> names;
    for (std::size_t i = 0; i < part.goals.size(); ++i) {
      const Goal& goal = part.goals[i];
      const std::string path = "/spec/goals/" + std::to_string(i);
      name(path + "/name", goal.name, names);
      condition(goal.name, path + "/when", goal.when);
      duration(path + "/within", goal.within);
      if (goal.warnAt.empty()) {
        issue(path + "/warnAt", "a goal warns before it is missed: 1 to 99 percent of its time");
      }
      rising(path + "/warnAt", goal.warnAt);
    }
    std::int64_t before = 0;
    for (std::size_t i = 0; i < part.escalation.size(); ++i) {
      const std::string path = "/spec/escalation/" + std::to_string(i);
      const EscalationStep& step = part.escalation[i];
      if (step.at <= before || step.at > escalation_percent_max) {
        issue(path + "/at", "expected a percentage over that of the step before, at most 1000");
      }
      before = step.at;
      at_least_one(path + "/to", step.to.size(), "somebody who hears of it");
    }
  }

  void check(const RollbackPart& part) {
    at_least_one("/spec/triggers", part.triggers.size(), "a trigger");
    std::set<std::string> names;
    for (std::size_t i = 0; i < part.triggers.size(); ++i) {
      const std::string path = "/spec/triggers/" + std::to_string(i);
      name(path + "/name", part.triggers[i].name, names);
      condition(part.triggers[i].name, path + "/when", part.triggers[i].when);
    }
    duration("/spec/due", part.due);
    const bool confirmed = part.execution == RollbackExecution::confirmed;
    if (confirmed && part.confirmedBy.empty()) {
      issue("/spec/confirmedBy", "a rollback that is confirmed names who confirms it");
    }
    if (!confirmed && !part.confirmedBy.empty()) {
      issue("/spec/confirmedBy", "an automatic rollback is confirmed by nobody");
    }
  }

  void check(const AutomationPart& part) {
    if (part.trigger.event.has_value() == part.trigger.every.has_value()) {
      issue("/spec/trigger", "expected either 'event' or 'every'");
    }
    if (part.trigger.event && !part.trigger.event->contains('.')) {
      issue("/spec/trigger/event", "expected the type of an event, such as evidence.received");
    }
    if (part.trigger.every) duration("/spec/trigger/every", *part.trigger.every);
    condition("when", "/spec/when", part.when);
    at_least_one("/spec/actions", part.actions.size(), "an action");
    for (std::size_t i = 0; i < part.actions.size(); ++i) check(part.actions[i], i);
    if (part.loopDepth && (*part.loopDepth < 1 || *part.loopDepth > loop_depth_max)) {
      issue("/spec/loopDepth", "expected 1 to 10");
    }
  }

  void check(const AgentPart& part) {
    at_least_one("/spec/mutations", part.mutations.size(), "a mutation");
    for (std::size_t i = 0; i < part.mutations.size(); ++i) {
      const std::string path = "/spec/mutations/" + std::to_string(i);
      if (part.mutations[i].mutation.empty()) issue(path + "/mutation", "must not be empty");
      condition(part.mutations[i].mutation, path + "/when", part.mutations[i].when);
    }
  }

  void check(const RetentionPart& part) {
    at_least_one("/spec/retain", part.retain.size(), "a rule of retention");
    std::set<std::string> types;
    for (std::size_t i = 0; i < part.retain.size(); ++i) {
      const std::string path = "/spec/retain/" + std::to_string(i);
      const RetentionRule& rule = part.retain[i];
      at_least_one(path + "/recordTypes", rule.recordTypes.size(), "a type of record");
      for (std::size_t k = 0; k < rule.recordTypes.size(); ++k) {
        if (types.insert(rule.recordTypes[k] + " " + rule.framework).second) continue;
        issue(path + "/recordTypes/" + std::to_string(k),
              "this type has a rule for the framework already");
      }
      if (rule.framework.empty()) issue(path + "/framework", "must not be empty");
      if (rule.years < 1 || rule.years > years_max) issue(path + "/years", "expected 1 to 100");
    }
  }

  void add(JsonIssue issue) { out_.issues.push_back(std::move(issue)); }

 private:
  void check(const AutomationAction& action, std::size_t i) {
    const std::string path = "/spec/actions/" + std::to_string(i);
    const bool calls = action.type == AutomationActionType::call_webhook;
    if (calls && !action.url.value_or("").starts_with("https://")) {
      issue(path + "/url", "a webhook is called at an https:// address");
    }
    if (!calls && action.url) issue(path + "/url", "only call_webhook has an address");
    const bool addressed = action.type == AutomationActionType::notify ||
                           action.type == AutomationActionType::assign ||
                           action.type == AutomationActionType::escalate ||
                           action.type == AutomationActionType::require_approval;
    if (addressed) at_least_one(path + "/to", action.to.size(), "somebody it is addressed to");
  }

  void issue(std::string path, std::string message) {
    out_.issues.push_back({std::move(path), std::move(message), 0});
  }

  void at_least_one(const std::string& path, std::size_t count, const std::string& what) {
    if (count == 0) issue(path, "expected at least " + what);
    if (count > elements_max) issue(path, "more than 100 elements");
  }

  void name(const std::string& path, const std::string& name, std::set<std::string>& names) {
    if (name.empty()) issue(path, "must not be empty");
    if (!names.insert(name).second) issue(path, "there are two of this name");
  }

  void duration(const std::string& path, const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed || parsed->us <= 0) issue(path, "expected a time such as 30m, 4h or 2d");
  }

  void exclude_editors(const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed || parsed->us < exclude_editors_min.us || parsed->us > exclude_editors_max.us) {
      issue("/spec/excludeEditors", "expected a time from 1h to 90d");
    }
  }

  void rising(const std::string& path, const std::vector<std::int64_t>& percentages) {
    std::int64_t before = 0;
    for (std::size_t i = 0; i < percentages.size(); ++i) {
      if (percentages[i] <= before || percentages[i] >= percent_max) {
        issue(path + "/" + std::to_string(i), "expected a percentage from 1 to 99, rising");
      }
      before = percentages[i];
    }
  }

  void condition(const std::string& name, std::string path,
                 const std::optional<std::string>& expression) {
    if (expression && expression->empty()) issue(path, "must not be empty");
    out_.conditions.push_back({name, std::move(path), expression.value_or("")});
  }

  ReadPart out_;
};

template <class Part>
ReadPart read_as(const json::object& members) {
  PartReader reader;
  auto part = from_json<Part>(members);
  if (part) {
    reader.check(*part);
  } else {
    for (JsonIssue& issue : part.error()) {
      reader.add({"/spec" + issue.path, std::move(issue.message), 0});
    }
  }
  return reader.take();
}

/// Calls visit.operator()<Part>() with the part of the kind, if it has one.
template <class Visit>
void with_part(Kind kind, Visit&& visit) {
  switch (kind) {
    case Kind::approval_policy: return visit.template operator()<ApprovalPart>();
    case Kind::sla_policy: return visit.template operator()<SlaPart>();
    case Kind::rollback_policy: return visit.template operator()<RollbackPart>();
    case Kind::automation_policy: return visit.template operator()<AutomationPart>();
    case Kind::agent_policy: return visit.template operator()<AgentPart>();
    case Kind::retention_policy: return visit.template operator()<RetentionPart>();
    case Kind::certification_criteria:
    case Kind::gate_policy:
    case Kind::policy_activation: return;
  }
}

}  // namespace

ReadPart read_part(Kind kind, const json::object& members) {
  ReadPart out;
  with_part(kind, [&]<class Part>() { out = read_as<Part>(members); });
  return out;
}

std::vector<std::string> part_keys(Kind kind) {
  std::vector<std::string> keys;
  with_part(kind, [&]<class Part>() {
    describe::each_member(Part{},
                          [&](std::string_view name, const auto&) { keys.emplace_back(name); });
  });
  return keys;
}

json::object part_schema(Kind kind, json::object& components) {
  json::object schema;
  with_part(kind, [&]<class Part>() {
    const std::string name = describe::type_name<Part>();
    (void)describe::schema<Part>(components);
    json::object own{{name, components.at(name)}};
    require_lists(own, {"confirmedBy", "escalation", "requiredFields"});
    schema = own.at(name).as_object();
    components.erase(name);
  });
  return schema;
}

}  // namespace holdpoint::policy
