// CycloneDX JSON: components, wherever they are nested, and vulnerabilities, one finding for each
// thing that a vulnerability affects. Of several ratings, those of the vulnerability's own source
// count (a distribution knows its packages better than a general database); among them the worst.
#include <algorithm>
#include <deque>
#include <unordered_map>
#include <vector>

#include "base/text_encoding.hpp"
#include "evidence/formats/readers.hpp"
#include "evidence/gather.hpp"
#include "evidence/numbers.hpp"
#include "evidence/severity.hpp"

namespace holdpoint::evidence {

namespace {

struct Rating {
  Severity severity = Severity::unknown;
  std::string_view raw;
  std::optional<std::int64_t> score_x10;
};

std::optional<ScoreKind> score_kind(std::string_view method) {
  if (method == "CVSSv2") return ScoreKind::cvss_v2;
  if (method == "CVSSv3" || method == "CVSSv31") return ScoreKind::cvss_v3;
  if (method == "CVSSv4") return ScoreKind::cvss_v4;
  return std::nullopt;
}

std::string_view source_name(JsonNode node) {
  const auto source = node.get("source");
  return source ? source->text("name").value_or("") : "";
}

/// The word goes before the score. A score of another method than CVSS is no severity.
Rating read_rating(JsonNode node, Summary& summary) {
  Rating rating;
  rating.raw = node.text("severity").value_or("");
  const auto kind = score_kind(node.text("method").value_or(""));
  if (const auto score = node.get("score"); score && kind) {
    const auto number = score->number();
    rating.score_x10 = number ? score_x10_of(*number) : std::nullopt;
    if (!rating.score_x10) add_flag(summary, flag::score_ignored);
  }
  const auto word = severity_of_word(Vocabulary::cyclonedx, rating.raw);
  if (!word && !rating.raw.empty()) add_flag(summary, flag::unknown_level);
  if (word && *word != Severity::unknown) {
    rating.severity = *word;
  } else if (rating.score_x10) {
    rating.severity = severity_of_score(*rating.score_x10, *kind);
  }
  return rating;
}

bool is_worse(const Rating& a, const Rating& b) {
  if (b.severity == Severity::unknown) return a.severity != Severity::unknown;
  if (a.severity == Severity::unknown) return false;
  if (a.severity != b.severity) return severity_rank(a.severity) < severity_rank(b.severity);
  return a.score_x10.value_or(-1) > b.score_x10.value_or(-1);
}

Rating rating_of(JsonNode vulnerability, Summary& summary) {
  const auto ratings = vulnerability.get("ratings");
  if (!ratings) return {};
  const std::string_view source = source_name(vulnerability);
  Rating worst;
  Rating own;
  for (const JsonNode node : ratings->items()) {
    const Rating rating = read_rating(node, summary);
    if (is_worse(rating, worst)) worst = rating;
    if (!source.empty() && source_name(node) == source && is_worse(rating, own)) own = rating;
  }
  return own.severity != Severity::unknown ? own : worst;
}

FindingStatus status_of(JsonNode vulnerability) {
  const auto analysis = vulnerability.get("analysis");
  const auto state = analysis ? analysis->text("state").value_or("") : "";
  if (state == "resolved" || state == "resolved_with_pedigree") return FindingStatus::fixed;
  if (state == "not_affected" || state == "false_positive") return FindingStatus::not_affected;
  return FindingStatus::open;
}

/// An affected component is not affected when every version listed is said to be unaffected.
bool is_unaffected(JsonNode affected) {
  const auto versions = affected.get("versions");
  if (!versions) return false;
  bool any = false;
  for (const JsonNode version : versions->items()) {
    if (version.text("status") != "unaffected") return false;
    any = true;
  }
  return any;
}

/// "urn:cdx:serial/1#ref" points into a document by reference (BOM-Link); the rest is the ref.
std::string_view local_ref(std::string_view ref) {
  if (!ref.starts_with("urn:cdx:")) return ref;
  const auto hash = ref.find('#');
  return hash == std::string_view::npos ? ref : ref.substr(hash + 1);
}

Component read_component(JsonNode node) {
  std::string name(node.text("group").value_or("").substr(0, name_bytes_max));
  if (!name.empty()) name += '/';
  name += node.text("name").value_or("").substr(0, name_bytes_max);
  return {clean_text(name, name_bytes_max), optional_text(node.text("version"), name_bytes_max),
          optional_text(node.text("purl"), path_bytes_max)};
}

bool is_licensed(JsonNode component) {
  const auto licenses = component.get("licenses");
  return licenses && licenses->items().begin() != licenses->items().end();
}

class BomReader {
 public:
  BomReader(JsonNode root, Summary& summary) : root_(root), summary_(summary) {}

  std::optional<Unreadable> read() {
    const auto metadata = root_.get("metadata");
    if (metadata) note_metadata(*metadata);
    const auto vulnerabilities = root_.get("vulnerabilities");
    const auto listed = root_.get("components");
    if (listed && !listed->is_array()) return "/components: expected array";
    if (vulnerabilities && !vulnerabilities->is_array()) return "/vulnerabilities: expected array";
    if (listed || !vulnerabilities) {
      if (listed) {
        if (auto problem = read_components(*listed)) return problem;
      }
      count_dependencies();
      summary_.components = std::move(components_);
    }
    summary_.kind = summary_.components ? Kind::sbom : Kind::sca;
    if (vulnerabilities) return read_vulnerabilities(*vulnerabilities);
    return std::nullopt;
  }

 private:
  void note_metadata(JsonNode metadata) {
    if (const auto at = Instant::parse(metadata.text("timestamp").value_or(""))) {
      summary_.finished_at = InstantUs{*at};
    }
    if (const auto subject = metadata.get("component")) remember(*subject);
    const auto tools = metadata.get("tools");
    if (!tools) return;
    // An array until 1.4, an object of components and services since 1.5.
    for (const JsonNode tool : tools->items()) note_tool(tool);
    for (const std::string_view list : {"components", "services"}) {
      const auto members = tools->get(list);
      if (!members) continue;
      for (const JsonNode tool : members->items()) note_tool(tool);
    }
  }

  void note_tool(JsonNode tool) {
    add_tool(summary_, tool.text("name").value_or(""), tool.text("version"));
  }

  void remember(JsonNode component) {
    if (const auto ref = component.text("bom-ref")) by_ref_.try_emplace(*ref, component);
  }

  /// Nested components are components; the queue replaces recursion.
  std::optional<Unreadable> read_components(JsonNode listed) {
    std::deque<JsonNode> lists{listed};
    while (!lists.empty()) {
      const JsonNode list = lists.front();
      lists.pop_front();
      std::size_t i = 0;
      for (const JsonNode component : list.items()) {
        if (!component.is_object()) return "/components/" + std::to_string(i) + ": expected object";
        ++i;
        remember(component);
        add_component(components_, read_component(component), is_licensed(component));
        if (const auto nested = component.get("components")) lists.push_back(*nested);
      }
    }
    return std::nullopt;
  }

  void count_dependencies() {
    const auto dependencies = root_.get("dependencies");
    if (!dependencies) return;
    for (const JsonNode dependency : dependencies->items()) {
      const auto on = dependency.get("dependsOn");
      if (!on) continue;
      for (auto edge = on->items().begin(); edge != on->items().end(); ++edge) {
        ++components_.dependencies;
      }
    }
  }

  /// Calls visit(ref, status) for everything that the vulnerability affects, or once with no ref.
  template <class Visit>
  static void each_affected(JsonNode vulnerability, Visit&& visit) {
    const FindingStatus status = status_of(vulnerability);
    bool any = false;
    if (const auto affects = vulnerability.get("affects")) {
      for (const JsonNode affected : affects->items()) {
        const bool unaffected = status == FindingStatus::open && is_unaffected(affected);
        visit(affected.text("ref"), unaffected ? FindingStatus::not_affected : status);
        any = true;
      }
    }
    if (!any) visit(std::optional<std::string_view>(), status);
  }

  std::optional<Unreadable> read_vulnerabilities(JsonNode vulnerabilities) {
    FindingList findings;
    std::vector<Rating> ratings;
    for (const JsonNode vulnerability : vulnerabilities.items()) {
      if (!vulnerability.is_object()) {
        return "/vulnerabilities/" + std::to_string(ratings.size()) + ": expected object";
      }
      const Rating& rating = ratings.emplace_back(rating_of(vulnerability, summary_));
      each_affected(vulnerability, [&](std::optional<std::string_view>, FindingStatus status) {
        findings.count(rating.severity, status);
      });
    }
    std::size_t i = 0;
    for (const JsonNode vulnerability : vulnerabilities.items()) {
      const Rating& rating = ratings[i++];
      each_affected(vulnerability, [&](std::optional<std::string_view> ref, FindingStatus status) {
        if (findings.take(rating.severity, status)) {
          add_finding(findings, vulnerability, rating, ref, status);
        }
      });
    }
    summary_.findings = findings.finish();
    return std::nullopt;
  }

  void add_finding(FindingList& findings, JsonNode vulnerability, const Rating& rating,
                   std::optional<std::string_view> ref, FindingStatus status) const {
    Finding finding;
    finding.rule_id = clean_text(vulnerability.text("id").value_or(""), name_bytes_max);
    auto title = vulnerability.text("description");
    if (!title) title = vulnerability.text("detail");
    finding.title = clean_text(title.value_or(finding.rule_id), title_bytes_max);
    finding.severity = rating.severity;
    finding.raw_severity = clean_text(rating.raw, name_bytes_max);
    finding.score_x10 = rating.score_x10;
    finding.status = status;
    finding.ids = ids_of(vulnerability, finding.rule_id);
    finding.component = affected_component(ref);
    Identity identity;
    identity.add("vulnerability").add(finding.rule_id);
    if (finding.component) {
      const Component& component = *finding.component;
      identity.add(component.purl.value_or(component.name));
      identity.add(component.purl ? "" : component.version.value_or(""));
    }
    findings.add(std::move(finding), identity);
  }

  [[nodiscard]] std::optional<Component> affected_component(
      std::optional<std::string_view> ref) const {
    if (!ref) return std::nullopt;
    const std::string_view local = local_ref(*ref);
    const auto found = by_ref_.find(local);
    if (found != by_ref_.end()) return read_component(found->second);
    Component named;
    named.name = clean_text(local, name_bytes_max);
    if (local.starts_with("pkg:")) named.purl = clean_text(local, path_bytes_max);
    return named;
  }

  static void add_id(std::vector<std::string>& ids, std::string_view id) {
    std::string cleaned = clean_text(id, name_bytes_max);
    if (cleaned.empty() || ids.size() >= finding_ids_max) return;
    if (std::ranges::find(ids, cleaned) == ids.end()) ids.push_back(std::move(cleaned));
  }

  static std::vector<std::string> ids_of(JsonNode vulnerability, std::string_view rule_id) {
    std::vector<std::string> ids;
    add_id(ids, rule_id);
    if (const auto references = vulnerability.get("references")) {
      for (const JsonNode reference : references->items()) {
        add_id(ids, reference.text("id").value_or(""));
      }
    }
    if (const auto weaknesses = vulnerability.get("cwes")) {
      for (const JsonNode weakness : weaknesses->items()) {
        const auto number = weakness.integer();
        if (number && *number > 0) add_id(ids, "CWE-" + std::to_string(*number));
      }
    }
    return ids;
  }

  JsonNode root_;
  Summary& summary_;
  Components components_;
  std::unordered_map<std::string_view, JsonNode> by_ref_;
};

}  // namespace

Reading read_cyclonedx(JsonNode root) {
  Summary summary;
  BomReader reader(root, summary);
  if (auto problem = reader.read()) return std::unexpected(std::move(*problem));
  if (root.repeats_names()) add_flag(summary, flag::duplicate_names);
  return summary;
}

}  // namespace holdpoint::evidence
