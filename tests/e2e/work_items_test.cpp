// Work items by the program that people use, over the real server: from what was asked for to the
// release that brings it, planned before anybody opened it, and around loops.
#include <doctest/doctest.h>

#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

class Workshop {
 public:
  Workshop() {
    write_file(server.path("shop.yaml"),
               "apiVersion: holdpoint/v1\nkind: Environment\nmetadata: {name: production}\n"
               "spec: {order: 1, kind: production}\n---\n"
               "apiVersion: holdpoint/v1\nkind: Application\nmetadata: {name: shop}\n"
               "spec: {owners: [team-shop], criticality: high}\n");
    run(0, {"apply", "--file", server.path("shop.yaml")});
    write_file(server.path("image"), "the bytes of the image");
  }

  ServerProcess server;

  std::string run(int code, const std::vector<std::string>& arguments) const {
    const Finished finished = server.run(arguments);
    INFO(finished.all());
    CHECK(finished.code == code);
    return finished.all();
  }
  json::value answer(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--format", "json"});
    const Finished finished = server.run(arguments);
    INFO(finished.all());
    REQUIRE(finished.code == 0);
    return json::parse(finished.out);
  }
  [[nodiscard]] bool says(const std::string& text, const std::string& words) const {
    INFO(text);
    return text.find(words) != std::string::npos;
  }
};

std::string text_of(const json::value& holder, std::string_view member) {
  return std::string(view(holder.at(member).as_string()));
}

TEST_CASE("what was asked for is planned for a version, and linked to the release once opened") {
  const Workshop shop;
  shop.run(0, {"work", "create", "requirement", "--title", "Refunds within a day", "--key",
               "REQ-12", "--application", "shop", "--field", "origin=contract"});
  CHECK(shop.says(shop.run(0, {"work", "link", "REQ-12", "delivers", "shop@1.0"}),
                  "delivers planned_release shop@1.0 (not opened)"));
  shop.run(0,
           {"release", "create", "shop@1.0", "--artifact", "image=" + shop.server.path("image")});
  const std::string shown = shop.run(0, {"work", "show", "REQ-12"});
  CHECK(shop.says(shown, "delivers release shop@1.0"));
  CHECK_FALSE(shop.says(shown, "planned_release"));
  CHECK(shop.says(shown, "origin=contract"));
  CHECK(shop.says(shop.run(2, {"work", "link", "REQ-12", "delivers", "till@1.0"}),
                  "link_to_nothing"));
}

TEST_CASE("a bug goes its way from an incident to done, and says who owns it") {
  const Workshop shop;
  const json::value incident =
      shop.answer({"incident", "declare", "--title", "Refunds go out twice", "--severity", "sev3",
                   "--env", "production"});
  const json::value bug = shop.answer({"work", "create", "bug", "--title", "A refund is paid twice",
                                       "--owner", std::string(admin_email), "--description",
                                       "Dora Quillfeather saw it at the till.", "--system", "jira",
                                       "--external-key", "PAY-17"});
  CHECK(text_of(bug.at("item"), "name") == "BUG-1");
  shop.run(0, {"work", "link", "BUG-1", "caused_by", text_of(incident, "id")});
  shop.run(0, {"work", "link", "BUG-1", "fixes", "commit:0123456789abcdef"});
  CHECK(
      shop.says(shop.run(1, {"work", "close", "BUG-1", "--reason", "mended"}), "step_not_allowed"));
  shop.run(0, {"work", "change", "BUG-1", "--state", "in_progress"});
  shop.run(0, {"work", "change", "BUG-1", "--state", "in_review", "--note", "Ready to be seen."});
  shop.run(0, {"work", "close", "BUG-1", "--reason", "The key is checked now."});
  const std::string shown = shop.run(0, {"work", "show", "BUG-1"});
  CHECK(shop.says(shown, "done"));
  CHECK(shop.says(shown, std::string(admin_name)));
  CHECK(shop.says(shown, "Dora Quillfeather saw it"));
  CHECK(shop.says(shown, "Refunds go out twice"));
  CHECK(shop.says(shown, "The key is checked now."));
  CHECK(shop.says(shop.run(0, {"work", "list", "--system", "jira", "--external-key", "PAY-17"}),
                  "BUG-1"));
  // What people wrote stands in no entry.
  CHECK_FALSE(shop.says(shop.run(0, {"audit", "log", "--format", "json"}), "Quillfeather"));
  shop.run(0, {"audit", "verify"});
}

TEST_CASE("links may go round in circles, and what hangs together is shown once") {
  const Workshop shop;
  for (const char* title : {"one", "two", "three"}) {
    shop.run(0, {"work", "create", "task", "--title", title});
  }
  shop.run(0, {"work", "link", "TASK-1", "blocks", "TASK-2"});
  shop.run(0, {"work", "link", "TASK-2", "blocks", "TASK-3"});
  shop.run(0, {"work", "link", "TASK-3", "blocks", "TASK-1"});
  const json::value linked = shop.answer({"work", "linked", "TASK-1", "--depth", "20"});
  CHECK(linked.at("things").as_array().size() == 3);
  CHECK(linked.at("links").as_array().size() == 3);
  shop.run(0, {"work", "unlink", "TASK-3", "blocks", "TASK-1"});
  CHECK(shop.says(shop.run(2, {"work", "unlink", "TASK-3", "blocks", "TASK-1"}), "link_not_found"));
}

TEST_CASE("who only looks cannot write, and a mistake is refused at its place") {
  const Workshop shop;
  const Someone vera = shop.server.someone("Vera", "vera@holdpoint-e2e.example", "viewer");
  CHECK(shop.server.run_as(vera.token, {"work", "create", "task", "--title", "t"}).code == 3);
  CHECK(shop.server.run_as(vera.token, {"work", "list"}).code == 0);
  CHECK(shop.says(shop.run(2, {"work", "create", "task", "--title", "t", "--application", "till"}),
                  "/applications/0"));
  shop.run(0, {"work", "create", "task", "--title", "t", "--key", "TASK-1"});
  CHECK(shop.says(shop.run(1, {"work", "create", "task", "--title", "t", "--key", "TASK-1"}),
                  "work_item_exists"));
}

}  // namespace
}  // namespace holdpoint::test
