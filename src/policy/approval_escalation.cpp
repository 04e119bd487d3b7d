// See spec_parts.hpp: the levels of escalation of an ApprovalPolicy. A level that would reach
// nobody, or at no time, is refused when it is written.
#include <algorithm>
#include <set>

#include "catalog/catalog.hpp"
#include "identity/identity.hpp"
#include "policy/spec_parts.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t levels_max = 20;
constexpr std::size_t named_max = 100;

class LevelCheck {
 public:
  LevelCheck(const ApprovalPart& part, JsonIssues& issues) : issues_(issues) {
    for (const Route& route : part.routes) {
      for (const Stage& stage : route.stages) stages_.insert(stage.name);
    }
  }

  void check(const EscalationLevel& level, const std::string& path) {
    path_ = path;
    if (level.name.empty()) issue("/name", "must not be empty");
    if (!names_.insert(level.name).second) issue("/name", "there are two of this name");
    duration("/after", level.after);
    for (const auto& [criticality, after] : level.afterByCriticality) {
      const std::string member = "/afterByCriticality/" + criticality;
      if (!describe::enum_parse<catalog::Criticality>(criticality)) {
        issue(member, "expected one of: " + describe::enum_choices<catalog::Criticality>());
      }
      duration(member, after);
    }
    if (level.calendar && !catalog::is_name(*level.calendar)) {
      issue("/calendar", "expected the name of a calendar");
    }
    targets(level);
    for (std::size_t i = 0; i < level.stages.size(); ++i) {
      if (stages_.contains(level.stages[i])) continue;
      issue("/stages/" + std::to_string(i), "no route has a stage of this name");
    }
  }

 private:
  void targets(const EscalationLevel& level) {
    const std::size_t named = level.roles.size() + level.approvalRoles.size() + level.people.size();
    if (level.to == EscalationTo::reminder && named > 0) {
      issue("", "a reminder goes to those who may sign; only backup and manager name others");
    }
    if (level.to != EscalationTo::reminder && named == 0) {
      issue("", "expected 'roles', 'approvalRoles' or 'people': nobody would be reached");
    }
    if (named > named_max) issue("", "names more than 100");
    for (std::size_t i = 0; i < level.roles.size(); ++i) {
      if (identity::find_role(level.roles[i]) == nullptr) {
        issue("/roles/" + std::to_string(i), "there is no such role");
      }
    }
    for (std::size_t i = 0; i < level.approvalRoles.size(); ++i) {
      if (!catalog::is_name(level.approvalRoles[i])) {
        issue("/approvalRoles/" + std::to_string(i), "expected the name of an approval role");
      }
    }
    for (std::size_t i = 0; i < level.people.size(); ++i) {
      if (level.people[i].empty()) issue("/people/" + std::to_string(i), "must not be empty");
    }
  }

  void duration(const std::string& member, const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed || parsed->us <= 0) issue(member, "expected a time such as 30m, 4h or 2d");
  }

  void issue(const std::string& member, std::string message) {
    issues_.push_back({path_ + member, std::move(message), 0});
  }

  JsonIssues& issues_;
  std::string path_;
  std::set<std::string> stages_;
  std::set<std::string> names_;
};

}  // namespace

JsonIssues check_escalation(const ApprovalPart& part) {
  JsonIssues issues;
  if (part.escalation.size() > levels_max) {
    issues.push_back({"/spec/escalation", "more than 20 levels", 0});
    return issues;
  }
  LevelCheck check(part, issues);
  for (std::size_t i = 0; i < part.escalation.size(); ++i) {
    check.check(part.escalation[i], "/spec/escalation/" + std::to_string(i));
  }
  return issues;
}

}  // namespace holdpoint::policy
