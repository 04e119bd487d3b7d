// Rule lookup. A reference by index is taken only when the rule there has the id that the result
// gives; tools that number their rules wrongly exist, and a wrong rule would give a wrong severity.
#include "evidence/formats/sarif_rules.hpp"

#include <algorithm>

#include "base/text_encoding.hpp"
#include "evidence/numbers.hpp"
#include "evidence/severity.hpp"
#include "evidence/summary.hpp"

namespace holdpoint::evidence {

namespace {

constexpr std::size_t id_bytes_max = 32;
/// How many "/…" parts of a hierarchical rule id are tried.
constexpr std::size_t hierarchy_max = 16;

int rank_of(std::string_view level) {
  return severity_rank(severity_of_word(Vocabulary::sarif, level).value_or(Severity::unknown));
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'Z'); }

bool matches_at(std::string_view text, std::size_t at, std::string_view prefix) {
  if (text.size() - at < prefix.size()) return false;
  return std::ranges::equal(text.substr(at, prefix.size()), prefix,
                            [](char a, char b) { return upper(a) == b; });
}

/// The id that begins at `at`, upper-case, CWE without leading zeros; empty when there is none.
std::string id_at(std::string_view text, std::size_t at) {
  if (matches_at(text, at, "CWE-") || matches_at(text, at, "CWE_")) {
    std::size_t i = at + 4;
    while (i < text.size() && text[i] == '0') ++i;
    std::string id = "CWE-";
    while (i < text.size() && is_digit(text[i]) && id.size() < id_bytes_max) id += text[i++];
    return id.size() > 4 ? id : std::string();
  }
  if (!matches_at(text, at, "CVE-") && !matches_at(text, at, "GHSA-")) return {};
  const bool cve = matches_at(text, at, "CVE-");
  std::string id;
  for (std::size_t i = at; i < text.size() && id.size() < id_bytes_max; ++i) {
    if (!is_alphanumeric(text[i]) && text[i] != '-') break;
    if (cve && i >= at + 4 && !is_digit(text[i]) && text[i] != '-') break;
    id += cve || i < at + 4 ? upper(text[i]) : text[i];
  }
  while (id.ends_with('-')) id.pop_back();
  return id.size() > 8 ? id : std::string();
}

std::optional<std::string_view> message_text(std::optional<JsonNode> message) {
  return message ? message->text("text") : std::nullopt;
}

SarifRule read_rule(JsonNode node, bool& ignored_a_score) {
  SarifRule rule;
  rule.id = node.text("id").value_or("");
  rule.title = message_text(node.get("shortDescription"));
  if (!rule.title) rule.title = node.text("name");
  rule.messages = node.get("messageStrings");
  if (const auto configuration = node.get("defaultConfiguration")) {
    rule.level = configuration->text("level");
  }
  collect_ids(rule.ids, rule.id);
  const auto properties = node.get("properties");
  if (!properties) return rule;
  if (const auto score = properties->get("security-severity")) {
    rule.score_x10 = sarif_score(*score);
    ignored_a_score |= !rule.score_x10;
  }
  if (const auto tags = properties->get("tags")) {
    for (const JsonNode tag : tags->items()) collect_ids(rule.ids, tag.string().value_or(""));
  }
  return rule;
}

}  // namespace

std::optional<std::int64_t> sarif_score(JsonNode score) {
  if (const auto text = score.string()) return parse_score_x10(*text);
  const auto number = score.number();
  return number ? score_x10_of(*number) : std::nullopt;
}

void collect_ids(std::vector<std::string>& ids, std::string_view text) {
  text = text.substr(0, path_bytes_max);
  for (std::size_t at = 0; at + 5 <= text.size(); ++at) {
    if (upper(text[at]) != 'C' && upper(text[at]) != 'G') continue;
    if (at > 0 && is_alphanumeric(text[at - 1])) continue;
    std::string id = id_at(text, at);
    if (id.empty() || ids.size() >= finding_ids_max) continue;
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
  }
}

SarifRules::SarifRules(JsonNode run) {
  const auto tool = run.get("tool");
  const auto driver = tool ? tool->get("driver") : std::nullopt;
  if (driver) {
    add_component(*driver);
  } else {
    components_.emplace_back();
  }
  if (const auto extensions = tool ? tool->get("extensions") : std::nullopt) {
    for (const JsonNode extension : extensions->items()) add_component(extension);
  }
  apply_overrides(run);
}

void SarifRules::add_component(JsonNode component) {
  Component& added = components_.emplace_back();
  added.name = component.text("name").value_or("");
  const auto rules = component.get("rules");
  if (!rules) return;
  for (const JsonNode rule : rules->items()) {
    added.rules.push_back(read_rule(rule, ignored_a_score_));
    added.by_id.try_emplace(added.rules.back().id, added.rules.size() - 1);
  }
}

void SarifRules::apply_overrides(JsonNode run) {
  const auto invocations = run.get("invocations");
  if (!invocations) return;
  for (const JsonNode invocation : invocations->items()) {
    const auto overrides = invocation.get("ruleConfigurationOverrides");
    if (!overrides) continue;
    for (const JsonNode entry : overrides->items()) {
      const auto descriptor = entry.get("descriptor");
      const auto configuration = entry.get("configuration");
      const auto level = configuration ? configuration->text("level") : std::nullopt;
      if (!descriptor || !level) continue;
      const SarifRule* rule = by_reference(*descriptor, descriptor->text("id").value_or(""));
      if (rule == nullptr) continue;
      std::string_view& kept = overrides_.try_emplace(rule, *level).first->second;
      if (rank_of(*level) < rank_of(kept)) kept = *level;
    }
  }
}

std::optional<std::string_view> SarifRules::override_of(const SarifRule* rule) const {
  const auto found = overrides_.find(rule);
  if (found == overrides_.end()) return std::nullopt;
  return found->second;
}

std::size_t SarifRules::component_of(JsonNode reference) const {
  const auto component = reference.get("toolComponent");
  if (!component) return 0;
  if (const auto index = component->integer("index"); index && *index >= 0) {
    return static_cast<std::size_t>(*index) + 1;
  }
  const auto name = component->text("name");
  for (std::size_t i = 0; name && i < components_.size(); ++i) {
    if (components_[i].name == *name) return i;
  }
  return 0;
}

const SarifRule* SarifRules::by_index(std::size_t component, std::int64_t index,
                                      std::string_view id) const {
  if (component >= components_.size() || index < 0) return nullptr;
  const auto& rules = components_[component].rules;
  if (static_cast<std::size_t>(index) >= rules.size()) return nullptr;
  const SarifRule& rule = rules[static_cast<std::size_t>(index)];
  const bool below =
      id.size() > rule.id.size() && id.starts_with(rule.id) && id[rule.id.size()] == '/';
  return id.empty() || id == rule.id || below ? &rule : nullptr;
}

const SarifRule* SarifRules::by_id(std::string_view id) const {
  for (std::size_t level = 0; level < hierarchy_max && !id.empty(); ++level) {
    for (const Component& component : components_) {
      if (const auto found = component.by_id.find(id); found != component.by_id.end()) {
        return &component.rules[found->second];
      }
    }
    const auto slash = id.rfind('/');
    if (slash == std::string_view::npos) return nullptr;
    id = id.substr(0, slash);
  }
  return nullptr;
}

const SarifRule* SarifRules::by_reference(JsonNode reference, std::string_view id) const {
  if (const auto index = reference.integer("index")) {
    if (const auto* rule = by_index(component_of(reference), *index, id)) return rule;
  }
  return by_id(id);
}

const SarifRule* SarifRules::of_result(JsonNode result) const {
  auto id = result.text("ruleId");
  const auto reference = result.get("rule");
  if (!id && reference) id = reference->text("id");
  const std::string_view known_id = id.value_or("");
  if (reference && (reference->get("index") || reference->get("toolComponent"))) {
    const auto index = reference->integer("index");
    const auto at = index ? index : result.integer("ruleIndex");
    if (at) {
      if (const auto* rule = by_index(component_of(*reference), *at, known_id)) return rule;
    }
  } else if (const auto index = result.integer("ruleIndex")) {
    if (const auto* rule = by_index(0, *index, known_id)) return rule;
  }
  return by_id(known_id);
}

}  // namespace holdpoint::evidence
