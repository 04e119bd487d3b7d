// See violation.hpp.
#include "policy/violation.hpp"

#include <algorithm>
#include <set>

#include "policy/now.hpp"
#include "policy/rule_run.hpp"
#include "policy/shown.hpp"

namespace holdpoint::policy {
namespace {

using Identities = std::set<std::string, std::less<>>;

/// Facts hold integers only, so every part of them has a canonical form; what has none is not
/// known to be the same twice.
std::optional<std::string> digest_of(std::string_view domain, const json::value& value) {
  const auto text = canonical_json(value);
  if (!text) return std::nullopt;
  return sha256(std::string(domain) + "\n" + *text).hex();
}

json::value without(const json::value& from, const Identities& gone) {
  if (const auto* object = from.if_object()) {
    json::object out;
    for (const auto& member : *object) out[member.key()] = without(member.value(), gone);
    return out;
  }
  const auto* list = from.if_array();
  if (list == nullptr) return from;
  json::array out;
  for (const json::value& element : *list) {
    const auto* object = element.if_object();
    if (object != nullptr && gone.contains(identity_of(*object))) continue;
    out.push_back(without(element, gone));
  }
  return out;
}

bool holds_without(const CompiledCriteria::Rule& rule, const json::object& facts,
                   const Identities& gone) {
  const json::value changed = without(facts, gone);
  cel::Session session(changed.get_object(), cel::Limits{});
  return is_fine(run_rule(rule, session).result);
}

/// The sections of the facts that the rule may read, as they are: "evidence.sca". The time is not
/// among them, for it is never the same; the waivers are not either.
json::object read_sections(const CompiledCriteria::Programs& programs, const RuleSource& rule,
                           const json::object& facts) {
  const auto reads = [&](std::string_view name) {
    return rule.require.contains(name) || rule.when.contains(name) ||
           std::ranges::any_of(
               programs.document.variables,
               [&](const std::string& expression) { return expression.contains(name); },
               &VariableSource::expression);
  };
  json::object out;
  for (const auto& member : facts) {
    const std::string name(view(member.key()));
    if (name == "now" || name == "v" || name == "waivers" || !reads(name)) continue;
    const auto* section = member.value().if_object();
    if (section == nullptr) {
      out[name] = member.value();
      continue;
    }
    json::object& part = out[name].emplace_object();
    for (const auto& one : *section) {
      if (reads(view(one.key()))) part[one.key()] = one.value();
    }
    if (part.empty()) part = *section;
  }
  return out;
}

std::optional<Violation> whole_rule(const CompiledCriteria::Programs& programs,
                                    const CompiledCriteria::Rule& rule, const json::object& facts,
                                    const RuleVerdict& explained) {
  const json::object what{{"rule", rule.source.id},
                          {"require", rule.source.require},
                          {"when", rule.source.when},
                          {"reads", read_sections(programs, rule.source, facts)}};
  auto fingerprint = digest_of("holdpoint-violation/v1", what);
  if (!fingerprint) return std::nullopt;
  return Violation{std::move(*fingerprint), shortened(explained.detail), std::nullopt};
}

}  // namespace

std::string identity_of(const json::object& element) {
  if (const auto* fingerprint = element.if_contains("fingerprint")) {
    const auto* text = fingerprint->if_string();
    if (text != nullptr && !text->empty()) return std::string(view(*text));
  }
  return digest_of("holdpoint-element/v1", element).value_or("");
}

std::vector<WaiverInForce> waivers_in_force(const CriteriaDocument& document,
                                            const json::object& facts) {
  std::vector<WaiverInForce> out;
  const auto* listed = facts.if_contains("waivers");
  const auto* waivers = listed == nullptr ? nullptr : listed->if_array();
  const auto now = now_of(facts);
  if (document.kind != Kind::certification_criteria || waivers == nullptr || !now) return out;
  for (const json::value& entry : *waivers) {
    const auto one = from_json<WaiverFacts>(entry);
    if (!one || one->criteria != document.name || one->until.at <= *now) continue;
    out.push_back({one->id, one->rule, one->violation});
  }
  return out;
}

std::vector<WaiverInForce> of_rule(const std::vector<WaiverInForce>& waivers,
                                   const std::string& rule) {
  std::vector<WaiverInForce> out;
  std::ranges::copy_if(waivers, std::back_inserter(out),
                       [&](const WaiverInForce& one) { return one.rule == rule; });
  return out;
}

std::vector<Violation> violations_of(const CompiledCriteria::Programs& programs,
                                     const CompiledCriteria::Rule& rule, const json::object& facts,
                                     const RuleVerdict& explained) {
  Identities identities;
  std::vector<Violation> elements;
  const bool is_cut = explained.elements.size() >= RuleVerdict::elements_max;
  for (const FailingElement& element : explained.elements) {
    if (is_cut || element.identity.empty()) {
      identities.clear();
      break;
    }
    if (!identities.insert(element.identity).second) continue;
    const std::string keys = policy::text_of(element.keys);
    elements.push_back(
        {element.identity, element.path + (keys.empty() ? "" : " (" + keys + ")"), std::nullopt});
  }
  if (!identities.empty() && holds_without(rule, facts, identities)) return elements;
  auto whole = whole_rule(programs, rule, facts, explained);
  if (!whole) return {};
  return {std::move(*whole)};
}

bool are_waived(const CompiledCriteria::Rule& rule, const json::object& facts,
                std::span<const WaiverInForce> waivers, std::vector<Violation>& violations) {
  Identities covered;
  for (Violation& violation : violations) {
    const auto waiver =
        std::ranges::find(waivers, violation.fingerprint, &WaiverInForce::violation);
    if (waiver == waivers.end()) continue;
    violation.waiver = waiver->id;
    covered.insert(violation.fingerprint);
  }
  if (covered.empty()) return false;
  return covered.size() == violations.size() || holds_without(rule, facts, covered);
}

}  // namespace holdpoint::policy
