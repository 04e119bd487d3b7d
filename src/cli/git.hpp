// What git knows of the source: the commits of a release with everyone who had a hand in them, and
// where we stand.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "cli/cli.hpp"
#include "cli/failure.hpp"

namespace holdpoint::cli {

inline constexpr std::size_t commits_max = 10'000;

struct Person {
  std::string name;
  std::string email;
  bool operator==(const Person&) const = default;
};

struct Commit {
  std::string sha;
  Person author;
  Person committer;
  std::vector<Person> co_authors;
  bool operator==(const Commit&) const = default;
};

struct SourceState {
  std::string repository;  // without credentials
  std::string commit;
  std::string ref;
};

/// The fields of `git log --format`, separated so that no name can forge a boundary.
extern const std::string_view commit_format;

/// "Name <mail>"; nullopt without a mail address.
std::optional<Person> parse_person(std::string_view text);
/// Reads what `git log` wrote with commit_format; the error says which record is wrong.
std::expected<std::vector<Commit>, std::string> parse_commits(std::string_view log);

/// The commits of the range, newest first. "" means since the last tag before HEAD, or all. Refuses
/// a shallow clone, in which commits would be missing without a trace.
Tried<std::vector<Commit>> commits_of_range(World& world, const std::string& range);
/// Exactly these commits.
Tried<std::vector<Commit>> commits_named(World& world, const std::vector<std::string>& shas);

/// What the working tree says; empty members where git knows nothing.
SourceState source_state(World& world);

json::array commits_document(const std::vector<Commit>& commits);

}  // namespace holdpoint::cli
