// Documents applied over the API and by the program: refusals say where in which document, nothing
// of a bad stream stays, a dry run changes nothing, and applying again changes nothing either.
#include <doctest/doctest.h>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

ServerProcess& server() {
  static ServerProcess one;
  return one;
}

Reply applied(const std::string& text, const std::string& query = "") {
  return server().ask({.method = "POST",
                       .target = "/api/v1/main/apply" + query,
                       .body = text,
                       .media = "application/yaml"});
}

std::string application(const std::string& name, const std::string& title = "Some title") {
  return "apiVersion: holdpoint/v1\nkind: Application\nmetadata:\n  name: " + name +
         "\nspec:\n  title: " + title +
         "\n  owners: [team:a]\n  criticality: low\n  data_classes: []\n  repositories: []\n"
         "  environments: []\n";
}

bool exists(const std::string& name) {
  return server().get("/api/v1/main/applications/" + name).status == 200;
}

std::size_t entries() {
  return server()
      .get("/api/v1/main/ledger/entries?limit=200")
      .document()
      .at("items")
      .as_array()
      .size();
}

struct Trap {
  std::string what;
  std::string text;
  std::string says;  // stands in the answer
};

std::string with_spec(const std::string& line) {
  return "apiVersion: holdpoint/v1\nkind: Application\nmetadata:\n  name: trap\nspec:\n" + line;
}

}  // namespace

TEST_CASE("every trap of YAML is refused with its line and column, and nothing is kept") {
  const std::string bomb =
      "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n";
  const Trap traps[] = {
      {"a key twice", with_spec("  title: one\n  title: two\n"), "7:3"},
      {"a tab", with_spec("\ttitle: x\n"), "6:"},
      {"an alias bomb", bomb, ":"},
      {"an object tag", with_spec("  title: !!python/object:os.system x\n"), "6:"},
      {"a merge key", with_spec("  <<: {title: x}\n"), "6:"},
      {"an open bracket", with_spec("  owners: [team:a\n"), ":"},
      {"an unknown kind", "apiVersion: holdpoint/v1\nkind: Spaceship\nmetadata:\n  name: x\n",
       "/0/kind"},
      {"another version", "apiVersion: v9\nkind: Application\nmetadata:\n  name: x\n",
       "/0/apiVersion"},
      {"an unknown member", application("trap") + "  colour: red\n", "/0/spec/colour"},
      {"a wrong word", with_spec("  criticality: enormous\n"), "/0/spec/criticality"},
      {"a number for a text", with_spec("  title: 12\n"), "/0/spec/title"},
      {"a truth value for a text", with_spec("  title: true\n"), "/0/spec/title"},
      {"no document", "# only a comment\n", "no document"},
      {"a scalar", "just words\n", "/0/kind"},
      {"bytes that are no UTF-8", with_spec("  title: \"\xff\xfe\"\n"), ":"},
      {"a NUL", with_spec(std::string("  title: \"a\0b\"\n", 14)), ":"},
  };
  const std::size_t before = entries();
  for (const Trap& trap : traps) {
    const Reply reply = applied(trap.text);
    INFO(trap.what, ": ", reply.status, " ", reply.body);
    CHECK(reply.status == 422);
    CHECK(reply.header("Content-Type") == "application/problem+json");
    CHECK(!reply.code().empty());
    CHECK(reply.body.find(trap.says) != std::string::npos);
  }
  CHECK(!exists("trap"));
  CHECK(entries() == before);
}

TEST_CASE("a bad document takes the good ones before it back") {
  const std::size_t before = entries();
  const Reply reply = applied(application("good") + "---\n" + application("bad-one", "[1]"));
  INFO(reply.body);
  CHECK(reply.status == 422);
  CHECK(reply.body.find("/1/spec/title") != std::string::npos);
  CHECK(reply.body.find("18:10") != std::string::npos);
  CHECK(!exists("good"));
  CHECK(!exists("bad-one"));
  CHECK(entries() == before);
}

TEST_CASE("criteria whose own test fails do not come into force, and the refusal names the test") {
  std::string criteria = example("criteria.yaml");
  const std::string from = "line_bp >= 7000";
  criteria.replace(criteria.find(from), from.size(), "line_bp >= 9000");
  const Reply reply = applied(example("environments.yaml") + "---\n" + criteria);
  INFO(reply.body);
  CHECK(reply.status == 422);
  CHECK(reply.code() == "invalid_criteria");
  CHECK(reply.body.find("/3/spec/tests/") != std::string::npos);
  CHECK(server().get("/api/v1/main/environments/staging").status == 404);
  std::string misspelt = example("criteria.yaml");
  misspelt.replace(misspelt.find("evidence.coverage"), 17, "evidence.covrage");
  const Reply wrong = applied(misspelt);
  INFO(wrong.body);
  CHECK(wrong.status == 422);
  CHECK(wrong.body.find("/0/spec/rules/1/require") != std::string::npos);
}

TEST_CASE("a dry run shows the plan and changes nothing; a second apply finds nothing to do") {
  const std::string all = example("application.yaml") + "---\n" + example("environments.yaml") +
                          "---\n" + example("criteria.yaml");
  const std::size_t before = entries();
  const Reply plan = applied(all, "?dry_run=true");
  CHECK(plan.status == 200);
  CHECK(plan.document().at("dry_run") == true);
  CHECK(plan.document().at("changes").as_array().size() == 5);
  CHECK(!exists("payments"));
  CHECK(entries() == before);
  const auto action_of = [](const Reply& reply, std::string_view action) {
    std::size_t count = 0;
    const auto document = reply.document();
    for (const auto& change : document.at("changes").as_array()) {
      if (view(change.at("action").as_string()) == action) ++count;
    }
    return count;
  };
  CHECK(action_of(applied(all), "created") == 5);
  const std::size_t between = entries();
  CHECK(action_of(applied(all), "unchanged") == 5);
  CHECK(action_of(applied(all, "?dry_run=true"), "unchanged") == 5);
  CHECK(entries() == between);
  std::string changed = all;
  changed.replace(changed.find("title: Payments"), 15, "title: Payment!");
  CHECK(action_of(applied(changed, "?dry_run=true"), "changed") == 1);
  CHECK(entries() == between);
  CHECK(action_of(applied(changed), "changed") == 1);
}

TEST_CASE("a retired environment stays retired until a document says otherwise") {
  const auto document = [](const std::string& more) {
    return "apiVersion: holdpoint/v1\nkind: Environment\nmetadata:\n  name: old-staging\nspec:\n"
           "  order: 5\n  kind: staging\n" +
           more;
  };
  const auto state = [] {
    return server().get("/api/v1/main/environments/old-staging").text("state");
  };
  const auto action = [](const Reply& reply) {
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return std::string(view(reply.document().at("changes").at(0).at("action").as_string()));
  };
  CHECK(action(applied(document(""))) == "created");
  CHECK(state() == "active");
  const Finished retired = server().run({"environment", "retire", "old-staging"});
  INFO(retired.all());
  CHECK(retired.code == 0);
  CHECK(retired.out == "Retired old-staging.\n");
  CHECK(state() == "retired");
  const std::size_t before = entries();
  const std::string path = "/api/v1/main/environments/old-staging/retirement";
  CHECK(server().post(path, "").status == 200);
  CHECK(action(applied(document(""))) == "unchanged");
  CHECK(entries() == before);
  CHECK(applied(document("  state: gone\n")).status == 422);
  CHECK(action(applied(document("  state: active\n"))) == "changed");
  CHECK(state() == "active");
  CHECK(action(applied(document("  state: retired\n"))) == "changed");
  CHECK(state() == "retired");
  const Reply absent = server().post("/api/v1/main/environments/nowhere/retirement", "");
  CHECK(absent.status == 404);
  CHECK(absent.code() == "environment_not_found");
}

TEST_CASE("a retired application takes no new release, and keeps those it has") {
  REQUIRE(applied(application("sunset")).status == 200);
  const auto propose = [](const std::string& version) {
    return server().post("/api/v1/main/releases", R"({"application":"sunset","version":")" +
                                                      version +
                                                      R"(","commits":[],"ci":{},"artifacts":[]})");
  };
  REQUIRE(propose("1").status == 201);
  CHECK(server().run({"application", "retire", "sunset"}).code == 0);
  const Reply refused = propose("2");
  CHECK(refused.status == 409);
  CHECK(refused.code() == "application_retired");
  CHECK_MESSAGE(propose("1").status == 200, "the same proposal is still recognised");
  CHECK(server().get("/api/v1/main/releases/sunset%401").status == 200);
}

TEST_CASE("a dry run with a value that is neither true nor false is not taken for a real one") {
  const Reply reply = applied(application("careful"), "?dry_run=yes");
  INFO(reply.body);
  CHECK(reply.status == 422);
  CHECK(!exists("careful"));
}

TEST_CASE("the program applies a file and says with 2 that a document is wrong, and where") {
  write_file(server().path("good.yaml"), application("by-program"));
  write_file(server().path("bad.yaml"), application("by-program-2") + "  colour: red\n");
  const Finished good = server().run({"apply", "-f", server().path("good.yaml")});
  INFO(good.all());
  CHECK(good.code == 0);
  CHECK(exists("by-program"));
  const Finished again = server().run({"apply", "-f", server().path("good.yaml")});
  CHECK(again.code == 0);
  CHECK(again.out.find("unchanged") != std::string::npos);
  const Finished bad = server().run({"apply", "-f", server().path("bad.yaml")});
  INFO(bad.all());
  CHECK(bad.code == 2);
  CHECK(bad.err.find("colour") != std::string::npos);
  CHECK(!exists("by-program-2"));
}

}  // namespace holdpoint::test
