// Policies tried before they count, by the real program against the real server: explained, tried
// on what was decided, and nothing of it changes anything.
#include <doctest/doctest.h>

#include <filesystem>

#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr const char* release = "payments@1.0.0";

std::string criteria(const std::string& rules, const std::string& mode = "enforce") {
  return "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
         "metadata: {name: baseline, owner: team:quality}\nspec:\n  mode: " +
         mode + "\n  rules:\n" + rules;
}

const std::string tests_pass =
    "    - id: tests-passed\n      require: evidence.tests.failed == 0\n"
    "      message: Every test passes.\n";

std::string coverage_of(const std::string& minimum) {
  return "    - id: coverage-minimum\n      require: evidence.coverage.line_bp >= " + minimum +
         "\n      message: The tests reach enough lines.\n";
}

/// Two releases: one certified with 80 % of its lines covered, one refused for a failing test.
class Past {
 public:
  Past() {
    apply(example("application.yaml") + "---\n" + example("environments.yaml") + "---\n" +
          criteria(tests_pass + coverage_of("7000")));
    write_file(server.path("image"), "the bytes of the image");
    judged(release, 0);
    judged("payments@1.1.0", 2);
  }

  ServerProcess server;

  void apply(const std::string& text) const {
    write_file(server.path("apply.yaml"), text);
    const Finished applied = server.run({"apply", "-f", server.path("apply.yaml")});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  std::string file(const std::string& name, const std::string& text) const {
    write_file(server.path(name), text);
    return server.path(name);
  }

  Finished backtest(const std::string& text, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"policy", "backtest", file("candidate.yaml", text)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return server.run(arguments);
  }

  Reply asked(const std::string& text, const std::string& query = "",
              const std::string& token = "") const {
    return server.ask_as(token.empty() ? server.session() : token,
                         {.method = "POST",
                          .target = "/api/v1/main/policies/backtest" + query,
                          .body = text,
                          .media = "application/yaml"});
  }

  [[nodiscard]] std::size_t entries() const {
    return server.get("/api/v1/main/ledger/entries?limit=200")
        .document()
        .at("items")
        .as_array()
        .size();
  }

 private:
  void judged(const std::string& ref, int failed) const {
    const Finished created =
        server.run({"release", "create", ref, "--artifact", "image=" + server.path("image")});
    INFO(created.all());
    REQUIRE(created.code == 0);
    file("unit.xml", junit(10, failed));
    file("coverage.xml", cobertura(80, 100));
    const Finished added =
        server.run({"evidence", "add", ref, server.path("unit.xml"), server.path("coverage.xml")});
    INFO(added.all());
    REQUIRE(added.code <= 1);
  }
};

Past& past() {
  static Past one;
  return one;
}

}  // namespace

TEST_CASE("the policies in force make no difference to what they decided") {
  const std::size_t before = past().entries();
  for (const std::string baseline : {"then", "now"}) {
    const Finished same = past().backtest(criteria(tests_pass + coverage_of("7000")),
                                          {"--baseline", baseline, "--every"});
    INFO(same.all());
    CHECK(same.code == 0);
    CHECK(says(same, "0  could not be replayed"));
  }
  CHECK(past().entries() == before);
}

TEST_CASE("a stricter policy names the release it would have blocked, with have and need") {
  const Finished strict = past().backtest(criteria(tests_pass + coverage_of("9000")));
  INFO(strict.all());
  CHECK(strict.code == 1);
  CHECK(says(strict, "payments@1.0.0"));
  CHECK(says(strict, "✓ passed → ✗ failed"));
  CHECK(says(strict, "evidence.coverage.line_bp is 8000, needs >= 9000"));
  CHECK(says(strict, "1  passed, would be blocked"));
  CHECK(says(strict, "1  end the same, by other rules"));
  const Finished gate = past().server.run({"policy", "explain", release});
  CHECK(gate.code == 0);
}

TEST_CASE("a looser policy names the release that would have passed") {
  const Finished loose = past().backtest(criteria(coverage_of("7000")));
  INFO(loose.all());
  CHECK(loose.code == 1);
  CHECK(says(loose, "payments@1.1.0"));
  CHECK(says(loose, "✗ failed → ✓ passed"));
  CHECK(says(loose, "1  blocked, would pass"));
}

TEST_CASE("a policy that does not block is told so, and tried as if it did when that is asked") {
  std::string extra = criteria(coverage_of("9000"), "shadow");
  extra.replace(extra.find("name: baseline"), 14, "name: extra");
  const Finished shadow = past().backtest(extra);
  INFO(shadow.all());
  CHECK(says(shadow, "0  passed, would be blocked"));
  CHECK(says(shadow, "--as-enforced"));
  const Finished enforced = past().backtest(extra, {"--as-enforced"});
  CHECK(enforced.code == 1);
  CHECK(says(enforced, "1  passed, would be blocked"));
}

TEST_CASE("a backtest is bounded, and goes on where it was cut") {
  const std::string text = criteria(tests_pass + coverage_of("9000"));
  const Reply first = past().asked(text, "?limit=1");
  INFO(first.body);
  REQUIRE(first.status == 200);
  CHECK(first.document().at("totals").at("decisions") == 1);
  const std::string cursor(view(first.document().at("next_cursor").as_string()));
  const Reply second = past().asked(text, "?limit=1&cursor=" + cursor);
  REQUIRE(second.status == 200);
  CHECK(second.document().at("totals").at("decisions") == 1);
  CHECK_FALSE(second.document().as_object().contains("next_cursor"));
  CHECK(first.body != second.body);
  CHECK(past().asked(text, "?since=2999-01-01T00:00:00Z").document().at("totals").at("decisions") ==
        0);
  CHECK(past().asked(text, "?application=payments").document().at("totals").at("decisions") == 2);
}

TEST_CASE("what is wrong with the question or the documents is named") {
  struct Row {
    std::string text;
    std::string query;
    int status;
    std::string says;
  };
  const std::string good = criteria(tests_pass);
  const Row rows[] = {
      {good, "?application=nobody", 404, "application_not_found"},
      {good, "?since=yesterday", 422, "since"},
      {good, "?limit=0", 422, "limit"},
      {good, "?limit=10001", 422, "limit"},
      {good, "?cursor=%21", 422, "cursor"},
      {good, "?baseline=soon", 422, "then or now"},
      {good, "?decisions=some", 422, "standing or every"},
      {good, "?as_enforced=maybe", 422, "as_enforced"},
      {"# nothing\n", "", 422, "no document"},
      {"a: [\n", "", 422, ":"},
      {"kind: Application\n", "", 422, "/0/kind"},
      {good + "---\n" + criteria("    - {id: one, message: M., require: nothing}\n"), "", 422,
       "/1/spec/rules/0/require"},
      {criteria("    - {id: one, message: M., require: nothing}\n"), "", 422, "7:39: "},
  };
  for (const Row& row : rows) {
    const Reply reply = past().asked(row.text, row.query);
    INFO(row.query, " ", row.text, ": ", reply.body);
    CHECK(reply.status == row.status);
    CHECK(reply.body.find(row.says) != std::string::npos);
  }
}

TEST_CASE("who may not see certifications may not try policies on them, who may needs no more") {
  auto& server = past().server;
  const std::string strict = criteria(tests_pass + coverage_of("9000"));
  const Reply refused =
      past().asked(strict, "", server.token_of("main", "auditor", {"policy.read"}));
  INFO(refused.body);
  CHECK(refused.status == 403);
  CHECK(refused.code() == "permission_denied");
  const std::string reader = server.token_of("main", "auditor", {"certification.read"});
  const Reply tried = past().asked(strict, "", reader);
  INFO(tried.body);
  CHECK(tried.status == 200);
  CHECK(tried.body.find("8000") != std::string::npos);
  const Finished program =
      server.run_as(reader, {"policy", "backtest", past().file("strict.yaml", strict)});
  INFO(program.all());
  CHECK(program.code == 1);
}

TEST_CASE("facts that are gone are counted as not replayed, never as unchanged") {
  Past damaged;
  const Reply judged = damaged.server.get("/api/v1/main/releases/payments%401.0.0/certification");
  const std::string hex = judged.text("facts_digest").substr(7);
  const std::filesystem::path object = std::filesystem::path(damaged.server.directory()) /
                                       "objects/sha256" / hex.substr(0, 2) / hex.substr(2, 2) / hex;
  REQUIRE(std::filesystem::remove(object));
  const Finished tried = damaged.backtest(criteria(tests_pass + coverage_of("7000")));
  INFO(tried.all());
  CHECK(tried.code == 3);
  CHECK(says(tried, "1  could not be replayed"));
  CHECK(says(tried, "its facts are not in the object store"));
  CHECK(says(tried, "1  unchanged"));
}

TEST_CASE("documents are checked, tested and compared by the program alone, as the server would") {
  auto& server = past().server;
  const std::string strict = past().file("strict.yaml", criteria(coverage_of("9000")));
  const Finished lint = server.run({"policy", "lint", strict});
  CHECK(lint.code == 0);
  CHECK(says(lint, "there is no test"));
  const std::string wrong = past().file("wrong.yaml", criteria(coverage_of("\"many\"")));
  const Finished errors = server.run({"policy", "lint", wrong});
  INFO(errors.all());
  CHECK(errors.code == 1);
  CHECK(says(errors, "error: /spec/rules/0/require: "));
  const std::string sample = past().file("sample.yaml", example("criteria.yaml"));
  const Finished tested = server.run({"policy", "test", sample, "--coverage"});
  INFO(tested.all());
  CHECK(tested.code == 0);
  const Finished diff = server.run({"policy", "diff", sample, strict});
  CHECK(diff.code == 1);
  CHECK(says(diff, "- removed  rule tests-passed"));
}

TEST_CASE("a release is explained in full, also under policies that are not in force") {
  auto& server = past().server;
  const Finished refused = server.run({"policy", "explain", "payments@1.1.0"});
  INFO(refused.all());
  CHECK(refused.code == 1);
  CHECK(says(refused, "• evidence.tests.failed is 2, needs == 0"));
  const std::string strict = past().file("strict.yaml", criteria(coverage_of("9000")));
  const Finished other = server.run({"policy", "explain", strict, "--facts", release});
  INFO(other.all());
  CHECK(other.code == 1);
  CHECK(says(other, "• evidence.coverage.line_bp is 8000, needs >= 9000"));
  CHECK(server.run({"policy", "explain", "payments@9.9.9"}).code == 2);
}

}  // namespace holdpoint::test
