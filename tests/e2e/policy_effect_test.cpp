// What the criteria in force did to the decisions that the real server took: which rule blocked,
// which never did, and that nothing is said of what could not be read.
#include <doctest/doctest.h>

#include <filesystem>

#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

const std::string kEffect = "/api/v1/main/policies/effect";

std::string criteria(const std::string& name, const std::string& mode, const std::string& rules) {
  return "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
         "metadata: {name: " +
         name + ", owner: team:quality}\nspec:\n  mode: " + mode + "\n  rules:\n" + rules;
}

/// One that blocks, one that every release passes, and one that applies to none.
const std::string baseline_rules =
    "    - {id: tests-passed, message: M., require: evidence.tests.failed == 0}\n"
    "    - {id: artifacts-named, message: M., require: size(release.artifacts) > 0}\n"
    "    - {id: pentest, message: M., when: application.name == \"vault\","
    " require: has(evidence.declared.pentest)}\n";

const std::string trial_rules =
    "    - {id: tests-many, message: M., require: evidence.tests.total >= 100}\n";

/// Three releases, one of which has a failing test, judged by criteria and by some on trial.
class Past {
 public:
  Past() {
    apply(example("application.yaml") + "---\n" + example("environments.yaml") + "---\n" +
          criteria("baseline", "enforce", baseline_rules) + "---\n" +
          criteria("extra", "shadow", trial_rules));
    write_file(server.path("image"), "the bytes of the image");
    judged("payments@1.0.0", 0);
    judged("payments@1.1.0", 2);
    judged("payments@1.2.0", 0);
  }

  ServerProcess server;

  void apply(const std::string& text) const {
    write_file(server.path("apply.yaml"), text);
    const Finished applied = server.run({"apply", "-f", server.path("apply.yaml")});
    INFO(applied.all());
    REQUIRE(applied.code == 0);
  }

  void judged(const std::string& ref, int failed) const {
    const Finished created =
        server.run({"release", "create", ref, "--artifact", "image=" + server.path("image")});
    INFO(created.all());
    REQUIRE(created.code == 0);
    write_file(server.path("unit.xml"), junit(10, failed));
    REQUIRE(server.run({"evidence", "add", ref, server.path("unit.xml")}).code <= 1);
  }

  json::value asked(const std::string& query) const {
    const Reply reply = server.get(kEffect + query);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return reply.document();
  }
};

Past& past() {
  static Past one;
  return one;
}

json::object member(const json::value& list, const std::string& key, const std::string& name) {
  for (const json::value& one : list.as_array()) {
    if (view(one.at(key).as_string()) == name) return one.as_object();
  }
  FAIL("there is no " << name);
  return {};
}

}  // namespace

TEST_CASE("a rule that blocked is told from one that never did and one that never applied") {
  const auto answer = past().asked("?judged_min=3");
  CHECK(answer.at("reached_all") == true);
  CHECK(answer.at("untold") == 0);
  CHECK(answer.at("decisions") == 6);  // each release at its beginning and with its report
  const auto baseline = member(answer.at("documents"), "name", "baseline");
  CHECK(baseline.at("decisions") == 6);
  CHECK(baseline.at("revision") == 1);
  const auto tests = member(baseline.at("rules"), "rule", "tests-passed");
  CHECK(tests.at("judged") == 6);
  CHECK(tests.at("passed") == 2);
  CHECK(tests.at("failed") == 1);
  CHECK(tests.at("unknown") == 3);
  CHECK(tests.at("never_blocked") == false);
  const auto named = member(baseline.at("rules"), "rule", "artifacts-named");
  CHECK(named.at("passed") == 6);
  CHECK(named.at("never_blocked") == true);
  CHECK_FALSE(named.contains("last_not_passed"));
  const auto pentest = member(baseline.at("rules"), "rule", "pentest");
  CHECK(pentest.at("not_applicable") == 6);
  CHECK(pentest.at("never_applicable") == true);
}

TEST_CASE("a document on trial says how many decisions it alone would have changed") {
  const auto extra = member(past().asked("").at("documents"), "name", "extra");
  CHECK(extra.at("mode") == "shadow");
  CHECK(extra.at("decisions") == 6);
  CHECK(extra.at("would_flip") == 2);  // the two releases that passed
  CHECK(extra.at("rules").as_array().empty());
}

TEST_CASE("few decisions mark nothing, and the program lists what is marked") {
  const auto& server = past().server;
  const Finished few = server.run({"policy", "effect", "--never-blocked"});
  INFO(few.all());
  CHECK(few.code == 0);
  CHECK(says(few, "No rule is known to have never blocked"));
  const Finished idle =
      server.run({"policy", "effect", "baseline", "--never-blocked", "--judged-min", "3"});
  INFO(idle.all());
  CHECK(idle.code == 0);
  CHECK(says(idle, "! never blocked"));
  CHECK(says(idle, "! never applicable"));
  CHECK_FALSE(says(idle, "tests-passed"));
  const Finished all = server.run({"policy", "effect"});
  INFO(all.all());
  CHECK(says(all, "tests-passed     6       2     1     0      3        0       0    fail on "));
  CHECK(server.run({"policy", "effect", "nobody"}).code == 2);
}

TEST_CASE("a bound that cuts the decisions is said, and so is a question that makes no sense") {
  const auto cut = past().asked("?limit=2");
  CHECK(cut.at("decisions") == 2);
  CHECK(cut.at("reached_all") == false);
  CHECK(past().asked("?limit=6").at("reached_all") == true);
  CHECK(past().asked("?since=2999-01-01T00:00:00Z").at("decisions") == 0);
  struct Row {
    std::string query;
    int status;
    std::string says;
  };
  const Row rows[] = {
      {"?name=nobody", 404, "criteria_not_found"},
      {"?since=yesterday", 422, "since"},
      {"?limit=0", 422, "limit"},
      {"?judged_min=10001", 422, "judged_min"},
      {"?all_versions=maybe", 422, "true or"},
      {"?never_blocked=1", 422, "true or"},
  };
  for (const Row& row : rows) {
    const Reply reply = past().server.get(kEffect + row.query);
    INFO(row.query, ": ", reply.body);
    CHECK(reply.status == row.status);
    CHECK(reply.body.find(row.says) != std::string::npos);
  }
}

TEST_CASE("a new version begins its history anew, and the earlier ones are asked for by name") {
  Past changed;
  changed.apply(criteria("baseline", "enforce",
                         "    - {id: tests-passed, message: M., require: "
                         "evidence.tests.failed <= 9}\n"));
  changed.judged("payments@1.3.0", 2);
  const auto own =
      member(changed.asked("?judged_min=1&name=baseline").at("documents"), "name", "baseline");
  CHECK(own.at("other_versions") == 6);
  CHECK(own.at("revision") == 2);
  const auto tests = member(own.at("rules"), "rule", "tests-passed");
  CHECK(tests.at("failed") == 0);
  CHECK(tests.at("never_blocked") == true);
  const auto all =
      member(changed.asked("?judged_min=1&all_versions=true").at("documents"), "name", "baseline");
  CHECK(all.at("other_versions") == 0);
  CHECK(member(all.at("rules"), "rule", "tests-passed").at("failed") == 1);
}

TEST_CASE("while a verdict is gone, no rule is said to have never blocked") {
  Past damaged;
  std::size_t removed = 0;
  const std::string objects = damaged.server.directory() + "/objects";
  for (const auto& file : std::filesystem::recursive_directory_iterator(objects)) {
    if (!file.is_regular_file()) continue;
    const std::string text = read_file(file.path().string());
    if (text.find("\"obstacles\"") == std::string::npos) continue;
    removed += std::filesystem::remove(file.path()) ? 1 : 0;
    break;
  }
  REQUIRE(removed == 1);
  const auto answer = damaged.asked("?judged_min=1");
  CHECK(answer.at("untold").to_number<int>() >= 1);
  const auto baseline = member(answer.at("documents"), "name", "baseline");
  CHECK(member(baseline.at("rules"), "rule", "artifacts-named").at("never_blocked") == false);
  const Finished told = damaged.server.run({"policy", "effect", "--judged-min", "1"});
  INFO(told.all());
  CHECK(told.code == 3);
  CHECK(says(told, "could not be read"));
}

}  // namespace holdpoint::test
