// The list of evidence in pages: complete and in the order of the ledger, however many pieces one
// millisecond made.
#include <doctest/doctest.h>

#include "evidence/edge/evidence_edge.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::evidence {
namespace {

constexpr std::string_view kRelease = "rel_01J00000000000000000000000";

void receive(test::EngineRig& rig, const std::string& name) {
  const auto done = rig.run(test::command([&](engine::Unit& unit) -> engine::Outcome {
    EvidenceReceived received;
    received.id = unit.new_id<EvidenceId>();
    received.release = kRelease;
    received.name = name;
    unit.record({"release", std::string(kRelease)}, received);
    return engine::Answer{};
  }));
  REQUIRE(done.has_value());
}

TEST_CASE("pieces of one millisecond are listed as they came, and no page skips a later one") {
  test::EngineRig rig;
  rig.modules = {module()};
  rig.open();
  std::vector<std::string> received;
  std::vector<std::string> listed;
  std::int64_t after = -1;
  // The rig's clock stands still: all of these are made in one millisecond.
  for (int i = 0; i < 40; ++i) {
    received.push_back("report-" + std::to_string(i));
    receive(rig, received.back());
    if (i % 3 != 0) continue;
    for (const auto& row : list_evidence(*rig.engine().read(), "main", kRelease, after, 2)) {
      listed.push_back(row.item.name);
      after = row.seq;
    }
  }
  for (const auto& row : list_evidence(*rig.engine().read(), "main", kRelease, after, 100)) {
    listed.push_back(row.item.name);
  }
  CHECK(listed == received);
}

}  // namespace
}  // namespace holdpoint::evidence
