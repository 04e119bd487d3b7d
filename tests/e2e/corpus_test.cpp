// Real reports of real tools, handed in over HTTP. The findings of SARIF and CycloneDX are counted
// a second time here, from the raw documents and by severity; what could not be read is never
// counted as passing. Without HOLDPOINT_CORPUS there is nothing to test.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

namespace files = std::filesystem;

using Counts = std::map<std::string, std::int64_t>;

const json::value* member(const json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string text_of(const json::value* value, const std::string& otherwise = "") {
  return value != nullptr && value->is_string() ? std::string(view(value->get_string()))
                                                : otherwise;
}

std::vector<json::value> list(const json::value& value, std::string_view name) {
  const auto* found = member(value, name);
  if (found == nullptr || !found->is_array()) return {};
  return {found->get_array().begin(), found->get_array().end()};
}

std::string band(double score) {
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  if (score >= 4) return "medium";
  return score > 0 ? "low" : "info";
}

std::string score_of(const json::value& value) {
  const auto* properties = member(value, "properties");
  const auto* score = properties == nullptr ? nullptr : member(*properties, "security-severity");
  if (score == nullptr) return "";
  return score->is_string() ? text_of(score) : json::serialize(*score);
}

json::value rule_of(const json::value& run, const json::value& result) {
  const auto* tool = member(run, "tool");
  const auto* driver = tool == nullptr ? nullptr : member(*tool, "driver");
  if (driver == nullptr) return {};
  const auto rules = list(*driver, "rules");
  const auto* index = member(result, "ruleIndex");
  if (index != nullptr && index->is_int64() && index->get_int64() >= 0 &&
      static_cast<std::size_t>(index->get_int64()) < rules.size()) {
    return rules[static_cast<std::size_t>(index->get_int64())];
  }
  for (const auto& rule : rules) {
    if (text_of(member(rule, "id")) == text_of(member(result, "ruleId"))) return rule;
  }
  return {};
}

std::string sarif_severity(const json::value& run, const json::value& result) {
  const auto rule = rule_of(run, result);
  for (const std::string& score : {score_of(result), score_of(rule)}) {
    if (!score.empty()) return band(std::strtod(score.c_str(), nullptr));
  }
  std::string by_rule = "warning";
  if (const auto* set = member(rule, "defaultConfiguration")) {
    by_rule = text_of(member(*set, "level"), by_rule);
  }
  const std::string level = text_of(member(result, "level"), by_rule);
  if (level == "error") return "high";
  if (level == "warning") return "medium";
  return level == "note" ? "low" : "info";
}

Counts sarif_counts(const json::value& report) {
  Counts counts;
  for (const auto& run : list(report, "runs")) {
    for (const auto& result : list(run, "results")) {
      const std::string kind = text_of(member(result, "kind"), "fail");
      if (kind == "pass" || kind == "notApplicable") continue;
      if (!list(result, "suppressions").empty()) continue;
      ++counts[kind == "fail" ? sarif_severity(run, result) : "info"];
    }
  }
  return counts;
}

std::string cyclonedx_severity(const json::value& vulnerability) {
  const auto source_of = [](const json::value& value) {
    const auto* source = member(value, "source");
    return source == nullptr ? "" : text_of(member(*source, "name"));
  };
  const std::vector<std::string> worst_first{"critical", "high", "medium", "low", "info", "none"};
  std::size_t worst = worst_first.size();
  std::size_t own = worst_first.size();
  for (const auto& rating : list(vulnerability, "ratings")) {
    const auto found = std::ranges::find(worst_first, text_of(member(rating, "severity")));
    const auto rank = static_cast<std::size_t>(found - worst_first.begin());
    worst = std::min(worst, rank);
    const std::string source = source_of(vulnerability);
    if (!source.empty() && source_of(rating) == source) own = std::min(own, rank);
  }
  const std::size_t decided = own < worst_first.size() ? own : worst;
  if (decided == worst_first.size()) return "unknown";
  return decided == worst_first.size() - 1 ? "info" : worst_first[decided];
}

Counts cyclonedx_counts(const json::value& report) {
  Counts counts;
  for (const auto& vulnerability : list(report, "vulnerabilities")) {
    const auto* analysis = member(vulnerability, "analysis");
    const std::string state = analysis == nullptr ? "" : text_of(member(*analysis, "state"));
    if (state.starts_with("resolved") || state == "not_affected" || state == "false_positive") {
      continue;
    }
    const auto affected = list(vulnerability, "affects").size();
    counts[cyclonedx_severity(vulnerability)] +=
        static_cast<std::int64_t>(std::max<std::size_t>(affected, 1));
  }
  return counts;
}

Counts stated(const json::value& counts) {
  Counts out;
  const auto* open = member(counts, "open");
  if (open == nullptr || !open->is_object()) return out;
  for (const auto& entry : open->get_object()) {
    if (entry.value() != 0) out[std::string(entry.key())] = entry.value().to_number<std::int64_t>();
  }
  return out;
}

std::string shown(const Counts& counts) {
  std::string out;
  for (const auto& [severity, count] : counts) out += severity + "=" + std::to_string(count) + " ";
  return out;
}

void prepare(const ServerProcess& server) {
  const Ask apply{.method = "POST",
                  .target = "/api/v1/main/apply",
                  .body = example("environments.yaml") + "---\n" + example("application.yaml"),
                  .media = "application/yaml"};
  REQUIRE(server.ask(apply).status == 200);
  const std::string release =
      R"({"application":"payments","version":"1","commits":[],"ci":{},"artifacts":[]})";
  REQUIRE(server.post("/api/v1/main/releases", release).status == 201);
}

}  // namespace

TEST_CASE("every report of the corpus is taken in; its findings are those of a plain count") {
  const char* folder = std::getenv("HOLDPOINT_CORPUS");
  if (folder == nullptr) return;
  const ServerProcess server;
  prepare(server);
  const std::string release = "/api/v1/main/releases/payments%401";
  std::size_t all = 0;
  std::size_t compared = 0;
  std::size_t incomplete = 0;
  for (const auto& entry : files::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path());
    const Reply added = server.ask({.method = "POST",
                                    .target = release + "/evidence?name=r" + std::to_string(all++),
                                    .body = bytes,
                                    .media = "application/octet-stream"});
    INFO(entry.path().string(), ": ", added.status, " ", added.body);
    REQUIRE(added.status == 201);
    const bool complete = added.text("status") == "complete";
    if (!complete) {
      CHECK(!added.text("reason").empty());
      ++incomplete;
      continue;
    }
    const auto report = parse_json(bytes, {.depth_max = 200, .bytes_max = 64U << 20});
    const bool sarif = added.text("format") == "sarif";
    if (!report || (!sarif && added.text("format") != "cyclonedx")) continue;
    const Counts naive = sarif ? sarif_counts(*report) : cyclonedx_counts(*report);
    INFO("counted here: ", shown(naive));
    CHECK(stated(added.document().at("counts")) == naive);
    ++compared;
  }
  CHECK(all > 100);
  CHECK(compared >= 10);
  CHECK(incomplete > 50);
  const Reply judged = server.post(release + "/certification", "{}");
  CHECK(judged.text("state") == "refused");
  const auto facts =
      server.get("/api/v1/main/certifications/" + judged.text("id") + "/facts").document();
  CHECK(facts.at("evidence").at("incomplete").as_array().size() == incomplete);
}

}  // namespace holdpoint::test
