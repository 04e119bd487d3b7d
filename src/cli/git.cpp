// Asking git, and reading its answers strictly.
#include "cli/git.hpp"

#include "base/encoding.hpp"
#include "cli/url.hpp"

namespace holdpoint::cli {
namespace {

constexpr char field_end = '\x1f';
constexpr char item_end = '\x1e';
constexpr char record_end = '\x1d';
constexpr std::size_t fields_per_commit = 6;
constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_sha(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::expected<Commit, std::string> parse_commit(std::string_view record) {
  const auto fields = split(record, field_end);
  if (fields.size() != fields_per_commit || !is_sha(fields[0])) {
    return std::unexpected("a commit that git printed is not understood");
  }
  if (!is_utf8(record)) {
    return std::unexpected("the names of commit " + std::string(fields[0]) + " are not UTF-8");
  }
  Commit commit;
  commit.sha = fields[0];
  commit.author = {std::string(fields[1]), std::string(fields[2])};
  commit.committer = {std::string(fields[3]), std::string(fields[4])};
  for (const std::string_view trailer : split(fields[5], item_end)) {
    if (trimmed(trailer).empty()) continue;
    auto person = parse_person(trailer);
    // A co-author we cannot read would be an author nobody checks.
    if (!person) {
      return std::unexpected("commit " + commit.sha + " has a Co-authored-by without a mail: " +
                             std::string(trimmed(trailer)));
    }
    commit.co_authors.push_back(std::move(*person));
  }
  return commit;
}

Tried<std::string> git(World& world, const std::vector<std::string>& arguments,
                       const std::string& action) {
  auto output = world.git(arguments);
  if (!output) return wrong_use(output.error().what, "git " + arguments.front(), action);
  return std::move(*output);
}

Tried<std::vector<Commit>> listed(World& world, std::vector<std::string> selection) {
  std::vector<std::string> arguments{"log", "--no-show-signature", "--encoding=UTF-8",
                                     "--format=" + std::string(commit_format),
                                     "--max-count=" + std::to_string(commits_max + 1)};
  for (std::string& part : selection) arguments.push_back(std::move(part));
  HP_TRY(const std::string log,
         git(world, arguments, "Check the range, and that you are inside the repository."));
  auto commits = parse_commits(log);
  if (!commits) return wrong_use(commits.error(), "git log", "Repair the commit, or leave it out.");
  if (commits->size() > commits_max) {
    return wrong_use("There are more than " + std::to_string(commits_max) + " commits.", "git log",
                     "Give a range, such as --git v1.0..HEAD.");
  }
  if (commits->empty()) {
    return wrong_use("There is no commit in the range.", "git log", "Give another range.");
  }
  return std::move(*commits);
}

std::string answer_of(World& world, const std::vector<std::string>& arguments) {
  const auto output = world.git(arguments);
  return output ? std::string(trimmed(*output)) : "";
}

json::object person_document(const Person& person) {
  return {{"name", person.name}, {"email", person.email}};
}

}  // namespace

const std::string_view commit_format =
    "%H%x1f%an%x1f%ae%x1f%cn%x1f%ce%x1f"
    "%(trailers:key=Co-authored-by,valueonly,separator=%x1e)%x1d";

std::optional<Person> parse_person(std::string_view text) {
  text = trimmed(text);
  const auto open = text.rfind('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return std::nullopt;
  const std::string_view email = trimmed(text.substr(open + 1, text.size() - open - 2));
  if (email.empty()) return std::nullopt;
  return Person{std::string(trimmed(text.substr(0, open))), std::string(email)};
}

std::expected<std::vector<Commit>, std::string> parse_commits(std::string_view log) {
  std::vector<Commit> commits;
  for (const std::string_view record : split(log, record_end)) {
    if (trimmed(record).empty()) continue;
    // A field may end in blanks, so only the line break between two records is taken away.
    HP_TRY(Commit commit, parse_commit(record.substr(record.find_first_not_of("\r\n"))));
    commits.push_back(std::move(commit));
  }
  return commits;
}

Tried<std::vector<Commit>> commits_of_range(World& world, const std::string& range) {
  HP_TRY(const std::string shallow,
         git(world, {"rev-parse", "--is-shallow-repository"}, "Run it inside a git repository."));
  if (trimmed(shallow) != "false") {
    return wrong_use("This clone is shallow: commits of the release would be missing.", "git",
                     "Fetch the whole history (fetch-depth: 0, GIT_DEPTH: 0).");
  }
  std::string selected = range;
  if (selected.empty()) {
    const std::string tag = answer_of(world, {"describe", "--tags", "--abbrev=0", "HEAD^"});
    selected = tag.empty() ? "HEAD" : tag + "..HEAD";
  }
  return listed(world, {"--end-of-options", selected, "--"});
}

Tried<std::vector<Commit>> commits_named(World& world, const std::vector<std::string>& shas) {
  std::vector<std::string> selection{"--no-walk=unsorted", "--end-of-options"};
  selection.insert(selection.end(), shas.begin(), shas.end());
  selection.emplace_back("--");
  return listed(world, std::move(selection));
}

SourceState source_state(World& world) {
  SourceState state;
  state.commit = answer_of(world, {"rev-parse", "--verify", "HEAD"});
  state.ref = answer_of(world, {"symbolic-ref", "--quiet", "HEAD"});
  state.repository =
      without_credentials(answer_of(world, {"config", "--get", "remote.origin.url"}));
  return state;
}

json::array commits_document(const std::vector<Commit>& commits) {
  json::array list;
  for (const Commit& commit : commits) {
    json::object entry{{"sha", commit.sha}, {"author", person_document(commit.author)}};
    if (!commit.committer.email.empty()) entry["committer"] = person_document(commit.committer);
    if (!commit.co_authors.empty()) {
      json::array people;
      for (const Person& person : commit.co_authors) people.push_back(person_document(person));
      entry["co_authors"] = std::move(people);
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace holdpoint::cli
