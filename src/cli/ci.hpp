// Which pipeline runs us: read from the variables that GitHub Actions, GitLab CI, Jenkins and Azure
// Pipelines document, so that nobody types what the machine knows.
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "cli/cli.hpp"

namespace holdpoint::cli {

/// Empty members are not known.
struct CiRun {
  std::string provider;  // github_actions, gitlab_ci, jenkins, azure_pipelines
  std::string run_id;
  std::string run_url;
  std::string pipeline;
  std::string job;
  std::string repository;  // an address without credentials
  std::string commit;
  std::string ref;
  std::string branch;
  std::string tag;
  std::string actor;

  bool operator==(const CiRun&) const = default;
};

/// Pure: the same variables give the same answer. nullopt outside the pipelines we know.
std::optional<CiRun> detect_ci(const Environment& environment);

/// The members that are known, for the API.
json::object ci_document(const CiRun& run);

}  // namespace holdpoint::cli
