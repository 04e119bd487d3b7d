// holdpoint release create: opens a release candidate with its commits, everyone who wrote them,
// and the digests of its artifacts.
#include <iterator>
#include <memory>
#include <ostream>

#include "cli/ci.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/git.hpp"
#include "cli/release_ref.hpp"
#include "cli/session.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string release;
  std::vector<std::string> artifacts;
  std::vector<std::string> commits;
  OptionalValue git;
  std::string source_repository;
  std::string source_commit;
  std::string source_ref;
};

Tried<json::array> artifacts_of(const Options& options) {
  json::array list;
  for (const std::string& text : options.artifacts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      return wrong_use("`" + text + "` does not name an artifact.", "--artifact",
                       "Write NAME=PATH or NAME=sha256:DIGEST.");
    }
    HP_TRY(const std::string digest, artifact_digest(text.substr(equals + 1)));
    list.push_back(json::object{{"name", text.substr(0, equals)}, {"digest", digest}});
  }
  return list;
}

Tried<std::vector<Commit>> commits_of(const Options& options, World& world) {
  std::vector<Commit> commits;
  if (!options.commits.empty()) {
    HP_TRY(commits, commits_named(world, options.commits));
  }
  if (options.git.given) {
    HP_TRY(const std::vector<Commit> listed, commits_of_range(world, options.git.value));
    commits.insert(commits.end(), listed.begin(), listed.end());
  }
  return commits;
}

/// What was said wins over the pipeline, the pipeline over the working tree.
json::object source_of(const Options& options, const std::optional<CiRun>& ci, World& world) {
  SourceState state{options.source_repository, options.source_commit, options.source_ref};
  const auto fill = [](std::string& member, const std::string& value) {
    if (member.empty()) member = value;
  };
  if (ci) {
    fill(state.repository, ci->repository);
    fill(state.commit, ci->commit);
    fill(state.ref, ci->ref);
  } else if (options.git.given || !options.commits.empty()) {
    const SourceState tree = source_state(world);
    fill(state.repository, tree.repository);
    fill(state.commit, tree.commit);
    fill(state.ref, tree.ref);
  }
  json::object source;
  if (!state.repository.empty()) source["repository"] = without_credentials(state.repository);
  if (!state.commit.empty()) source["commit"] = state.commit;
  if (!state.ref.empty()) source["ref"] = state.ref;
  return source;
}

Tried<json::object> request_of(const Options& options, Session& session) {
  HP_TRY(const ReleaseName name, parse_release_name(options.release));
  HP_TRY(json::array artifacts, artifacts_of(options));
  HP_TRY(const std::vector<Commit> commits, commits_of(options, session.world()));
  const auto ci = detect_ci(session.environment());
  json::object request{{"application", name.application},
                       {"version", name.version},
                       {"commits", commits_document(commits)},
                       {"artifacts", std::move(artifacts)}};
  if (json::object source = source_of(options, ci, session.world()); !source.empty()) {
    request["source"] = std::move(source);
  }
  if (ci) request["ci"] = ci_document(*ci);
  return request;
}

Exit create(const Options& options, Session& session) {
  const auto request = request_of(options, session);
  if (!request) return session.fail(request.error());
  const auto answer = session.post(session.in_workspace({"releases"}), *request);
  if (!answer) return session.fail(answer.error());
  const auto id = text_at(answer->document, "id");
  if (!id) {
    return session.fail(malformed("The answer names no release.", "POST releases").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  session.out() << (answer->status == 201 ? "Created " : "Already there: ") << options.release
                << " (" << printable(*id) << "), "
                << counted(std::ssize(request->at("commits").as_array()), "commit") << ", "
                << counted(std::ssize(request->at("artifacts").as_array()), "artifact") << ".\n";
  session.note("Next: holdpoint evidence add " + options.release + " REPORT…");
  return Exit::yes;
}

}  // namespace

Command release_create_command() {
  const auto o = std::make_shared<Options>();
  return {
      "release create",
      "Open a release candidate",
      {{"release", "APP@VERSION", "Application and version", &o->release, Presence::required},
       {"--artifact",
        "NAME=PATH|NAME=DIGEST",
        "Artifact; a file is hashed; repeatable",
        &o->artifacts,
        Presence::optional,
        {},
        ValueKind::path},
       {"--commit", "SHA", "Commit, looked up with git; repeatable", &o->commits},
       {"--git", "[RANGE]", "Commits of the range; without one, since the last tag", &o->git},
       {"--source-repo", "URL", "Repository, when it cannot be detected", &o->source_repository},
       {"--source-commit", "SHA", "Commit that was built", &o->source_commit},
       {"--source-ref", "REF", "Branch or tag that was built", &o->source_ref}},
      [o](Session& session) { return create(*o, session); }};
}

}  // namespace holdpoint::cli
