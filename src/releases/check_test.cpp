// What a pipeline may state about a release, and what it is told, with a path to the place, when
// its statement is malformed. Also the names that releases go by.
#include <doctest/doctest.h>

#include <functional>

#include "releases/releases.hpp"

namespace holdpoint::releases {
namespace {

StatedCommit commit(char digit) {
  return {std::string(40, digit), {"Ann", "ann@example.com"}, std::nullopt, {}};
}

CreateRelease plain() {
  CreateRelease command;
  command.application = "payments-api";
  command.version = "1.4.0";
  command.commits = {commit('a'), commit('b')};
  command.artifacts = {{"api.tar", sha256("api"), "application/x-tar"}};
  command.source = Source{"git.example/pay", std::string(40, 'a'), "refs/heads/main"};
  command.ci = {{"run", "17"}};
  return command;
}

/// Short for the tables below.
std::string number(std::size_t n) { return std::to_string(n); }

std::string hash_of(std::size_t n) {
  const std::string digits = number(n);
  return std::string(40 - digits.size(), '0') + digits;
}

/// The path of the only issue; "" when there is none, "many" when there are more.
std::string refused_at(CreateRelease command) {
  const auto checked = check(std::move(command));
  if (checked) return "";
  CHECK(checked.error().kind == RefusalKind::invalid);
  CHECK(checked.error().code == "invalid_release");
  return checked.error().issues.size() == 1 ? checked.error().issues.front().path : "many";
}

struct Row {
  std::string_view what;
  std::function<void(CreateRelease&)> change;
  std::string path;
};

void expect(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CreateRelease command = plain();
    row.change(command);
    CHECK(refused_at(std::move(command)) == row.path);
  }
}

TEST_CASE("a well-formed release is taken as it is stated") {
  const auto checked = check(plain());
  REQUIRE(checked);
  CHECK(to_json_text(*checked) == to_json_text(plain()));
}

TEST_CASE("a release may have neither commits, artifacts, source nor pipeline") {
  CreateRelease command;
  command.application = "web";
  command.version = "1";
  CHECK(check(command));
}

TEST_CASE("the hashes of commits are lower-cased") {
  CreateRelease command = plain();
  command.commits[0].sha = "ABCDEF0123456789abcdef0123456789ABCDEF01";
  const auto checked = check(command);
  REQUIRE(checked);
  CHECK(checked->commits[0].sha == "abcdef0123456789abcdef0123456789abcdef01");
}

TEST_CASE("a release with a malformed name or version is refused with its path") {
  expect({
      {"no application", [](auto& c) { c.application = ""; }, "/application"},
      {"upper case", [](auto& c) { c.application = "Payments"; }, "/application"},
      {"no version", [](auto& c) { c.version = ""; }, "/version"},
      {"a space", [](auto& c) { c.version = "1 0"; }, "/version"},
      {"too long", [](auto& c) { c.version = std::string(129, '1'); }, "/version"},
      {"just long enough", [](auto& c) { c.version = std::string(128, '1'); }, ""},
  });
}

TEST_CASE("a malformed commit is refused with its path") {
  expect({
      {"39 digits", [](auto& c) { c.commits[1].sha = std::string(39, 'a'); }, "/commits/1/sha"},
      {"not hex", [](auto& c) { c.commits[0].sha = std::string(40, 'g'); }, "/commits/0/sha"},
      {"nothing", [](auto& c) { c.commits[0].sha = ""; }, "/commits/0/sha"},
      {"SHA-256", [](auto& c) { c.commits[0].sha = std::string(64, 'a'); }, ""},
      {"twice", [](auto& c) { c.commits[1] = c.commits[0]; }, "/commits/1/sha"},
      {"twice in another case", [](auto& c) { c.commits[1].sha = std::string(40, 'A'); },
       "/commits/1/sha"},
  });
}

TEST_CASE("a malformed contributor is refused with its path") {
  const auto author = [](std::string email) {
    return [email](CreateRelease& c) { c.commits[0].author.email = email; };
  };
  const std::string at = "/commits/0/author/email";
  expect({
      {"no mail address", author(""), at},
      {"no @", author("ann"), at},
      {"nothing before the @", author("@example.com"), at},
      {"nothing after the @", author("ann@"), at},
      {"too long", author(std::string(511, 'a') + "@b"), at},
      {"just short enough", author(std::string(510, 'a') + "@b"), ""},
      {"a long name", [](auto& c) { c.commits[0].author.name = std::string(513, 'n'); },
       "/commits/0/author/name"},
      {"no name", [](auto& c) { c.commits[0].author.name = ""; }, ""},
      {"the committer", [](auto& c) { c.commits[1].committer = Contributor{"Bob", "bob"}; },
       "/commits/1/committer/email"},
      {"a co-author",
       [](auto& c) { c.commits[1].co_authors = {{"Bob", "bob@example.com"}, {"Cy", "cy"}}; },
       "/commits/1/co_authors/1/email"},
      {"50 co-authors",
       [](auto& c) { c.commits[0].co_authors.assign(50, {"Bob", "bob@example.com"}); }, ""},
      {"51 co-authors",
       [](auto& c) { c.commits[0].co_authors.assign(51, {"Bob", "bob@example.com"}); },
       "/commits/0/co_authors"},
  });
}

TEST_CASE("a malformed artifact is refused with its path") {
  expect({
      {"no name", [](auto& c) { c.artifacts[0].name = ""; }, "/artifacts/0/name"},
      {"a long name", [](auto& c) { c.artifacts[0].name = std::string(513, 'n'); },
       "/artifacts/0/name"},
      {"twice", [](auto& c) { c.artifacts.push_back(c.artifacts[0]); }, "/artifacts/1/name"},
      {"the same bytes under two names",
       [](auto& c) { c.artifacts.push_back({"copy.tar", c.artifacts[0].digest, std::nullopt}); },
       ""},
      {"an empty media type", [](auto& c) { c.artifacts[0].media_type = ""; },
       "/artifacts/0/media_type"},
      {"too many", [](auto& c) { c.artifacts.resize(artifacts_max + 1); }, "/artifacts"},
  });
}

TEST_CASE("a malformed source or pipeline is refused with its path") {
  expect({
      {"no repository", [](auto& c) { c.source->repository = ""; }, "/source/repository"},
      {"a long commit", [](auto& c) { c.source->commit = std::string(513, 'c'); },
       "/source/commit"},
      {"a long ref", [](auto& c) { c.source->ref = std::string(513, 'r'); }, "/source/ref"},
      {"a long value", [](auto& c) { c.ci["run"] = std::string(2049, 'v'); }, "/ci/run"},
      {"just short enough", [](auto& c) { c.ci["run"] = std::string(2048, 'v'); }, ""},
      {"a name with a slash", [](auto& c) { c.ci["a/b~c"] = std::string(2049, 'v'); },
       "/ci/a~1b~0c"},
      {"a long name", [](auto& c) { c.ci[std::string(513, 'n')] = "v"; },
       "/ci/" + std::string(513, 'n')},
      {"50 values",
       [](auto& c) {
         for (std::size_t i = 1; i < 50; ++i) c.ci[number(i)] = "v";
       },
       ""},
      {"51 values",
       [](auto& c) {
         for (std::size_t i = 0; i < 50; ++i) c.ci[number(i)] = "v";
       },
       "/ci"},
  });
}

TEST_CASE("the commits and the people of one release are bounded") {
  CreateRelease command = plain();
  command.commits.clear();
  for (std::size_t i = 0; i < commits_max; ++i) {
    command.commits.push_back(commit('a'));
    command.commits.back().sha = hash_of(i);
    command.commits.back().author.email = number(i % contributors_max) + "@example.com";
  }
  CHECK(refused_at(command) == "");
  CreateRelease crowded = command;
  crowded.commits.back().author.email = "one.more@example.com";
  CHECK(refused_at(std::move(crowded)) == "/commits");
  command.commits.push_back(commit('f'));
  CHECK(refused_at(std::move(command)) == "/commits");
}

TEST_CASE("all mistakes of a release are told at once") {
  CreateRelease command = plain();
  command.version = "";
  command.commits[0].author.email = "ann";
  command.artifacts[0].name = "";
  const auto checked = check(std::move(command));
  REQUIRE_FALSE(checked);
  REQUIRE(checked.error().issues.size() == 3);
  CHECK(checked.error().issues[0].path == "/version");
  CHECK(checked.error().issues[1].path == "/commits/0/author/email");
  CHECK(checked.error().issues[2].path == "/artifacts/0/name");
}

TEST_CASE("the name of a release is cut at the first @") {
  const auto name = parse_release_name("payments-api@1.4.0+build.7");
  REQUIRE(name);
  CHECK(name->application == "payments-api");
  CHECK(name->version == "1.4.0+build.7");
  for (const std::string_view text :
       {"", "@", "web", "web@", "@1", "Web@1", "web@1@2", "web@-1", "web @1", "web@1 "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_release_name(text));
  }
}

TEST_CASE("versions begin with a letter or digit") {
  for (const std::string_view text : {"1", "v1", "1.4.0-rc.1+x_y", "2026.11", "RC"}) {
    CAPTURE(text);
    CHECK(is_version(text));
  }
  for (const std::string_view text :
       {"", ".1", "-1", "+1", "_1", "1/2", "1@2", "1 2", "1\n", "ä"}) {
    CAPTURE(text);
    CHECK_FALSE(is_version(text));
  }
}

}  // namespace
}  // namespace holdpoint::releases
