// The shape of a policy document as it is written, described: the reader takes its keys from here
// and the JSON Schema for editors is made from here, so that the two cannot disagree.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/document.hpp"

namespace holdpoint::policy {

struct MetadataText {
  std::string name;
  std::string owner;
  std::optional<std::string> description;
  std::optional<std::string> reviewBy;
};
HP_DESCRIBE(MetadataText, name, owner, description, reviewBy)

struct VariableText {
  std::string name;
  std::string expression;
};
HP_DESCRIBE(VariableText, name, expression)

struct RuleText {
  std::string id;
  std::optional<std::string> when;
  std::string require;
  std::string message;
  std::optional<json::object> remedy;
  std::optional<std::string> evidence;
  std::optional<bool> waivable;
};
HP_DESCRIBE(RuleText, id, when, require, message, remedy, evidence, waivable)

HP_DESCRIBE_ENUM(ExpectedVerdict, passed, failed)

struct TestText {
  std::string name;
  json::object given;
  ExpectedVerdict expect{};
  std::map<std::string, RuleResult> rules;
  std::vector<std::string> selects;
};
HP_DESCRIBE(TestText, name, given, expect, rules, selects)

struct SpecText {
  std::optional<Mode> mode;
  std::optional<std::string> match;
  std::vector<VariableText> variables;
  std::vector<RuleText> rules;
  std::vector<TestText> tests;
};
HP_DESCRIBE(SpecText, mode, match, variables, rules, tests)

template <describe::Struct T>
std::vector<std::string> keys_of() {
  std::vector<std::string> keys;
  describe::each_member(T{}, [&](std::string_view name, const auto&) { keys.emplace_back(name); });
  return keys;
}

/// `do` is a word of C++, so a remedy is named key by key.
std::vector<std::string> remedy_keys();

/// JSON Schema of the documents of a kind, with its bounds.
json::value document_schema(Kind kind);

}  // namespace holdpoint::policy
