// Reports of real tools, when HOLDPOINT_CORPUS names a folder with them: none may crash intake, and
// the counts of SARIF and CycloneDX must be those that EXPECTED.tsv records from another importer,
// and those of a second, naive count made here. Without the variable there is nothing to test.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "evidence/intake.hpp"

namespace holdpoint::evidence {

namespace {

namespace files = std::filesystem;

std::string read_file(const files::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<files::path> corpus() {
  std::vector<files::path> found;
  const char* folder = std::getenv("HOLDPOINT_CORPUS");
  if (folder == nullptr) return found;
  for (const auto& entry : files::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) found.push_back(entry.path());
  }
  return found;
}

std::int64_t all_findings(const Summary& summary) {
  if (!summary.findings) return -1;
  const SeverityCounts& open = summary.findings->open;
  return open.critical + open.high + open.medium + open.low + open.info + open.unknown +
         summary.findings->suppressed + summary.findings->fixed + summary.findings->not_affected +
         summary.findings->not_failing;
}

/// Another count of the same document, by the strict reader and without any rule.
std::int64_t naive_count(const json::value& report) {
  std::int64_t count = 0;
  if (const auto* runs = report.as_object().if_contains("runs")) {
    for (const auto& run : runs->as_array()) {
      count += static_cast<std::int64_t>(run.at("results").as_array().size());
    }
    return count;
  }
  const auto* vulnerabilities = report.as_object().if_contains("vulnerabilities");
  if (vulnerabilities == nullptr) return -1;
  for (const auto& vulnerability : vulnerabilities->as_array()) {
    const auto* affects = vulnerability.as_object().if_contains("affects");
    const auto affected = affects == nullptr ? 0 : affects->as_array().size();
    count += static_cast<std::int64_t>(affected == 0 ? 1 : affected);
  }
  return count;
}

/// Counts that differ from EXPECTED.tsv for a reason.
struct Explained {
  const char* file;
  std::int64_t ours;
  const char* reason;
};
constexpr Explained explained[] = {
    {"cyclonedx/dd_1_15_0.xml", -1, "CycloneDX in XML is kept as received"},
    {"cyclonedx/jake.xml", -1, "CycloneDX in XML is kept as received"},
    {"cyclonedx/log4j.xml", -1, "CycloneDX in XML is kept as received"},
};

std::map<std::string, std::int64_t> expected_counts() {
  std::map<std::string, std::int64_t> counts;
  const char* folder = std::getenv("HOLDPOINT_CORPUS");
  if (folder == nullptr) return counts;
  std::ifstream in(files::path(folder) / "EXPECTED.tsv");
  for (std::string line; std::getline(in, line);) {
    const auto tab = line.find('\t');
    const bool ours = line.starts_with("sarif/") || line.starts_with("cyclonedx/");
    if (ours && tab != std::string::npos) {
      counts[line.substr(0, tab)] = std::atoll(line.c_str() + tab + 1);
    }
  }
  return counts;
}

}  // namespace

TEST_CASE("every report of the corpus goes through intake and gives a summary with a reason") {
  for (const files::path& path : corpus()) {
    CAPTURE(path.string());
    const Summary summary = summarise(read_file(path));
    CHECK((summary.status == ReportStatus::complete) == !summary.reason.has_value());
    CHECK(from_json_text<Summary>(to_json_text(summary)).has_value());
  }
}

TEST_CASE("findings of real reports are counted as another importer counts them") {
  for (const auto& [file, expected] : expected_counts()) {
    CAPTURE(file);
    const std::string bytes = read_file(files::path(std::getenv("HOLDPOINT_CORPUS")) / file);
    std::int64_t wanted = expected;
    for (const Explained& row : explained) {
      if (file == row.file) wanted = row.ours;
    }
    CHECK(all_findings(summarise(bytes)) == wanted);
  }
}

TEST_CASE("findings of real reports are counted as a naive reader counts them") {
  for (const files::path& path : corpus()) {
    const std::string bytes = read_file(path);
    const Summary summary = summarise(bytes);
    if (summary.format != "sarif" && summary.format != "cyclonedx") continue;
    const auto report = parse_json(bytes, {.depth_max = 200, .bytes_max = 64U << 20});
    if (!report || !summary.findings) continue;
    CAPTURE(path.string());
    CHECK(all_findings(summary) == naive_count(*report));
  }
}

}  // namespace holdpoint::evidence
