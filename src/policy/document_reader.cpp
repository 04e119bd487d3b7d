// See document_reader.hpp.
#include "policy/document_reader.hpp"

#include <algorithm>
#include <optional>

#include "policy/document_text.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t issues_max = 50;
constexpr std::size_t name_length_max = CriteriaDocument::name_length_max;
constexpr std::size_t date_length = 10;

/// Lower-case letters, digits and hyphens, starting with a letter or digit.
bool is_name(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.size() <= name_length_max && text[0] != '-' &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_identifier(std::string_view text) {
  constexpr std::string_view first = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  constexpr std::string_view digits = "0123456789";
  if (text.empty() || text.size() > name_length_max) return false;
  if (first.find(text[0]) == std::string_view::npos) return false;
  return std::ranges::all_of(text, [&](char c) {
    return first.find(c) != std::string_view::npos || digits.find(c) != std::string_view::npos;
  });
}

/// A place in the document: a value and its JSON Pointer.
struct At {
  const json::value* value = nullptr;
  std::string path;
};

class Reader {
 public:
  explicit Reader(const YamlDocument& source) : source_(source) {}

  CriteriaDocument read() {
    CriteriaDocument out;
    const At root{&source_.value, ""};
    if (!object(root, {"apiVersion", "kind", "metadata", "spec"})) return out;
    constant(root, "apiVersion", "holdpoint/v1");
    if (!read_kind(root, out)) return out;
    if (const auto metadata = required(root, "metadata")) read_metadata(*metadata, out);
    if (const auto spec = required(root, "spec")) read_spec(*spec, out);
    return out;
  }

  [[nodiscard]] std::vector<PolicyIssue> take_issues() { return std::move(issues_); }

 private:
  void issue(const std::string& path, std::string message) {
    if (issues_.size() >= issues_max) return;
    const YamlPosition place = source_.position(path);
    issues_.push_back({path, place.line, place.column, std::move(message)});
  }

  /// Whether it is an object with no keys but these.
  bool object(const At& at, const std::vector<std::string>& keys) {
    const auto* entries = at.value->if_object();
    if (entries == nullptr) {
      issue(at.path, "expected an object");
      return false;
    }
    for (const auto& entry : *entries) {
      const std::string_view key(entry.key().data(), entry.key().size());
      if (std::ranges::find(keys, key) != keys.end()) continue;
      issue(at.path + pointer_step(key), "there is no such key");
    }
    return true;
  }

  static std::optional<At> optional(const At& at, std::string_view key) {
    const auto* found = at.value->get_object().if_contains(key);
    if (found == nullptr) return std::nullopt;
    return At{found, at.path + pointer_step(key)};
  }

  std::optional<At> required(const At& at, std::string_view key) {
    auto found = optional(at, key);
    if (!found) issue(at.path, "'" + std::string(key) + "' is missing");
    return found;
  }

  std::string text_of(const At& at, std::size_t length_max) {
    const auto* text = at.value->if_string();
    if (text == nullptr) {
      issue(at.path, "expected a text");
      return "";
    }
    if (text->size() > length_max) {
      issue(at.path, "longer than " + std::to_string(length_max) + " bytes");
      return "";
    }
    return std::string(view(*text));
  }

  std::string required_text(const At& at, std::string_view key,
                            std::size_t length_max = CriteriaDocument::text_length_max) {
    const auto found = required(at, key);
    if (!found) return "";
    std::string text = text_of(*found, length_max);
    if (text.empty() && found->value->is_string()) issue(found->path, "must not be empty");
    return text;
  }

  std::string optional_text(const At& at, std::string_view key) {
    const auto found = optional(at, key);
    return found ? text_of(*found, CriteriaDocument::text_length_max) : "";
  }

  std::string optional_expression(const At& at, std::string_view key) {
    const auto found = optional(at, key);
    if (!found) return "";
    std::string text = text_of(*found, cel::Limits{}.source_bytes_max);
    if (text.empty() && found->value->is_string()) issue(found->path, "must not be empty");
    return text;
  }

  std::string required_expression(const At& at, std::string_view key) {
    return required_text(at, key, cel::Limits{}.source_bytes_max);
  }

  void constant(const At& at, std::string_view key, std::string_view expected) {
    const auto found = required(at, key);
    if (!found) return;
    const auto* text = found->value->if_string();
    if (text == nullptr || view(*text) != expected) {
      issue(found->path, "expected '" + std::string(expected) + "'");
    }
  }

  /// Elements of an optional list, at most `count_max`.
  std::vector<At> list(const At& at, std::string_view key, std::size_t count_max) {
    const auto found = optional(at, key);
    if (!found) return {};
    const auto* items = found->value->if_array();
    if (items == nullptr) {
      issue(found->path, "expected a list");
      return {};
    }
    if (items->size() > count_max) {
      issue(found->path, "more than " + std::to_string(count_max) + " elements");
      return {};
    }
    std::vector<At> out;
    for (std::size_t i = 0; i < items->size(); ++i) {
      out.push_back({&(*items)[i], found->path + "/" + std::to_string(i)});
    }
    return out;
  }

  bool read_kind(const At& root, CriteriaDocument& out) {
    const auto found = required(root, "kind");
    if (!found) return false;
    const auto kind = kind_named(text_of(*found, name_length_max));
    if (!kind) {
      issue(found->path, "expected one of: " + kind_choices());
      return false;
    }
    out.kind = *kind;
    return true;
  }

  void read_metadata(const At& at, CriteriaDocument& out) {
    if (!object(at, keys_of<MetadataText>())) return;
    out.name = required_text(at, "name");
    if (!out.name.empty() && !is_name(out.name)) {
      issue(at.path + "/name", "a name has lower-case letters, digits and hyphens, at most 64");
    }
    out.owner = required_text(at, "owner");
    out.description = optional_text(at, "description");
    if (const auto review = optional(at, "reviewBy")) {
      out.review_by = text_of(*review, name_length_max);
      const bool is_date =
          out.review_by.size() == date_length && Instant::parse(out.review_by + "T00:00:00Z");
      if (!is_date) issue(review->path, "expected a date such as 2027-03-31");
    }
  }

  void read_spec(const At& at, CriteriaDocument& out) {
    auto keys = keys_of<SpecText>();
    for (std::string& key : part_keys(out.kind)) keys.push_back(std::move(key));
    if (!object(at, keys)) return;
    if (const auto mode = optional(at, "mode")) read_mode(*mode, out);
    out.match = optional_expression(at, "match");
    for (const At& item : list(at, "variables", CriteriaDocument::variables_max)) {
      read_variable(item, out);
    }
    const bool needs_rules = part_keys(out.kind).empty();
    const auto* written = at.value->get_object().if_contains("rules");
    if (needs_rules && written == nullptr) issue(at.path, "'rules' is missing");
    const auto rules = list(at, "rules", CriteriaDocument::rules_max);
    if (needs_rules && written != nullptr && written->is_array() && rules.empty()) {
      issue(at.path + "/rules", out.kind == Kind::certification_criteria
                                    ? "criteria need at least one rule"
                                    : "a policy of this kind needs at least one rule");
    }
    for (const At& item : rules) read_rule(item, out);
    read_own_part(at, out);
    for (const At& item : list(at, "tests", CriteriaDocument::tests_max)) read_test(item, out);
    if (out.kind == Kind::policy_activation) require_passing_test(at, out);
  }

  /// What only this kind has.
  void read_own_part(const At& at, CriteriaDocument& out) {
    json::object members;
    for (const std::string& key : part_keys(out.kind)) {
      if (const auto found = optional(at, key)) members[key] = *found->value;
    }
    ReadPart part = read_part(out.kind, members);
    for (JsonIssue& found : part.issues) issue(found.path, std::move(found.message));
    out.conditions = std::move(part.conditions);
    out.part = std::move(members);
  }

  /// Rules that no change could pass would lock the policies, themselves included, for ever.
  void require_passing_test(const At& at, const CriteriaDocument& out) {
    const auto passes = [](const TestSource& test) {
      return test.expect == ExpectedVerdict::passed;
    };
    if (std::ranges::any_of(out.tests, passes)) return;
    issue(at.path, "a PolicyActivation needs a test that is passed: it shows that a change can");
  }

  void read_mode(const At& at, CriteriaDocument& out) {
    const std::string text = text_of(at, name_length_max);
    for (const Mode mode : {Mode::enforce, Mode::warn, Mode::shadow, Mode::off}) {
      if (mode_name(mode) != text) continue;
      out.mode = mode;
      return;
    }
    issue(at.path, "expected enforce, warn, shadow or \"off\"");
  }

  void read_variable(const At& at, CriteriaDocument& out) {
    if (!object(at, keys_of<VariableText>())) return;
    VariableSource variable;
    variable.name = required_text(at, "name");
    variable.expression = required_expression(at, "expression");
    const YamlPosition place = source_.position(at.path + "/expression");
    variable.line = place.line;
    variable.column = place.column;
    if (!variable.name.empty() && !is_identifier(variable.name)) {
      issue(at.path + "/name", "a variable is named by letters, digits and _, at most 64");
    }
    if (std::ranges::find(out.variables, variable.name, &VariableSource::name) !=
        out.variables.end()) {
      issue(at.path + "/name", "there are two variables of this name");
    }
    out.variables.push_back(std::move(variable));
  }

  void read_rule(const At& at, CriteriaDocument& out) {
    if (!object(at, keys_of<RuleText>())) return;
    RuleSource rule;
    rule.id = required_text(at, "id");
    rule.require = required_expression(at, "require");
    rule.when = optional_expression(at, "when");
    rule.message = required_text(at, "message");
    rule.evidence = optional_text(at, "evidence");
    if (const auto waivable = optional(at, "waivable")) rule.waivable = read_waivable(*waivable);
    if (const auto remedy = optional(at, "remedy")) rule.remedy = read_remedy(*remedy);
    const YamlPosition place = source_.position(at.path + "/require");
    rule.line = place.line;
    rule.column = place.column;
    if (!rule.id.empty() && !is_name(rule.id)) {
      issue(at.path + "/id", "a rule id has lower-case letters, digits and hyphens, at most 64");
    }
    if (rule.id == "match") issue(at.path + "/id", "'match' is reserved");
    if (!rule.id.empty() &&
        std::ranges::find(out.rules, rule.id, &RuleSource::id) != out.rules.end()) {
      issue(at.path + "/id", "there are two rules with the id '" + rule.id + "'");
    }
    out.rules.push_back(std::move(rule));
  }

  Waivable read_waivable(const At& at) {
    if (const auto* said = at.value->if_bool()) return *said ? Waivable::yes : Waivable::no;
    issue(at.path, "expected true or false");
    return Waivable::no;
  }

  std::optional<Remedy> read_remedy(const At& at) {
    if (!object(at, remedy_keys())) return std::nullopt;
    Remedy remedy{.action = required_text(at, "do"),
                  .by = required_text(at, "by"),
                  .command = optional_text(at, "command"),
                  .within = std::nullopt,
                  .effect = std::nullopt};
    if (const auto within = optional(at, "within")) remedy.within = read_within(*within);
    if (const auto effect = optional(at, "effect")) remedy.effect = read_effect(*effect);
    return remedy;
  }

  std::optional<Duration> read_within(const At& at) {
    const std::string text = text_of(at, name_length_max);
    if (text.empty() && !at.value->is_string()) return std::nullopt;
    const auto within = parse_duration(text);
    if (within && *within > Duration{} && *within <= Remedy::within_max) return within;
    issue(at.path,
          "expected a duration up to " + duration_text(Remedy::within_max) + ", such as 4h or 2d");
    return std::nullopt;
  }

  /// The time of the decision is not the remedy's to set: it would prove what only waiting does.
  std::optional<json::object> read_effect(const At& at) {
    const auto* patch = at.value->if_object();
    if (patch == nullptr || patch->empty()) {
      issue(at.path, "expected an object with the facts as they are when the remedy was done");
      return std::nullopt;
    }
    if (patch->contains("now")) issue(at.path + "/now", "a remedy cannot change the time");
    return *patch;
  }

  void read_test(const At& at, CriteriaDocument& out) {
    if (!object(at, keys_of<TestText>())) return;
    TestSource test;
    test.name = required_text(at, "name");
    if (const auto given = required(at, "given")) {
      if (const auto* facts = given->value->if_object()) {
        test.given = *facts;
      } else {
        issue(given->path, "expected an object");
      }
    }
    const std::string expect = required_text(at, "expect");
    if (expect == "failed") {
      test.expect = ExpectedVerdict::failed;
    } else if (!expect.empty() && expect != "passed") {
      issue(at.path + "/expect", "expected passed or failed");
    }
    if (const auto rules = optional(at, "rules")) read_expected(*rules, out, test);
    if (at.value->get_object().contains("selects")) read_selects(at, out, test);
    out.tests.push_back(std::move(test));
  }

  void read_selects(const At& at, const CriteriaDocument& out, TestSource& test) {
    test.selects.emplace();
    for (const At& item : list(at, "selects", CriteriaDocument::tests_max)) {
      test.selects->push_back(text_of(item, CriteriaDocument::text_length_max));
      const auto known =
          std::ranges::find(out.conditions, test.selects->back(), &ConditionSource::name);
      if (known == out.conditions.end()) issue(item.path, "there is nothing of this name");
    }
  }

  void read_expected(const At& at, const CriteriaDocument& out, TestSource& test) {
    const auto* entries = at.value->if_object();
    if (entries == nullptr) return issue(at.path, "expected an object");
    for (const auto& entry : *entries) {
      const std::string id(entry.key().data(), entry.key().size());
      const At place{&entry.value(), at.path + pointer_step(id)};
      if (std::ranges::find(out.rules, id, &RuleSource::id) == out.rules.end()) {
        issue(place.path, "there is no rule with this id");
      }
      const std::string text = text_of(place, name_length_max);
      bool is_known = false;
      for (const RuleResult result :
           {RuleResult::pass, RuleResult::fail, RuleResult::error, RuleResult::unknown,
            RuleResult::not_applicable, RuleResult::waived}) {
        if (result_name(result) != text) continue;
        test.rules.push_back({id, result});
        is_known = true;
      }
      if (!is_known) {
        issue(place.path, "expected pass, fail, error, unknown, not_applicable or waived");
      }
    }
  }

  const YamlDocument& source_;
  std::vector<PolicyIssue> issues_;
};

}  // namespace

std::expected<ReadCriteria, std::vector<PolicyIssue>> read_criteria(std::string_view text) {
  const auto one = [](PolicyIssue issue) { return std::unexpected(std::vector{std::move(issue)}); };
  YamlLimits limits;
  limits.bytes_max = CriteriaDocument::bytes_max;
  limits.documents_max = 1;
  auto documents = parse_yaml(text, limits);
  if (!documents) {
    const YamlIssue& issue = documents.error();
    return one({issue.path, issue.line, issue.column, issue.message});
  }
  if (documents->empty()) return one({"", 1, 1, "the document is empty"});
  ReadCriteria out;
  out.source = std::move(documents->front());
  Reader reader(out.source);
  out.document = reader.read();
  if (auto issues = reader.take_issues(); !issues.empty()) return std::unexpected(issues);
  const auto canonical = canonical_json(out.source.value);
  if (!canonical) {
    const YamlPosition place = out.source.position(canonical.error().path);
    return one({canonical.error().path, place.line, place.column, canonical.error().message});
  }
  out.document.digest = sha256(*canonical);
  return out;
}

}  // namespace holdpoint::policy
