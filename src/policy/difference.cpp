// See difference.hpp. Expressions are compared token by token, so that a line break in one of them
// is no difference.
#include "policy/difference.hpp"

#include <algorithm>

#include "policy/cel/lexer.hpp"
#include "policy/test_run.hpp"

namespace holdpoint::policy {
namespace {

/// One thing a document says, taken apart: what stands in each of its parts.
struct Said {
  std::string what;
  std::string name;
  std::vector<std::pair<std::string, std::string>> parts;
};

/// The tokens of an expression with one space between them; the text itself when it has none.
std::string tokens_of(const std::string& expression) {
  cel::Lexer lexer(expression);
  std::string out;
  for (;;) {
    const auto token = lexer.next();
    if (!token) return expression;
    if (token->kind == cel::TokenKind::end) return out;
    out += (out.empty() ? "" : " ") + expression.substr(token->begin, token->end - token->begin);
  }
}

bool is_expression(const std::string& part) {
  return part == "require" || part == "when" || part == "match" || part == "expression";
}

bool same(const std::string& part, const std::string& a, const std::string& b) {
  if (a == b) return true;
  return is_expression(part) && tokens_of(a) == tokens_of(b);
}

std::string remedy_text(const std::optional<Remedy>& remedy) {
  if (!remedy) return "";
  std::string text = remedy->by + ": " + remedy->action;
  if (!remedy->command.empty()) text += " (" + remedy->command + ")";
  return text;
}

std::string within_text(const std::optional<Remedy>& remedy) {
  return remedy && remedy->within ? duration_text(*remedy->within) : "";
}

std::string expectation(const TestSource& test) {
  std::string text = test.expect == ExpectedVerdict::passed ? "passed" : "failed";
  for (const ExpectedRule& rule : test.rules) {
    text += ", " + rule.id + " " + std::string(result_name(rule.result));
  }
  return text;
}

std::string canonical(const json::value& value) {
  return canonical_json(value).value_or(json::serialize(value));
}

std::string effect_text(const std::optional<Remedy>& remedy) {
  return remedy && remedy->effect ? canonical(*remedy->effect) : "";
}

/// Selecting nothing is "[]", which is not the same as leaving it open.
std::string selection(const TestSource& test) {
  return test.selects ? to_json_text(*test.selects) : "";
}

std::vector<Said> said_by(const ComparedDocument& compared) {
  const CriteriaDocument& document = compared.document;
  std::vector<Said> all;
  all.push_back({"document",
                 "",
                 {{"mode", std::string(mode_name(document.mode))},
                  {"match", document.match},
                  {"owner", document.owner},
                  {"description", document.description},
                  {"reviewBy", document.review_by}}});
  for (const std::string& key : part_keys(document.kind)) {
    const auto* member = compared.members.if_contains(key);
    all.front().parts.emplace_back(key, member == nullptr ? "" : canonical(*member));
  }
  for (const VariableSource& variable : document.variables) {
    all.push_back({"variable", variable.name, {{"expression", variable.expression}}});
  }
  for (const RuleSource& rule : document.rules) {
    all.push_back({"rule",
                   rule.id,
                   {{"require", rule.require},
                    {"when", rule.when},
                    {"message", rule.message},
                    {"remedy", remedy_text(rule.remedy)},
                    {"remedy.within", within_text(rule.remedy)},
                    {"remedy.effect", effect_text(rule.remedy)},
                    {"evidence", rule.evidence}}});
  }
  for (const TestSource& test : document.tests) {
    all.push_back({"test",
                   test.name,
                   {{"given", canonical(test.given)},
                    {"expect", expectation(test)},
                    {"selects", selection(test)}}});
  }
  return all;
}

const Said* find(const std::vector<Said>& all, const Said& like) {
  const auto found = std::ranges::find_if(
      all, [&](const Said& one) { return one.what == like.what && one.name == like.name; });
  return found == all.end() ? nullptr : &*found;
}

DocumentDifference whole(const CriteriaDocument& document, const Said& said, DifferenceKind kind) {
  DocumentDifference out{
      std::string(kind_name(document.kind)), document.name, said.what, said.name, kind, {}};
  for (const auto& [part, text] : said.parts) {
    if (text.empty()) continue;
    const bool is_new = kind == DifferenceKind::added;
    out.parts.push_back({part, is_new ? "" : text, is_new ? text : ""});
  }
  return out;
}

void compare(const ComparedDocument& before, const ComparedDocument& after,
             std::vector<DocumentDifference>& out) {
  const auto was = said_by(before);
  const auto is = said_by(after);
  for (const Said& now : is) {
    const Said* then = find(was, now);
    if (then == nullptr) {
      out.push_back(whole(after.document, now, DifferenceKind::added));
      continue;
    }
    DocumentDifference changed = whole(after.document, now, DifferenceKind::changed);
    changed.parts.clear();
    for (std::size_t i = 0; i < now.parts.size(); ++i) {
      const auto& [part, text] = now.parts[i];
      if (same(part, then->parts[i].second, text)) continue;
      changed.parts.push_back({part, then->parts[i].second, text});
    }
    if (!changed.parts.empty()) out.push_back(std::move(changed));
  }
  for (const Said& then : was) {
    if (find(is, then) == nullptr) {
      out.push_back(whole(before.document, then, DifferenceKind::removed));
    }
  }
}

bool is_same_document(const CriteriaDocument& a, const CriteriaDocument& b) {
  return a.kind == b.kind && a.name == b.name;
}

const ComparedDocument* find(std::span<const ComparedDocument> all, const CriteriaDocument& like) {
  const auto found = std::ranges::find_if(
      all, [&](const ComparedDocument& one) { return is_same_document(one.document, like); });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

ComparedDocument compared(const CriteriaDocument& document, const json::value& written) {
  ComparedDocument out{document, {}};
  const auto* object = written.if_object();
  const auto* spec = object == nullptr ? nullptr : object->if_contains("spec");
  if (spec == nullptr || !spec->is_object()) return out;
  for (const std::string& key : part_keys(document.kind)) {
    if (const auto* member = spec->get_object().if_contains(key)) out.members[key] = *member;
  }
  return out;
}

std::vector<DocumentDifference> difference(std::span<const ComparedDocument> before,
                                           std::span<const ComparedDocument> after) {
  std::vector<DocumentDifference> out;
  for (const ComparedDocument& now : after) {
    const ComparedDocument* then = find(before, now.document);
    if (then != nullptr) {
      compare(*then, now, out);
    } else {
      out.push_back(whole(now.document, said_by(now).front(), DifferenceKind::added));
    }
  }
  for (const ComparedDocument& then : before) {
    if (find(after, then.document) == nullptr) {
      out.push_back(whole(then.document, said_by(then).front(), DifferenceKind::removed));
    }
  }
  return out;
}

std::vector<TestDifference> test_differences(std::span<const CompiledCriteria> before,
                                             std::span<const CompiledCriteria> after,
                                             const FactsSchemas& schemas) {
  std::vector<TestDifference> out;
  for (const CompiledCriteria& now : after) {
    const auto then = std::ranges::find_if(before, [&](const CompiledCriteria& one) {
      return is_same_document(one.document(), now.document());
    });
    const auto schema = schemas.find(now.document().kind);
    if (then == before.end() || schema == schemas.end()) continue;
    // In one mode, so that the mode alone makes no test end otherwise.
    const DocumentSets sets{{{*then, Mode::enforce}}, {{now, Mode::enforce}}};
    std::vector<TestSource> tests = now.document().tests;
    for (const TestSource& test : then->document().tests) {
      const bool is_same = std::ranges::any_of(tests, [&](const TestSource& other) {
        return other.name == test.name && canonical(other.given) == canonical(test.given);
      });
      if (!is_same) tests.push_back(test);
    }
    for (const TestSource& test : tests) {
      auto replayed = replay({.subject = test.name}, facts_of(test, schema->second), sets);
      if (!replayed || replayed->effect == BacktestEffect::unchanged) continue;
      out.push_back({std::string(kind_name(now.document().kind)), now.document().name, test.name,
                     replayed->passed_before, replayed->passed_after, std::move(replayed->rules)});
    }
  }
  return out;
}

}  // namespace holdpoint::policy
