// The facts and the short way to judge one rule that the tests of advice share.
#pragma once

#include <stdexcept>
#include <string>

#include "policy/verdict.hpp"

namespace holdpoint::policy {

inline const cel::Schema& advice_schema() {
  static const cel::Schema schema = *cel::Schema::from_json(json::parse(R"({
    "type": "object", "required": ["now"],
    "properties": {
      "now": {"type": "integer", "format": "date-time"},
      "failed": {"type": "integer"}, "line_bp": {"type": "integer"},
      "limit": {"type": "integer"}, "ratio": {"type": "number"}, "size": {"type": "integer"},
      "signed": {"type": "boolean"}, "state": {"type": "string"}, "lost": {"type": "integer"},
      "mail": {"type": "string", "x-personal": true},
      "owner": {"type": ["string", "null"]},
      "created": {"type": "integer", "format": "date-time"},
      "freeze_until": {"type": "integer", "format": "date-time"},
      "built": {"type": "string", "format": "date-time"},
      "age": {"type": "integer", "format": "duration"},
      "tags": {"type": "array", "maxItems": 500, "items": {"type": "string"}},
      "scan": {"type": "object", "properties": {
        "open": {"type": "integer"}, "closed": {"type": "integer"}}},
      "findings": {"type": "array", "maxItems": 50, "items": {"type": "object", "properties": {
        "id": {"type": "string"}, "severity": {"type": "string"}, "waived": {"type": "boolean"},
        "owner": {"type": "string"},
        "places": {"type": "array", "maxItems": 20, "items": {"type": "object", "properties": {
          "line": {"type": "integer"}, "muted": {"type": "boolean"}}}}}}},
      "approvals": {"type": "array", "items": {"type": "object", "properties": {
        "id": {"type": "string"}, "state": {"type": "string"}, "user": {"type": "string"},
        "at": {"type": "integer", "format": "date-time"},
        "mail": {"type": "string", "x-personal": true}}}}
    }})"));
  return schema;
}

/// It is 2026-11-20T12:00:00Z, a Friday.
inline const json::object& advice_facts() {
  static const json::value facts = json::parse(R"({
    "now": 1795176000000000, "failed": 3, "line_bp": 7312, "limit": 7000, "ratio": 2, "size": 10,
    "signed": false, "state": "open", "mail": "jane@x", "owner": null,
    "created": 1795168800000000, "freeze_until": 1795190400000000,
    "built": "2026-11-20T11:00:00Z", "age": 3600000000, "tags": ["a", "b"], "scan": {"open": 2},
    "findings": [
      {"id": "f1", "severity": "critical", "waived": false,
       "places": [{"line": 1, "muted": false}]},
      {"id": "f2", "severity": "low", "waived": false, "places": []},
      {"id": "f3", "severity": "critical", "waived": false,
       "places": [{"line": 2, "muted": true}, {"line": 3, "muted": false}]}],
    "approvals": [
      {"id": "a1", "state": "approved", "user": "u1", "at": 1795172400000000, "mail": "u1@x"},
      {"id": "a2", "state": "open", "user": "u2", "at": 1795175400000000, "mail": "u2@x"}]})");
  return facts.get_object();
}

inline std::string advice_document(std::string_view spec) {
  return "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
         "metadata: {name: ready, owner: team-quality}\nspec:\n" +
         std::string(spec);
}

inline CriteriaVerdict advised(std::string_view spec, const json::object& facts = advice_facts()) {
  const auto criteria = compile_criteria(advice_document(spec), advice_schema());
  if (!criteria) throw std::invalid_argument(criteria.error().front().text());
  return judge(*criteria, facts, Depth::advice);
}

/// One rule; `more` are further keys of it, such as a remedy.
inline RuleVerdict advised_rule(std::string_view require, std::string_view more = "") {
  return advised(
             "  rules:\n    - id: one\n      message: It must hold.\n      require: |-\n        " +
             std::string(require) + "\n" + std::string(more))
      .rules.at(0);
}

/// "path: from -> to" for each change, or why it is not verified.
inline std::string changes_text(const RuleVerdict& rule) {
  if (!rule.remedy) return "no remedy";
  if (!rule.remedy->verified) return "unverified: " + rule.remedy->unverified_because;
  std::string out;
  for (const NeededChange& change : rule.remedy->changes) {
    out += (out.empty() ? "" : "; ") + change.path + ": " + change.from + " -> " + change.to;
  }
  return out;
}

}  // namespace holdpoint::policy
