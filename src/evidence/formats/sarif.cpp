// SARIF 2.1.0. Two passes over the results of a run: the first decides severity and status of each
// and counts, the second builds the findings that are listed. What a run does not say is not
// guessed: without results it has not looked, and a failed invocation makes the scan a failed one.
#include <algorithm>
#include <deque>
#include <vector>

#include "base/text_encoding.hpp"
#include "evidence/formats/readers.hpp"
#include "evidence/formats/sarif_rules.hpp"
#include "evidence/gather.hpp"
#include "evidence/severity.hpp"

namespace holdpoint::evidence {

namespace {

constexpr std::size_t message_strings_max = 64;
constexpr std::size_t arguments_max = 16;
constexpr std::string_view line_hash = "primaryLocationLineHash";

struct Verdict {
  Severity severity = Severity::unknown;
  FindingStatus status = FindingStatus::open;
  bool failing = true;
};

struct ToolKind {
  std::string_view name;
  Kind kind;
};

/// Tools that write SARIF and do not look at source code; all others count as static analysis.
constexpr ToolKind tool_kinds[] = {{"trivy", Kind::sca},
                                   {"grype", Kind::sca},
                                   {"snyk open source", Kind::sca},
                                   {"dependency-check", Kind::sca},
                                   {"osv-scanner", Kind::sca},
                                   {"govulncheck", Kind::sca},
                                   {"gitleaks", Kind::secrets},
                                   {"trufflehog", Kind::secrets},
                                   {"detect-secrets", Kind::secrets},
                                   {"secretlint", Kind::secrets},
                                   {"checkov", Kind::iac},
                                   {"kics", Kind::iac},
                                   {"tfsec", Kind::iac},
                                   {"terrascan", Kind::iac},
                                   {"hadolint", Kind::iac},
                                   {"kubescape", Kind::iac},
                                   {"dockle", Kind::iac},
                                   {"zap", Kind::dast},
                                   {"nuclei", Kind::dast},
                                   {"stackhawk", Kind::dast}};

Kind kind_of_tool(std::string_view name) {
  std::string lower = clean_text(name, name_bytes_max);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (const ToolKind& row : tool_kinds) {
    if (lower.starts_with(row.name)) return row.kind;
  }
  return Kind::sast;
}

std::optional<std::int64_t> score_in(std::optional<JsonNode> properties, Summary& summary) {
  const auto score = properties ? properties->get("security-severity") : std::nullopt;
  if (!score) return std::nullopt;
  const auto parsed = sarif_score(*score);
  if (!parsed) add_flag(summary, flag::score_ignored);
  return parsed;
}

/// §3.27.23: suppressed when there are suppressions and none of them is still under review or
/// rejected.
bool is_suppressed(JsonNode result) {
  const auto suppressions = result.get("suppressions");
  if (!suppressions) return false;
  bool any = false;
  for (const JsonNode suppression : suppressions->items()) {
    if (suppression.text("status").value_or("accepted") != "accepted") return false;
    any = true;
  }
  return any;
}

FindingStatus status_of(JsonNode result) {
  if (result.text("baselineState") == "absent") return FindingStatus::fixed;
  return is_suppressed(result) ? FindingStatus::suppressed : FindingStatus::open;
}

std::string_view path_of(std::string_view uri) {
  if (uri.starts_with("file://")) uri.remove_prefix(7);
  while (uri.starts_with("./")) uri.remove_prefix(2);
  return uri;
}

/// "{0} is unused" with its arguments (§3.11.5).
std::string fill(std::string_view text, std::optional<JsonNode> arguments) {
  std::vector<std::string_view> values;
  if (arguments) {
    for (const JsonNode argument : arguments->items()) {
      if (values.size() < arguments_max) values.push_back(argument.string().value_or(""));
    }
  }
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() <= message_bytes_max; ++i) {
    const bool place = text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}' &&
                       text[i + 1] >= '0' && text[i + 1] <= '9';
    const auto which = place ? static_cast<std::size_t>(text[i + 1] - '0') : values.size();
    if (which >= values.size()) {
      out += text[i];
      continue;
    }
    out += values[which].substr(0, message_bytes_max);
    i += 2;
  }
  return out;
}

std::string message_of(JsonNode result, const SarifRule* rule) {
  const auto message = result.get("message");
  if (!message) return {};
  if (const auto text = message->text("text")) {
    return fill(text->substr(0, message_bytes_max), message->get("arguments"));
  }
  if (const auto text = message->text("markdown")) {
    return std::string(text->substr(0, message_bytes_max));
  }
  const auto id = message->text("id");
  if (!id || rule == nullptr || !rule->messages) return {};
  std::size_t looked_at = 0;
  for (const auto& [name, value] : rule->messages->members()) {
    if (++looked_at > message_strings_max) break;
    if (name != *id) continue;
    return fill(value.text("text").value_or("").substr(0, message_bytes_max),
                message->get("arguments"));
  }
  return {};
}

/// The one of the tool's full fingerprints that a newer version of the tool is likeliest to go on
/// writing: the first by name.
std::optional<std::string_view> full_fingerprint(JsonNode result) {
  const auto fingerprints = result.get("fingerprints");
  if (!fingerprints) return std::nullopt;
  std::optional<std::pair<std::string_view, std::string_view>> first;
  for (const auto& [name, value] : fingerprints->members()) {
    const auto text = value.string();
    if (text && !text->empty() && (!first || name < first->first)) first.emplace(name, *text);
  }
  if (!first) return std::nullopt;
  return first->second;
}

/// What the tool says to tell findings of one rule in one file apart, or else the snippet, or else
/// the message.
void identify_within_file(Identity& identity, JsonNode result, std::optional<JsonNode> region,
                          std::string_view message) {
  if (const auto partial = result.get("partialFingerprints")) {
    if (const auto hash = partial->text(line_hash)) {
      identity.add("line").add(*hash);
      return;
    }
    std::vector<std::pair<std::string_view, std::string_view>> parts;
    for (const auto& [name, value] : partial->members()) {
      if (const auto text = value.string()) parts.emplace_back(name, *text);
    }
    std::ranges::sort(parts);
    for (const auto& [name, value] : parts) identity.add(name).add(value);
    if (!parts.empty()) return;
  }
  const auto snippet = region ? region->get("snippet") : std::nullopt;
  const auto code = snippet ? snippet->text("text") : std::nullopt;
  identity.add(code ? "code" : "message");
  identity.add(without_places(code ? code->substr(0, message_bytes_max) : message));
}

class RunReader {
 public:
  RunReader(JsonNode run, std::string path, Summary& summary, FindingList& findings)
      : run_(run), path_(std::move(path)), summary_(summary), findings_(findings), rules_(run) {
    const auto tool = run.get("tool");
    const auto driver = tool ? tool->get("driver") : std::nullopt;
    if (driver) tool_ = driver->text("name").value_or("");
    if (const auto artifacts = run.get("artifacts")) {
      for (const JsonNode artifact : artifacts->items()) artifacts_.push_back(artifact);
    }
    if (rules_.ignored_a_score()) add_flag(summary, flag::score_ignored);
  }

  /// The first pass; the path and reason when the results are malformed.
  std::optional<Unreadable> count() {
    const auto results = run_.get("results");
    if (!results) return std::nullopt;
    if (!results->is_array()) return path_ + "/results: expected array";
    for (const JsonNode result : results->items()) {
      if (!result.is_object()) {
        return path_ + "/results/" + std::to_string(verdicts_.size()) + ": expected object";
      }
      verdicts_.push_back(judge(result));
      const Verdict& verdict = verdicts_.back();
      if (verdict.failing) {
        findings_.count(verdict.severity, verdict.status);
      } else {
        findings_.count_not_failing();
      }
    }
    return std::nullopt;
  }

  /// The second pass.
  void list() {
    const auto results = run_.get("results");
    if (!results) return;
    std::size_t i = 0;
    for (const JsonNode result : results->items()) {
      const Verdict& verdict = verdicts_[i++];
      if (verdict.failing && findings_.take(verdict.severity, verdict.status)) add(result, verdict);
    }
  }

 private:
  SarifSeverity resolve(JsonNode result, const SarifRule* rule) {
    SarifStatements said;
    said.result_level = result.text("level");
    said.result_kind = result.text("kind");
    said.result_score_x10 = score_in(result.get("properties"), summary_);
    if (rule != nullptr) {
      said.override_level = rules_.override_of(rule);
      said.rule_level = rule->level;
      said.rule_score_x10 = rule->score_x10;
    }
    return resolve_sarif(said);
  }

  Verdict judge(JsonNode result) {
    const SarifSeverity resolved = resolve(result, rules_.of_result(result));
    if (resolved.contradictory) add_flag(summary_, flag::kind_and_level_disagree);
    if (resolved.severity == Severity::unknown) add_flag(summary_, flag::unknown_level);
    if (result.repeats_names()) add_flag(summary_, flag::duplicate_names);
    return {resolved.severity, status_of(result), resolved.failing};
  }

  void add(JsonNode result, const Verdict& verdict) {
    const SarifRule* rule = rules_.of_result(result);
    const SarifSeverity resolved = resolve(result, rule);
    const std::string message = message_of(result, rule);
    auto id = result.text("ruleId");
    if (!id && rule != nullptr) id = rule->id;
    Finding finding;
    finding.rule_id = clean_text(id.value_or(""), name_bytes_max);
    const bool speaks = !message.empty() || rule == nullptr;
    finding.title =
        clean_text(speaks ? std::string_view(message) : rule->title.value_or(""), title_bytes_max);
    finding.severity = verdict.severity;
    finding.status = verdict.status;
    finding.raw_severity = clean_text(resolved.raw, name_bytes_max);
    finding.score_x10 = resolved.score_x10;
    if (rule != nullptr) finding.ids = rule->ids;
    collect_ids(finding.ids, finding.rule_id);
    std::optional<JsonNode> region;
    finding.location = locate(result, region);

    Identity identity;
    identity.add("sarif").add(tool_).add(finding.rule_id);
    if (const auto full = full_fingerprint(result)) {
      identity.add("full").add(*full);
    } else {
      identity.add(finding.location ? std::string_view(finding.location->path) : "");
      identify_within_file(identity, result, region, message);
    }
    findings_.add(std::move(finding), identity);
  }

  std::optional<std::string_view> uri_of(JsonNode artifact_location) const {
    if (const auto uri = artifact_location.text("uri")) return uri;
    const auto index = artifact_location.integer("index");
    if (!index || *index < 0 || static_cast<std::size_t>(*index) >= artifacts_.size()) {
      return std::nullopt;
    }
    const auto location = artifacts_[static_cast<std::size_t>(*index)].get("location");
    return location ? location->text("uri") : std::nullopt;
  }

  std::optional<Location> locate(JsonNode result, std::optional<JsonNode>& region) const {
    const auto locations = result.get("locations");
    if (!locations) return std::nullopt;
    const auto items = locations->items();
    if (items.begin() == items.end()) return std::nullopt;
    const JsonNode first = *items.begin();
    Location location;
    if (const auto physical = first.get("physicalLocation")) {
      region = physical->get("region");
      if (const auto line = region ? region->integer("startLine") : std::nullopt;
          line && *line > 0 && *line <= count_max) {
        location.line = line;
      }
      const auto artifact = physical->get("artifactLocation");
      if (const auto uri = artifact ? uri_of(*artifact) : std::nullopt) {
        location.path = clean_text(path_of(*uri), path_bytes_max);
        if (uri->starts_with("http://") || uri->starts_with("https://")) {
          location.url = location.path;
        }
      }
    }
    if (location.path.empty()) location.path = logical_name(first);
    if (location.path.empty()) return std::nullopt;
    return location;
  }

  static std::string logical_name(JsonNode location) {
    const auto names = location.get("logicalLocations");
    if (!names) return {};
    const auto items = names->items();
    if (items.begin() == items.end()) return {};
    const JsonNode first = *items.begin();
    auto name = first.text("fullyQualifiedName");
    if (!name) name = first.text("name");
    return clean_text(name.value_or(""), path_bytes_max);
  }

  JsonNode run_;
  std::string path_;
  Summary& summary_;
  FindingList& findings_;
  SarifRules rules_;
  std::string_view tool_;
  std::vector<JsonNode> artifacts_;
  std::vector<Verdict> verdicts_;
};

void fail(Summary& summary, std::string reason) {
  if (summary.status == ReportStatus::failed_to_run) return;
  summary.status = ReportStatus::failed_to_run;
  summary.reason = clean_text(reason, reason_bytes_max);
}

bool reports_errors(JsonNode invocation, std::string_view list) {
  const auto notifications = invocation.get(list);
  if (!notifications) return false;
  for (const JsonNode notification : notifications->items()) {
    if (notification.text("level") == "error") return true;
  }
  return false;
}

void note_times(JsonNode invocation, Summary& summary) {
  const auto start = Instant::parse(invocation.text("startTimeUtc").value_or(""));
  const auto end = Instant::parse(invocation.text("endTimeUtc").value_or(""));
  if (start && (!summary.started_at || *start < summary.started_at->at)) {
    summary.started_at = InstantUs{*start};
  }
  if (end && (!summary.finished_at || *end > summary.finished_at->at)) {
    summary.finished_at = InstantUs{*end};
  }
}

void note_invocations(JsonNode run, const std::string& path, Summary& summary) {
  const auto invocations = run.get("invocations");
  if (!invocations) return;
  std::size_t i = 0;
  for (const JsonNode invocation : invocations->items()) {
    const auto successful = invocation.get("executionSuccessful");
    if (successful && successful->boolean() == false) {
      const auto why = invocation.text("exitCodeDescription");
      fail(summary, path + "/invocations/" + std::to_string(i) +
                        ": the tool says that it did not run successfully" +
                        (why ? ": " + std::string(why->substr(0, name_bytes_max)) : ""));
    }
    if (reports_errors(invocation, "toolExecutionNotifications") ||
        reports_errors(invocation, "toolConfigurationNotifications")) {
      add_flag(summary, flag::tool_reported_errors);
    }
    note_times(invocation, summary);
    ++i;
  }
}

void note_tool(JsonNode run, Summary& summary) {
  const auto tool = run.get("tool");
  const auto driver = tool ? tool->get("driver") : std::nullopt;
  const auto name = driver ? driver->text("name") : std::nullopt;
  if (!name) return;
  auto version = driver->text("semanticVersion");
  if (!version) version = driver->text("version");
  add_tool(summary, *name, version);
  if (summary.kind == Kind::unknown) summary.kind = kind_of_tool(*name);
}

void note_source(JsonNode run, Summary& summary) {
  const auto provenance = run.get("versionControlProvenance");
  if (!provenance || summary.source) return;
  const auto items = provenance->items();
  if (items.begin() == items.end()) return;
  const JsonNode first = *items.begin();
  summary.source = Source{optional_text(first.text("repositoryUri"), path_bytes_max),
                          optional_text(first.text("revisionId"), name_bytes_max),
                          optional_text(first.text("branch"), name_bytes_max)};
}

/// Results in other files (§3.15.3) are not here to be counted.
bool has_results_elsewhere(JsonNode run) {
  const auto references = run.get("externalPropertyFileReferences");
  return references && references->get("results");
}

}  // namespace

Reading read_sarif(JsonNode root) {
  const auto runs = root.get("runs");
  if (!runs) return std::unexpected(Unreadable("no runs"));
  if (!runs->is_array()) return std::unexpected(Unreadable("/runs: expected array"));
  Summary summary;
  FindingList findings;
  std::deque<RunReader> readers;
  for (const JsonNode run : runs->items()) {
    const std::string path = "/runs/" + std::to_string(readers.size());
    if (!run.is_object()) return std::unexpected(path + ": expected object");
    if (has_results_elsewhere(run)) {
      return std::unexpected(path + ": the results stand in other files");
    }
    note_tool(run, summary);
    note_source(run, summary);
    note_invocations(run, path, summary);
    if (!run.get("results")) {
      fail(summary, path + ": no results, so the tool did not run or did not look");
    }
    if (run.repeats_names()) add_flag(summary, flag::duplicate_names);
    readers.emplace_back(run, path, summary, findings);
    if (auto problem = readers.back().count()) return std::unexpected(std::move(*problem));
  }
  if (readers.empty()) return std::unexpected(Unreadable("no runs"));
  if (root.repeats_names()) add_flag(summary, flag::duplicate_names);
  for (RunReader& reader : readers) reader.list();
  summary.findings = findings.finish();
  if (summary.kind == Kind::unknown) summary.kind = Kind::sast;
  return summary;
}

}  // namespace holdpoint::evidence
