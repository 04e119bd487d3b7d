// Whether a route of approval can be walked at all: enough different people for every stage, where
// one person counts once. Stages that name people are matched to them; a stage that names roles can
// be signed by whoever has one, so its number is open.
#include <algorithm>
#include <map>
#include <set>

#include "catalog/catalog.hpp"
#include "identity/identity.hpp"
#include "policy/spec_parts.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::int64_t signatures_max = 50;
constexpr std::size_t stages_max = 20;
constexpr std::size_t people_max = 100;

/// Bipartite matching of signatures that are needed to the people who may give them.
class Seating {
 public:
  /// Whether one more signature by one of these finds its own person.
  bool seat(const std::vector<std::string>& people) {
    needs_.push_back(&people);
    std::set<std::string> tried;
    return place(needs_.size() - 1, tried);
  }

 private:
  bool place(std::size_t need, std::set<std::string>& tried) {
    for (const std::string& person : *needs_[need]) {
      if (!tried.insert(person).second) continue;
      const auto holder = seats_.find(person);
      if (holder == seats_.end() || place(holder->second, tried)) {
        seats_[person] = need;
        return true;
      }
    }
    return false;
  }

  std::vector<const std::vector<std::string>*> needs_;
  std::map<std::string, std::size_t> seats_;
};

/// How many of the named people have to sign.
std::int64_t signatures_of(const Stage& stage) {
  const auto named = static_cast<std::int64_t>(stage.people.size());
  const auto quorum = stage.quorum ? parse_quorum(*stage.quorum) : std::nullopt;
  if (!quorum) return stage.minimum.value_or(1);
  switch (quorum->form) {
    case QuorumForm::majority: return named / 2 + 1;
    case QuorumForm::all: return named;
    case QuorumForm::percent: return (named * quorum->percent + 99) / 100;
  }
  return 1;
}

void check_stage(const Stage& stage, const std::string& path, JsonIssues& issues) {
  const auto issue = [&](const std::string& member, std::string message) {
    issues.push_back({path + member, std::move(message), 0});
  };
  if (stage.name.empty()) issue("/name", "must not be empty");
  if (stage.minimum && (*stage.minimum < 1 || *stage.minimum > signatures_max)) {
    issue("/minimum", "expected 1 to 50: a stage that needs nobody approves nothing");
  }
  if (stage.quorum) {
    if (!parse_quorum(*stage.quorum)) {
      issue("/quorum", "expected \"majority\", \"all\" or a percentage from \"1%\" to \"100%\"");
    }
    if (stage.minimum) issue("/quorum", "stands beside 'minimum'; a stage has one of the two");
  }
  if (stage.roles.empty() && stage.approvalRoles.empty() && stage.people.empty()) {
    issue("", "expected 'roles' or 'people': nobody could sign this stage");
  }
  for (std::size_t i = 0; i < stage.approvalRoles.size(); ++i) {
    if (!catalog::is_name(stage.approvalRoles[i])) {
      issue("/approvalRoles/" + std::to_string(i), "expected the name of an approval role");
    }
  }
  if (stage.people.size() > people_max) issue("/people", "more than 100 elements");
  for (std::size_t i = 0; i < stage.roles.size(); ++i) {
    if (identity::find_role(stage.roles[i]) != nullptr) continue;
    std::string known;
    for (const identity::Role& role : identity::roles()) {
      known += (known.empty() ? "" : ", ") + std::string(role.name);
    }
    issue("/roles/" + std::to_string(i), "there is no such role; expected one of: " + known);
  }
  std::set<std::string> people;
  for (std::size_t i = 0; i < stage.people.size(); ++i) {
    if (stage.people[i].empty()) issue("/people/" + std::to_string(i), "must not be empty");
    if (!people.insert(stage.people[i]).second) {
      issue("/people/" + std::to_string(i), "stands twice, and a person signs once");
    }
  }
  const auto distinct = static_cast<std::int64_t>(people.size());
  const bool is_closed = stage.roles.empty() && stage.approvalRoles.empty() && !people.empty();
  if (is_closed && signatures_of(stage) > distinct) {
    issue("/minimum", "needs " + std::to_string(signatures_of(stage)) + " people and names " +
                          std::to_string(distinct));
  }
}

}  // namespace

std::optional<StageQuorum> parse_quorum(std::string_view text) {
  if (text == "majority") return StageQuorum{QuorumForm::majority, 0};
  if (text == "all") return StageQuorum{QuorumForm::all, 0};
  if (text.size() < 2 || text.size() > 4 || !text.ends_with('%') || text.front() == '0') {
    return std::nullopt;
  }
  text.remove_suffix(1);
  std::int64_t percent = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    percent = percent * 10 + (c - '0');
  }
  if (percent > 100) return std::nullopt;
  return StageQuorum{QuorumForm::percent, percent};
}

JsonIssues check_route(const Route& route, const std::string& path) {
  JsonIssues issues;
  if (route.stages.empty() || route.stages.size() > stages_max) {
    issues.push_back({path + "/stages", "expected 1 to 20 stages", 0});
    return issues;
  }
  for (std::size_t i = 0; i < route.stages.size(); ++i) {
    check_stage(route.stages[i], path + "/stages/" + std::to_string(i), issues);
  }
  if (!issues.empty()) return issues;
  Seating seating;
  for (std::size_t i = 0; i < route.stages.size(); ++i) {
    const Stage& stage = route.stages[i];
    if (!stage.roles.empty() || !stage.approvalRoles.empty()) continue;
    for (std::int64_t k = 0; k < signatures_of(stage); ++k) {
      if (seating.seat(stage.people)) continue;
      issues.push_back({path + "/stages/" + std::to_string(i) + "/people",
                        "the same person would have to sign more than one stage; name more people",
                        0});
      return issues;
    }
  }
  return issues;
}

}  // namespace holdpoint::policy
