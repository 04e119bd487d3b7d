// One function per pipeline system, each reading its documented variables only.
#include "cli/ci.hpp"

#include "cli/url.hpp"

namespace holdpoint::cli {
namespace {

class Variables {
 public:
  explicit Variables(const Environment& environment) : environment_(environment) {}
  std::string operator()(std::string_view name) const { return environment_(name).value_or(""); }
  /// The first that is set.
  std::string first(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      if (std::string value = (*this)(name); !value.empty()) return value;
    }
    return "";
  }

 private:
  const Environment& environment_;
};

/// "refs/heads/x" names a branch, "refs/tags/x" a tag; other refs neither.
void read_ref(CiRun& run) {
  if (run.branch.empty() && run.ref.starts_with("refs/heads/")) run.branch = run.ref.substr(11);
  if (run.tag.empty() && run.ref.starts_with("refs/tags/")) run.tag = run.ref.substr(10);
}

/// The ref of a branch or tag that is known by its name only.
void write_ref(CiRun& run) {
  if (!run.tag.empty()) {
    run.ref = "refs/tags/" + run.tag;
  } else if (!run.branch.empty()) {
    run.ref = "refs/heads/" + run.branch;
  }
}

CiRun github_actions(const Variables& get) {
  CiRun run;
  run.provider = "github_actions";
  run.run_id = get("GITHUB_RUN_ID");
  run.pipeline = get("GITHUB_WORKFLOW");
  run.job = get("GITHUB_JOB");
  run.commit = get("GITHUB_SHA");
  run.ref = get("GITHUB_REF");
  // Of a pull request, the ref is a merge ref; the branch that is built has its own variable.
  run.branch = get("GITHUB_HEAD_REF");
  read_ref(run);
  run.actor = get.first({"GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"});
  const std::string server = get("GITHUB_SERVER_URL");
  const std::string repository = get("GITHUB_REPOSITORY");
  if (!server.empty() && !repository.empty()) {
    run.repository = server + "/" + repository;
    if (!run.run_id.empty()) {
      run.run_url = run.repository + "/actions/runs/" + run.run_id;
      if (const std::string attempt = get("GITHUB_RUN_ATTEMPT"); !attempt.empty()) {
        run.run_url += "/attempts/" + attempt;
      }
    }
  }
  return run;
}

CiRun gitlab_ci(const Variables& get) {
  CiRun run;
  run.provider = "gitlab_ci";
  run.run_id = get("CI_PIPELINE_ID");
  run.run_url = get("CI_PIPELINE_URL");
  run.pipeline = get.first({"CI_PIPELINE_NAME", "CI_CONFIG_PATH"});
  run.job = get("CI_JOB_NAME");
  run.repository = get("CI_PROJECT_URL");
  run.commit = get("CI_COMMIT_SHA");
  run.branch = get.first({"CI_COMMIT_BRANCH", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"});
  run.tag = get("CI_COMMIT_TAG");
  write_ref(run);
  run.actor = get("GITLAB_USER_LOGIN");
  return run;
}

CiRun jenkins(const Variables& get) {
  CiRun run;
  run.provider = "jenkins";
  run.run_id = get("BUILD_NUMBER");
  run.run_url = get("BUILD_URL");
  run.pipeline = get("JOB_NAME");
  run.job = get("STAGE_NAME");
  run.repository = get.first({"GIT_URL", "GIT_URL_1"});
  run.commit = get("GIT_COMMIT");
  run.tag = get("TAG_NAME");
  // BRANCH_NAME is "PR-7" for a change request and the tag's name for a tag.
  run.branch = get("CHANGE_BRANCH");
  if (run.branch.empty() && run.tag.empty()) run.branch = get("BRANCH_NAME");
  if (run.branch.empty() && run.tag.empty()) {
    run.branch = get("GIT_BRANCH");
    if (run.branch.starts_with("origin/")) run.branch.erase(0, 7);
  }
  write_ref(run);
  run.actor = get.first({"BUILD_USER_ID", "CHANGE_AUTHOR"});
  return run;
}

CiRun azure_pipelines(const Variables& get) {
  CiRun run;
  run.provider = "azure_pipelines";
  run.run_id = get("BUILD_BUILDID");
  run.pipeline = get("BUILD_DEFINITIONNAME");
  run.job = get.first({"SYSTEM_JOBDISPLAYNAME", "AGENT_JOBNAME"});
  run.repository = get("BUILD_REPOSITORY_URI");
  run.commit = get("BUILD_SOURCEVERSION");
  run.ref = get("BUILD_SOURCEBRANCH");
  if (std::string source = get("SYSTEM_PULLREQUEST_SOURCEBRANCH"); !source.empty()) {
    run.branch = source.starts_with("refs/heads/") ? source.substr(11) : source;
  }
  read_ref(run);
  run.actor = get("BUILD_REQUESTEDFOR");
  std::string collection =
      get.first({"SYSTEM_COLLECTIONURI", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"});
  const std::string project = get("SYSTEM_TEAMPROJECT");
  if (!collection.empty() && !project.empty() && !run.run_id.empty()) {
    if (!collection.ends_with('/')) collection += '/';
    run.run_url = collection + percent_encoded(project) + "/_build/results?buildId=" + run.run_id;
  }
  return run;
}

bool is_true(const std::string& value) { return value == "true" || value == "True"; }

}  // namespace

std::optional<CiRun> detect_ci(const Environment& environment) {
  const Variables get(environment);
  std::optional<CiRun> run;
  if (is_true(get("GITHUB_ACTIONS"))) {
    run = github_actions(get);
  } else if (is_true(get("GITLAB_CI"))) {
    run = gitlab_ci(get);
  } else if (is_true(get("TF_BUILD"))) {
    run = azure_pipelines(get);
  } else if (!get("JENKINS_URL").empty() && !get("BUILD_URL").empty()) {
    run = jenkins(get);
  }
  if (run) {
    run->repository = without_credentials(run->repository);
    run->run_url = without_credentials(run->run_url);
  }
  return run;
}

json::object ci_document(const CiRun& run) {
  json::object document;
  const auto put = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) document[name] = value;
  };
  put("provider", run.provider);
  put("run_id", run.run_id);
  put("run_url", run.run_url);
  put("pipeline", run.pipeline);
  put("job", run.job);
  put("repository", run.repository);
  put("commit", run.commit);
  put("ref", run.ref);
  put("branch", run.branch);
  put("tag", run.tag);
  put("actor", run.actor);
  return document;
}

}  // namespace holdpoint::cli
