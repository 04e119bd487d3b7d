// The rules of one SARIF run: those of the driver and of its extensions, and how a result, or an
// override of an invocation, refers to one (SARIF 2.1.0 §3.27.5 to §3.27.7, §3.52).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/report_json.hpp"

namespace holdpoint::evidence {

struct SarifRule {
  std::string_view id;
  std::optional<std::string_view> title;
  std::optional<std::string_view> level;
  std::optional<std::int64_t> score_x10;
  std::optional<JsonNode> messages;
  /// CVE, CWE and the like from the rule's tags and id.
  std::vector<std::string> ids;
};

/// `score` is a "security-severity": text by convention, a number from some tools. nullopt when it
/// is no CVSS score.
std::optional<std::int64_t> sarif_score(JsonNode score);

/// Adds CVE-…, GHSA-… and CWE-… found in a text such as "external/cwe/cwe-079" or "CWE-79: XSS".
void collect_ids(std::vector<std::string>& ids, std::string_view text);

class SarifRules {
 public:
  /// `run` MUST outlive this.
  explicit SarifRules(JsonNode run);

  /// The rule that a result names by index or by id; null when the report does not describe it.
  [[nodiscard]] const SarifRule* of_result(JsonNode result) const;
  /// The level that an invocation set for the rule; the more severe one where two differ.
  [[nodiscard]] std::optional<std::string_view> override_of(const SarifRule* rule) const;
  /// Some security-severity could not be read.
  [[nodiscard]] bool ignored_a_score() const { return ignored_a_score_; }

 private:
  struct Component {
    std::string_view name;
    std::vector<SarifRule> rules;
    std::unordered_map<std::string_view, std::size_t> by_id;
  };
  void add_component(JsonNode component);
  void apply_overrides(JsonNode run);
  [[nodiscard]] const SarifRule* by_reference(JsonNode reference, std::string_view id) const;
  [[nodiscard]] const SarifRule* by_index(std::size_t component, std::int64_t index,
                                          std::string_view id) const;
  [[nodiscard]] const SarifRule* by_id(std::string_view id) const;
  [[nodiscard]] std::size_t component_of(JsonNode reference) const;

  /// The driver first, then the extensions in order.
  std::vector<Component> components_;
  std::unordered_map<const SarifRule*, std::string_view> overrides_;
  bool ignored_a_score_ = false;
};

}  // namespace holdpoint::evidence
