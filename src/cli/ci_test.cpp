// One table per pipeline system: its variables in, what we say of the run out.
#include "cli/ci.hpp"

#include <doctest/doctest.h>

#include <map>

namespace holdpoint::cli {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

std::optional<CiRun> detected(const Variables& variables) {
  return detect_ci([&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

Variables github() {
  return {{"GITHUB_ACTIONS", "true"},
          {"GITHUB_RUN_ID", "42"},
          {"GITHUB_RUN_ATTEMPT", "2"},
          {"GITHUB_SERVER_URL", "https://github.com"},
          {"GITHUB_REPOSITORY", "acme/billing"},
          {"GITHUB_WORKFLOW", "release"},
          {"GITHUB_JOB", "build"},
          {"GITHUB_SHA", "abc"},
          {"GITHUB_REF", "refs/heads/main"},
          {"GITHUB_ACTOR", "ada"}};
}

}  // namespace

TEST_CASE("a run of GitHub Actions is recognised") {
  CHECK(detected(github()) == CiRun{"github_actions", "42",
                                    "https://github.com/acme/billing/actions/runs/42/attempts/2",
                                    "release", "build", "https://github.com/acme/billing", "abc",
                                    "refs/heads/main", "main", "", "ada"});
}

TEST_CASE("a pull request of GitHub names the branch that is built, a tag the tag") {
  Variables variables = github();
  variables["GITHUB_REF"] = "refs/pull/7/merge";
  variables["GITHUB_HEAD_REF"] = "feature";
  CHECK(detected(variables)->branch == "feature");
  variables = github();
  variables["GITHUB_REF"] = "refs/tags/v1";
  CHECK(detected(variables)->tag == "v1");
  CHECK(detected(variables)->branch.empty());
}

TEST_CASE("a pipeline of GitLab is recognised") {
  CHECK(detected({{"GITLAB_CI", "true"},
                  {"CI_PIPELINE_ID", "9"},
                  {"CI_PIPELINE_URL", "https://gitlab.example/acme/billing/-/pipelines/9"},
                  {"CI_CONFIG_PATH", ".gitlab-ci.yml"},
                  {"CI_JOB_NAME", "test"},
                  {"CI_PROJECT_URL", "https://gitlab.example/acme/billing"},
                  {"CI_COMMIT_SHA", "abc"},
                  {"CI_COMMIT_TAG", "v1"},
                  {"GITLAB_USER_LOGIN", "ada"}}) ==
        CiRun{"gitlab_ci", "9", "https://gitlab.example/acme/billing/-/pipelines/9",
              ".gitlab-ci.yml", "test", "https://gitlab.example/acme/billing", "abc",
              "refs/tags/v1", "", "v1", "ada"});
}

TEST_CASE("a build of Jenkins is recognised, and its remote's password is left out") {
  CHECK(detected({{"JENKINS_URL", "https://ci.example/"},
                  {"BUILD_NUMBER", "15"},
                  {"BUILD_URL", "https://ci.example/job/billing/15/"},
                  {"JOB_NAME", "billing"},
                  {"STAGE_NAME", "Test"},
                  {"GIT_URL", "https://bot:hunter2@git.example/acme/billing.git"},
                  {"GIT_COMMIT", "abc"},
                  {"GIT_BRANCH", "origin/main"}}) ==
        CiRun{"jenkins", "15", "https://ci.example/job/billing/15/", "billing", "Test",
              "https://git.example/acme/billing.git", "abc", "refs/heads/main", "main", "", ""});
}

TEST_CASE("a run of Azure Pipelines is recognised") {
  CHECK(detected({{"TF_BUILD", "True"},
                  {"BUILD_BUILDID", "77"},
                  {"BUILD_DEFINITIONNAME", "billing-ci"},
                  {"SYSTEM_JOBDISPLAYNAME", "Build"},
                  {"SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", "https://dev.azure.com/acme/"},
                  {"SYSTEM_TEAMPROJECT", "Billing Team"},
                  {"BUILD_REPOSITORY_URI", "https://acme@dev.azure.com/acme/_git/billing"},
                  {"BUILD_SOURCEVERSION", "abc"},
                  {"BUILD_SOURCEBRANCH", "refs/heads/main"},
                  {"BUILD_REQUESTEDFOR", "Ada"}}) ==
        CiRun{"azure_pipelines", "77",
              "https://dev.azure.com/acme/Billing%20Team/_build/results?buildId=77", "billing-ci",
              "Build", "https://dev.azure.com/acme/_git/billing", "abc", "refs/heads/main", "main",
              "", "Ada"});
}

TEST_CASE("outside a pipeline nothing is detected, and CI alone names none") {
  CHECK(!detected({}));
  CHECK(!detected({{"CI", "true"}}));
  CHECK(!detected({{"JENKINS_URL", "https://ci.example/"}}));
  CHECK(!detected({{"GITHUB_ACTIONS", "false"}}));
}

TEST_CASE("members that are not known are left out of the document") {
  CHECK(json::serialize(ci_document({.provider = "jenkins", .run_id = "1"})) ==
        R"({"provider":"jenkins","run_id":"1"})");
}

}  // namespace holdpoint::cli
