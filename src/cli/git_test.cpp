// Commits as git prints them, and the releases made of them.
#include "cli/git.hpp"

#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"

namespace holdpoint::cli {
namespace {

using test::Rehearsal;

const std::string sha_a(40, 'a');
const std::string sha_b(40, 'b');

std::string record(const std::string& sha, const std::string& trailers) {
  return sha +
         "\x1f"
         "Ada\x1f"
         "ada@example.org\x1f"
         "Bot\x1f"
         "bot@example.org\x1f" +
         trailers + "\x1d\n";
}

}  // namespace

TEST_CASE("a commit carries its author, committer and co-authors") {
  const auto commits = parse_commits(record(sha_a,
                                            "Bo <bo@x>\x1e"
                                            "Cy Young <cy@x>") +
                                     record(sha_b, ""));
  REQUIRE(commits);
  REQUIRE(commits->size() == 2);
  CHECK((*commits)[0] == Commit{sha_a,
                                {"Ada", "ada@example.org"},
                                {"Bot", "bot@example.org"},
                                {{"Bo", "bo@x"}, {"Cy Young", "cy@x"}}});
  CHECK((*commits)[1].co_authors.empty());
}

TEST_CASE("what git printed is read strictly") {
  CHECK(!parse_commits("not a commit\x1d"));
  CHECK(!parse_commits(sha_a + "\x1f"
                               "Ada\x1d"));
  CHECK(!parse_commits(record("A" + sha_a.substr(1), "")));
  CHECK(!parse_commits(record(sha_a, "somebody without mail")));
  CHECK(!parse_commits(record(sha_a, "\xff <x@y>")));
  CHECK(parse_commits("")->empty());
}

TEST_CASE("a person needs a mail address") {
  CHECK(parse_person(" Ada Lovelace <ada@x> ") == Person{"Ada Lovelace", "ada@x"});
  CHECK(parse_person("<ada@x>") == Person{"", "ada@x"});
  CHECK(!parse_person("Ada"));
  CHECK(!parse_person("Ada <>"));
  CHECK(!parse_person("Ada <a@x> trailing"));
}

TEST_CASE("a release is made of the commits since the last tag and of hashed artifacts") {
  Rehearsal rehearsal;
  rehearsal.git_answers = {{"is-shallow", "false\n"},
                           {"describe", "v1\n"},
                           {"--end-of-options v1..HEAD", record(sha_a, "Bo <bo@x>")},
                           {"rev-parse --verify HEAD", sha_a + "\n"},
                           {"symbolic-ref", "refs/heads/main\n"},
                           {"remote.origin.url", "https://u:p@git.example/a.git\n"}};
  rehearsal.reply(201, R"({"id":"rel_1"})");
  const auto artifact = rehearsal.file("app.tar", "hello world");
  const auto outcome =
      rehearsal.run({"release", "create", "billing@1.1", "--git", "--artifact", "app=" + artifact});
  CHECK(outcome.err == "Next: holdpoint evidence add billing@1.1 REPORT…\n");
  CHECK(outcome.out == "Created billing@1.1 (rel_1), 1 commit, 1 artifact.\n");
  REQUIRE(rehearsal.transport.calls.size() == 1);
  CHECK(rehearsal.transport.calls[0].body ==
        R"({"application":"billing","version":"1.1","commits":[{"sha":")" + sha_a +
            R"(","author":{"name":"Ada","email":"ada@example.org"},)"
            R"("committer":{"name":"Bot","email":"bot@example.org"},)"
            R"("co_authors":[{"name":"Bo","email":"bo@x"}]}],)"
            R"("artifacts":[{"name":"app","digest":"sha256:)"
            R"(b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"}],)"
            R"("source":{"repository":"https://git.example/a.git","commit":")" +
            sha_a + R"(","ref":"refs/heads/main"}})");
}

TEST_CASE("a shallow clone is refused, because commits would be missing") {
  Rehearsal rehearsal;
  rehearsal.git_answers = {{"is-shallow", "true\n"}, {"log", record(sha_a, "")}};
  const auto outcome = rehearsal.run({"release", "create", "billing@1.1", "--git"});
  CHECK(outcome.exit == 2);
  CHECK(outcome.err.find("shallow") != std::string::npos);
  CHECK(rehearsal.transport.calls.empty());
}

TEST_CASE("a commit that is named is looked up, and cannot smuggle in an option") {
  Rehearsal rehearsal;
  rehearsal.git_answers = {{"--end-of-options " + sha_b + " --", record(sha_b, "")}};
  rehearsal.reply(200, R"({"id":"rel_1"})");
  CHECK(rehearsal.run({"release", "create", "billing@1.1", "--commit", sha_b})
            .out.starts_with("Already there: billing@1.1"));
  CHECK(rehearsal.run({"release", "create", "billing@1.1", "--commit=--all"}).exit == 2);
}

TEST_CASE("the pipeline's metadata goes with the release") {
  Rehearsal rehearsal;
  rehearsal.variables["GITLAB_CI"] = "true";
  rehearsal.variables["CI_COMMIT_SHA"] = sha_a;
  rehearsal.variables["CI_PROJECT_URL"] = "https://gitlab.example/a";
  rehearsal.reply(201, R"({"id":"rel_1"})");
  CHECK(rehearsal.run({"release", "create", "billing@1.1"}).exit == 0);
  CHECK(rehearsal.transport.calls[0].body.ends_with(
      R"("source":{"repository":"https://gitlab.example/a","commit":")" + sha_a +
      R"("},"ci":{"provider":"gitlab_ci","repository":"https://gitlab.example/a","commit":")" +
      sha_a + R"("}})"));
}

}  // namespace holdpoint::cli
