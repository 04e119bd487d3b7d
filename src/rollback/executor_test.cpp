// Documents of executors: what is taken, what is refused with its place, and which one is asked.
#include "rollback/executor.hpp"

#include <doctest/doctest.h>

namespace holdpoint::rollback {
namespace {

std::string refused_at(const std::string& name, const std::string& spec) {
  const auto document = parse_json(R"({"apiVersion":"holdpoint/v1","kind":"RollbackExecutor",)"
                                   R"("metadata":{"name":")" +
                                   name + R"("},"spec":)" + spec + "}");
  REQUIRE(document);
  const auto executor = read_executor(*document);
  return executor ? "" : executor.error().issues.front().path;
}

TEST_CASE("a document names environments and the webhook behind which the tool listens") {
  CHECK(refused_at("deployer", R"({"environments":["production"],"webhook":"deployer"})").empty());
  CHECK(refused_at("De ployer", R"({"environments":["a"],"webhook":"w"})") == "/metadata/name");
  CHECK(refused_at("d", R"({"environments":[],"webhook":"w"})") == "/spec/environments");
  CHECK(refused_at("d", R"({"environments":["a","a"],"webhook":"w"})") == "/spec/environments/1");
  CHECK(refused_at("d", R"({"environments":["a"],"webhook":""})") == "/spec/webhook");
  CHECK(refused_at("d", R"({"environments":["a"],"applications":["B"],"webhook":"w"})") ==
        "/spec/applications/0");
  CHECK(refused_at("d", R"({"environments":["a"]})") == "/spec/webhook");
}

RollbackExecutor executor(const std::string& name, std::vector<std::string> applications) {
  RollbackExecutor one;
  one.name = name;
  one.environments = {"production"};
  one.applications = std::move(applications);
  return one;
}

TEST_CASE("one that names the application comes before one for all of them") {
  std::vector<RollbackExecutor> all{executor("a", {}), executor("b", {"shop"}),
                                    executor("c", {"blog"})};
  CHECK(executor_for(all, "shop", "production")->name == "b");
  CHECK(executor_for(all, "wiki", "production")->name == "a");
  CHECK(executor_for(all, "shop", "staging") == nullptr);
  all[1].state = RecordState::retired;
  CHECK(executor_for(all, "shop", "production")->name == "a");
  all[0].state = RecordState::retired;
  CHECK(executor_for(all, "shop", "production") == nullptr);
}

}  // namespace
}  // namespace holdpoint::rollback
