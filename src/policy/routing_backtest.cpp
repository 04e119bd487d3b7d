// See routing_backtest.hpp.
#include "policy/routing_backtest.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "policy/routing.hpp"

namespace holdpoint::policy {
namespace {

/// Document, route and stage; and what is asked of it.
using StageName = std::tuple<std::string, std::string, std::string>;
using Stages = std::map<StageName, std::string>;

std::string count_of(const Stage& stage) {
  return stage.quorum ? *stage.quorum : std::to_string(stage.minimum.value_or(1));
}

/// "2 of approver, release-board as business, after 1 stage".
std::string words_of(const Route& route, std::size_t index) {
  const Stage& stage = route.stages[index];
  std::string who;
  for (const auto* names : {&stage.roles, &stage.approvalRoles, &stage.people}) {
    for (const std::string& name : *names) who += (who.empty() ? "" : ", ") + name;
  }
  std::string out = count_of(stage) + " of " + who;
  if (stage.capacity) out += " as " + std::string(describe::enum_text(*stage.capacity));
  if (index > 0 && route.order != StageOrder::parallel) {
    out += ", after " + std::to_string(index) + (index == 1 ? " stage" : " stages");
  }
  return out;
}

/// What one set of documents demands, or why nobody could be asked.
struct Demands {
  Stages stages;
  std::string untold;
};

void add(const Routing& routing, const std::string& document, Demands& out) {
  if (!routing.applies) return;
  if (!routing.untold.empty()) {
    out.untold = routing.untold;
    return;
  }
  if (routing.routes.empty()) {
    out.untold = "the policy " + document + " applies, and none of its routes does";
    return;
  }
  for (const Route& route : routing.routes) {
    for (std::size_t i = 0; i < route.stages.size(); ++i) {
      out.stages[{document, route.name, route.stages[i].name}] = words_of(route, i);
    }
  }
}

Demands demands_of(const DocumentSet& documents, std::span<const json::object> places) {
  Demands out;
  for (const json::object& place : places) {
    for (const TriedDocument& one : documents) {
      add(route(one.criteria, place, one.mode), one.criteria.document().name, out);
    }
  }
  return out;
}

/// Documents that do not block as they are tried, and alone would demand something.
std::vector<std::string> would_demand(const DocumentSet& documents,
                                      std::span<const json::object> places) {
  std::vector<std::string> names;
  for (const TriedDocument& one : documents) {
    if (one.mode != Mode::warn && one.mode != Mode::shadow) continue;
    const Demands alone = demands_of({{one.criteria, Mode::enforce}}, places);
    if (!alone.stages.empty() || !alone.untold.empty()) {
      names.push_back(one.criteria.document().name);
    }
  }
  return names;
}

std::vector<StageDifference> differences(const Stages& before, const Stages& after) {
  std::vector<StageDifference> out;
  const auto add = [&](const StageName& name, std::optional<std::string> was,
                       std::optional<std::string> is) {
    out.push_back(
        {std::get<0>(name), std::get<1>(name), std::get<2>(name), std::move(was), std::move(is)});
  };
  for (const auto& [name, words] : after) {
    const auto was = before.find(name);
    if (was == before.end()) {
      add(name, std::nullopt, words);
    } else if (was->second != words) {
      add(name, was->second, words);
    }
  }
  for (const auto& [name, words] : before) {
    if (!after.contains(name)) add(name, words, std::nullopt);
  }
  return out;
}

DocumentSet asked_of(DocumentSet documents, const std::string& fact) {
  if (fact.empty()) return documents;
  std::erase_if(documents,
                [&](const TriedDocument& one) { return !mentions(one.criteria.document(), fact); });
  return documents;
}

void add_new(std::vector<std::string>& to, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (std::ranges::find(to, name) == to.end()) to.push_back(name);
  }
}

/// The rules that have to pass before anybody is asked, at every place.
std::expected<Replay, std::string> replay_rules(PastDecision decision,
                                                std::span<const json::object> places,
                                                const DocumentSets& sets) {
  decision.passed.reset();
  Replay out;
  out.passed_before = out.passed_after = true;
  for (const json::object& place : places) {
    auto one = replay(decision, place, sets);
    if (!one) return one;
    out.passed_before = out.passed_before && one->passed_before;
    out.passed_after = out.passed_after && one->passed_after;
    add_new(out.would_flip, one->would_flip);
    std::ranges::move(one->rules, std::back_inserter(out.rules));
  }
  return out;
}

}  // namespace

std::expected<Replay, std::string> replay_routing(const PastDecision& decision,
                                                  std::span<const json::object> places,
                                                  const DocumentSets& given) {
  const DocumentSets sets{asked_of(given.before, decision.asks_readers_of),
                          asked_of(given.after, decision.asks_readers_of)};
  auto out = replay_rules(decision, places, sets);
  if (!out) return out;
  const Demands before = demands_of(sets.before, places);
  const Demands after = demands_of(sets.after, places);
  out->passed_before = out->passed_before && before.untold.empty();
  out->passed_after = out->passed_after && after.untold.empty();
  if (decision.passed && *decision.passed != out->passed_before) {
    return std::unexpected(
        std::string("routed again by the policies of its time nobody could be "
                    "asked, but it is recorded that people were"));
  }
  out->stages = differences(before.stages, after.stages);
  const auto flipped = would_demand(sets.before, places);
  for (const std::string& name : would_demand(sets.after, places)) {
    if (std::ranges::find(flipped, name) == flipped.end()) add_new(out->would_flip, {name});
  }
  if (out->passed_before != out->passed_after) {
    out->effect = out->passed_after ? BacktestEffect::would_pass : BacktestEffect::would_block;
    out->note = out->passed_after ? before.untold : after.untold;
  } else if (!out->stages.empty() || !out->rules.empty() || !out->would_flip.empty()) {
    out->effect = BacktestEffect::other_rules;
    if (after.stages.empty() && !before.stages.empty()) out->note = "nobody would be asked";
  }
  return out;
}

}  // namespace holdpoint::policy
