// SPDX 2.2 and 2.3 in JSON: packages, what is known of each, and how many dependency relationships
// the document declares. Every package counts, the described one too.
#include "base/text_encoding.hpp"
#include "evidence/formats/readers.hpp"
#include "evidence/gather.hpp"

namespace holdpoint::evidence {

namespace {

constexpr std::string_view tool_prefix = "Tool: ";

bool is_asserted(std::optional<std::string_view> value) {
  return value && !value->empty() && *value != "NOASSERTION" && *value != "NONE";
}

std::optional<std::string_view> purl_of(JsonNode package) {
  const auto references = package.get("externalRefs");
  if (!references) return std::nullopt;
  for (const JsonNode reference : references->items()) {
    if (reference.text("referenceType") == "purl") return reference.text("referenceLocator");
  }
  return std::nullopt;
}

Component read_package(JsonNode package) {
  const auto version = package.text("versionInfo");
  return {clean_text(package.text("name").value_or(""), name_bytes_max),
          optional_text(is_asserted(version) ? version : std::nullopt, name_bytes_max),
          optional_text(purl_of(package), path_bytes_max)};
}

bool is_dependency(std::string_view type) {
  return type == "DEPENDS_ON" || type.ends_with("DEPENDENCY_OF");
}

/// "Tool: npm/cli-10.8.2": the version is what follows the last hyphen, when it begins with a
/// digit.
void note_creators(JsonNode creation, Summary& summary) {
  if (const auto at = Instant::parse(creation.text("created").value_or(""))) {
    summary.finished_at = InstantUs{*at};
  }
  const auto creators = creation.get("creators");
  if (!creators) return;
  for (const JsonNode creator : creators->items()) {
    std::string_view name = creator.string().value_or("");
    if (!name.starts_with(tool_prefix)) continue;
    name.remove_prefix(tool_prefix.size());
    const auto hyphen = name.rfind('-');
    const bool has_version = hyphen != std::string_view::npos && hyphen + 1 < name.size() &&
                             name[hyphen + 1] >= '0' && name[hyphen + 1] <= '9';
    add_tool(summary, name.substr(0, has_version ? hyphen : name.size()),
             has_version ? std::optional(name.substr(hyphen + 1)) : std::nullopt);
  }
}

}  // namespace

Reading read_spdx(JsonNode root) {
  Summary summary;
  summary.kind = Kind::sbom;
  Components components;
  if (const auto packages = root.get("packages")) {
    if (!packages->is_array()) return std::unexpected(Unreadable("/packages: expected array"));
    std::size_t i = 0;
    for (const JsonNode package : packages->items()) {
      if (!package.is_object()) {
        return std::unexpected("/packages/" + std::to_string(i) + ": expected object");
      }
      ++i;
      const bool licensed = is_asserted(package.text("licenseConcluded")) ||
                            is_asserted(package.text("licenseDeclared"));
      add_component(components, read_package(package), licensed);
    }
  }
  if (const auto relationships = root.get("relationships")) {
    for (const JsonNode relationship : relationships->items()) {
      if (is_dependency(relationship.text("relationshipType").value_or(""))) {
        ++components.dependencies;
      }
    }
  }
  if (const auto creation = root.get("creationInfo")) note_creators(*creation, summary);
  if (root.repeats_names()) add_flag(summary, flag::duplicate_names);
  summary.components = std::move(components);
  return summary;
}

}  // namespace holdpoint::evidence
