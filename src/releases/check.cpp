// Checking what a pipeline states about a release before anything is recorded.
#include <algorithm>
#include <set>

#include "catalog/catalog.hpp"
#include "releases/releases.hpp"

namespace holdpoint::releases {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Git object names: SHA-1 or SHA-256, whole.
bool is_commit_hash(std::string_view text) {
  return (text.size() == 40 || text.size() == commit_hash_bytes_max) &&
         std::ranges::all_of(
             text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

class Checking {
 public:
  void issue(std::string path, std::string message) {
    issues_.push_back({std::move(path), std::move(message), 0});
  }
  void text(const std::string& path, const std::optional<std::string>& value) {
    if (value && (value->empty() || value->size() > text_bytes_max)) {
      issue(path, "expected 1 to 512 bytes");
    }
  }
  void contributor(const std::string& path, const Contributor& contributor) {
    people_.insert(contributor.email);
    if (contributor.name.size() > text_bytes_max) issue(path + "/name", "longer than 512 bytes");
    const auto at = contributor.email.find('@');
    if (contributor.email.size() > text_bytes_max || at == 0 || at == std::string::npos ||
        at + 1 == contributor.email.size()) {
      issue(path + "/email", "expected a mail address");
    }
  }
  void commit(std::size_t index, StatedCommit& commit) {
    const std::string path = "/commits/" + std::to_string(index);
    std::ranges::transform(commit.sha, commit.sha.begin(), [](char c) {
      return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (!is_commit_hash(commit.sha)) issue(path + "/sha", "expected 40 or 64 hex digits");
    if (!seen_.insert(commit.sha).second) issue(path + "/sha", "stands twice");
    contributor(path + "/author", commit.author);
    if (commit.committer) contributor(path + "/committer", *commit.committer);
    if (commit.co_authors.size() > co_authors_max) {
      issue(path + "/co_authors", "more than " + std::to_string(co_authors_max));
    }
    for (std::size_t i = 0; i < commit.co_authors.size(); ++i) {
      contributor(path + "/co_authors/" + std::to_string(i), commit.co_authors[i]);
    }
  }
  void artifact(std::size_t index, const Artifact& artifact) {
    const std::string path = "/artifacts/" + std::to_string(index);
    text(path + "/name", artifact.name);
    text(path + "/media_type", artifact.media_type);
    if (!seen_.insert("artifact " + artifact.name).second) issue(path + "/name", "stands twice");
  }
  void people() {
    if (people_.size() > contributors_max) {
      issue("/commits", "more than " + std::to_string(contributors_max) + " different people");
    }
  }
  [[nodiscard]] bool clean() const { return issues_.empty(); }
  JsonIssues take() { return std::move(issues_); }

 private:
  JsonIssues issues_;
  std::set<std::string> seen_;
  std::set<std::string> people_;
};

}  // namespace

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= version_bytes_max && is_letter_or_digit(text.front()) &&
         std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || c == '.' || c == '+' || c == '-' || c == '_';
         });
}

std::optional<ReleaseName> parse_release_name(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos) return std::nullopt;
  ReleaseName name{std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
  if (!catalog::is_name(name.application) || !is_version(name.version)) return std::nullopt;
  return name;
}

Decided<CreateRelease> check(CreateRelease command) {
  Checking checking;
  if (!catalog::is_name(command.application)) {
    checking.issue("/application", "expected the name of an application");
  }
  if (!is_version(command.version)) {
    checking.issue("/version", "expected 1 to 128 letters, digits and . + - _");
  }
  if (command.commits.size() > commits_max) {
    checking.issue("/commits", "more than " + std::to_string(commits_max));
  } else {
    for (std::size_t i = 0; i < command.commits.size(); ++i) {
      checking.commit(i, command.commits[i]);
    }
  }
  checking.people();
  if (command.artifacts.size() > artifacts_max) {
    checking.issue("/artifacts", "more than " + std::to_string(artifacts_max));
  } else {
    for (std::size_t i = 0; i < command.artifacts.size(); ++i) {
      checking.artifact(i, command.artifacts[i]);
    }
  }
  if (command.source) {
    checking.text("/source/repository", command.source->repository);
    checking.text("/source/commit", command.source->commit);
    checking.text("/source/ref", command.source->ref);
  }
  if (command.ci.size() > ci_values_max) checking.issue("/ci", "more than 50 values");
  for (const auto& [name, value] : command.ci) {
    if (name.size() > text_bytes_max || value.size() > 4 * text_bytes_max) {
      checking.issue("/ci" + pointer_step(name), "a name over 512 bytes, or a value over 2048");
    }
  }
  if (checking.clean()) return command;
  Refusal refusal{RefusalKind::invalid, "invalid_release", "The release is not as expected."};
  refusal.issues = checking.take();
  return refuse(std::move(refusal));
}

}  // namespace holdpoint::releases
