// Controlled documents by the program that people use: versions that stay, approval by somebody
// else, a review in time, and links to what they are evidence for.
#include <doctest/doctest.h>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view kPolicy = R"(apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: documents, owner: team:quality}
spec:
  match: subject.kind == "document"
  validity: 365d
  routes: [{name: second-person, stages: [{name: reader, roles: [approver], minimum: 1}]}]
  tests:
    - name: a document is read by a second person
      given: {subject: {kind: document}}
      expect: passed
      selects: [second-person]
)";

class Shelf {
 public:
  ServerProcess server;

  std::string run(int code, const std::vector<std::string>& arguments) const {
    return ended(code, server.run(arguments));
  }
  std::string run_as(const Someone& who, int code,
                     const std::vector<std::string>& arguments) const {
    return ended(code, server.run_as(who.token, arguments));
  }
  void add(const std::string& text, int code = 0) const {
    write_file(server.path("restore.md"), text);
    run(code,
        {"document", "add", "restore", server.path("restore.md"), "--media-type", "text/markdown"});
  }

 private:
  static std::string ended(int code, const Finished& finished) {
    INFO(finished.all());
    CHECK(finished.code == code);
    return finished.all();
  }
};

bool says(const std::string& text, const std::string& words) {
  INFO(text);
  return text.find(words) != std::string::npos;
}

TEST_CASE("a document has versions that stay, and is overdue until it has one") {
  const Shelf shelf;
  shelf.run(0, {"document", "create", "restore", "--kind", "runbook", "--title",
                "How the database is restored", "--owner", std::string(admin_email)});
  CHECK(says(shelf.run(1, {"document", "overdue"}), "no version"));
  shelf.add("first");
  shelf.add("second");
  shelf.add("second");
  const std::string shown = shelf.run(0, {"document", "show", "restore"});
  CHECK(says(shown, "latest        2"));
  CHECK(says(shown, "in force      2"));
  CHECK(says(shown, std::string(admin_name)));
  shelf.run(0, {"document", "overdue"});
  const std::string content = "/api/v1/main/documents/restore/versions/";
  CHECK(shelf.server.get(content + "1/content").body == "first");
  CHECK(shelf.server.get(content + "2/content").body == "second");
  CHECK(shelf.server.get(content + "3/content").status == 404);
  shelf.run(0, {"audit", "verify"});
}

TEST_CASE("a version counts once somebody else approved it, and the next one is another") {
  const Shelf shelf;
  write_file(shelf.server.path("policy.yaml"), std::string(kPolicy));
  shelf.run(0, {"apply", "--file", shelf.server.path("policy.yaml")});
  const Someone ben = shelf.server.someone("Ben", "ben@holdpoint-e2e.example", "approver");
  shelf.run(0, {"document", "create", "restore", "--kind", "runbook", "--title", "Restoring"});
  shelf.add("first");
  CHECK(says(shelf.run(0, {"document", "show", "restore"}), "not approved"));
  const Finished asked = shelf.server.run(
      {"document", "submit", "restore", "--reason", "it was tried", "--format", "json"});
  INFO(asked.all());
  REQUIRE(asked.code == 0);
  const json::value request = json::parse(asked.out);
  const std::string id(view(request.at("id").as_string()));
  // Who added the version has edited it.
  CHECK(shelf.server.run({"approve", id, "--reason", "mine"}).code != 0);
  CHECK_FALSE(says(shelf.run(0, {"document", "show", "restore"}), "✓ approved"));
  shelf.run_as(ben, 0, {"approve", id, "--reason", "read and tried"});
  CHECK(says(shelf.run(0, {"document", "show", "restore"}), "✓ approved"));
  shelf.add("second");
  const std::string shown = shelf.run(0, {"document", "show", "restore"});
  CHECK(says(shown, "latest        2"));
  CHECK(says(shown, "in force      1"));
}

TEST_CASE("a review is kept with what was found, and a document out of use takes no version") {
  const Shelf shelf;
  shelf.run(0, {"document", "create", "restore", "--kind", "backout_plan", "--title", "Back out",
                "--review-days", "30"});
  CHECK(says(shelf.run(1, {"document", "review", "restore", "--reason", "looked"}),
             "document_empty"));
  shelf.add("first");
  shelf.run(0,
            {"document", "review", "restore", "--reason", "Dora Quillfeather walked through it"});
  CHECK(says(shelf.run(0, {"document", "show", "restore"}), "Dora Quillfeather walked"));
  CHECK_FALSE(says(shelf.run(0, {"audit", "log", "--format", "json"}), "Quillfeather"));
  shelf.run(0, {"work", "create", "risk", "--title", "The restore was never tried"});
  CHECK(says(shelf.run(0, {"work", "link", "RISK-1", "documented_by", "document:restore"}),
             "documented_by document restore"));
  shelf.run(0, {"document", "change", "restore", "--state", "retired"});
  shelf.add("second", 1);
  shelf.run(0, {"document", "overdue"});
}

TEST_CASE("an overdue document is listed once its days are over") {
  Shelf shelf;
  const Someone vera = shelf.server.someone("Vera", "vera@holdpoint-e2e.example", "viewer");
  shelf.run(0, {"document", "create", "restore", "--kind", "runbook", "--title", "Restoring",
                "--review-days", "1"});
  shelf.add("first");
  shelf.run(0, {"document", "overdue"});
  shelf.server.stop();
  shelf.server.start({}, clock_ahead(2 * 86'400));
  const std::string token = shelf.server.sign_in_as(vera.email);
  CHECK(shelf.server.run_as(token, {"document", "overdue"}).code == 1);
}

}  // namespace
}  // namespace holdpoint::test
