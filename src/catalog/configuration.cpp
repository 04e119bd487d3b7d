// Snapshots of configurations: their canonical form, and how two of them differ.
#include "catalog/configuration.hpp"

#include <algorithm>
#include <set>

namespace holdpoint::catalog {
namespace {

constexpr std::string_view kDocument = "/document";

/// The value as canonical JSON, cut between characters.
std::string shown(const json::value& value) {
  std::string text = canonical_json(value).value_or("?");
  if (text.size() <= configuration_shown_bytes_max) return text;
  std::size_t end = configuration_shown_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

class Comparison {
 public:
  void values(const std::string& path, const json::value& from, const json::value& to) {
    if (from == to) return;
    if (from.is_object() && to.is_object()) {
      objects(path, from.get_object(), to.get_object());
    } else if (from.is_array() && to.is_array()) {
      arrays(path, from.get_array(), to.get_array());
    } else {
      ++found_.changed;
      list({path, shown(from), shown(to)});
    }
  }
  ConfigurationDifference take() { return std::move(found_); }

 private:
  void objects(const std::string& path, const json::object& from, const json::object& to) {
    std::set<std::string> names;
    for (const auto& member : from) names.emplace(member.key());
    for (const auto& member : to) names.emplace(member.key());
    for (const std::string& name : names) {
      places(path + pointer_step(name), from.if_contains(name), to.if_contains(name));
    }
  }
  void arrays(const std::string& path, const json::array& from, const json::array& to) {
    for (std::size_t i = 0; i < std::max(from.size(), to.size()); ++i) {
      places(path + "/" + std::to_string(i), from.if_contains(i), to.if_contains(i));
    }
  }
  void places(const std::string& path, const json::value* from, const json::value* to) {
    if (from != nullptr && to != nullptr) {
      values(path, *from, *to);
    } else if (from != nullptr) {
      ++found_.removed;
      list({path, shown(*from), std::nullopt});
    } else {
      ++found_.added;
      list({path, std::nullopt, shown(*to)});
    }
  }
  void list(ConfigurationChange change) {
    if (found_.changes.size() < configuration_changes_max) {
      found_.changes.push_back(std::move(change));
    }
  }

  ConfigurationDifference found_;
};

}  // namespace

Decided<std::string> canonical_configuration(const RecordConfiguration& command) {
  JsonIssues issues;
  const auto& source = command.source;
  if (source && (source->empty() || source->size() > configuration_source_bytes_max)) {
    issues.push_back({"/source", "expected 1 to 512 bytes", 0});
  }
  for (JsonIssue& issue : secrets_in(command.document)) {
    issue.path = std::string(kDocument) + issue.path;
    issues.push_back(std::move(issue));
  }
  auto text = canonical_json(command.document);
  if (!text) {
    issues.push_back({std::string(kDocument) + text.error().path,
                      text.error().message + "; a number with a fraction is written as text", 0});
  } else if (text->size() > configuration_bytes_max) {
    issues.push_back({std::string(kDocument), "larger than 1 MB in canonical form", 0});
  }
  if (!issues.empty()) return refuse(invalid_configuration(std::move(issues)));
  return std::move(*text);
}

ConfigurationDifference difference(const json::value& from, const json::value& to) {
  Comparison comparison;
  comparison.values("", from, to);
  return comparison.take();
}

Refusal configuration_not_found(std::string_view digest) {
  Refusal refusal{RefusalKind::not_found, "configuration_not_found",
                  "There is no configuration " + std::string(digest) + " of this environment."};
  refusal.next.push_back({"you", "look for it in the history",
                          "holdpoint configuration list APPLICATION --env ENVIRONMENT"});
  return refusal;
}

Refusal invalid_configuration(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_configuration",
                  "The configuration is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

}  // namespace holdpoint::catalog
