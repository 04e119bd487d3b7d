// The list of releases in pages: the newest first, in the order of the ledger, however many one
// millisecond made.
#include <doctest/doctest.h>

#include <algorithm>

#include "releases/edge/releases_edge.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::releases {
namespace {

void create(test::EngineRig& rig, const std::string& application, int version) {
  const auto done = rig.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
    ReleaseCreated created;
    created.id = unit.new_id<ReleaseId>();
    created.application = application;
    created.version = std::to_string(version);
    unit.record({"release", created.id.text()}, created);
    return engine::Answer{};
  }));
  REQUIRE(done.has_value());
}

/// Walks the whole list in pages of three.
std::vector<std::string> walk(test::EngineRig& rig, std::optional<std::string> application) {
  std::vector<std::string> names;
  ReleaseFilter filter{std::move(application), INT64_MAX, 3};
  for (;;) {
    const auto rows = list_releases(*rig.engine().read(), "main", filter);
    if (rows.empty()) return names;
    for (const auto& row : rows) names.push_back(row.item.name());
    filter.before = rows.back().seq;
  }
}

TEST_CASE("releases of one millisecond are listed the newest first, each once") {
  test::EngineRig rig;
  rig.modules = {module()};
  rig.open();
  std::vector<std::string> all;
  std::vector<std::string> of_billing;
  // The rig's clock stands still: all of these are made in one millisecond.
  for (int i = 0; i < 20; ++i) {
    const std::string application = i % 2 == 0 ? "billing" : "payments";
    create(rig, application, i);
    all.push_back(application + "@" + std::to_string(i));
    if (i % 2 == 0) of_billing.push_back(all.back());
  }
  std::ranges::reverse(all);
  std::ranges::reverse(of_billing);
  CHECK(walk(rig, std::nullopt) == all);
  CHECK(walk(rig, "billing") == of_billing);
  CHECK(walk(rig, "none").empty());
}

template <class Created>
void record(test::EngineRig& rig, Created created) {
  const auto done = rig.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
    created.id = unit.new_id<ReleaseId>();
    created.application = "billing";
    unit.record({"release", created.id.text()}, created);
    return engine::Answer{};
  }));
  REQUIRE(done.has_value());
}

TEST_CASE("a row of a list has counts and no contents, as far back as events tell them") {
  test::EngineRig rig;
  rig.modules = {module()};
  rig.open();
  Contents contents;
  contents.commits.resize(3);
  contents.artifacts.resize(1);
  record(rig, ReleaseCreatedV1{.version = "1", .contents = contents, .contents_object = {}});
  record(rig, ReleaseCreatedV1{.version = "2", .contents = {}, .contents_object = ObjectRef{}});
  record(rig, ReleaseCreated{.version = "3",
                             .contents = {},
                             .contents_object = ObjectRef{},
                             .commit_count = 10'000,
                             .artifact_count = 2});
  const auto rows = list_releases(*rig.engine().read(), "main", {});
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].item.commit_count == 10'000);
  CHECK(rows[0].item.artifact_count == 2);
  CHECK_FALSE(rows[1].item.commit_count);
  CHECK(rows[2].item.commit_count == 3);
  CHECK(rows[2].item.artifact_count == 1);
  CHECK_FALSE(rows[2].item.contents);
  CHECK(find_release(*rig.engine().read(), "main", "billing@1")->contents.has_value());
}

}  // namespace
}  // namespace holdpoint::releases
